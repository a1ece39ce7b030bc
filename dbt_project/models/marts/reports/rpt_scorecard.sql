-- The leader's page: each indicator of the nation at the run's last period. The words are the dashboards' own.

with progress as (
    select * from {{ ref('fct_progress') }}
    where scope_kind = 'nation'
),

open_run as (
    select * from {{ source('ops', 'open_run') }}
),

-- what the leader's page shows, by the cards in force
indicator as (
    select * from {{ ref('dim_indicator') }}
    where is_in_force and is_headline
),

period as (
    select * from {{ ref('dim_period') }}
),

status as (
    select * from {{ ref('status') }}
),

programme as (
    select * from {{ ref('programme') }}
),

submission as (
    select coalesce(bool_or(is_synthetic), false) as is_synthetic
    from {{ ref('fct_submission') }}
    where state = 'accepted'
),

-- on the basis that the card says its target is judged on
carded as (
    select progress.*
    from progress
    inner join indicator
        on
            progress.indicator_code = indicator.indicator_code
            and progress.definition_version = indicator.definition_version
            and progress.basis = indicator.basis
),

latest as (
    select
        carded.*,
        open_run.known_at
    from carded
    inner join open_run on carded.period_code = open_run.data_to_period
),

-- the last twelve periods with a value, in a box of 100 x 24: a level series lies in the middle
recent as (
    select
        carded.indicator_code,
        carded.definition_version,
        carded.value,
        {{ months_between('carded.period_code', 'open_run.data_to_period') }} as months_back,
        min(carded.value) over by_indicator as least_value,
        max(carded.value) over by_indicator as most_value,
        carded.period_code,
        lag(carded.period_code) over (
            partition by carded.indicator_code, carded.definition_version order by carded.period_code
        ) as previous_period_code
    from carded
    inner join open_run on {{ months_between('carded.period_code', 'open_run.data_to_period') }} between 0 and 11
    -- what is carried from earlier periods alone is no point of a trend
    where carded.value is not null and carded.reported_count > 0
    window by_indicator as (partition by carded.indicator_code, carded.definition_version)
),

trend as (
    select
        indicator_code,
        definition_version,
        string_agg(
            -- a month without a value breaks the line
            case when {{ months_between('previous_period_code', 'period_code') }} > 1 then 'M ' else '' end
            || round(100 * (11 - months_back) / 11.0, 1)
            || ','
            || round(22 - 20 * coalesce((value - least_value) / nullif(most_value - least_value, 0), 0.5), 1),
            ' ' order by months_back desc
        ) as trend_points,
        max(value) filter (where months_back = 0) - max(value) filter (where months_back = 1) as value_change
    from recent
    group by indicator_code, definition_version
),

worded as (
    select
        latest.*,
        indicator.display_order,
        indicator.goal_code,
        indicator.name_vi,
        indicator.name_en,
        indicator.decimals,
        trend.trend_points,
        trend.value_change,
        status.sign as status_sign,
        status.colour as status_colour,
        period.end_date as data_to,
        programme.name_vi as programme_name_vi,
        programme.name_en as programme_name_en,
        submission.is_synthetic
    from latest
    inner join indicator
        on
            latest.indicator_code = indicator.indicator_code
            and latest.definition_version = indicator.definition_version
    inner join period on latest.period_code = period.period_code
    inner join status on latest.status_code = status.status_code
    left join trend
        on
            latest.indicator_code = trend.indicator_code
            and latest.definition_version = trend.definition_version
    cross join programme
    cross join submission
),

final as (
    select
        indicator_code,
        display_order,
        goal_code,
        name_vi,
        name_en,
        decimals,
        value,
        numerator,
        denominator,
        target_value,
        path_value,
        gap,
        100 * share_ratio as share_pct,
        pace_ratio,
        status_code,
        status_sign,
        status_colour,
        is_provisional,
        not is_settled as is_doubtful,
        reported_count,
        expected_count,
        coverage_pct,
        trend_points,
        value_change,
        rate_needed,
        rate_achieved,
        confidence_code,
        check_ratio,
        period_code,
        data_to,
        known_at,
        is_synthetic,
        programme_name_vi,
        programme_name_en
    from worded
)

select * from final
