-- How reported and found numbers stand to each other behind each indicator: the ratio of the sums, each check weighted
-- by the inverse of its chance to be drawn, over the checks of its numerators' elements in the last periods. The 95 %
-- interval linearises the ratio: n/(n-1) times the sum of squares of the weighted residuals found - ratio x reported.
-- (Rules of evaluation, section 7.)

with component as (
    select distinct
        indicator_code,
        definition_version,
        numerator_code as element_code
    from {{ ref('int_component') }}
    where method <> 'milestones'
),

period as (
    select
        dim_period.period_code,
        dim_period.period_ordinal
    from {{ ref('dim_period') }} as dim_period
    cross join {{ source('ops', 'open_run') }} as open_run
    where dim_period.period_code <= open_run.data_to_period
),

threshold as (
    select max(threshold_value) filter (where threshold_code = 'rate_periods')::integer as rate_periods
    from {{ ref('status_threshold') }}
),

counting as (
    select
        verification.element_code,
        verification.reported_value,
        verification.found_value,
        1 / verification.inclusion_probability as weight,
        period.period_ordinal
    from {{ ref('fct_verification') }} as verification
    inner join period on verification.period_code = period.period_code
    where verification.is_counting
),

behind as (
    select
        component.indicator_code,
        component.definition_version,
        period.period_code,
        counting.reported_value,
        counting.found_value,
        counting.weight
    from component
    inner join counting on component.element_code = counting.element_code
    cross join threshold
    inner join period
        on
            counting.period_ordinal <= period.period_ordinal
            and counting.period_ordinal > period.period_ordinal - threshold.rate_periods
),

summed as (
    select
        indicator_code,
        definition_version,
        period_code,
        count(*) as check_count,
        sum(weight * reported_value) as weighted_reported,
        sum(weight * found_value) / nullif(sum(weight * reported_value), 0) as check_ratio
    from behind
    group by indicator_code, definition_version, period_code
),

spread as (
    select
        behind.indicator_code,
        behind.definition_version,
        behind.period_code,
        sum((behind.weight * (behind.found_value - summed.check_ratio * behind.reported_value)) ^ 2) as squares
    from behind
    inner join summed
        on
            behind.indicator_code = summed.indicator_code
            and behind.definition_version = summed.definition_version
            and behind.period_code = summed.period_code
    group by behind.indicator_code, behind.definition_version, behind.period_code
),

measured as (
    select
        summed.*,
        1.96 * sqrt(
            spread.squares * summed.check_count / nullif(summed.check_count - 1, 0)
        ) / nullif(summed.weighted_reported, 0) as half_width
    from summed
    inner join spread
        on
            summed.indicator_code = spread.indicator_code
            and summed.definition_version = spread.definition_version
            and summed.period_code = spread.period_code
),

final as (
    select
        indicator_code,
        definition_version,
        period_code,
        check_count,
        trim_scale(round(check_ratio, 6)) as check_ratio,
        -- less than nothing cannot have been found; greatest() takes a null for nothing
        case
            when half_width is not null then trim_scale(round(greatest(check_ratio - half_width, 0), 6))
        end as check_low,
        trim_scale(round(check_ratio + half_width, 6)) as check_high
    from measured
)

select * from final
