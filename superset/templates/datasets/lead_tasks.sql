-- One row a unit that leads a task today, each task it leads or cooperates in, and each milestone of those it leads.
with [% include 'datasets/named_unit.sql' %]

duty as (
    select
        fct_duty.task_code,
        fct_duty.unit_key,
        fct_duty.role,
        fct_duty.valid_to is null as is_now,
        [[ day('fct_duty.valid_from') ]] as from_text,
        [[ day('fct_duty.valid_to') ]] as to_text,
        named_unit.unit_name,
        named_unit.plain_name,
        named_unit.unit_kind,
        named_unit.unit_order,
        count(*) over (partition by fct_duty.task_code, fct_duty.role, fct_duty.valid_to is null) as bearer_count
    from published.fct_duty
    inner join named_unit on fct_duty.unit_key = named_unit.unit_key
),

-- a few units by name and days, many as a number of each kind
party as (
    select
        duty.task_code,
        duty.role,
        duty.is_now,
        min(duty.unit_order) as party_order,
        case
            when max(duty.bearer_count) <= 6
                then string_agg(
                    duty.plain_name || ' (' || case
                        when duty.is_now then [[ label.since | sql ]] || ' ' || duty.from_text
                        else duty.from_text || ' – ' || duty.to_text
                    end || ')',
                    '; ' order by duty.unit_order
                )
            else [[ term_of('unit_kind', 'duty.unit_kind') ]] || ': ' || count(*)
        end as party_text
    from duty
    group by duty.task_code, duty.role, duty.is_now, duty.unit_kind
),

-- once, not for each row that is joined to it
bearer as materialized (
    select
        party.task_code,
        string_agg(party.party_text, '; ' order by party.party_order) filter (where party.role = 'lead' and party.is_now) as leads,
        string_agg(party.party_text, '; ' order by party.party_order)
            filter (where party.role = 'lead' and not party.is_now) as former_leads,
        string_agg(party.party_text, '; ' order by party.party_order)
            filter (where party.role = 'cooperate' and party.is_now) as cooperating
    from party
    group by party.task_code
),

milestone as (
    select
        fct_milestone.*,
        fct_milestone.state in ('issued', 'in_operation') as is_done
    from published.fct_milestone
),

counted as (
    select
        milestone.task_code,
        count(*) as milestone_count,
        count(*) filter (where milestone.is_done) as done_count
    from milestone
    group by milestone.task_code
),

owing as (
    select
        duty.unit_key,
        sum(coalesce(counted.milestone_count, 0)) as led_milestone_count
    from duty
    left join counted on duty.task_code = counted.task_code
    where duty.role = 'lead' and duty.is_now
    group by duty.unit_key
),

final as (
    select
        duty.unit_name as lead_name,
        dense_rank() over (order by owing.led_milestone_count desc, duty.unit_order)::integer as lead_order,
        case when duty.role = 'lead' then 1 else 2 end as role_order,
        duty.role = 'lead' as is_lead,
        [[ label_of('duty', 'duty.role') ]] as role_heading,
        duty.from_text,
        dim_task.task_code,
        dim_task.display_order as task_order,
        dim_task.name_[[ language ]] as task_name,
        dim_goal.name_[[ language ]] as goal_name,
        dim_task.rhythm_[[ language ]] as rhythm,
        dim_task.official_place_[[ language ]] as official_place,
        bearer.leads,
        bearer.former_leads,
        bearer.cooperating,
        counted.milestone_count,
        counted.done_count,
        milestone.milestone_code,
        milestone.display_order as milestone_order,
        milestone.name_[[ language ]] as milestone_name,
        coalesce([[ term_of('milestone_state', 'milestone.state') ]], [[ label.milestone_unknown | sql ]]) as state_name,
        case when milestone.is_done then '✓' when milestone.state = 'drafting' then '◐' else '○' end as state_sign,
        milestone.is_done,
        milestone.is_synthetic,
        [[ day('milestone.state_from') ]] as state_from_text,
        case
            when milestone.is_done
                then concat_ws(', ', milestone.document_number, milestone.issuer, [[ day('milestone.document_date') ]])
        end as document_text,
        case when not coalesce(milestone.is_done, false) then milestone.evidence_[[ language ]] end as evidence_needed
    from duty
    inner join owing on duty.unit_key = owing.unit_key
    inner join published.dim_task on duty.task_code = dim_task.task_code
    left join published.dim_goal on dim_task.goal_code = dim_goal.goal_code
    left join bearer on duty.task_code = bearer.task_code
    left join milestone on duty.task_code = milestone.task_code and duty.role = 'lead'
    left join counted on duty.task_code = counted.task_code and duty.role = 'lead'
    where duty.is_now
)

select * from final
