with programme as (
    select * from {{ ref('programme') }}
),

calendar_rule as (
    select * from {{ ref('calendar_rule') }}
),

holiday as (
    select * from {{ ref('holiday') }}
),

term as (
    select * from {{ ref('term') }}
),

month as (
    select
        calendar_rule.*,
        month_start::date as month_start
    from programme
    inner join calendar_rule on programme.calendar_rule_code = calendar_rule.calendar_rule_code
    cross join lateral generate_series(
        (programme.first_period || '-01')::date, (programme.last_period || '-01')::date, interval '1 month'
    ) as month_start
),

bounded as (
    select
        to_char(month_start, 'YYYY-MM') as period_code,
        case
            when start_day > end_day then (month_start - interval '1 month')::date + start_day - 1
            else month_start + start_day - 1
        end as start_date,
        least(month_start + end_day - 1, (month_start + interval '1 month')::date - 1) as end_date,
        month_start + due_day - 1 as nominal_due_date,
        due_shift
    from month
),

due as (
    select
        bounded.*,
        case
            when due_shift = 'next_working_day'
                then (
                    select min(day::date)
                    from generate_series(nominal_due_date, nominal_due_date + 31, interval '1 day') as day
                    where
                        extract(isodow from day) < 6
                        and not exists (
                            select 1 from holiday
                            where holiday.holiday_date = day::date
                        )
                )
            else nominal_due_date
        end as due_date
    from bounded
),

final as (
    select
        due.period_code,
        {{ period_ordinal('due.period_code') }} as period_ordinal,
        due.start_date,
        due.end_date,
        due.due_date,
        left(due.period_code, 4)::integer as report_year,
        right(due.period_code, 2)::integer as month_no,
        term.vi || ' ' || right(due.period_code, 2)::integer || '/' || left(due.period_code, 4) as period_label_vi
    from due
    left join term on term.term_code = 'month'
)

select * from final
