{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns',
          pre_hook='{{ clear_open_pairs() }}') }}

-- The value of each indicator for each scope and period, with how much is behind it.
--
-- ratio: 100 x sum of numerators / sum of denominators, never a mean of percentages. sum: the sum. reach: how many
-- distinct places have had at least one. Coverage is the weight of the numbers counted over the weight of those owed.
-- (Rules of evaluation, sections 2 to 4.)

with unit_part as (
    select * from {{ ref('int_unit_part') }}
),

member as (
    select * from {{ ref('int_scope_member') }}
),

scope as (
    select * from {{ ref('dim_scope') }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

open_pair as (
    select * from {{ source('ops', 'open_pair') }}
),

part as (
    select
        member.scope_key,
        member.period_code,
        unit_part.indicator_code,
        unit_part.definition_version,
        unit_part.place_key,
        unit_part.numerator,
        unit_part.denominator,
        unit_part.reported_count,
        unit_part.expected_count,
        unit_part.reported_weight,
        unit_part.expected_weight,
        indicator.method
    from member
    inner join unit_part
        on member.unit_key = unit_part.scope_key and member.unit_period_code = unit_part.period_code
    inner join indicator
        on
            unit_part.indicator_code = indicator.indicator_code
            and unit_part.definition_version = indicator.definition_version
    -- a stock of a unit that has ended is nobody's any more; what it brought in stays
    where member.is_in_force or indicator.measured_over <> 'point'
),

aggregated as (
    select
        scope_key,
        period_code,
        indicator_code,
        definition_version,
        case
            when method = 'reach'
                then
                    count(distinct place_key) filter (where numerator >= 1)
                    + case when sum(reported_count) > 0 then 0 end
            else sum(numerator)
        end as numerator,
        case when method = 'ratio' then sum(denominator) end as denominator,
        sum(reported_count) as reported_count,
        sum(expected_count) as expected_count,
        sum(reported_weight) as reported_weight,
        sum(expected_weight) as expected_weight
    from part
    group by scope_key, period_code, indicator_code, definition_version, method
),

-- an indicator without a method has a row, so that it is seen to have no value
unmeasured as (
    select
        open_pair.scope_key,
        open_pair.period_code,
        indicator.indicator_code,
        indicator.definition_version
    from open_pair
    inner join scope on open_pair.scope_key = scope.scope_key and scope.scope_kind = 'nation'
    cross join indicator
    where indicator.method = 'none'
),

final as (
    select
        'as_reported'::text as basis,
        scope.scope_kind,
        aggregated.scope_key,
        aggregated.period_code,
        aggregated.indicator_code,
        aggregated.definition_version,
        aggregated.numerator,
        aggregated.denominator,
        case
            when indicator.method = 'ratio'
                then {{ exact('100 * aggregated.numerator / nullif(aggregated.denominator, 0)') }}
            else aggregated.numerator
        end as value,
        aggregated.reported_count::bigint as reported_count,
        aggregated.expected_count::bigint as expected_count,
        {{ exact('100 * aggregated.reported_weight / nullif(aggregated.expected_weight, 0)') }} as coverage_pct
    from aggregated
    inner join scope on aggregated.scope_key = scope.scope_key
    inner join indicator
        on
            aggregated.indicator_code = indicator.indicator_code
            and aggregated.definition_version = indicator.definition_version
    union all
    select
        'as_reported'::text as basis,
        'nation' as scope_kind,
        scope_key,
        period_code,
        indicator_code,
        definition_version,
        null::numeric as numerator,
        null::numeric as denominator,
        null::numeric as value,
        0::bigint as reported_count,
        0::bigint as expected_count,
        null::numeric as coverage_pct
    from unmeasured
)

select * from final
