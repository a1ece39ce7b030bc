-- One row a month in which reports are owed: how many came in, and in time, in it and in the twelve months to it.
with owed as (
    select
        rpt_compliance.*,
        [[ month('rpt_compliance.period_code') ]] as month_label
    from published.rpt_compliance
),

counted as (
    select
        owed.period_code,
        owed.month_label,
        max([[ day('owed.due_date') ]]) as due_text,
        count(*) as expected_count,
        count(*) filter (where owed.state = 'on_time') as on_time_count,
        count(*) filter (where owed.state = 'late') as late_count,
        count(*) filter (where owed.state = 'quarantined') as quarantined_count,
        count(*) filter (where owed.state = 'missing') as missing_count,
        count(*) filter (where owed.state = 'not_due') as not_due_count
    from owed
    group by owed.period_code, owed.month_label
),

yearly as (
    select
        counted.*,
        sum(counted.on_time_count) over year_to as year_on_time_count,
        sum(counted.on_time_count + counted.late_count) over year_to as year_in_count,
        sum(counted.expected_count - counted.not_due_count) over year_to as year_expected_count
    from counted
    window year_to as (order by counted.period_code rows between 11 preceding and current row)
),

final as (
    select
        yearly.period_code,
        yearly.month_label,
        yearly.due_text,
        yearly.expected_count,
        yearly.on_time_count,
        yearly.late_count,
        yearly.quarantined_count,
        yearly.missing_count,
        yearly.not_due_count,
        [[ number('100.0 * yearly.year_on_time_count / nullif(yearly.year_expected_count, 0)') ]] as year_on_time_pct,
        [[ number('yearly.year_on_time_count') ]] || ' ' || [[ term.of | sql ]] || ' ' || [[ number('yearly.year_expected_count') ]] as year_on_time_text,
        [[ number('100.0 * yearly.year_in_count / nullif(yearly.year_expected_count, 0)') ]] as year_in_pct,
        [[ number('yearly.year_in_count') ]] || ' ' || [[ term.of | sql ]] || ' ' || [[ number('yearly.year_expected_count') ]] as year_in_text
    from yearly
)

select * from final
