-- Milestones of the tasks that an indicator names: by how many those that have a state, and those that are done,
-- changed on each day from the one on which the period was due. (Rules of evaluation, section 1.)

with open_pair as (
    select * from {{ source('ops', 'open_pair') }}
    where scope_key = 'nation'
),

period as (
    select * from {{ ref('dim_period') }}
),

programme as (
    select * from {{ ref('programme') }}
),

open_run as (
    select * from {{ source('ops', 'open_run') }}
),

submission as (
    select * from {{ ref('stg_submission') }}
    where state = 'accepted'
),

state as (
    select milestone_state.*
    from {{ ref('milestone_state') }} as milestone_state
    cross join open_run
    cross join programme
    where
        milestone_state.known_from <= {{ day_of('open_run.known_at') }}
        and {{ stands_beside_reports('milestone_state') }}
),

milestone as (
    select
        component.indicator_code,
        component.definition_version,
        milestone.milestone_code
    from {{ ref('int_component') }} as component
    inner join {{ ref('milestone') }} as milestone
        on component.method = 'milestones' and component.numerator_code = milestone.task_code
),

followed as (
    select
        milestone.*,
        period.period_code,
        period.end_date,
        period.due_date
    from milestone
    cross join open_pair
    inner join period on open_pair.period_code = period.period_code
),

change as (
    select
        indicator_code,
        definition_version,
        period_code,
        due_date as day
    from followed
    union distinct
    select
        followed.indicator_code,
        followed.definition_version,
        followed.period_code,
        state.known_from as day
    from followed
    inner join state
        on followed.milestone_code = state.milestone_code and followed.due_date < state.known_from
),

known as (
    select distinct on (
        followed.indicator_code, followed.definition_version, followed.milestone_code, followed.period_code,
        change.day
    )
        followed.indicator_code,
        followed.definition_version,
        followed.period_code,
        change.day,
        state.state
    from followed
    inner join change
        on
            followed.indicator_code = change.indicator_code
            and followed.definition_version = change.definition_version
            and followed.period_code = change.period_code
    left join state
        on
            followed.milestone_code = state.milestone_code
            and followed.end_date >= state.valid_from
            and change.day >= state.known_from
    order by
        followed.indicator_code asc,
        followed.definition_version asc,
        followed.milestone_code asc,
        followed.period_code asc,
        change.day asc, state.valid_from desc nulls last, state.known_from desc nulls last
),

counted as (
    select
        indicator_code,
        definition_version,
        period_code,
        day,
        count(*) filter (where state in ('issued', 'in_operation'))::integer as done_count,
        count(state)::integer as reported_count,
        count(*)::integer as expected_count
    from known
    group by indicator_code, definition_version, period_code, day
),

final as (
    select
        indicator_code,
        definition_version,
        period_code,
        day,
    {%- for column in ['done_count', 'reported_count', 'expected_count'] %}
        {{ column }} - lag({{ column }}, 1, 0) over by_day as {{ column }}{{ '' if loop.last else ',' }}
    {%- endfor %}
    from counted
    window by_day as (partition by indicator_code, definition_version, period_code order by day)
)

select * from final
