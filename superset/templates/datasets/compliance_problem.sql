-- One row a month and a rule that reports of the twelve months to it broke; one row without a rule when none did.
with month_shown as (
    select
        dim_period.period_code,
        dim_period.period_ordinal,
        [[ month('dim_period.period_code') ]] as period_label
    from published.dim_period
    where exists (select 1 from published.rpt_compliance where rpt_compliance.period_code = dim_period.period_code)
),

problem as (
    select
        fct_problem.*,
        period.period_ordinal
    from published.fct_problem
    inner join published.dim_period as period on fct_problem.period_code = period.period_code
),

final as (
    select
        month_shown.period_label,
        problem.rule_code,
        problem.severity,
        [[ label_of('rule', 'problem.severity') ]] as severity_name,
        case
            when problem.rule_code = problem.rule_[[ language ]] then [[ label_of('problem', 'problem.rule_code') ]]
            else problem.rule_[[ language ]]
        end as rule_name,
        count(problem.submission_id) filter (where problem.period_code = month_shown.period_code) as month_count,
        count(problem.submission_id) as year_count,
        sum(problem.problem_count) as cell_count,
        count(distinct problem.unit_key) as unit_count
    from month_shown
    left join problem
        on problem.period_ordinal between month_shown.period_ordinal - 11 and month_shown.period_ordinal
    group by
        month_shown.period_label, problem.rule_code, problem.severity, problem.rule_[[ language ]]
)

select * from final
