{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns',
          pre_hook='{{ clear_open_pairs() }}') }}

-- What each unit brings to each indicator at each period, as known on each day: its numbers summed over the indicator's
-- window. `point` and `period` take the period's own number; `year` sums the report year so far, `since_start` all of
-- the unit's periods. A sum is kept by its changes: what is known by a period's due day is settled there and runs on to
-- the periods after it; what becomes known later changes the periods already due, each from that day. (Rules of
-- evaluation, section 2.)

{#- what a window sums; nothing in one is carried #}
{%- set sums = ['numerator', 'denominator', 'lower_numerator', 'upper_numerator', 'bound_denominator',
                'unbounded_count', 'reported_count', 'expected_count', 'question_count', 'question_numerator',
                'reported_weight', 'expected_weight', 'reported_unweighed_count', 'expected_unweighed_count'] %}
{%- set counts = sums | select('in', ['unbounded_count', 'reported_count', 'expected_count', 'question_count',
                                      'reported_unweighed_count', 'expected_unweighed_count']) | list %}

with open_pair as (
    select * from {{ source('ops', 'open_pair') }}
),

cell as (
    select
        pair_key,
        unit_key,
        period_code,
        period_ordinal,
        indicator_code,
        definition_version,
        pair_no,
        place_key,
        measured_over,
        case measured_over when 'year' then report_year when 'since_start' then 0 end as window_year,
        case when is_counted then numerator end as numerator,
        case when is_counted then denominator end as denominator,
        lower_numerator,
        upper_numerator,
        bound_denominator,
        (upper_numerator is null)::integer as unbounded_count,
        is_covered::integer as reported_count,
        1 as expected_count,
        is_questioned::integer as question_count,
        case when is_questioned then numerator end as question_numerator,
        (is_counted and not is_covered and not is_questioned)::integer as carried_count,
        case when is_covered then coalesce(weight, 0) else 0 end as reported_weight,
        case when is_counted and not is_covered and not is_questioned then coalesce(weight, 0) else 0 end
            as carried_weight,
        coalesce(weight, 0) as expected_weight,
        (is_covered and weight is null)::integer as reported_unweighed_count,
        (is_counted and not is_covered and not is_questioned and weight is null)::integer as carried_unweighed_count,
        (weight is null)::integer as expected_unweighed_count,
        known_from,
        known_to
    from {{ ref('int_cell') }}
    where unit_key in (select open_pair.scope_key from open_pair)
),

period as (
    select * from {{ ref('dim_period') }}
),

expected_report as (
    select * from {{ ref('int_expected_report') }}
),

settled_day as (
    select
        known.known_from,
        min(period.period_ordinal) as period_ordinal
    from (select distinct known_from from cell) as known
    left join period on known.known_from <= period.due_date
    group by known.known_from
),

difference as (
    select
        cell.pair_key,
        cell.unit_key,
        cell.period_ordinal,
        cell.window_year,
        cell.known_from,
        greatest(cell.period_ordinal, coalesce(settled_day.period_ordinal, 999999)) as settled_ordinal,
    {%- for column in sums %}
        coalesce(cell.{{ column }}, 0) - coalesce(lag(cell.{{ column }}) over by_day, 0) as {{ column }}
        {{- '' if loop.last else ',' }}
    {%- endfor %}
    from cell
    inner join settled_day on cell.known_from = settled_day.known_from
    where cell.window_year is not null
    window by_day as (partition by cell.pair_key, cell.period_ordinal order by cell.known_from)
),

entry as (
    select
        difference.pair_key,
        difference.window_year,
        expected_report.period_ordinal,
        greatest(difference.known_from, expected_report.due_date) as day,
        expected_report.period_ordinal = difference.settled_ordinal as is_settled,
    {%- for column in sums %}
        sum(difference.{{ column }}) as {{ column }}{{ '' if loop.last else ',' }}
    {%- endfor %}
    from difference
    inner join expected_report
        on
            difference.unit_key = expected_report.unit_key
            and expected_report.period_ordinal between difference.period_ordinal and difference.settled_ordinal
            and difference.window_year in (0, expected_report.report_year)
    group by
        difference.pair_key, difference.window_year, expected_report.period_ordinal,
        expected_report.due_date, difference.known_from, difference.settled_ordinal
),

begun as (
    select
        pair_key,
        window_year,
        unit_key,
        indicator_code,
        definition_version,
        pair_no,
        place_key,
        min(period_ordinal) as first_ordinal
    from cell
    where window_year is not null
    group by pair_key, window_year, unit_key, indicator_code, definition_version, pair_no, place_key
),

-- a row for every period of the window on its due day, and one for every later day on which it changed
row_day as (
    select
        begun.pair_key,
        begun.window_year,
        expected_report.period_ordinal,
        expected_report.due_date as day,
        true as is_settled
    from begun
    inner join expected_report
        on
            begun.unit_key = expected_report.unit_key
            and begun.first_ordinal <= expected_report.period_ordinal
            and begun.window_year in (0, expected_report.report_year)
    union distinct
    select
        pair_key,
        window_year,
        period_ordinal,
        day,
        is_settled
    from entry
    where not is_settled
),

entered as (
    select
        row_day.pair_key,
        row_day.window_year,
        row_day.period_ordinal,
        row_day.day,
        row_day.is_settled,
    {%- for column in sums %}
        sum(entry.{{ column }}) as {{ column }}{{ '' if loop.last else ',' }}
    {%- endfor %}
    from row_day
    left join entry
        on
            row_day.pair_key = entry.pair_key
            and row_day.window_year = entry.window_year
            and row_day.period_ordinal = entry.period_ordinal
            and row_day.day = entry.day
            and row_day.is_settled = entry.is_settled
    group by row_day.pair_key, row_day.window_year, row_day.period_ordinal, row_day.day, row_day.is_settled
),

summed as (
    select
        pair_key,
        window_year,
        period_ordinal,
        day,
        {%- for column in sums %}
            coalesce(sum({{ column }}) filter (where is_settled) over by_period, 0)
            + coalesce(sum({{ column }}) filter (where not is_settled) over by_day, 0) as {{ column }},
        {%- endfor %}
        lead(day, 1, {{ open_end() }}) over (
            partition by pair_key, window_year, period_ordinal order by day
        ) as next_day
    from entered
    window
        -- the rows of one period are peers: a later day sees what its period had settled
        by_period as (partition by pair_key, window_year order by period_ordinal),
        by_day as (partition by pair_key, window_year, period_ordinal order by day)
),

windowed as (
    select
        begun.unit_key as scope_key,
        period.period_code,
        begun.indicator_code,
        begun.definition_version,
        begun.pair_no,
        begun.place_key,
        summed.day as known_from,
        summed.next_day as known_to,
        case when summed.reported_count + summed.question_count > 0 then summed.numerator end as numerator,
        case when summed.reported_count + summed.question_count > 0 then summed.denominator end as denominator,
        {%- for column in sums[2:] %}
            {{ 'summed.' ~ column ~ ('::integer as ' ~ column if column in counts else '') }},
        {%- endfor %}
        0 as carried_count,
        0 as carried_weight,
        0 as carried_unweighed_count
    from summed
    inner join begun on summed.pair_key = begun.pair_key and summed.window_year = begun.window_year
    inner join period on summed.period_ordinal = period.period_ordinal
),

final as (
    select * from windowed
    union all
    select
        unit_key as scope_key,
        period_code,
        indicator_code,
        definition_version,
        pair_no,
        place_key,
        known_from,
        known_to,
        numerator,
        denominator,
        coalesce(lower_numerator, 0) as lower_numerator,
        coalesce(upper_numerator, 0) as upper_numerator,
        coalesce(bound_denominator, 0) as bound_denominator,
        unbounded_count,
        reported_count,
        expected_count,
        question_count,
        coalesce(question_numerator, 0) as question_numerator,
        reported_weight,
        expected_weight,
        reported_unweighed_count,
        expected_unweighed_count,
        carried_count,
        carried_weight,
        carried_unweighed_count
    from cell
    where window_year is null
)

select final.*
from final
inner join open_pair on final.scope_key = open_pair.scope_key and final.period_code = open_pair.period_code
