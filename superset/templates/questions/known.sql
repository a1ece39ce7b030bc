select
    then_known.period_code,
    then_known.indicator_code,
    then_known.value as value_then,
    now_known.value as value_now,
    then_known.reported_count as reported_then,
    now_known.reported_count as reported_now,
    now_known.expected_count
from published.fct_indicator as then_known
inner join published.fct_indicator as now_known
    on
        then_known.indicator_code = now_known.indicator_code
        and then_known.definition_version = now_known.definition_version
        and then_known.basis = now_known.basis
        and then_known.scope_key = now_known.scope_key
        and then_known.period_code = now_known.period_code
inner join published.dim_period on then_known.period_code = dim_period.period_code
where
    then_known.scope_key = 'nation'
    and then_known.basis = 'as_reported'
    and then_known.known_from <= dim_period.due_date
    and then_known.known_to > dim_period.due_date
    and now_known.known_to = '9999-12-31'
    and then_known.value is distinct from now_known.value
order by then_known.period_code desc, then_known.indicator_code
limit 200
