{#- dbt asks this wherever it could add to a table instead of making it: a full run makes every table anew, which writes
    its rows once, with their indexes after them. The seeds say so themselves. -#}
{% macro should_full_refresh() -%}
    {%- set said = config.get('full_refresh') -%}
    {%- if said is none and execute -%}
        {%- set opened = 'asof_run' if target.name == 'asof' else 'open_run' -%}
        {%- set rows = run_query('select is_full from ops.' ~ opened).rows -%}
        {%- set said = flags.FULL_REFRESH or (rows | length > 0 and rows[0][0]) -%}
    {%- endif -%}
    {%- do return(said) -%}
{%- endmacro %}
