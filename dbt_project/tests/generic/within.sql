{#- None of these columns lies outside low to high: one question for all of them. -#}
{% test within(model, columns, low, high) %}
select {{ columns | join(', ') }}
from {{ model }}
where {% for column in columns %}{{ column }} not between {{ low }} and {{ high }}{{ '' if loop.last else ' or ' }}{% endfor %}
{% endtest %}
