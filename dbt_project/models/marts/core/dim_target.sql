with target_version as (
    select * from {{ ref('dim_target_version') }}
),

open_run as (
    select * from {{ source('ops', 'open_run') }}
),

period as (
    select * from {{ ref('dim_period') }}
),

-- the target in force at the run's last period, as known then: last March is judged by last March's targets
final as (
    select distinct on (target_version.indicator_code, target_version.scope_key)
        target_version.indicator_code,
        target_version.scope_key,
        target_version.valid_from,
        target_version.known_from,
        target_version.target_value,
        target_version.target_high,
        target_version.baseline_value,
        target_version.baseline_state,
        target_version.baseline_period,
        target_version.target_period,
        target_version.path_kind,
        target_version.season_code,
        target_version.path_basis,
        target_version.path_approved_by,
        target_version.path_note_vi,
        target_version.path_note_en,
        target_version.target_vi,
        target_version.target_en
    from target_version
    cross join open_run
    inner join period on open_run.data_to_period = period.period_code
    where target_version.valid_from <= period.end_date
    order by
        target_version.indicator_code asc,
        target_version.scope_key asc,
        target_version.valid_from desc,
        target_version.known_from desc
)

select * from final
