with period as (
    select * from {{ ref('dim_period') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

plan as (
    select * from {{ ref('plan') }}
),

open_run as (
    select * from {{ source('ops', 'open_run') }}
),

final as (
    select
        unit.unit_key,
        period.period_code,
        period.period_ordinal,
        period.report_year,
        period.start_date,
        period.end_date,
        period.due_date
    from period
    -- a period cut by a re-organisation belongs whole to the unit in force on its last day
    inner join unit on {{ in_force('period.end_date', 'unit.valid_from', 'unit.valid_to') }}
    inner join open_run on period.period_code <= open_run.data_to_period
    left join plan on unit.unit_code = plan.unit_code and unit.valid_from = plan.unit_valid_from
    -- nobody owes a report from before its own plan
    where plan.obliged_from is null or period.end_date >= plan.obliged_from
)

select * from final
