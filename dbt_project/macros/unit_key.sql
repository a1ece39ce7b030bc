{#- A unit is its code and the date it came into force: seven province codes changed their meaning. -#}
{% macro unit_key(code, valid_from) -%}
    ({{ code }} || '@' || {{ valid_from }}::text)
{%- endmacro %}

{#- True where a date lies in a validity that is open when it has no end. -#}
{% macro in_force(on_date, valid_from, valid_to) -%}
    ({{ on_date }} >= {{ valid_from }} and ({{ valid_to }} is null or {{ on_date }} <= {{ valid_to }}))
{%- endmacro %}
