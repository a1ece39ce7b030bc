{{ config(materialized='view') }}

-- What each unit's changes add to every membership it is part of, from the day on which the period was due. Of a unit
-- that has ended, what it brought in stays in what accumulates; its stocks are nobody's.

with placed as (
    select distinct
        membership_no,
        unit_key,
        place_key,
        soil_key,
        counted_place_key,
        soil_count,
        is_whole,
        report_year,
        due_date,
        unit_period_code,
        unit_report_year,
        is_in_force
    from {{ ref('int_placed') }}
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
        placed.membership_no,
        placed.soil_key,
        placed.counted_place_key,
        placed.soil_count,
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
