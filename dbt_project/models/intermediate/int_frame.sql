with frame_value as (
    select * from {{ ref('frame_value') }}
),

submission as (
    select * from {{ ref('stg_submission') }}
    where state = 'accepted'
),

final as (
    select
        frame_code,
        {{ unit_key('unit_code', 'unit_valid_from') }} as unit_key,
        valid_from,
        valid_to,
        frame_count
    from frame_value
    -- a made-up frame may judge made-up reports and nothing else
    where not is_synthetic or not exists (
        select 1 from submission
        where not submission.is_synthetic
    )
)

select * from final
