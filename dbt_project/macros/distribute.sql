{#- With TIENDO_CITUS=1, hands the table just written to Citus: spread over the nodes by the column that its model names
    in `meta: {distributed_by: …}`, a copy on every node where it names none, left on the coordinator where it says
    `local`. A table that grows is handed over once, in a transaction of its own: Citus refuses
    most of what could stand beside it. On plain PostgreSQL it does nothing. -#}
{% macro distribute() -%}
    {%- set key = model.config.meta.get('distributed_by') -%}
    {%- if env_var('TIENDO_CITUS', '0') == '1' and model.config.materialized != 'view' and key != 'local' -%}
        commit;
        begin;
        select {{ handed_over(key) }}
        where not exists (select 1 from pg_dist_partition where logicalrelid = '{{ this }}'::regclass);
        commit;
        begin
    {%- endif -%}
{%- endmacro %}

{#- What it held on the coordinator is freed. -#}
{% macro handed_over(key) -%}
    {%- set arguments = [this, key] if key else [this] -%}
    create_{{ 'distributed' if key else 'reference' }}_table('{{ arguments | join("', '") }}'),
    truncate_local_data_after_distributing_table('{{ this }}')
{%- endmacro %}

{#- dbt reads distributed tables and puts the new table in the place of the old one in a single transaction, which Citus
    refuses where the nodes were read side by side: there it becomes two. A build that breaks between them leaves the old
    table as it was. -#}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
    {{- dbt.postgres__create_table_as(temporary, relation, sql) -}}
    {%- if env_var('TIENDO_CITUS', '0') == '1' %}
    commit;
    begin;
    {%- endif -%}
{%- endmacro %}
