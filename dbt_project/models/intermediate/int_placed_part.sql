{{ config(materialized='view') }}

-- What each unit's changes add to every scope it belongs to, for the open run's pairs, from the day on which the period
-- was due. Of a unit that has ended, what it brought in stays in what accumulates; its stocks are nobody's.

with placed as (
    select * from {{ ref('int_placed') }}
),

method as (
    select distinct
        indicator_code,
        definition_version,
        method,
        measured_over
    from {{ ref('int_component') }}
),

unit_change as (
    select * from {{ ref('int_unit_change') }}
),

final as (
    select
        placed.basis,
        placed.scope_kind,
        placed.scope_key,
        placed.period_code,
        placed.place_key,
        placed.is_whole,
        unit_change.indicator_code,
        unit_change.definition_version,
        method.method,
        greatest(unit_change.day, placed.due_date) as day,
    {%- for column in summed_columns() %}
        unit_change.{{ column }}{{ '' if loop.last else ',' }}
    {%- endfor %}
    from placed
    inner join unit_change
        on
            placed.unit_key = unit_change.scope_key
            and placed.place_key = unit_change.place_key
            and placed.unit_period_code = unit_change.period_code
    inner join method
        on
            unit_change.indicator_code = method.indicator_code
            and unit_change.definition_version = method.definition_version
            and (
                placed.is_in_force
                or method.measured_over = 'since_start'
                or (method.measured_over = 'year' and placed.report_year = placed.unit_report_year)
            )
)

select * from final
