{#- What the numbers owed are added up by, from a unit's numbers to a scope's. All is additive; counts are whole. -#}
{% macro summed_amounts() -%}
    {%- do return([
        'numerator', 'denominator', 'lower_numerator', 'upper_numerator', 'bound_denominator', 'question_numerator',
        'reported_weight', 'expected_weight', 'carried_weight',
    ]) -%}
{%- endmacro %}

{% macro summed_counts() -%}
    {%- do return([
        'unbounded_count', 'reported_count', 'expected_count', 'carried_count', 'question_count',
        'reported_unweighed_count', 'expected_unweighed_count', 'carried_unweighed_count',
    ]) -%}
{%- endmacro %}

{% macro summed_columns() -%}
    {%- do return(summed_amounts() + summed_counts()) -%}
{%- endmacro %}
