{#- No two validities of one key overlap: a join by date then finds at most one row. -#}
{% test no_overlap(model, key) %}
select
    {% for column in key %}earlier.{{ column }}, {% endfor %}
    earlier.valid_from
from {{ model }} as earlier
inner join {{ model }} as later
    on
        {% for column in key %}earlier.{{ column }} = later.{{ column }} and {% endfor %}
        earlier.valid_from < later.valid_from
        and (earlier.valid_to is null or earlier.valid_to >= later.valid_from)
{% endtest %}
