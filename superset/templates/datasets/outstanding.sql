-- Units that owe the report of the period shown. Counts of the whole period stand in every row, and in one row without a
-- unit when nobody owes anything: an empty answer would be shown as an error by the chart.
with owed as (
    select rpt_compliance.*
    from published.rpt_compliance
    where rpt_compliance.is_data_to
),

counted as (
    select
        count(*) as expected_count,
        count(*) filter (where owed.state in ('on_time', 'late')) as reported_count,
        count(*) filter (where owed.state = 'not_due') as not_due_count,
        max(owed.period_label_vi) as period_label_vi
    from owed
),

outstanding as (
    select
        owed.unit_code,
        owed.unit_name_vi,
        owed.unit_kind_vi,
        owed.sort_key,
        owed.state,
        owed.state_vi,
        owed.due_date_vi,
        owed.days_late,
        owed.problem_count
    from owed
    where owed.state in ('missing', 'quarantined')
),

final as (
    select
        counted.expected_count,
        counted.reported_count,
        counted.not_due_count,
        counted.period_label_vi,
        outstanding.unit_code,
        outstanding.unit_name_vi,
        outstanding.unit_kind_vi,
        outstanding.sort_key,
        outstanding.state,
        outstanding.state_vi,
        outstanding.due_date_vi,
        outstanding.days_late,
        outstanding.problem_count
    from counted
    left join outstanding on true
)

select * from final
