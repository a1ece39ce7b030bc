{#- Months since year 0 of a period code such as 2025-07: periods can be subtracted. -#}
{% macro period_ordinal(period_code) -%}
    (left({{ period_code }}, 4)::integer * 12 + right({{ period_code }}, 2)::integer)
{%- endmacro %}

{% macro months_between(earlier, later) -%}
    ({{ period_ordinal(later) }} - {{ period_ordinal(earlier) }})
{%- endmacro %}

{#- Distance to go of a value: 0 when the target is met (rules of evaluation, section 5). No value has no distance:
    greatest() passes over nulls, so that the question is asked first. -#}
{% macro gap(x) -%}
    case
        when {{ x }} is null or target_value is null then null
        when direction = 'at_least' then greatest(0, target_value - {{ x }})
        when direction = 'at_most' then greatest(0, {{ x }} - target_value)
        when direction = 'band' then greatest(0, target_value - {{ x }}, {{ x }} - target_high)
    end
{%- endmacro %}

{#- A number as Vietnamese readers write it: dots between thousands, a comma before decimals. -#}
{% macro number_vi(x, decimals) -%}
    translate(
        to_char(
            round({{ x }}, {{ decimals }}),
            'FM999,999,999,990' || case when {{ decimals }} > 0 then '.' || repeat('0', {{ decimals }}) else '' end
        ),
        ',.', '.,'
    )
{%- endmacro %}

{#- The same as English readers write it. -#}
{% macro number_en(x, decimals) -%}
    to_char(
        round({{ x }}, {{ decimals }}),
        'FM999,999,999,990' || case when {{ decimals }} > 0 then '.' || repeat('0', {{ decimals }}) else '' end
    )
{%- endmacro %}

{#- A quotient to ten decimals without trailing zeros: what is equal then also reads equal. -#}
{% macro exact(x) -%}
    trim_scale(round({{ x }}, 10))
{%- endmacro %}
