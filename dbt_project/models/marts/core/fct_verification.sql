-- Every spot check known to the run, and whether it counts. A check speaks of the number that was checked: once the
-- report says another, or a decision replaced it, it says nothing of what is counted now. (Rules of evaluation, 7.)

with verification as (
    select * from {{ ref('verification') }}
),

term as (
    select * from {{ ref('term') }}
),

programme as (
    select * from {{ ref('programme') }}
),

known_day as (
    select
        open_run.known_at,
        {{ day_of('open_run.known_at') }} as day
    from {{ source('ops', 'open_run') }} as open_run
    cross join programme
),

real_report as (
    select count(*) > 0 as is_in
    from {{ ref('stg_submission') }}
    where state = 'accepted' and not is_synthetic
),

correction as (
    select * from {{ ref('correction') }}
    where correction_kind = 'value' and disaggregation_code = 'total'
),

-- the numbers that accepted reports give now
reported as (
    select
        value.unit_key,
        value.period_code,
        value.element_code,
        value.value,
        value.submission_id
    from {{ ref('fct_value') }} as value
    cross join known_day
    where
        value.disaggregation_code = 'total'
        and value.known_from <= known_day.known_at
        and value.known_to > known_day.known_at
),

known as (
    select
        {{ unit_key('verification.unit_code', 'verification.unit_valid_from') }} as unit_key,
        verification.*,
        verification.checked_on < max(verification.checked_on) over (
            partition by
                verification.unit_code, verification.unit_valid_from, verification.period_code,
                verification.element_code, verification.is_synthetic
        ) as is_checked_again
    from verification
    cross join known_day
    where verification.known_from <= known_day.day
),

judged as (
    select
        known.*,
        reported.submission_id,
        case
            when known.is_synthetic and real_report.is_in then 'made_up'
            when reported.value is null then 'no_number'
            when reported.value <> known.reported_value then 'number_changed'
            when exists (
                select 1
                from correction
                cross join known_day
                where
                    known.unit_key = {{ unit_key('correction.unit_code', 'correction.unit_valid_from') }}
                    and known.period_code = correction.period_code
                    and known.element_code = correction.element_code
                    and reported.value = correction.reported_value
                    and correction.known_from <= known_day.day
            ) then 'corrected'
            when known.is_checked_again then 'checked_again'
        end as reason_code
    from known
    cross join real_report
    left join reported
        on
            known.unit_key = reported.unit_key
            and known.period_code = reported.period_code
            and known.element_code = reported.element_code
),

final as (
    select
        judged.unit_key,
        judged.period_code,
        judged.element_code,
        judged.checked_on,
        judged.quarter,
        judged.reported_value,
        judged.found_value,
        judged.found_value - judged.reported_value as difference,
        judged.evidence_vi,
        judged.evidence_en,
        judged.checked_by,
        judged.known_from,
        judged.inclusion_probability,
        judged.is_synthetic,
        judged.submission_id,
        judged.reason_code is null as is_counting,
        judged.reason_code,
        term.vi as reason_vi,
        term.en as reason_en,
        judged.source_note
    from judged
    left join term on 'check_gap.' || judged.reason_code = term.term_code
)

select * from final
