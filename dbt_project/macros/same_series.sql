{#- True where two relations hold the same series: basis, scope, indicator, version, and what else is named. -#}
{% macro same_series(one, other, also=[]) -%}
    {%- for column in ['basis', 'scope_key', 'indicator_code', 'definition_version'] + also -%}
        {{ one }}.{{ column }} = {{ other }}.{{ column }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
