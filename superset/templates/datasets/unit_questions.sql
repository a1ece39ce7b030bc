-- What is open about a unit's numbers, of four kinds; one row without a subject for each kind that has nothing open.
with [% include 'datasets/named_unit.sql' %]

kind as (
    select 'problem' as kind_code, 1 as kind_order
    union all
    select 'question' as kind_code, 2 as kind_order
    union all
    select 'restart' as kind_code, 3 as kind_order
    union all
    select 'check' as kind_code, 4 as kind_order
),

problem as (
    select
        'problem' as kind_code,
        fct_problem.unit_key,
        case
            when fct_problem.rule_[[ language ]] = fct_problem.rule_code then [[ label_of('problem', 'fct_problem.rule_code') ]]
            else fct_problem.rule_[[ language ]]
        end as subject,
        sum(fct_problem.problem_count) || ' ' || [[ label.cells | sql ]] || ', '
        || count(distinct fct_problem.submission_id) || ' ' || [[ label.reports | sql ]] || ' ('
        || array_to_string(
            array(select [[ month('problem_month') ]] from unnest(array_agg(distinct fct_problem.period_code)) as problem_month), ', '
        ) || '); '
        || [[ label_of('severity', 'fct_problem.severity') ]] || '. '
        || case
            when bool_or(rpt_compliance.state = 'quarantined') then [[ label.still_waiting | sql ]]
            else [[ label.already_mended | sql ]]
        end as detail
    from published.fct_problem
    left join published.rpt_compliance
        on fct_problem.unit_key = rpt_compliance.unit_key and fct_problem.period_code = rpt_compliance.period_code
    group by fct_problem.unit_key, fct_problem.rule_code, fct_problem.rule_[[ language ]], fct_problem.severity
),

question as (
    select
        'question' as kind_code,
        newest.scope_key as unit_key,
        dim_indicator.name_[[ language ]] as subject,
        newest.question_count || ' [[ term.of ]] ' || newest.expected_count || ' ' || [[ label.of_numbers_owed | sql ]] || ' ('
        || [[ month('newest.period_code') ]] || ')' as detail
    from published.fct_indicator as newest
    inner join published.dim_indicator
        on
            newest.indicator_code = dim_indicator.indicator_code
            and newest.definition_version = dim_indicator.definition_version
    where
        newest.basis = 'current'
        and newest.scope_kind = 'unit'
        and newest.known_to = '9999-12-31'
        and newest.question_count > 0
        and newest.period_code = (select max(rpt_scorecard.period_code) from published.rpt_scorecard)
),

restart as (
    select
        'restart' as kind_code,
        fct_restart.unit_key,
        dim_element.name_[[ language ]] as subject,
        [[ month('fct_restart.first_period') ]] || ': ' || [[ label.restart_reported | sql ]] || ' '
        || [[ number('fct_restart.first_cumulative') ]] || '; ' || [[ label.restart_month | sql ]] || ' '
        || [[ number('fct_restart.first_value') ]] || '; ' || [[ label.restart_parts | sql ]] || ' '
        || [[ number('fct_restart.sum_of_parts') ]] as detail
    from published.fct_restart
    inner join published.dim_element on fct_restart.element_code = dim_element.element_code
    where fct_restart.reading = 'asked' and fct_restart.decided_offset_value is null
),

spot_check as (
    select
        'check' as kind_code,
        fct_verification.unit_key,
        dim_element.name_[[ language ]] as subject,
        [[ month('fct_verification.period_code') ]] || ': ' || [[ label.check_reported | sql ]] || ' '
        || [[ number('fct_verification.reported_value') ]] || ', ' || [[ label.check_found | sql ]] || ' '
        || [[ number('fct_verification.found_value') ]] || '. ' || fct_verification.evidence_[[ language ]] || ' ('
        || fct_verification.checked_by || ', ' || [[ day('fct_verification.checked_on') ]]
        || case when fct_verification.is_synthetic then ', ' || [[ label.made_up | sql ]] else '' end || ')'
        || coalesce('. ' || [[ label.check_left_out | sql ]] || ': ' || fct_verification.reason_[[ language ]], '') as detail
    from published.fct_verification
    inner join published.dim_element on fct_verification.element_code = dim_element.element_code
    where fct_verification.difference <> 0
),

raised as (
    select * from problem
    union all
    select * from question
    union all
    select * from restart
    union all
    select * from spot_check
),

final as (
    select
        named_unit.unit_key,
        named_unit.unit_name,
        kind.kind_order,
        [[ label_of('open', 'kind.kind_code') ]] as kind_name,
        raised.subject,
        raised.detail
    from named_unit
    cross join kind
    left join raised on named_unit.unit_key = raised.unit_key and kind.kind_code = raised.kind_code
    where named_unit.is_open
)

select * from final
