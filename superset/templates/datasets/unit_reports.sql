-- One row a unit and month, the last twelve owed; one row without a month for a unit that owes none.
with [% include 'datasets/named_unit.sql' %]

received as (
    select
        fct_submission.unit_key,
        fct_submission.period_code,
        coalesce(
            min(fct_submission.received_at) filter (where fct_submission.state = 'accepted'),
            min(fct_submission.received_at)
        ) as received_at
    from published.fct_submission
    where not fct_submission.is_closing
    group by fct_submission.unit_key, fct_submission.period_code
),

owed as (
    select
        rpt_compliance.*,
        row_number() over (partition by rpt_compliance.unit_key order by rpt_compliance.period_code desc) as months_back
    from published.rpt_compliance
),

final as (
    select
        named_unit.unit_key,
        named_unit.unit_name,
        owed.months_back,
        [[ month('owed.period_code') ]] as period_label,
        [[ day('owed.due_date') ]] as due_text,
        owed.state,
        [[ term_of('report_state', 'owed.state') ]] as state_name,
        case when owed.state in ('late', 'quarantined', 'missing') then owed.days_late end as late_days,
        coalesce([[ moment('received.received_at') ]], '—') as received_text,
        owed.version_count,
        owed.problem_count
    from named_unit
    left join owed on named_unit.unit_key = owed.unit_key and owed.months_back <= 12
    left join received on owed.unit_key = received.unit_key and owed.period_code = received.period_code
    where named_unit.is_open
)

select * from final
