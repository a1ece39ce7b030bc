{#- How a card's formula is computed, from its words: ratio of sums, sum, places reached, milestones, or nothing. -#}
{% macro method_of(formula) -%}
    case
        when {{ formula }} is null then 'none'
        when {{ formula }} like '%/%' then 'ratio'
        when {{ formula }} like 'sum(%' then 'sum'
        when {{ formula }} like 'places(%' then 'reach'
        when {{ formula }} like 'places_whole(%' then 'reach_whole'
        when {{ formula }} like 'milestones(%' then 'milestones'
    end
{%- endmacro %}

{#- The codes between the brackets of one side of a formula. -#}
{% macro codes_of(side) -%}
    regexp_split_to_table(btrim(substring({{ side }} from '\((.*)\)')), '\s*,\s*')
{%- endmacro %}
