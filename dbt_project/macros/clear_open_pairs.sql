{#- A model above fct_value is written for the open run's set of (period, scope) pairs: what it held for them goes,
    what it selects for them comes, and the rest stays. A full run holds every pair: it makes the table anew. -#}
{% macro clear_open_pairs() -%}
    {{ clear_kept('pair.period_code = kept.period_code and pair.scope_key = kept.scope_key') }}
{%- endmacro %}

{#- The same for what is written for whole units: their history goes and comes again. -#}
{% macro clear_open_units() -%}
    {{ clear_kept('pair.scope_key = kept.unit_key') }}
{%- endmacro %}

{% macro clear_kept(is_of_pair) -%}
    {%- if is_incremental() -%}
        delete from {{ this }} as kept
        where exists (
            select 1 from {{ source('ops', 'open_pair') }} as pair
            where {{ is_of_pair }}
        )
    {%- else -%}
        select 1
    {%- endif -%}
{%- endmacro %}
