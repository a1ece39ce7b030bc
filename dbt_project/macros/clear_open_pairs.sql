{#- A model above fct_value is written for the open run's set of (period, scope) pairs: what it held for them goes,
    what it selects for them comes, and the rest stays. A full run holds every pair, so everything goes. -#}
{% macro clear_open_pairs() -%}
    {%- if is_incremental() -%}
        delete from {{ this }} as kept
        where
            (select open_run.is_full from {{ source('ops', 'open_run') }} as open_run)
            or exists (
                select 1 from {{ source('ops', 'open_pair') }} as pair
                where pair.period_code = kept.period_code and pair.scope_key = kept.scope_key
            )
    {%- else -%}
        select 1
    {%- endif -%}
{%- endmacro %}

{#- The same for what is written for whole units: their history goes and comes again. -#}
{% macro clear_open_units() -%}
    {%- if is_incremental() -%}
        delete from {{ this }} as kept
        where
            (select open_run.is_full from {{ source('ops', 'open_run') }} as open_run)
            or exists (
                select 1 from {{ source('ops', 'open_pair') }} as pair
                where pair.scope_key = kept.unit_key
            )
    {%- else -%}
        select 1
    {%- endif -%}
{%- endmacro %}
