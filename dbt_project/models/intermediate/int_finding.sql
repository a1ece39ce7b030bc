with finding as (
    select * from {{ ref('finding') }}
),

submission as (
    select * from {{ ref('stg_submission') }}
    where state = 'accepted'
),

programme as (
    select * from {{ ref('programme') }}
),

open_run as (
    select * from {{ source('ops', 'open_run') }}
),

known as (
    select finding.*
    from finding
    cross join open_run
    cross join programme
    where
        finding.known_from <= {{ day_of('open_run.known_at') }}
        and {{ stands_beside_reports('finding') }}
),

period as (
    select * from {{ ref('dim_period') }}
),

final as (
    select distinct on (known.indicator_code, known.scope_key, period.period_code)
        known.indicator_code,
        known.scope_key,
        period.period_code,
        known.period_code as finding_period_code,
        known.known_from as finding_on,
        known.office as finding_office,
        known.finding_vi,
        known.finding_en
    from known
    cross join open_run
    inner join period on known.period_code <= period.period_code and open_run.data_to_period >= period.period_code
    order by
        known.indicator_code asc, known.scope_key asc, period.period_code asc, known.period_code desc,
        known.known_from desc
)

select * from final
