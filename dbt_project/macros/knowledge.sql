{#- The day, where the programme is, on which something became known: knowledge is told by the day. -#}
{% macro day_of(moment) -%}
    ({{ moment }} at time zone programme.time_zone)::date
{%- endmacro %}

{#- The end of what is still so. Not infinity, which Python's dates cannot hold. -#}
{% macro open_end() -%}
    '9999-12-31'::date
{%- endmacro %}

{#- True where a day lies in a range of knowledge, whose end is the first day on which it is no longer so. -#}
{% macro known_on(day, known_from, known_to) -%}
    ({{ day }} >= {{ known_from }} and {{ day }} < {{ known_to }})
{%- endmacro %}

{#- Whether a row of a seed stands: a made-up one stands beside made-up reports and nothing else, so that it leaves with
    the first real one. Asks `submission`, the accepted reports. -#}
{% macro stands_beside_reports(row) -%}
    (not {{ row }}.is_synthetic or not exists (select 1 from submission where not submission.is_synthetic))
{%- endmacro %}
