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

{%- set grain = ['membership_no', 'indicator_code', 'definition_version'] %}

with scope_sum as (
    select * from {{ ref('int_scope_sum') }}
),

scope as (
    select distinct
        membership_no,
        basis,
        scope_kind,
        scope_key,
        period_code
    from {{ ref('int_placed') }}
),

segment as (
    select * from {{ ref('int_segment') }}
),

measured as (
    select
        {{ grain | join(', ') }},
        day,
        method,
        is_over_frames,
        partial_count > 0 as is_cut,
        reported_count + carried_count + question_count > 0 as is_counted,
        case when method in ('reach', 'reach_whole') then reached_count else numerator end as numerator,
        case when method = 'ratio' then denominator end as denominator,
        case when method in ('reach', 'reach_whole') then lower_count else lower_numerator end as lower_numerator,
        case
            when method in ('reach', 'reach_whole') then upper_count
            -- one number that nothing bounds leaves the whole without a bound
            when unbounded_count = 0 then upper_numerator
        end as upper_numerator,
        case when unbounded_count = 0 then bound_denominator end as bound_denominator,
        reported_count,
        expected_count,
        carried_count,
        question_count,
        case
            when question_count = 0 or question_numerator = 0 then 0
            else {{ exact('100 * question_numerator / nullif(numerator, 0)') }}
        end as question_pct,
        {{ share_of_owed('reported') }} as reported_pct,
        {{ share_of_owed('carried') }} as carried_pct
    from scope_sum
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
        case when is_counted and not is_cut then denominator end as shown_denominator,
        case
            when not is_counted or is_cut then null
            when method = 'ratio' then {{ exact('100 * numerator / nullif(denominator, 0)') }}
            else numerator
        end as value
    from measured
),

bounded as (
    select
        *,
        case when null_reason is null then question_pct end as shown_question_pct,
        {{ bound_of_value('lower') }} as lower_value,
        {{ bound_of_value('upper') }} as upper_value
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
        coalesce(state <> lag(state) over (partition by {{ grain | join(', ') }} order by day), true) as is_turn
    from turned
),

ranged as (
    select
        *,
        lead(day, 1, {{ open_end() }}) over (partition by {{ grain | join(', ') }} order by day) as next_day
    from marked
    where is_turn
),

final as (
    select
        scope.basis,
        scope.scope_kind,
        scope.scope_key,
        scope.period_code,
        ranged.indicator_code,
        ranged.definition_version,
        ranged.day as known_from,
        ranged.next_day as known_to,
        coalesce(segment.segment_no, 1) as segment_no,
        ranged.shown_numerator as numerator,
        ranged.shown_denominator as denominator,
        ranged.value,
        ranged.null_reason,
        ranged.reported_count::bigint as reported_count,
        ranged.expected_count::bigint as expected_count,
        ranged.carried_count::bigint as carried_count,
        ranged.carried_pct,
        ranged.question_count::bigint as question_count,
        ranged.shown_question_pct as question_pct,
        ranged.reported_pct as coverage_pct,
        ranged.lower_value,
        ranged.upper_value
    from ranged
    inner join scope on ranged.membership_no = scope.membership_no
    left join segment
        on
            ranged.indicator_code = segment.indicator_code
            and ranged.definition_version = segment.definition_version
            and scope.period_code = segment.period_code
)

select * from final
