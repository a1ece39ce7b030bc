with reported as (
    select * from {{ ref('fct_value') }}
),

open_run as (
    select * from {{ source('ops', 'open_run') }}
),

final as (
    select
        reported.unit_key,
        reported.period_code,
        reported.element_code,
        reported.disaggregation_code,
        reported.value
    from reported
    inner join open_run
        on reported.known_from <= open_run.known_at and reported.known_to > open_run.known_at
    where reported.value is not null
)

select * from final
