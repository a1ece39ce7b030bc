{#- Share of what is owed, 0 to 100, by weight; a number without a weight of its own takes the mean of the others'. -#}
{% macro share_of_owed(share) -%}
    case
        when expected_count = 0 then null
        when {{ share }}_count in (0, expected_count) then 100 * {{ share }}_count / expected_count
        when expected_weight = 0 then {{ exact('100.0 * ' ~ share ~ '_count / expected_count') }}
        else
            {{ exact(
                '100 * (' ~ share ~ '_weight * (expected_count - expected_unweighed_count) + '
                ~ share ~ '_unweighed_count * expected_weight) / (expected_weight * expected_count)'
            ) }}
    end
{%- endmacro %}

{#- One end of what a value could be; nothing missing leaves the value itself. -#}
{% macro bound_of_value(bound) -%}
    case
        when is_cut or expected_count = 0 or (null_reason is not null and not is_over_frames) then null
        when reported_count = expected_count then value
        when method = 'ratio' then {{ exact('100 * ' ~ bound ~ '_numerator / nullif(bound_denominator, 0)') }}
        else {{ bound }}_numerator
    end
{%- endmacro %}
