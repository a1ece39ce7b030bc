{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns',
          pre_hook='{{ clear_open_pairs() }}') }}

-- The value of each indicator for each scope, period and basis, with how much is behind it, on every day from the one
-- on which the period was due: "as known on" is a filter on known_from and known_to.
--
-- ratio: 100 x sum of numerators / sum of denominators, never a mean of percentages. sum: the sum. reach: distinct
-- places. milestones: those issued or in operation. Coverage is the weight of the numbers covered over the weight of
-- those owed. Where a number lies only partly in a scope of the basis, there is no value and the reason is the border.
-- (Rules of evaluation, sections 2 to 4.)

{%- set sums = ['numerator', 'denominator', 'counted_count', 'reported_count', 'expected_count', 'carried_count',
                'reported_weight', 'expected_weight'] %}
{%- set grain = 'basis, scope_kind, scope_key, period_code, indicator_code, definition_version' %}

with placed as (
    select * from {{ ref('int_placed_part') }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

period as (
    select * from {{ ref('dim_period') }}
),

-- what a part adds on the day it becomes known, it takes away on the day it no longer is
change as (
    select
        {{ grain }},
        edge.day,
        {%- for column in sums %}
            sum(edge.sign * coalesce(placed.{{ column }}, 0)) filter (where placed.is_whole) as {{ column }},
        {%- endfor %}
        sum(edge.sign) filter (where not placed.is_whole) as partial_count
    from placed
    cross join lateral (values (placed.known_from, 1), (placed.known_to, -1)) as edge (day, sign)
    where edge.day < {{ open_end() }}
    group by {{ grain }}, edge.day
),

reached as (
    select * from {{ ref('int_reached') }}
),

running as (
    select
        {%- for column in grain.split(', ') %}
            change.{{ column }},
        {%- endfor %}
        change.day,
        {%- for column in sums %}
            coalesce(sum(change.{{ column }}) over by_day, 0) as {{ column }},
        {%- endfor %}
        coalesce(sum(change.partial_count) over by_day, 0) as partial_count,
        coalesce(sum(reached.turn) over by_day, 0) as reached_count
    from change
    left join reached
        on
            change.basis = reached.basis
            and change.scope_key = reached.scope_key
            and change.period_code = reached.period_code
            and change.indicator_code = reached.indicator_code
            and change.definition_version = reached.definition_version
            and change.day = reached.day
    window by_day as (
        partition by
            change.basis, change.scope_key, change.period_code, change.indicator_code, change.definition_version
        order by change.day
    )
),

measured as (
    select
        {%- for column in grain.split(', ') %}
            running.{{ column }},
        {%- endfor %}
        running.day,
        indicator.method,
        running.partial_count > 0 as is_cut,
        case
            when running.partial_count > 0 or running.counted_count = 0 then null
            when indicator.method in ('reach', 'reach_whole') then running.reached_count
            else running.numerator
        end as numerator,
        case
            when running.partial_count > 0 or running.counted_count = 0 or indicator.method <> 'ratio' then null
            else running.denominator
        end as denominator,
        running.reported_count,
        running.expected_count,
        running.carried_count,
        running.reported_weight,
        running.expected_weight
    from running
    inner join indicator
        on
            running.indicator_code = indicator.indicator_code
            and running.definition_version = indicator.definition_version
    union all
    select
        basis.basis,
        'nation' as scope_kind,
        'nation' as scope_key,
        milestone.period_code,
        milestone.indicator_code,
        milestone.definition_version,
        milestone.day,
        'milestones' as method,
        false as is_cut,
        case when milestone.reported_count > 0 then milestone.numerator end as numerator,
        null as denominator,
        milestone.reported_count,
        milestone.expected_count,
        0 as carried_count,
        milestone.reported_count as reported_weight,
        milestone.expected_count as expected_weight
    from {{ ref('int_milestone') }} as milestone
    cross join (values ('as_reported'), ('current'), ('original')) as basis (basis)
    union all
    -- an indicator without a method has a row, so that it is seen to have no value
    select
        basis.basis,
        'nation' as scope_kind,
        'nation' as scope_key,
        open_pair.period_code,
        indicator.indicator_code,
        indicator.definition_version,
        period.due_date as day,
        indicator.method,
        false as is_cut,
        null as numerator,
        null as denominator,
        0 as reported_count,
        0 as expected_count,
        0 as carried_count,
        0 as reported_weight,
        0 as expected_weight
    from {{ source('ops', 'open_pair') }} as open_pair
    inner join period on open_pair.period_code = period.period_code
    inner join indicator on indicator.method = 'none'
    cross join (values ('as_reported'), ('current'), ('original')) as basis (basis)
    where open_pair.scope_key = 'nation'
),

-- a day on which nothing of it changed begins nothing
turned as (
    select
        *,
        {{ exact('100 * reported_weight / nullif(expected_weight, 0)') }} as coverage_pct,
        row(
            is_cut, trim_scale(numerator), trim_scale(denominator), reported_count, expected_count, carried_count,
            {{ exact('100 * reported_weight / nullif(expected_weight, 0)') }}
        )::text as state
    from measured
),

marked as (
    select
        *,
        coalesce(
            state <> lag(state) over (
                partition by basis, scope_key, period_code, indicator_code, definition_version order by day
            ),
            true
        ) as is_turn
    from turned
),

final as (
    select
        marked.basis,
        marked.scope_kind,
        marked.scope_key,
        marked.period_code,
        marked.indicator_code,
        marked.definition_version,
        marked.day as known_from,
        lead(marked.day, 1, {{ open_end() }}) over (
            partition by
                marked.basis, marked.scope_key, marked.period_code, marked.indicator_code, marked.definition_version
            order by marked.day
        ) as known_to,
        coalesce(segment.segment_no, 1) as segment_no,
        marked.numerator,
        marked.denominator,
        case
            when marked.method = 'ratio' then {{ exact('100 * marked.numerator / nullif(marked.denominator, 0)') }}
            else marked.numerator
        end as value,
        case
            when marked.method = 'none' then 'no_method'
            when marked.is_cut then 'border'
            when marked.numerator is null or (marked.method = 'ratio' and marked.denominator = 0) then 'nothing_known'
        end as null_reason,
        marked.reported_count::bigint as reported_count,
        marked.expected_count::bigint as expected_count,
        marked.carried_count::bigint as carried_count,
        marked.coverage_pct
    from marked
    left join {{ ref('int_segment') }} as segment
        on
            marked.indicator_code = segment.indicator_code
            and marked.definition_version = segment.definition_version
            and marked.period_code = segment.period_code
    where marked.is_turn
)

select * from final
