{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns',
          pre_hook='{{ clear_open_pairs() }}') }}

-- How far each indicator is from its target, and whether that is where its path should be now.
--
-- gap(x) is the distance to go; share = 1 - gap(value) / gap(baseline); pace = (gap(baseline) - gap(value)) /
-- (gap(baseline) - gap(path)). A verdict needs a complete card, a target and enough coverage; it is provisional while
-- the baseline is not measured, the path is an assumption or the card is not approved. (Evaluation, section 5.)

with indicator_value as (
    select * from {{ ref('fct_indicator') }}
    -- as known now: earlier knowledge is judged in the schema of its own
    where known_to = {{ open_end() }}
),

open_pair as (
    select * from {{ source('ops', 'open_pair') }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

target as (
    select * from {{ ref('dim_target') }}
),

threshold as (
    select
        max(threshold_value) filter (where threshold_code = 'on_track_pace_ratio') as on_track_pace_ratio,
        max(threshold_value) filter (where threshold_code = 'at_risk_pace_ratio') as at_risk_pace_ratio,
        max(threshold_value) filter (where threshold_code = 'verdict_coverage_pct') as verdict_coverage_pct
    from {{ ref('status_threshold') }}
),

placed as (
    select
        indicator_value.*,
        indicator.method,
        indicator.direction,
        indicator.is_strict,
        indicator.is_card_complete,
        indicator.approved_on,
        target.baseline_value,
        target.baseline_state,
        target.target_value,
        target.target_high,
        target.target_period,
        target.path_basis,
        threshold.*,
        case
            when target.path_kind = 'linear'
                then
                    target.baseline_value + (target.target_value - target.baseline_value) * least(
                        1,
                        {{ months_between('target.baseline_period', 'indicator_value.period_code') }}::numeric
                        / {{ months_between('target.baseline_period', 'target.target_period') }}
                    )
        end as path_value
    from indicator_value
    inner join open_pair
        on indicator_value.period_code = open_pair.period_code and indicator_value.scope_key = open_pair.scope_key
    inner join indicator
        on
            indicator_value.indicator_code = indicator.indicator_code
            and indicator_value.definition_version = indicator.definition_version
    left join target
        on indicator_value.indicator_code = target.indicator_code and indicator_value.scope_key = target.scope_key
    cross join threshold
),

measured as (
    select
        *,
        {{ gap('value') }} as value_gap,
        {{ gap('baseline_value') }} as baseline_gap,
        {{ gap('path_value') }} as path_gap,
        -- a strict limit is not met by reaching it
        case
            when is_strict and direction = 'at_least' then value > target_value
            when is_strict and direction = 'at_most' then value < target_value
            else {{ gap('value') }} = 0
        end as is_met
    from placed
),

paced as (
    select
        *,
        case when baseline_gap > 0 then 1 - value_gap / baseline_gap end as share_ratio,
        case
            when baseline_gap > 0 and baseline_gap <> path_gap
                then (baseline_gap - value_gap) / (baseline_gap - path_gap)
        end as pace_ratio,
        case
            when method = 'none' then 'no_method'
            when target_value is null then 'no_target'
            when not is_card_complete then 'card_incomplete'
            when null_reason = 'border' then 'border'
            when value is null then 'no_value'
            when coverage_pct < verdict_coverage_pct then 'coverage'
            when path_value is null then 'no_path'
        end as no_verdict_code
    from measured
),

judged as (
    select
        *,
        case
            when no_verdict_code is not null then 'no_verdict'
            when period_code >= target_period and is_met then 'achieved'
            when period_code >= target_period then 'missed'
            when baseline_gap = 0 and is_met then 'held'
            when baseline_gap = 0 then 'lost'
            when is_met and method = 'ratio' then 'met_now'
            when is_met then 'reached'
            when share_ratio < 0 then 'moving_away'
            when pace_ratio is null then 'not_due'
            when pace_ratio >= on_track_pace_ratio then 'on_track'
            when pace_ratio >= at_risk_pace_ratio then 'at_risk'
            else 'off_track'
        end as status_code
    from paced
),

final as (
    select
        basis,
        scope_kind,
        scope_key,
        period_code,
        indicator_code,
        definition_version,
        known_from,
        segment_no,
        numerator,
        denominator,
        value,
        null_reason,
        reported_count,
        expected_count,
        carried_count,
        coverage_pct,
        baseline_value,
        target_value,
        {{ exact('path_value') }} as path_value,
        value_gap as gap,
        {{ exact('share_ratio') }} as share_ratio,
        {{ exact('pace_ratio') }} as pace_ratio,
        status_code,
        no_verdict_code,
        status_code <> 'no_verdict'
        and (baseline_state = 'none' or path_basis = 'assumption' or approved_on is null) as is_provisional
    from judged
)

select * from final
