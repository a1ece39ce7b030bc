{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns',
          pre_hook='{{ clear_open_pairs() }}') }}

-- The value of each indicator for each scope, period and basis, with how much is behind it, on every day from the one
-- on which the period was due: "as known on" is a filter on known_from and known_to.
--
-- ratio: 100 x sum of numerators / sum of denominators, never a mean of percentages. sum: the sum. reach: distinct
-- places. milestones: those issued or in operation. Coverage is the weight of the numbers covered over the weight of
-- those owed; a number without a weight of its own takes the mean of the others'. The bounds are the value with what is
-- certain alone and with all that the numbers not covered could be. Where a number lies only partly in a scope of the
-- basis, there is no value and the reason is the border. (Rules of evaluation, sections 2 to 4.)

{%- set sums = ['numerator', 'denominator', 'lower_numerator', 'upper_numerator', 'bound_denominator',
                'unbounded_count', 'reported_count', 'expected_count', 'carried_count', 'question_count',
                'question_numerator', 'reported_weight', 'expected_weight', 'carried_weight',
                'reported_unweighed_count', 'expected_unweighed_count', 'carried_unweighed_count'] %}
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

-- where all stands on frames, what nothing was reported of has bounds too
framed as (
    select
        indicator_code,
        definition_version,
        bool_and(denominator_source is not distinct from 'frame') as is_over_frames
    from {{ ref('int_component') }}
    group by indicator_code, definition_version
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
        coalesce(sum(reached.turn) over by_day, 0) as reached_count,
        coalesce(sum(reached.lower_turn) over by_day, 0) as lower_reached_count,
        coalesce(sum(reached.upper_turn) over by_day, 0) as upper_reached_count
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
        coalesce(framed.is_over_frames, false) as is_over_frames,
        running.partial_count > 0 as is_cut,
        running.reported_count + running.carried_count + running.question_count > 0 as is_counted,
        case when indicator.method in ('reach', 'reach_whole') then running.reached_count else running.numerator end
            as numerator,
        case when indicator.method = 'ratio' then running.denominator end as denominator,
        case
            when indicator.method in ('reach', 'reach_whole') then running.lower_reached_count
            else running.lower_numerator
        end as lower_numerator,
        case
            when indicator.method in ('reach', 'reach_whole') then running.upper_reached_count
            -- what nothing bounds, nothing bounds
            when running.unbounded_count = 0 then running.upper_numerator
        end as upper_numerator,
        case when running.unbounded_count = 0 then running.bound_denominator end as bound_denominator,
        running.reported_count,
        running.expected_count,
        running.carried_count,
        running.question_count,
        case
            when running.question_count = 0 or running.question_numerator = 0 then 0
            else {{ exact('100 * running.question_numerator / nullif(running.numerator, 0)') }}
        end as question_pct,
        {%- for share in ['reported', 'carried'] %}
            case
                when running.{{ share }}_count = 0 and running.expected_count > 0 then 0
                when running.{{ share }}_count = running.expected_count and running.expected_count > 0 then 100
                when running.expected_weight = 0
                    then {{ exact('100 * running.' ~ share ~ '_count / nullif(running.expected_count, 0)') }}
                else {{ exact(
                    '100 * (running.' ~ share ~ '_weight '
                    ~ '* (running.expected_count - running.expected_unweighed_count) '
                    ~ '+ running.' ~ share ~ '_unweighed_count * running.expected_weight) '
                    ~ '/ (running.expected_weight * running.expected_count)'
                ) }}
            end as {{ share }}_pct{{ '' if loop.last else ',' }}
        {%- endfor %}
    from running
    inner join indicator
        on
            running.indicator_code = indicator.indicator_code
            and running.definition_version = indicator.definition_version
    left join framed
        on
            running.indicator_code = framed.indicator_code
            and running.definition_version = framed.definition_version
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
        false as is_over_frames,
        false as is_cut,
        milestone.reported_count > 0 as is_counted,
        milestone.numerator,
        null as denominator,
        milestone.numerator as lower_numerator,
        milestone.numerator + milestone.expected_count - milestone.reported_count as upper_numerator,
        null as bound_denominator,
        milestone.reported_count,
        milestone.expected_count,
        0 as carried_count,
        0 as question_count,
        0 as question_pct,
        {{ exact('100.0 * milestone.reported_count / nullif(milestone.expected_count, 0)') }} as reported_pct,
        case when milestone.expected_count > 0 then 0 end as carried_pct
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
        false as is_over_frames,
        false as is_cut,
        false as is_counted,
        null as numerator,
        null as denominator,
        null as lower_numerator,
        null as upper_numerator,
        null as bound_denominator,
        0 as reported_count,
        0 as expected_count,
        0 as carried_count,
        0 as question_count,
        null as question_pct,
        null as reported_pct,
        null as carried_pct
    from {{ source('ops', 'open_pair') }} as open_pair
    inner join period on open_pair.period_code = period.period_code
    inner join indicator on indicator.method = 'none'
    cross join (values ('as_reported'), ('current'), ('original')) as basis (basis)
    where open_pair.scope_key = 'nation'
),

valued as (
    select
        *,
        case
            when method = 'none' then 'no_method'
            when is_cut then 'border'
            when not is_counted or (method = 'ratio' and denominator = 0) then 'nothing_known'
        end as null_reason,
        case when is_counted and not is_cut then numerator end as shown_numerator,
        case when is_counted and not is_cut then denominator end as shown_denominator
    from measured
),

bounded as (
    select
        *,
        case when null_reason is null then question_pct end as shown_question_pct,
        case
            when is_cut or expected_count = 0 or (null_reason is not null and not is_over_frames) then null
            when method = 'ratio' then {{ exact('100 * lower_numerator / nullif(bound_denominator, 0)') }}
            else lower_numerator
        end as lower_value,
        case
            when is_cut or expected_count = 0 or (null_reason is not null and not is_over_frames) then null
            when method = 'ratio' then {{ exact('100 * upper_numerator / nullif(bound_denominator, 0)') }}
            else upper_numerator
        end as upper_value
    from valued
),

-- a day on which nothing of it changed begins nothing
turned as (
    select
        *,
        row(
            null_reason, shown_numerator, shown_denominator, reported_count, expected_count, carried_count, carried_pct,
            question_count, shown_question_pct, reported_pct, lower_value, upper_value
        ) as state
    from bounded
),

marked as (
    select
        *,
        coalesce(
            state is distinct from lag(state) over (
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
        marked.shown_numerator as numerator,
        marked.shown_denominator as denominator,
        case
            when marked.method = 'ratio'
                then {{ exact('100 * marked.shown_numerator / nullif(marked.shown_denominator, 0)') }}
            else marked.shown_numerator
        end as value,
        marked.null_reason,
        marked.reported_count::bigint as reported_count,
        marked.expected_count::bigint as expected_count,
        marked.carried_count::bigint as carried_count,
        marked.carried_pct,
        marked.question_count::bigint as question_count,
        marked.shown_question_pct as question_pct,
        marked.reported_pct as coverage_pct,
        marked.lower_value,
        marked.upper_value
    from marked
    left join {{ ref('int_segment') }} as segment
        on
            marked.indicator_code = segment.indicator_code
            and marked.definition_version = segment.definition_version
            and marked.period_code = segment.period_code
    where marked.is_turn
)

select * from final
