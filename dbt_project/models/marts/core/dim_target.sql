with programme as (
    select * from {{ ref('programme') }}
),

open_run as (
    select * from {{ source('ops', 'open_run') }}
),

period as (
    select * from {{ ref('dim_period') }}
),

-- the target in force at the run's last period, as known then: last March is judged by last March's targets
target as (
    select distinct on (target.indicator_code, target.scope_key) target.*
    from {{ ref('target') }} as target
    cross join open_run
    cross join programme
    inner join period on open_run.data_to_period = period.period_code
    where target.known_from <= {{ day_of('open_run.known_at') }} and target.valid_from <= period.end_date
    order by target.indicator_code asc, target.scope_key asc, target.valid_from desc, target.known_from desc
),

indicator as (
    select * from {{ ref('dim_indicator') }}
    where is_in_force
),

term as (
    select * from {{ ref('term') }}
),

final as (
    select
        target.indicator_code,
        target.scope_key,
        target.valid_from,
        target.known_from,
        target.target_value,
        target.target_high,
        target.baseline_value,
        target.baseline_state,
        target.baseline_period,
        target.target_period,
        target.path_kind,
        target.season_code,
        target.path_basis,
        target.path_approved_by,
        target.path_note_vi,
        target.path_note_en,
        case when indicator.is_strict and indicator.direction = 'at_most' then under.vi else term.vi end
        || ' ' || {{ number_vi('target.target_value', 'scale(trim_scale(target.target_value))') }}
        || coalesce('–' || {{ number_vi('target.target_high', 0) }}, '')
        || ' ' || indicator.measure_vi as target_vi,
        case when indicator.is_strict and indicator.direction = 'at_most' then under.en else term.en end
        || ' ' || {{ number_en('target.target_value', 'scale(trim_scale(target.target_value))') }}
        || coalesce('–' || {{ number_en('target.target_high', 0) }}, '')
        || ' ' || indicator.measure_en as target_en
    from target
    inner join indicator on target.indicator_code = indicator.indicator_code
    left join term on indicator.direction = term.term_code
    left join term as under on under.term_code = 'under'
)

select * from final
