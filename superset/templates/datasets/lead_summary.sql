-- The units that lead tasks today, with how far the milestones of their tasks have come; units of a kind that lead as many
-- tasks and have come as far share a row.
with [% include 'datasets/named_unit.sql' %]

counted as (
    select
        fct_duty.unit_key,
        count(distinct fct_duty.task_code) as task_count,
        count(fct_milestone.milestone_code) as milestone_count,
        count(fct_milestone.milestone_code) filter (where fct_milestone.state in ('issued', 'in_operation')) as done_count,
        count(fct_milestone.milestone_code) filter (where fct_milestone.is_synthetic) as made_up_count
    from published.fct_duty
    left join published.fct_milestone on fct_duty.task_code = fct_milestone.task_code
    where fct_duty.role = 'lead' and fct_duty.valid_to is null
    group by fct_duty.unit_key
),

final as (
    select
        string_agg(named_unit.unit_name, ', ' order by named_unit.unit_order) as lead,
        [[ term_of('unit_kind', 'named_unit.unit_kind') ]] as kind_name,
        row_number() over (order by counted.milestone_count desc, min(named_unit.unit_order))::integer as lead_order,
        nullif(count(*), 1) as unit_count,
        counted.task_count,
        counted.milestone_count,
        counted.done_count,
        nullif(counted.made_up_count, 0) as made_up_count
    from counted
    inner join named_unit on counted.unit_key = named_unit.unit_key
    group by
        named_unit.unit_kind, counted.task_count, counted.milestone_count, counted.done_count, counted.made_up_count
)

select * from final
