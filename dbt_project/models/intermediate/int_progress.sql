-- How far each indicator is from its target: its verdict under the path of its target, with what could change it, the
-- rates, the forecast and how sure one can be; or the reason why nothing is said. Words are added in fct_progress.
--
-- A row for every series with a target in its scope, and for the nation one for every indicator, so that what has no
-- target or no method is seen to have none. (Rules of evaluation, sections 4 to 7.)

{%- set series = 'basis, scope_key, period_code, indicator_code, definition_version' %}

with indicator_value as (
    select * from {{ ref('fct_indicator') }}
    -- as known now: earlier knowledge is judged in the schema of its own
    where known_to = {{ open_end() }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

series as (
    select * from {{ ref('int_series') }}
),

target as (
    select * from {{ ref('dim_target') }}
),

threshold as (
    select
        max(threshold_value) filter (where threshold_code = 'verdict_coverage_pct') as verdict_coverage_pct,
        max(threshold_value) filter (where threshold_code = 'rate_periods') as rate_periods,
        max(threshold_value) filter (where threshold_code = 'confidence_a_coverage_pct') as confidence_a_coverage_pct,
        max(threshold_value) filter (where threshold_code = 'confidence_b_coverage_pct') as confidence_b_coverage_pct,
        max(threshold_value) filter (where threshold_code = 'confidence_c_coverage_pct') as confidence_c_coverage_pct,
        max(threshold_value) filter (where threshold_code = 'confidence_b_carried_pct') as confidence_b_carried_pct,
        max(threshold_value) filter (where threshold_code = 'confidence_a_question_pct') as confidence_a_question_pct,
        max(threshold_value) filter (where threshold_code = 'confidence_b_question_pct') as confidence_b_question_pct,
        max(threshold_value) filter (where threshold_code = 'confidence_a_check_pct') as confidence_a_check_pct,
        max(threshold_value) filter (where threshold_code = 'confidence_b_check_pct') as confidence_b_check_pct,
        max(threshold_value) filter (where threshold_code = 'confidence_c_check_pct') as confidence_c_check_pct
    from {{ ref('status_threshold') }}
),

verdict as (
    select * from {{ ref('int_verdict') }}
),

chosen as (
    select * from verdict
    where is_chosen and reading = 'value'
),

other as (
    select
        {{ series }},
        max(status_code) filter (where is_chosen and reading = 'lower') as status_lower_code,
        max(status_code) filter (where is_chosen and reading = 'upper') as status_upper_code,
        max(status_code) filter (where path_shape = 'linear' and reading = 'value') as status_linear_code,
        max(status_code) filter (where path_shape = 'stepped' and reading = 'value') as status_stepped_code,
        max(status_code) filter (where path_shape = 'seasonal' and reading = 'value') as status_seasonal_code
    from verdict
    group by {{ series }}
),

-- the way gone over the last periods, between two points of one segment
rated as (
    select
        now.basis,
        now.scope_key,
        now.period_code,
        now.indicator_code,
        now.definition_version,
        case now.direction
            when 'at_least' then now.value - earlier.value
            when 'at_most' then earlier.value - now.value
            else
                greatest(0, earlier.target_value - earlier.value, earlier.value - earlier.target_high)
                - greatest(0, now.target_value - now.value, now.value - now.target_high)
        end / threshold.rate_periods as rate_achieved
    from series as now
    cross join threshold
    inner join series as earlier
        on
            {{ same_series('now', 'earlier', ['segment_no']) }}
            and now.period_ordinal - threshold.rate_periods = earlier.period_ordinal
    where now.is_point and earlier.is_point and now.measured_over in ('point', 'since_start')
),

reading as (
    select
        {{ series }},
        count(*) filter (where is_applicable) as reading_count,
        count(*) filter (where is_applicable and arrives) as reading_arriving_count
    from {{ ref('int_reading') }}
    group by {{ series }}
),

forecast as (
    select * from {{ ref('int_forecast') }}
),

spot_check as (
    select * from {{ ref('int_spot_check') }}
),

joined as (
    select
        indicator_value.*,
        indicator.method,
        indicator.gap_kind,
        indicator.is_card_complete,
        indicator.approved_on,
        threshold.*,
        target.target_value,
        target.baseline_state,
        target.path_basis,
        series.baseline_value,
        series.baseline_period,
        series.months_left,
        chosen.path_value,
        chosen.gap,
        chosen.headroom,
        chosen.share_ratio,
        chosen.pace_ratio,
        chosen.growth_expected_count,
        chosen.shortfall_count,
        chosen.noise_count,
        chosen.dispersion,
        chosen.status_code as computed_status_code,
        other.status_lower_code,
        other.status_upper_code,
        other.status_linear_code,
        other.status_stepped_code,
        other.status_seasonal_code,
        rated.rate_achieved,
        forecast.forecast_value,
        forecast.forecast_low,
        forecast.forecast_high,
        forecast.chance_pct,
        reading.reading_count,
        reading.reading_arriving_count,
        spot_check.check_count,
        spot_check.check_ratio,
        spot_check.check_low,
        spot_check.check_high
    from indicator_value
    left join series on {{ same_series('indicator_value', 'series', ['period_code']) }}
    left join chosen on {{ same_series('indicator_value', 'chosen', ['period_code']) }}
    left join other on {{ same_series('indicator_value', 'other', ['period_code']) }}
    left join rated on {{ same_series('indicator_value', 'rated', ['period_code']) }}
    left join forecast on {{ same_series('indicator_value', 'forecast', ['period_code']) }}
    left join reading on {{ same_series('indicator_value', 'reading', ['period_code']) }}
    cross join threshold
    inner join indicator
        on
            indicator_value.indicator_code = indicator.indicator_code
            and indicator_value.definition_version = indicator.definition_version
    left join target
        on indicator_value.indicator_code = target.indicator_code and indicator_value.scope_key = target.scope_key
    left join spot_check
        on
            indicator_value.scope_kind = 'nation'
            and indicator_value.indicator_code = spot_check.indicator_code
            and indicator_value.definition_version = spot_check.definition_version
            and indicator_value.period_code = spot_check.period_code
    where indicator_value.scope_kind = 'nation' or target.indicator_code is not null
),

allowed as (
    select
        *,
        case
            when method = 'none' then gap_kind
            when target_value is null then 'no_target'
            when not is_card_complete then 'card_incomplete'
            when null_reason = 'border' then 'border'
            when value is null then 'no_value'
            when coverage_pct is null or coverage_pct < verdict_coverage_pct then 'coverage'
            when path_value is null then 'no_path'
        end as no_verdict_code
    from joined
),

graded as (
    select
        *,
        case
            when coverage_pct >= confidence_a_coverage_pct then 'A'
            when coverage_pct >= confidence_b_coverage_pct then 'B'
            when coverage_pct >= confidence_c_coverage_pct then 'C'
            else 'D'
        end as confidence_coverage_code,
        case
            when carried_pct = 0 then 'A'
            when carried_pct <= confidence_b_carried_pct then 'B'
            else 'C'
        end as confidence_carried_code,
        case
            when question_pct <= confidence_a_question_pct then 'A'
            when question_pct <= confidence_b_question_pct then 'B'
            else 'C'
        end as confidence_question_code,
        -- what nobody has checked is at most B
        case
            when check_ratio is null then 'B'
            when 100 * abs(check_ratio - 1) <= confidence_a_check_pct then 'A'
            when 100 * abs(check_ratio - 1) <= confidence_b_check_pct then 'B'
            when 100 * abs(check_ratio - 1) <= confidence_c_check_pct then 'C'
            else 'D'
        end as confidence_check_code,
        method <> 'none' and value is not null as is_graded,
        case when no_verdict_code is null then computed_status_code else 'no_verdict' end as status_code
    from allowed
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
        carried_pct,
        question_count,
        question_pct,
        coverage_pct,
        lower_value,
        upper_value,
        baseline_value,
        baseline_period,
        target_value,
        path_value,
        gap,
        headroom,
        share_ratio,
        pace_ratio,
        growth_expected_count,
        shortfall_count,
        noise_count,
        dispersion,
        status_code,
        no_verdict_code,
        status_code <> 'no_verdict'
        and (baseline_state = 'none' or path_basis = 'assumption' or approved_on is null or segment_no > 1)
            as is_provisional,
        case
            when no_verdict_code is null
                then coalesce(status_lower_code = status_code and status_upper_code = status_code, false)
        end as is_settled,
        case when no_verdict_code is null then status_lower_code end as status_lower_code,
        case when no_verdict_code is null then status_upper_code end as status_upper_code,
        case when no_verdict_code is null then status_linear_code end as status_linear_code,
        case when no_verdict_code is null then status_stepped_code end as status_stepped_code,
        case when no_verdict_code is null then status_seasonal_code end as status_seasonal_code,
        {{ exact('gap / nullif(months_left, 0)') }} as rate_needed,
        {{ exact('rate_achieved') }} as rate_achieved,
        {{ exact('forecast_value') }} as forecast_value,
        {{ exact('forecast_low') }} as forecast_low,
        {{ exact('forecast_high') }} as forecast_high,
        {{ exact('chance_pct') }} as chance_pct,
        reading_count,
        reading_arriving_count,
        check_count,
        check_ratio,
        check_low,
        check_high,
        case
            when is_graded
                then greatest(
                    confidence_coverage_code, confidence_carried_code, confidence_question_code, confidence_check_code
                )
        end as confidence_code,
        case when is_graded then confidence_coverage_code end as confidence_coverage_code,
        case when is_graded then confidence_carried_code end as confidence_carried_code,
        case when is_graded then confidence_question_code end as confidence_question_code,
        case when is_graded then confidence_check_code end as confidence_check_code
    from graded
)

select * from final
