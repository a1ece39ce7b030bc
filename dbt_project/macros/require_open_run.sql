{#- Models read their period, set and knowledge from the open run; without one they would build nothing over
    everything, so a build is refused before anything is touched. -#}
{% macro require_open_run() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set opened = 'asof_run' if target.name == 'asof' else 'open_run' -%}
        {%- set open_run = run_query('select run_id from ops.' ~ opened) -%}
        {%- if open_run.rows | length == 0 -%}
            {{ exceptions.raise_compiler_error("No run is open: start with `tiendo build`, which opens one.") }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
