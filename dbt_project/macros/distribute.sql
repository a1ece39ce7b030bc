{#- With TIENDO_CITUS=1, hands the table just written to Citus: spread over the nodes by the column that its model names
    in `meta: {distributed_by: …}`, a copy on every node where it names none, left on the coordinator where it says
    `local`. A table that grows is handed over once. It has a transaction of its own: Citus refuses it in one that has
    read distributed tables in parallel. On plain PostgreSQL it does nothing. -#}
{% macro distribute() -%}
    {%- set key = model.config.meta.get('distributed_by') -%}
    {%- if env_var('TIENDO_CITUS', '0') == '1' and model.config.materialized != 'view' and key != 'local' -%}
        commit;
        begin;
        select {{ handed_over(key) }}
        where not exists (select 1 from pg_dist_partition where logicalrelid = '{{ this }}'::regclass)
    {%- endif -%}
{%- endmacro %}

{#- What it held on the coordinator is freed. -#}
{% macro handed_over(key) -%}
    {%- set arguments = [this, key] if key else [this] -%}
    create_{{ 'distributed' if key else 'reference' }}_table('{{ arguments | join("', '") }}'),
    truncate_local_data_after_distributing_table('{{ this }}')
{%- endmacro %}
