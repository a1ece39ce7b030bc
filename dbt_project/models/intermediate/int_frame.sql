with frame_value as (
    select * from {{ ref('frame_value') }}
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

usable as (
    select frame_value.*
    from frame_value
    cross join open_run
    cross join programme
    where
        frame_value.known_from <= {{ day_of('open_run.known_at') }}
        and {{ stands_beside_reports('frame_value') }}
),

final as (
    select
        frame_code,
        {{ unit_key('unit_code', 'unit_valid_from') }} as unit_key,
        valid_from,
        valid_to,
        frame_count,
        known_from,
        lead(known_from, 1, {{ open_end() }}) over (
            partition by frame_code, unit_code, unit_valid_from, valid_from order by known_from
        ) as known_to
    from usable
)

select * from final
