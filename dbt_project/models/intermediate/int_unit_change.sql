-- By how much what a unit brings to an indicator changed on each day on which it did, the due day first. Changes can be
-- added up over units and days alike.

with unit_part as (
    select * from {{ ref('int_unit_part') }}
),

difference as (
    select
        scope_key,
        period_code,
        indicator_code,
        definition_version,
        place_key,
        known_from as day,
    {%- for column in summed_columns() %}
        coalesce({{ column }}, 0) - coalesce(lag({{ column }}) over by_day, 0) as {{ column }}
        {{- '' if loop.last else ',' }}
    {%- endfor %}
    from unit_part
    window by_day as (
        partition by scope_key, period_code, indicator_code, definition_version, pair_no, place_key
        order by known_from
    )
),

final as (
    select
        scope_key,
        period_code,
        indicator_code,
        definition_version,
        place_key,
        day,
        {%- for column in summed_amounts() %}
            sum({{ column }}) as {{ column }},
        {%- endfor %}
    {%- for column in summed_counts() %}
        sum({{ column }})::integer as {{ column }}{{ '' if loop.last else ',' }}
    {%- endfor %}
    from difference
    group by scope_key, period_code, indicator_code, definition_version, place_key, day
)

select * from final
