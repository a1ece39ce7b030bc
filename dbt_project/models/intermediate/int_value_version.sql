{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns',
          pre_hook='{{ clear_open_units() }}') }}

-- Every number with the days on which it was the one known: the later version of a report replaces the earlier one from
-- the day it is known, a decided correction replaces a wrong number from the day it is decided, and the closing report
-- of a unit that ended inside the period is added to what its successor reports for the rest of it. Where the two
-- overlap, neither counts until somebody answers. (Rules of evaluation, sections 2 and 3.)

with programme as (
    select * from {{ ref('programme') }}
),

open_run as (
    select * from {{ source('ops', 'open_run') }}
),

open_unit as (
    select distinct scope_key as unit_key from {{ source('ops', 'open_pair') }}
),

element as (
    select * from {{ ref('element') }}
),

successor as (
    select distinct
        {{ unit_key('successor_code', 'successor_valid_from') }} as unit_key,
        {{ unit_key('unit_code', 'valid_from') }} as predecessor_key
    from {{ ref('unit_successor') }}
    where succession_kind <> 'legal'
),

submission as (
    select
        fct_submission.submission_id,
        fct_submission.unit_key,
        fct_submission.period_code,
        fct_submission.covers_from,
        fct_submission.covers_to,
        fct_submission.is_closing,
        {{ day_of('fct_submission.known_from') }} as known_from,
        case
            when fct_submission.known_to > open_run.known_at then {{ open_end() }}
            else {{ day_of('fct_submission.known_to') }}
        end as known_to
    from {{ ref('fct_submission') }} as fct_submission
    cross join open_run
    cross join programme
    where fct_submission.state = 'accepted' and fct_submission.known_from <= open_run.known_at
),

reported as (
    select
        submission.*,
        reported_value.element_code,
        reported_value.disaggregation_code,
        reported_value.value,
        reported_value.value_state,
        question.submission_id is not null as is_questioned
    from submission
    inner join {{ ref('stg_reported_value') }} as reported_value
        on submission.submission_id = reported_value.submission_id
    left join {{ ref('stg_question') }} as question
        on
            reported_value.submission_id = question.submission_id
            and reported_value.element_code = question.element_code
            and reported_value.disaggregation_code = question.disaggregation_code
    where
        -- a version replaced on its own day was never what was known
        submission.known_from < submission.known_to
        and (
            submission.unit_key in (select open_unit.unit_key from open_unit)
            or submission.is_closing
        )
),

correction as (
    select
        {{ unit_key('correction.unit_code', 'correction.unit_valid_from') }} as unit_key,
        correction.period_code,
        correction.element_code,
        correction.disaggregation_code,
        correction.reported_value,
        correction.corrected_value,
        correction.known_from
    from {{ ref('correction') }} as correction
    cross join open_run
    cross join programme
    where correction.correction_kind = 'value' and correction.known_from <= {{ day_of('open_run.known_at') }}
),

-- a correction speaks of the number it was decided on; another number, once reported, is not touched by it
corrected as (
    select
        reported.submission_id,
        reported.element_code,
        reported.disaggregation_code,
        correction.corrected_value,
        greatest(reported.known_from, correction.known_from) as known_from,
        lead(correction.known_from, 1, reported.known_to) over (
            partition by reported.submission_id, reported.element_code, reported.disaggregation_code
            order by correction.known_from
        ) as known_to
    from reported
    inner join correction
        on
            reported.unit_key = correction.unit_key
            and reported.period_code = correction.period_code
            and reported.element_code = correction.element_code
            and reported.disaggregation_code = correction.disaggregation_code
            and reported.value = correction.reported_value
            and reported.known_to > correction.known_from
),

first_correction as (
    select
        submission_id,
        element_code,
        disaggregation_code,
        min(known_from) as known_from
    from corrected
    group by submission_id, element_code, disaggregation_code
),

stated as (
    select
        reported.submission_id,
        reported.unit_key,
        reported.period_code,
        reported.covers_from,
        reported.covers_to,
        reported.is_closing,
        reported.element_code,
        reported.disaggregation_code,
        reported.value,
        reported.value_state,
        reported.is_questioned,
        'reported' as mark,
        reported.known_from,
        least(reported.known_to, first_correction.known_from) as known_to
    from reported
    left join first_correction
        on
            reported.submission_id = first_correction.submission_id
            and reported.element_code = first_correction.element_code
            and reported.disaggregation_code = first_correction.disaggregation_code
    union all
    select
        reported.submission_id,
        reported.unit_key,
        reported.period_code,
        reported.covers_from,
        reported.covers_to,
        reported.is_closing,
        reported.element_code,
        reported.disaggregation_code,
        corrected.corrected_value as value,
        'reported' as value_state,
        -- a decision answers the question
        false as is_questioned,
        'corrected' as mark,
        corrected.known_from,
        corrected.known_to
    from corrected
    inner join reported
        on
            corrected.submission_id = reported.submission_id
            and corrected.element_code = reported.element_code
            and corrected.disaggregation_code = reported.disaggregation_code
),

closing as (
    select
        successor.unit_key,
        stated.period_code,
        stated.element_code,
        case when stated.disaggregation_code = 'total' then stated.unit_key end as place_key,
        stated.disaggregation_code,
        stated.value,
        stated.is_questioned,
        stated.covers_to,
        stated.known_from,
        stated.known_to
    from stated
    inner join successor on stated.unit_key = successor.predecessor_key
    inner join element on stated.element_code = element.element_code and element.time_rule <> 'stock'
    where stated.is_closing and stated.value is not null
),

own as (
    select * from stated
    where not is_closing and known_from < known_to
),

-- the days inside a number's own on which what closing reports add to it changes
closing_day as (
    select distinct
        own.submission_id,
        own.element_code,
        own.disaggregation_code,
        own.known_from as own_known_from,
        change.day
    from own
    inner join closing
        on
            own.unit_key = closing.unit_key
            and own.period_code = closing.period_code
            and own.element_code = closing.element_code
            and own.disaggregation_code in (closing.disaggregation_code, closing.place_key)
    cross join lateral (values (closing.known_from), (closing.known_to)) as change (day)
    where change.day > own.known_from and change.day < own.known_to
),

ranged as (
    select
        *,
        lead(day) over (
            partition by submission_id, element_code, disaggregation_code, own_known_from order by day
        ) as next_day
    from closing_day
),

first_day as (
    select
        submission_id,
        element_code,
        disaggregation_code,
        own_known_from,
        min(day) as day
    from closing_day
    group by submission_id, element_code, disaggregation_code, own_known_from
),

piece as (
    select
        own.*,
        own.known_from as piece_from,
        coalesce(first_day.day, own.known_to) as piece_to
    from own
    left join first_day
        on
            own.submission_id = first_day.submission_id
            and own.element_code = first_day.element_code
            and own.disaggregation_code = first_day.disaggregation_code
            and own.known_from = first_day.own_known_from
    union all
    select
        own.*,
        ranged.day as piece_from,
        coalesce(ranged.next_day, own.known_to) as piece_to
    from own
    inner join ranged
        on
            own.submission_id = ranged.submission_id
            and own.element_code = ranged.element_code
            and own.disaggregation_code = ranged.disaggregation_code
            and own.known_from = ranged.own_known_from
),

added as (
    select
        piece.submission_id,
        piece.element_code,
        piece.disaggregation_code,
        piece.piece_from,
        sum(closing.value) as value,
        bool_or(closing.is_questioned) as is_questioned,
        bool_or(piece.covers_from <= closing.covers_to) as is_overlapping
    from piece
    inner join closing
        on
            piece.unit_key = closing.unit_key
            and piece.period_code = closing.period_code
            and piece.element_code = closing.element_code
            and piece.disaggregation_code in (closing.disaggregation_code, closing.place_key)
            and {{ known_on('piece.piece_from', 'closing.known_from', 'closing.known_to') }}
    group by piece.submission_id, piece.element_code, piece.disaggregation_code, piece.piece_from
),

final as (
    select
        piece.unit_key,
        piece.period_code,
        piece.element_code,
        piece.disaggregation_code,
        piece.submission_id,
        case when not coalesce(added.is_overlapping, false) then piece.value + coalesce(added.value, 0) end as value,
        case when added.is_overlapping then 'in_question' else piece.value_state end as value_state,
        coalesce(added.value, 0) as closing_value,
        piece.is_questioned or coalesce(added.is_questioned, false) as is_questioned,
        piece.mark,
        piece.piece_from as known_from,
        piece.piece_to as known_to
    from piece
    left join added
        on
            piece.submission_id = added.submission_id
            and piece.element_code = added.element_code
            and piece.disaggregation_code = added.disaggregation_code
            and piece.piece_from = added.piece_from
)

select * from final
