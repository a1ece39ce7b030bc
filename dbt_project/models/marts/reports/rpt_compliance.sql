-- Who reported, when, and who has not: every report owed, with the best that came in for it.

with expected_report as (
    select * from {{ ref('int_expected_report') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

period as (
    select * from {{ ref('dim_period') }}
),

open_run as (
    select * from {{ source('ops', 'open_run') }}
),

submission as (
    select fct_submission.*
    from {{ ref('fct_submission') }} as fct_submission
    inner join open_run on fct_submission.known_from <= open_run.known_at
    where not fct_submission.is_closing
),

term as (
    select * from {{ ref('term') }}
),

programme as (
    select * from {{ ref('programme') }}
),

received as (
    select
        unit_key,
        period_code,
        count(*) as version_count,
        sum(problem_count) as problem_count,
        bool_or(state = 'accepted') as is_accepted,
        min(days_late) filter (where state = 'accepted') as days_late
    from submission
    group by unit_key, period_code
),

any_synthetic as (
    select coalesce(bool_or(is_synthetic), false) as is_synthetic
    from submission
),

settled as (
    select
        unit.unit_key,
        unit.unit_code,
        unit.name_vi as unit_name_vi,
        unit.unit_kind_vi,
        unit.sort_key,
        period.period_code,
        period.period_label_vi,
        period.due_date,
        case
            when received.is_accepted and received.days_late = 0 then 'on_time'
            when received.is_accepted then 'late'
            when received.unit_key is not null then 'quarantined'
            when (open_run.known_at at time zone programme.time_zone)::date <= period.due_date then 'not_due'
            else 'missing'
        end as state,
        case
            when received.is_accepted then received.days_late
            else greatest(0, (open_run.known_at at time zone programme.time_zone)::date - period.due_date)
        end as days_late,
        coalesce(received.version_count, 0)::integer as version_count,
        coalesce(received.problem_count, 0)::integer as problem_count,
        period.period_code = open_run.data_to_period as is_data_to,
        any_synthetic.is_synthetic
    from expected_report
    inner join unit on expected_report.unit_key = unit.unit_key
    inner join period on expected_report.period_code = period.period_code
    left join received
        on expected_report.unit_key = received.unit_key and expected_report.period_code = received.period_code
    cross join open_run
    cross join programme
    cross join any_synthetic
),

final as (
    select
        settled.unit_key,
        settled.unit_code,
        settled.unit_name_vi,
        settled.unit_kind_vi,
        settled.sort_key,
        settled.period_code,
        settled.period_label_vi,
        settled.due_date,
        to_char(settled.due_date, 'DD/MM/YYYY') as due_date_vi,
        settled.state,
        term.vi as state_vi,
        settled.days_late,
        settled.version_count,
        settled.problem_count,
        settled.is_data_to,
        settled.is_synthetic
    from settled
    inner join term on 'report_state.' || settled.state = term.term_code
)

select * from final
