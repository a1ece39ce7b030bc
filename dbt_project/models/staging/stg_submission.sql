with submission as (
    select * from {{ source('raw', 'submission') }}
),

final as (
    select
        submission_id,
        {{ unit_key('unit_code', 'unit_valid_from') }} as unit_key,
        period_code,
        covers_from,
        covers_to,
        state,
        received_at,
        -- in a load of the past, knowledge counts from the day the report came in, not from the day it was loaded
        case when is_historical then received_at else collected_at end as known_from,
        is_synthetic
    from submission
    where unit_code is not null and period_code is not null and state in ('accepted', 'quarantined')
)

select * from final
