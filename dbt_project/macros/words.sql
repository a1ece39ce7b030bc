{#- A text with its {places} filled in from a JSON object of words; what has no word leaves a dash. -#}
{% macro filled(template, words) -%}
    (
        select
            string_agg(
                case when part.place % 2 = 1 then part.body else coalesce({{ words }} ->> part.body, '–') end,
                '' order by part.place
            )
        from regexp_split_to_table({{ template }}, '[{}]') with ordinality as part (body, place)
    )
{%- endmacro %}

{#- What the sentence of a reason may name, as a language writes it. -#}
{% macro words_of_progress(language, write) -%}
    jsonb_build_object(
    {%- for column in ['value', 'path_value', 'baseline_value', 'gap', 'headroom', 'lower_value', 'upper_value'] %}
            '{{ column }}',
            {{ write('keyed.' ~ column, 'indicator.decimals') }} || ' ' || indicator.measure_{{ language }},
    {%- endfor %}
        'target', target.target_{{ language }},
        'share', {{ write('100 * keyed.share_ratio', 0) }},
        'pace', {{ write('100 * keyed.pace_ratio', 0) }},
        'growth', {{ write('keyed.growth_expected_count', 1) }},
        'shortfall', {{ write('keyed.shortfall_count', 1) }},
        'noise', {{ write('keyed.noise_count', 1) }},
        'coverage', {{ write('keyed.coverage_pct', 1) }},
        'least_coverage', {{ write('threshold.verdict_coverage_pct', 0) }},
        'least_growth', {{ write('threshold.least_growth_count', 0) }},
        'reported_count', {{ write('keyed.reported_count', 0) }},
        'expected_count', {{ write('keyed.expected_count', 0) }},
        'lower_status', lower_status.name_{{ language }},
        'upper_status', upper_status.name_{{ language }}
    )
{%- endmacro %}
