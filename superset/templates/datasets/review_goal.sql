[% from 'datasets/looked_up.sql' import progress_of %]-- One row a review and an indicator of the nation: where it stands at the period the review reads, in words and numbers.
-- Once a review's knowledge is frozen, value, coverage and bounds are those known on that day; the verdict is one that is
-- computed anew each day and then stands in the review's own pack.
with review as (
    select dim_review.*
    from published.dim_review
),

indicator as (
    select dim_indicator.*
    from published.dim_indicator
    where dim_indicator.is_in_force and dim_indicator.is_headline
),

goal as (
    select dim_goal.*
    from published.dim_goal
),

period as (
    select dim_period.*
    from published.dim_period
),

final as (
    select
        review.review_code,
        review.review_kind,
        review.name_[[ language ]] as review_name,
        goal.display_order * 1000 + indicator.display_order as sort_order,
        goal.name_[[ language ]] as goal_name,
        indicator.indicator_code,
        indicator.name_[[ language ]] as name,
        indicator.measure_[[ language ]] as measure,
        indicator.caveat_[[ language ]] as caveat,
        known.expected_count,
        known.coverage_pct,
        progress.is_provisional,
        progress.is_settled,
        progress.confidence_code,
        progress.reason_[[ language ]] as reason,
        progress.finding_[[ language ]] as finding,
        progress.finding_office || ', ' || [[ day('progress.finding_on') ]] as finding_signed,
        [[ number('known.value', 'indicator.decimals') ]] as value_text,
        coalesce(target.target_[[ language ]], '—') as target_text,
        [[ number('progress.path_value', 'indicator.decimals') ]] as path_text,
        case when progress.share_ratio is not null then [[ number('100 * progress.share_ratio') ]] || ' %' else '—' end as share_text,
        case
            when known.lower_value is not null or known.upper_value is not null
                then [[ number('known.lower_value', 'indicator.decimals') ]] || ' … '
                    || coalesce(nullif([[ number('known.upper_value', 'indicator.decimals') ]], '—'), '∞')
            else '—'
        end as bounds_text,
        [[ number('known.reported_count') ]] || ' ' || [[ term.of | sql ]] || ' ' || [[ number('known.expected_count') ]] as coverage_text,
        [[ number('first_units.value', 'indicator.decimals') ]] as original_text,
        [[ number('units_now.value', 'indicator.decimals') ]] as current_text,
        case when review.known_on is null then progress.status_code end as status_code,
        case
            when review.known_on is null then [[ status_of('progress.status_code', 'name') ]]
            else [[ label.verdict_in_pack | sql ]]
        end as status_name,
        [[ status_of('progress.status_code', 'sign') ]] as status_sign,
        [[ status_of('progress.status_code', 'colour') ]] as status_colour,
        coalesce([[ status_of('progress.status_linear_code', 'name') ]], '—') as linear_name,
        coalesce([[ status_of('progress.status_stepped_code', 'name') ]], '—') as stepped_name,
        coalesce([[ status_of('progress.status_seasonal_code', 'name') ]], '—') as seasonal_name,
        coalesce([[ status_of('progress.status_lower_code', 'name') ]], '—') as lower_name,
        coalesce([[ status_of('progress.status_upper_code', 'name') ]], '—') as upper_name
    from review
    cross join indicator
    inner join goal on indicator.goal_code = goal.goal_code
    inner join period on review.shown_period = period.period_code
    -- looked up one by one: a limit keeps each a search by its index, however many rows are published
    [%- for alias, basis in [('known', 'indicator.basis'), ('first_units', "'original'"), ('units_now', "'current'")] %]
    left join lateral (
        select measured.*
        from published.fct_indicator as measured
        where
            measured.scope_key = 'nation'
            and measured.indicator_code = indicator.indicator_code
            and measured.basis = [[ basis ]]
            and measured.period_code = review.shown_period
            and measured.definition_version = indicator.definition_version
            and measured.known_from <= coalesce(review.known_on, 'infinity'::date)
            and measured.known_to > coalesce(review.known_on, date '9999-12-30')
        limit 1
    ) as [[ alias ]] on true
    [%- endfor %]
    -- today's verdict stands beside today's knowledge alone
    [[ progress_of('progress', 'indicator', 'review.shown_period', only='review.known_on is null') ]]
    [% include 'datasets/review_target.sql' %]
)

select * from final
