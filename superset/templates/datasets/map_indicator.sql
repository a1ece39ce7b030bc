[#- What may be set side by side unit by unit: a share, or whether a place has any, with a national target that is one
    value. Counts do not compare between units of unlike size; a band is no "the more the better"; without a method or
    with small cells kept back there is nothing to rank. -#]
indicator as (
    select
        dim_indicator.*,
        dim_indicator.indicator_code || ' · ' || dim_indicator.name_[[ language ]] as indicator_label,
        target.target_[[ language ]] as target_text
    from published.dim_indicator
    inner join published.dim_target as target on dim_indicator.indicator_code = target.indicator_code
    where
        dim_indicator.is_in_force and dim_indicator.is_headline
        and dim_indicator.method in ('ratio', 'reach') and dim_indicator.gap_kind is null
        and dim_indicator.small_cell_rule = 'none'
        and target.scope_key = 'nation' and target.target_value is not null and target.target_high is null
),

shown as (
    select max(rpt_scorecard.period_code) as last_code
    from published.rpt_scorecard
),

period as (
    select
        dim_period.period_code,
        [[ month('dim_period.period_code') ]] as month_label
    from published.dim_period
    inner join shown on dim_period.period_code <= shown.last_code
)
