{#- Schemas are rooms with fixed names: staging, intermediate, marts, seeds. What is rebuilt as it was known on an
    earlier day goes to a room of its own, whole, and never touches the others. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema if target.name == 'asof' else (custom_schema_name or target.schema) }}
{%- endmacro %}
