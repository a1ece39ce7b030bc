-- One row a month and a unit that owed any report in the twelve months to it, with the state of each, newest last. Signs
-- and words are both said: a reader may not see colours.
with month_shown as (
    select
        dim_period.period_ordinal,
        [[ month('dim_period.period_code') ]] as month_label
    from published.dim_period
    where exists (select 1 from published.rpt_compliance where rpt_compliance.period_code = dim_period.period_code)
),

owed as (
    select
        month_shown.month_label,
        month_shown.period_ordinal - period.period_ordinal as months_back,
        rpt_compliance.unit_key,
        rpt_compliance.state,
        case rpt_compliance.state
            when 'on_time' then ''
            when 'late' then '+' || rpt_compliance.days_late || ' ' || [[ label.days | sql ]]
            else [[ term_of('report_state', 'rpt_compliance.state') ]]
        end as word
    from month_shown
    inner join published.dim_period as period
        on period.period_ordinal between month_shown.period_ordinal - 11 and month_shown.period_ordinal
    inner join published.rpt_compliance on period.period_code = rpt_compliance.period_code
),

across as (
    select
        owed.month_label,
        owed.unit_key,
        [% for back in range(12) %]
        max(owed.state) filter (where owed.months_back = [[ back ]]) as state_[[ back ]],
        max(owed.word) filter (where owed.months_back = [[ back ]]) as word_[[ back ]],
        [% endfor %]
        count(*) filter (where owed.state = 'on_time') as on_time_count,
        count(*) filter (where owed.state <> 'not_due') as due_count
    from owed
    group by owed.month_label, owed.unit_key
),

heading as (
    select
        month_shown.month_label as heading_label
        [% for back in range(12) %]
        , max([[ month('period.period_code') ]]) filter (where month_shown.period_ordinal - period.period_ordinal = [[ back ]]) as month_[[ back ]]
        [% endfor %]
    from month_shown
    inner join published.dim_period as period
        on period.period_ordinal between month_shown.period_ordinal - 11 and month_shown.period_ordinal
    group by month_shown.month_label
),

final as (
    select
        across.*,
        [% for back in range(12) %]
        heading.month_[[ back ]],
        coalesce([[ label_of('sign', 'across.state_' ~ back) ]], '') as sign_[[ back ]],
        [% endfor %]
        [[ number('across.on_time_count') ]] || ' ' || [[ term.of | sql ]] || ' ' || [[ number('across.due_count') ]] as on_time_text,
        [[ term_of('unit_kind', 'unit.unit_kind') ]] as unit_kind_name,
        unit.sort_key,
        unit.name_[[ language ]] || coalesce(' (' || [[ label.until | sql ]] || ' ' || [[ day('unit.valid_to') ]] || ')', '') as unit_name
    from across
    inner join heading on across.month_label = heading.heading_label
    inner join published.dim_unit as unit on across.unit_key = unit.unit_key
)

select * from final
