-- Who took over from whom, in law or for the programme, up to the run's last period.

with unit_successor as (
    select * from {{ ref('unit_successor') }}
),

open_run as (
    select * from {{ source('ops', 'open_run') }}
),

period as (
    select * from {{ ref('dim_period') }}
),

final as (
    select
        {{ unit_key('unit_successor.unit_code', 'unit_successor.valid_from') }} as unit_key,
        {{ unit_key('unit_successor.successor_code', 'unit_successor.successor_valid_from') }} as successor_key,
        unit_successor.succession_kind,
        unit_successor.share_kind,
        unit_successor.effective_date as changed_on,
        unit_successor.is_seat
    from unit_successor
    cross join open_run
    inner join period on open_run.data_to_period = period.period_code
    where unit_successor.effective_date <= period.end_date
)

select * from final
