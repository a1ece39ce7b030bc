-- What the explorer's filters offer: a small list each, in the words of the page, so that no filter reads the facts.
with scope as (
    select dim_scope.name_[[ language ]] || ' · ' || dim_scope.scope_key as scope_name
    from published.dim_scope
),

indicator as (
    select
        dim_indicator.indicator_code || ' · ' || dim_indicator.name_[[ language ]] as indicator_name,
        dim_indicator.display_order
    from published.dim_indicator
    where dim_indicator.is_in_force
),

known_day as (
    select [[ label.known_now | sql ]] as known_text
    union all
    select to_char(dim_period.due_date, 'YYYY-MM-DD') as known_text
    from published.dim_period
    inner join (select max(rpt_scorecard.period_code) as last_period from published.rpt_scorecard) as shown
        on dim_period.period_code <= shown.last_period
),

basis as (
    select [[ label.basis_as_reported | sql ]] as basis_name
    union all
    select [[ label.basis_current | sql ]] as basis_name
    union all
    select [[ label.basis_original | sql ]] as basis_name
),

final as (
    select
        scope.scope_name,
        null as indicator_name,
        null as known_text,
        null as basis_name,
        null::integer as display_order
    from scope
    union all
    select
        null as scope_name,
        indicator.indicator_name,
        null as known_text,
        null as basis_name,
        indicator.display_order
    from indicator
    union all
    select
        null as scope_name,
        null as indicator_name,
        known_day.known_text,
        null as basis_name,
        null::integer as display_order
    from known_day
    union all
    select
        null as scope_name,
        null as indicator_name,
        null as known_text,
        basis.basis_name,
        null::integer as display_order
    from basis
)

select * from final
