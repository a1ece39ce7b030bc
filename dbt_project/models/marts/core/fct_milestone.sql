-- How far each milestone has come, as known now: the newest state that is in force by the end of the run's last period.

with milestone as (
    select * from {{ ref('milestone') }}
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
    select distinct on (milestone_state.milestone_code) milestone_state.*
    from {{ ref('milestone_state') }} as milestone_state
    cross join open_run
    cross join programme
    inner join {{ ref('dim_period') }} as period on open_run.data_to_period = period.period_code
    where
        milestone_state.known_from <= {{ day_of('open_run.known_at') }}
        and {{ stands_beside_reports('milestone_state') }}
        and milestone_state.valid_from <= period.end_date
    order by milestone_state.milestone_code asc, milestone_state.valid_from desc, milestone_state.known_from desc
),

final as (
    select
        milestone.milestone_code,
        milestone.task_code,
        milestone.name_vi,
        milestone.name_en,
        milestone.evidence_vi,
        milestone.evidence_en,
        milestone.display_order,
        state.state,
        state.document_number,
        state.issuer,
        state.document_date,
        state.valid_from as state_from,
        state.is_synthetic
    from milestone
    left join state on milestone.milestone_code = state.milestone_code
)

select * from final
