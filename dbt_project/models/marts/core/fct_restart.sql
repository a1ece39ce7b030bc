-- How a merged unit's first reported cumulative stands to those of its parts: it continues their sum, begins again, or
-- continues the seat's alone; anything else is asked. S sum of the parts' last cumulatives, s the seat's, p the first
-- period's value, C the first cumulative: C = S + p, C = p (offset S), C = s + p (offset S - s). Indicators add up the
-- periods and need none of this; it says how the reported cumulatives are to be read. (Rules of evaluation, section 3.)

with succession as (
    select distinct
        {{ unit_key('successor_code', 'successor_valid_from') }} as unit_key,
        {{ unit_key('unit_code', 'valid_from') }} as part_key,
        is_seat
    from {{ ref('unit_successor') }}
    where succession_kind <> 'legal'
),

element as (
    select * from {{ ref('element') }}
    where time_rule <> 'stock'
),

correction as (
    select * from {{ ref('correction') }}
    where correction_kind = 'offset'
),

open_run as (
    select * from {{ source('ops', 'open_run') }}
),

known as (
    select
        submission.unit_key,
        submission.period_code,
        reported_value.element_code,
        reported_value.disaggregation_code,
        reported_value.value,
        reported_value.programme_cumulative
    from {{ ref('fct_submission') }} as submission
    inner join open_run
        on submission.known_from <= open_run.known_at and submission.known_to > open_run.known_at
    inner join {{ ref('stg_reported_value') }} as reported_value
        on submission.submission_id = reported_value.submission_id
    inner join element on reported_value.element_code = element.element_code
    where submission.state = 'accepted' and reported_value.programme_cumulative is not null
),

first_report as (
    select distinct on (unit_key, element_code) *
    from known
    where
        disaggregation_code = 'total'
        and unit_key in (select succession.unit_key from succession)
    order by unit_key, element_code, period_code
),

last_report as (
    select distinct on (unit_key, element_code) *
    from known
    where disaggregation_code = 'total'
    order by unit_key asc, element_code asc, period_code desc
),

compared as (
    select
        first_report.unit_key,
        first_report.element_code,
        first_report.period_code as first_period,
        first_report.value as first_value,
        first_report.programme_cumulative as first_cumulative,
        sum(last_report.programme_cumulative) as sum_of_parts,
        sum(last_report.programme_cumulative) filter (where succession.is_seat) as seat_last,
        count(*) = count(last_report.unit_key) as is_every_part_known
    from first_report
    inner join succession on first_report.unit_key = succession.unit_key
    left join last_report
        on succession.part_key = last_report.unit_key and first_report.element_code = last_report.element_code
    group by
        first_report.unit_key, first_report.element_code, first_report.period_code, first_report.value,
        first_report.programme_cumulative
),

read_off as (
    select
        *,
        case
            when not is_every_part_known or first_value is null then 'asked'
            when first_cumulative = sum_of_parts + first_value then 'continues'
            when first_cumulative = first_value then 'restarted'
            when first_cumulative = seat_last + first_value then 'seat_only'
            else 'asked'
        end as reading
    from compared
),

final as (
    select
        read_off.unit_key,
        read_off.element_code,
        read_off.first_period,
        read_off.sum_of_parts,
        read_off.seat_last,
        read_off.first_value,
        read_off.first_cumulative,
        read_off.reading,
        case read_off.reading
            when 'continues' then 0
            when 'restarted' then read_off.sum_of_parts
            when 'seat_only' then read_off.sum_of_parts - read_off.seat_last
        end as offset_value,
        correction.corrected_value as decided_offset_value
    from read_off
    left join correction
        on
            read_off.unit_key = {{ unit_key('correction.unit_code', 'correction.unit_valid_from') }}
            and read_off.element_code = correction.element_code
)

select * from final
