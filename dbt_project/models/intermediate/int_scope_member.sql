with expected_report as (
    select * from {{ ref('int_expected_report') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

scope as (
    select * from {{ ref('dim_scope') }}
),

open_pair as (
    select * from {{ source('ops', 'open_pair') }}
),

unit_life as (
    select
        unit_key,
        min(period_code) as first_period_code,
        max(period_code) as last_period_code
    from expected_report
    group by unit_key
),

final as (
    select
        open_pair.scope_key,
        open_pair.period_code,
        unit_life.unit_key,
        -- of a unit that has ended, what it brought in up to its end still counts in what accumulates
        least(open_pair.period_code, unit_life.last_period_code) as unit_period_code,
        open_pair.period_code <= unit_life.last_period_code as is_in_force
    from open_pair
    inner join scope on open_pair.scope_key = scope.scope_key
    inner join unit
        on
            scope.scope_kind = 'nation'
            or (scope.scope_kind = 'region' and scope.scope_key = unit.region_key)
            or (scope.scope_kind = 'unit' and scope.scope_key = unit.unit_key)
    inner join unit_life
        on unit.unit_key = unit_life.unit_key and open_pair.period_code >= unit_life.first_period_code
)

select * from final
