{#- The share of the standard normal distribution below z. -#}
{% macro normal_below(z) -%}
    (0.5 * erfc(-({{ z }}) / sqrt(2::double precision)))
{%- endmacro %}

{#- ln(p / (1 - p)) of p = (above + 0.5) / (below + 1): none and all have one, too. -#}
{% macro logit_of(above, below='denominator') -%}
    ln(
        (greatest(0, least({{ above }}, {{ below }})) + 0.5)
        / ({{ below }} - greatest(0, least({{ above }}, {{ below }})) + 0.5)
    )::double precision
{%- endmacro %}
