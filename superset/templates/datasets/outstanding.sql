-- Units that owe the report of the period shown. Counts of the whole period stand in every row, and in one row without a
-- unit when nobody owes anything: an empty answer would be shown as an error by the chart.
with owed as (
    select rpt_compliance.*
    from published.rpt_compliance
    where rpt_compliance.is_data_to
),

unit as (
    select dim_unit.*
    from published.dim_unit
),

counted as (
    select
        count(*) as expected_count,
        count(*) filter (where owed.state in ('on_time', 'late')) as reported_count,
        count(*) filter (where owed.state = 'not_due') as not_due_count,
        max([[ month('owed.period_code') ]]) as period_label
    from owed
),

outstanding as (
    select
        owed.unit_code,
        unit.name_[[ language ]] as unit_name,
        [[ term_of('unit_kind', 'unit.unit_kind') ]] as unit_kind_name,
        owed.sort_key,
        owed.state,
        [[ term_of('report_state', 'owed.state') ]] as state_name,
        [[ day('owed.due_date') ]] as due_text,
        owed.days_late,
        owed.problem_count
    from owed
    inner join unit on owed.unit_key = unit.unit_key
    where owed.state in ('missing', 'quarantined')
),

final as (
    select
        counted.expected_count,
        counted.reported_count,
        counted.not_due_count,
        counted.period_label,
        outstanding.unit_code,
        outstanding.unit_name,
        outstanding.unit_kind_name,
        outstanding.sort_key,
        outstanding.state,
        outstanding.state_name,
        outstanding.due_text,
        outstanding.days_late,
        outstanding.problem_count
    from counted
    left join outstanding on true
)

select * from final
