-- Versions of a report are told apart by when they were received, in whatever order they were collected: replaying all
-- files in any order gives the same rows. A version is superseded from the moment that a later one is known and good.

with submission as (
    select * from {{ ref('stg_submission') }}
),

period as (
    select * from {{ ref('dim_period') }}
),

unit as (
    select
        unit_key,
        valid_to
    from {{ ref('dim_unit') }}
),

programme as (
    select * from {{ ref('programme') }}
),

problem as (
    select
        submission_id,
        count(*) as problem_count
    from {{ source('raw', 'problem') }}
    group by submission_id
),

numbered as (
    select
        submission.*,
        row_number() over (
            partition by unit_key, period_code order by received_at, submission_id
        ) as version,
        min(known_from) filter (where state = 'accepted') over (
            partition by unit_key, period_code order by received_at, submission_id
            rows between 1 following and unbounded following
        ) as superseded_at
    from submission
),

final as (
    select
        numbered.submission_id,
        numbered.unit_key,
        numbered.period_code,
        numbered.version::integer as version,
        numbered.state,
        period.due_date,
        numbered.received_at,
        greatest(0, (numbered.received_at at time zone programme.time_zone)::date - period.due_date) as days_late,
        coalesce(problem.problem_count, 0)::integer as problem_count,
        numbered.is_synthetic,
        coalesce(numbered.covers_from, period.start_date) as covers_from,
        coalesce(numbered.covers_to, period.end_date) as covers_to,
        -- the last report of a unit that ended before the period did
        coalesce(unit.valid_to < period.end_date, false) as is_closing,
        numbered.known_from,
        greatest(numbered.known_from, coalesce(numbered.superseded_at, 'infinity')) as known_to
    from numbered
    inner join period on numbered.period_code = period.period_code
    inner join unit on numbered.unit_key = unit.unit_key
    cross join programme
    left join problem on numbered.submission_id = problem.submission_id
)

select * from final
