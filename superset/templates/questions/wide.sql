select
    fct_indicator.indicator_code,
    fct_indicator.value,
    fct_indicator.lower_value,
    fct_indicator.upper_value,
    fct_indicator.upper_value - fct_indicator.lower_value as width,
    fct_indicator.reported_count,
    fct_indicator.expected_count
from published.fct_indicator
where
    fct_indicator.scope_key = 'nation'
    and fct_indicator.basis = 'as_reported'
    and fct_indicator.known_to = '9999-12-31'
    and fct_indicator.period_code = (select max(rpt_scorecard.period_code) from published.rpt_scorecard)
    and fct_indicator.upper_value > fct_indicator.lower_value
order by (fct_indicator.upper_value - fct_indicator.lower_value) / nullif(abs(fct_indicator.value), 0) desc nulls last
limit 50
