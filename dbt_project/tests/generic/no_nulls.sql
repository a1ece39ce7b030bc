{#- None of these columns is ever empty: one question for all of them, where one each took a sixth of the build. -#}
{% test no_nulls(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
where {% for column in columns %}{{ column }} is null{{ '' if loop.last else ' or ' }}{% endfor %}
{% endtest %}
