[% from 'datasets/looked_up.sql' import progress_of %]-- One row a review and an indicator that is a share: how many units lie on or beyond the nation's path, how many short
-- of it, and of how many nothing is known. Counts do not compare between units of unlike size and are left out.
with review as (
    select dim_review.*
    from published.dim_review
),

indicator as (
    select dim_indicator.*
    from published.dim_indicator
    where dim_indicator.is_in_force and dim_indicator.is_headline and dim_indicator.method = 'ratio'
),

period as (
    select dim_period.*
    from published.dim_period
),

unit as (
    select dim_unit.unit_key
    from published.dim_unit
),

compared as (
    select
        review.review_code,
        review.review_kind,
        review.name_[[ language ]] as review_name,
        indicator.indicator_code,
        indicator.display_order,
        indicator.name_[[ language ]] as name,
        indicator.decimals,
        indicator.measure_[[ language ]] as measure,
        path.path_value,
        case
            when path.path_value is null or unit_value.value is null then null
            when indicator.direction = 'at_most' then unit_value.value <= path.path_value
            when indicator.direction = 'band'
                then unit_value.value >= path.path_value and unit_value.value <= coalesce(target.target_high, path.path_value)
            else unit_value.value >= path.path_value
        end as is_ahead,
        unit_value.scope_key,
        unit_value.value
    from review
    cross join indicator
    inner join period on review.shown_period = period.period_code
    [% include 'datasets/review_target.sql' %]
    [[ progress_of('path', 'indicator', 'review.shown_period', only='review.known_on is null') ]]
    cross join unit
    -- looked up one by one: a limit keeps each a search by its index, however many rows are published
    left join lateral (
        select
            measured.scope_key,
            measured.value
        from published.fct_indicator as measured
        where
            measured.scope_key = unit.unit_key
            and measured.indicator_code = indicator.indicator_code
            and measured.basis = 'current'
            and measured.period_code = review.shown_period
            and measured.definition_version = indicator.definition_version
            and measured.expected_count > 0
            and measured.known_from <= coalesce(review.known_on, 'infinity'::date)
            and measured.known_to > coalesce(review.known_on, date '9999-12-30')
        limit 1
    ) as unit_value on true
),

final as (
    select
        compared.review_code,
        compared.review_kind,
        compared.review_name,
        compared.indicator_code,
        compared.display_order,
        compared.name,
        compared.measure,
        [[ number('compared.path_value', 'compared.decimals') ]] as path_text,
        count(*) filter (where compared.is_ahead) as ahead_count,
        count(*) filter (where not compared.is_ahead) as behind_count,
        count(compared.scope_key) filter (where compared.value is null) as unknown_count,
        count(compared.scope_key) as unit_count
    from compared
    group by
        compared.review_code, compared.review_kind, compared.review_name, compared.indicator_code,
        compared.display_order, compared.name, compared.measure, compared.path_value, compared.decimals
)

select * from final
