-- Every series that has a target in its scope, as known now: what paths, verdicts, forecasts and other readings start
-- from.
--
-- A legal change of a frame begins a segment, and pace and forecast use one segment: after a break the series starts
-- anew from the value it had before, on the frame that goes on (where that is not known, from its first value). Growth
-- is what a period added above the line; a period with nothing but carried numbers is no point and has none. (Rules of
-- evaluation, sections 3, 5 and 6.)

{%- set series = 'basis, scope_key, indicator_code, definition_version' %}

with indicator_value as (
    select * from {{ ref('fct_indicator') }}
    where known_to = {{ open_end() }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

target as (
    select * from {{ ref('dim_target') }}
),

period as (
    select * from {{ ref('dim_period') }}
),

season as (
    select * from {{ ref('season') }}
),

frame_effect as (
    select * from {{ ref('fct_frame_effect') }}
),

targeted as (
    select
        indicator_value.*,
        period.period_ordinal,
        period.month_no,
        period.report_year,
        period.end_date,
        indicator.method,
        indicator.measured_over,
        indicator.direction,
        indicator.is_strict,
        indicator.method = 'ratio' or indicator.measured_over in ('point', 'period') as is_level,
        indicator_value.value is not null and indicator_value.reported_count > 0 as is_point,
        coalesce(season.share_pct, 100 / 12.0) as season_share,
        target.season_code,
        target.valid_from as target_valid_from,
        target.baseline_value as first_baseline_value,
        target.baseline_period as first_baseline_period,
        target.baseline_state,
        target.target_value,
        target.target_high,
        target.target_period,
        target.path_kind,
        target.path_basis
    from indicator_value
    inner join target
        on indicator_value.indicator_code = target.indicator_code and indicator_value.scope_key = target.scope_key
    inner join indicator
        on
            indicator_value.indicator_code = indicator.indicator_code
            and indicator_value.definition_version = indicator.definition_version
    inner join period on indicator_value.period_code = period.period_code
    left join season on target.season_code = season.season_code and period.month_no = season.month_no
),

broken as (
    select
        targeted.basis,
        targeted.scope_key,
        targeted.indicator_code,
        targeted.definition_version,
        targeted.segment_no,
        frame_effect.break_date,
        frame_effect.period_before,
        frame_effect.value_surviving
    from targeted
    inner join frame_effect
        on
            {{ same_series('targeted', 'frame_effect') }}
            and targeted.end_date >= frame_effect.break_date
    where targeted.segment_no > 1
),

-- the last break before each segment, with the value on the frame that goes on
segment_effect as (
    select distinct on ({{ series }}, segment_no) *
    from broken
    order by basis asc, scope_key asc, indicator_code asc, definition_version asc, segment_no asc, break_date desc
),

begun as (
    select
        targeted.*,
        case
            when targeted.segment_no = 1 then targeted.first_baseline_value
            else coalesce(segment_effect.value_surviving, first_value(targeted.value) over known_first)
        end as baseline_value,
        case
            when targeted.segment_no = 1 then targeted.first_baseline_period
            when segment_effect.value_surviving is not null then segment_effect.period_before
            when first_value(targeted.value) over known_first is not null
                then first_value(targeted.period_code) over known_first
        end as baseline_period,
        lag(targeted.numerator) over by_segment as previous_numerator,
        lag(targeted.period_ordinal) over by_segment as previous_ordinal,
        lag(targeted.is_point) over by_segment as is_after_point,
        lag(targeted.report_year) over by_segment as previous_year
    from targeted
    left join segment_effect on {{ same_series('targeted', 'segment_effect', ['segment_no']) }}
    window
        by_segment as (
            partition by
                targeted.basis, targeted.scope_key, targeted.indicator_code, targeted.definition_version,
                targeted.segment_no
            order by targeted.period_ordinal
        ),
        -- the first value that is known of a segment, wherever in it one looks from
        known_first as (
            partition by
                targeted.basis, targeted.scope_key, targeted.indicator_code, targeted.definition_version,
                targeted.segment_no
            order by targeted.value is null, targeted.period_ordinal
        )
),

final as (
    select
        basis,
        scope_kind,
        scope_key,
        period_code,
        period_ordinal,
        month_no,
        indicator_code,
        definition_version,
        segment_no,
        method,
        measured_over,
        direction,
        is_strict,
        is_level,
        value,
        numerator,
        denominator,
        lower_value,
        upper_value,
        coverage_pct,
        reported_count,
        is_point,
        case
            when not is_point or measured_over = 'period' then null
            -- what accumulates starts from nothing: with the programme, or anew with the year
            when
                (measured_over = 'since_start' and {{ months_between('first_baseline_period', 'period_code') }} = 1)
                or (measured_over = 'year' and previous_year < report_year)
                then numerator
            when is_after_point and previous_ordinal = period_ordinal - 1 then numerator - previous_numerator
        end as growth,
        season_share,
        season_code,
        target_valid_from,
        baseline_value,
        baseline_period,
        baseline_state,
        target_value,
        target_high,
        target_period,
        path_kind,
        path_basis,
        greatest(0, {{ months_between('period_code', 'target_period') }}) as months_left
    from begun
)

select * from final
