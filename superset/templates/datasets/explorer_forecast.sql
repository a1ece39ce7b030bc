[% from 'datasets/looked_up.sql' import progress_of %]-- One row an indicator of the nation on its card's basis, at the newest period: forecast, chance and how many methods
-- arrive. For evaluators: a forecast is what would come of going on as before, not what will be.
with shown as (
    select max(rpt_scorecard.period_code) as period_code
    from published.rpt_scorecard
),

final as (
    select
        indicator.indicator_code,
        indicator.display_order,
        indicator.indicator_code || ' · ' || indicator.name_[[ language ]] as indicator_name,
        indicator.measure_[[ language ]] as measure,
        progress.forecast_value,
        progress.chance_pct,
        progress.reading_count,
        progress.reading_arriving_count,
        [[ number('progress.forecast_value', 'indicator.decimals') ]] as forecast_text,
        [[ number('progress.forecast_low', 'indicator.decimals') ]] || ' … ' || [[ number('progress.forecast_high', 'indicator.decimals') ]] as interval_text,
        [[ number('progress.chance_pct') ]] || ' %' as chance_text,
        [[ number('progress.rate_needed', 'indicator.decimals + 1') ]] as rate_needed_text,
        [[ number('progress.rate_achieved', 'indicator.decimals + 1') ]] as rate_achieved_text,
        [[ month('target.target_period') ]] as target_month,
        coalesce(target.target_[[ language ]], '—') as target_text
    from shown
    cross join published.dim_indicator as indicator
    [[ progress_of('progress', 'indicator', 'shown.period_code', join='inner') ]]
    left join published.dim_target as target
        on progress.indicator_code = target.indicator_code and target.scope_key = 'nation'
)

select * from final
