{#- Sheet and row of a cell such as Số liệu!E14, as Số liệu!14; null where the text is no address of one. -#}
{% macro sheet_row(cell) -%}
    (substring({{ cell }} from '^(.+!)[A-Z]+[0-9]+$') || substring({{ cell }} from '[0-9]+$'))
{%- endmacro %}
