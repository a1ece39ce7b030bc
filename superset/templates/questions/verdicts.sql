select
    fct_progress.indicator_code,
    dim_indicator.name_[[ language ]] as name,
    fct_progress.value,
    fct_progress.target_value,
    fct_progress.path_value,
    fct_progress.status_code,
    fct_progress.is_provisional,
    fct_progress.is_settled,
    fct_progress.reported_count,
    fct_progress.expected_count,
    fct_progress.confidence_code
from published.fct_progress
inner join published.dim_indicator
    on
        fct_progress.indicator_code = dim_indicator.indicator_code
        and fct_progress.definition_version = dim_indicator.definition_version
        and fct_progress.basis = dim_indicator.basis
where
    fct_progress.scope_key = 'nation'
    and fct_progress.period_code = (select max(rpt_scorecard.period_code) from published.rpt_scorecard)
order by dim_indicator.display_order
