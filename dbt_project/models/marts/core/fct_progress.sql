-- How far each indicator is from its target, and why one says so: int_progress with its reason in a sentence, which
-- names arithmetic causes alone, and with what an evaluator signed beside the status.

with progress as (
    select * from {{ ref('int_progress') }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

target as (
    select * from {{ ref('dim_target') }}
),

finding as (
    select * from {{ ref('int_finding') }}
),

status as (
    select * from {{ ref('status') }}
),

term as (
    select * from {{ ref('term') }}
),

threshold as (
    select
        max(threshold_value) filter (where threshold_code = 'verdict_coverage_pct') as verdict_coverage_pct,
        max(threshold_value) filter (where threshold_code = 'least_growth_count') as least_growth_count,
        max(threshold_value) filter (where threshold_code = 'on_track_pace_ratio') as on_track_pace_ratio
    from {{ ref('status_threshold') }}
),

keyed as (
    select
        progress.*,
        'reason.' || case
            when progress.no_verdict_code is not null then progress.no_verdict_code
            when progress.status_code = 'on_track' and progress.pace_ratio < threshold.on_track_pace_ratio
                then 'on_track_noise'
            else progress.status_code
        end as reason_code,
        case
            when progress.is_settled or progress.no_verdict_code is not null then null
            when progress.status_lower_code is null or progress.status_upper_code is null then 'reason.unbounded'
            else 'reason.not_settled'
        end as doubt_code
    from progress
    cross join threshold
),

-- what a sentence may name, as each language writes it
spoken as (
    select
        keyed.*,
        {{ words_of_progress('vi', number_vi) }} as words_vi,
        {{ words_of_progress('en', number_en) }} as words_en,
        coalesce(indicator.method_gap_vi, reason.vi) as reason_template_vi,
        coalesce(indicator.method_gap_en, reason.en) as reason_template_en,
        doubt.vi as doubt_template_vi,
        doubt.en as doubt_template_en
    from keyed
    cross join threshold
    inner join indicator
        on
            keyed.indicator_code = indicator.indicator_code
            and keyed.definition_version = indicator.definition_version
    left join target on keyed.indicator_code = target.indicator_code and keyed.scope_key = target.scope_key
    left join term as reason on keyed.reason_code = reason.term_code
    left join term as doubt on keyed.doubt_code = doubt.term_code
    left join status as lower_status on keyed.status_lower_code = lower_status.status_code
    left join status as upper_status on keyed.status_upper_code = upper_status.status_code
),

worded as (
    select
        spoken.*,
        {{ filled('spoken.reason_template_vi', 'spoken.words_vi') }}
        || coalesce('. ' || {{ filled('spoken.doubt_template_vi', 'spoken.words_vi') }}, '') as reason_vi,
        {{ filled('spoken.reason_template_en', 'spoken.words_en') }}
        || coalesce('. ' || {{ filled('spoken.doubt_template_en', 'spoken.words_en') }}, '') as reason_en,
        finding.finding_vi,
        finding.finding_en,
        finding.finding_office,
        finding.finding_on,
        finding.finding_period_code
    from spoken
    left join finding
        on
            spoken.indicator_code = finding.indicator_code
            and spoken.scope_key = finding.scope_key
            and spoken.period_code = finding.period_code
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
        is_provisional,
        is_settled,
        status_lower_code,
        status_upper_code,
        status_linear_code,
        status_stepped_code,
        status_seasonal_code,
        rate_needed,
        rate_achieved,
        forecast_value,
        forecast_low,
        forecast_high,
        chance_pct,
        reading_count,
        reading_arriving_count,
        check_count,
        check_ratio,
        check_low,
        check_high,
        confidence_code,
        confidence_coverage_code,
        confidence_carried_code,
        confidence_question_code,
        confidence_check_code,
        finding_vi,
        finding_en,
        finding_office,
        finding_on,
        finding_period_code,
        reason_vi,
        reason_en
    from worded
)

select * from final
