-- What was wrong with the reports, by rule; what a rule says of a single cell stays with the submission.

with submission as (
    select
        submission_id,
        unit_key,
        period_code
    from {{ ref('fct_submission') }}
),

problem as (
    select * from {{ source('raw', 'problem') }}
),

validation_rule as (
    select * from {{ ref('validation_rule') }}
),

term as (
    select * from {{ ref('term') }}
),

final as (
    select
        submission.submission_id,
        submission.unit_key,
        submission.period_code,
        problem.rule_code,
        problem.severity,
        coalesce(validation_rule.message_vi, term.vi, problem.rule_code) as rule_vi,
        coalesce(validation_rule.message_en, term.en, problem.rule_code) as rule_en,
        count(*)::integer as problem_count
    from problem
    inner join submission on problem.submission_id = submission.submission_id
    left join validation_rule on problem.rule_code = validation_rule.rule_code
    left join term on 'problem.' || problem.rule_code = term.term_code
    group by
        submission.submission_id, submission.unit_key, submission.period_code, problem.rule_code, problem.severity,
        validation_rule.message_vi, validation_rule.message_en, term.vi, term.en
)

select * from final
