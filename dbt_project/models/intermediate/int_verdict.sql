-- The verdict on a series at a period: of its value, and of the lowest and highest it could be (reading), under the
-- path of its target and under the other shapes of path. What may be said of it is decided in fct_progress.
--
-- gap(x) is the distance to go; b the baseline, v the value, e the path now. share = 1 - gap(v) / gap(b); pace =
-- (gap(b) - gap(v)) / (gap(b) - gap(e)). Worse than on track needs a pace under the threshold and a shortfall, in
-- events (counts; for ratios the numerator's), over noise_deviations x sqrt(dispersion x expected growth). The
-- dispersion is that of the segment's growth around its seasonal mean m: sum((growth - m)^2 / m) / (n - 1), at least 1.
-- (Rules of evaluation, section 5.)

{%- set series = 'basis, scope_key, indicator_code, definition_version' %}

with series as (
    select * from {{ ref('int_series') }}
),

path as (
    select * from {{ ref('int_path') }}
),

threshold as (
    select
        max(threshold_value) filter (where threshold_code = 'on_track_pace_ratio') as on_track_pace_ratio,
        max(threshold_value) filter (where threshold_code = 'at_risk_pace_ratio') as at_risk_pace_ratio,
        max(threshold_value) filter (where threshold_code = 'noise_deviations') as noise_deviations,
        max(threshold_value) filter (where threshold_code = 'least_growth_count') as least_growth_count
    from {{ ref('status_threshold') }}
),

-- a month without a share of the year has no mean to differ from
grown as (
    select
        {{ series }},
        period_code,
        count(growth) filter (where season_share > 0) over so_far as growth_periods,
        sum(growth) filter (where season_share > 0) over so_far as growth_total,
        sum(season_share) filter (where season_share > 0 and growth is not null) over so_far as share_total,
        sum(growth * growth / season_share) filter (where season_share > 0) over so_far as square_total
    from series
    window so_far as (partition by {{ series }}, segment_no order by period_ordinal)
),

dispersed as (
    select
        {{ series }},
        period_code,
        case
            when growth_periods >= 2 and growth_total > 0
                then greatest(
                    1, (square_total * share_total / growth_total - growth_total) / (growth_periods - 1)
                )
            else 1
        end as dispersion
    from grown
),

reading as (
    select reading from (values ('value'), ('lower'), ('upper')) as known (reading)
),

read as (
    select
        series.*,
        dispersed.dispersion,
        path.path_kind as path_shape,
        path.is_chosen,
        path.path_value,
        reading.reading,
        case reading.reading
            when 'value' then series.value
            when 'lower' then series.lower_value
            when 'upper' then series.upper_value
        end as reading_value,
        case when series.method = 'ratio' then series.denominator / 100 else 1 end as events_per_point
    from series
    inner join dispersed on {{ same_series('series', 'dispersed', ['period_code']) }}
    inner join path on {{ same_series('series', 'path', ['period_code']) }}
    cross join reading
    where path.is_chosen or reading.reading = 'value'
),

measured as (
    select
        *,
        {{ gap('reading_value') }} as value_gap,
        {{ gap('baseline_value') }} as baseline_gap,
        {{ gap('path_value') }} as path_gap,
        -- a strict limit is not met by reaching it
        case
            when is_strict and direction = 'at_least' then reading_value > target_value
            when is_strict and direction = 'at_most' then reading_value < target_value
            else {{ gap('reading_value') }} = 0
        end as is_met
    from read
),

paced as (
    select
        *,
        {{ exact('case when baseline_gap > 0 then 1 - value_gap / baseline_gap end') }} as share_ratio,
        -- rounded before it is judged: a path to ten decimals must not turn a pace that is just enough
        case
            when baseline_gap > 0 and baseline_gap <> path_gap
                then round((baseline_gap - value_gap) / (baseline_gap - path_gap), 9)
        end as pace_ratio,
        (baseline_gap - path_gap) * events_per_point as growth_expected_count,
        (value_gap - path_gap) * events_per_point as shortfall_count,
        case
            when baseline_gap > 0 then null
            when direction = 'at_least' then reading_value - target_value
            when direction = 'at_most' then target_value - reading_value
            else least(reading_value - target_value, target_high - reading_value)
        end as headroom
    from measured
),

bounded as (
    select
        paced.*,
        threshold.*,
        case
            when paced.growth_expected_count is not null
                then
                    threshold.noise_deviations
                    * sqrt(paced.dispersion * greatest(0, paced.growth_expected_count))
        end as noise_count
    from paced
    cross join threshold
),

final as (
    select
        {{ series }},
        period_code,
        reading,
        path_shape,
        is_chosen,
        reading_value,
        path_value,
        value_gap as gap,
        headroom,
        share_ratio,
        {{ exact('pace_ratio') }} as pace_ratio,
        {{ exact('growth_expected_count') }} as growth_expected_count,
        {{ exact('shortfall_count') }} as shortfall_count,
        {{ exact('noise_count') }} as noise_count,
        {{ exact('dispersion') }} as dispersion,
        case
            when reading_value is null then null
            when months_left = 0 and is_met then 'achieved'
            when months_left = 0 then 'missed'
            when baseline_gap = 0 and is_met then 'held'
            when baseline_gap = 0 then 'lost'
            when is_met and is_level then 'met_now'
            when is_met then 'reached'
            when baseline_gap = path_gap then 'not_due'
            when growth_expected_count < least_growth_count then 'no_status'
            when pace_ratio >= on_track_pace_ratio or shortfall_count <= noise_count then 'on_track'
            when share_ratio < 0 then 'moving_away'
            when pace_ratio >= at_risk_pace_ratio then 'at_risk'
            else 'off_track'
        end as status_code
    from bounded
)

select * from final
