-- One row a unit: what it is, what it came from and became, and its reports of the last twelve months owed.
with [% include 'datasets/named_unit.sql' %]

came_from as (
    select
        fct_succession.successor_key as unit_key,
        string_agg(
            named_unit.plain_name || ' (' || [[ label_of('share', 'fct_succession.share_kind') ]] || ', '
            || [[ label_of('succession', 'fct_succession.succession_kind') ]] || ', '
            || [[ day('fct_succession.changed_on') ]] || ')',
            '; ' order by fct_succession.is_seat desc, named_unit.unit_order
        ) as predecessors
    from published.fct_succession
    inner join named_unit on fct_succession.unit_key = named_unit.unit_key
    group by fct_succession.successor_key
),

became as (
    select
        fct_succession.unit_key,
        string_agg(
            named_unit.plain_name || ' (' || [[ label_of('share', 'fct_succession.share_kind') ]] || ', '
            || [[ label_of('succession', 'fct_succession.succession_kind') ]] || ', '
            || [[ day('fct_succession.changed_on') ]] || ')',
            '; ' order by fct_succession.succession_kind = 'legal', named_unit.unit_order
        ) as successors
    from published.fct_succession
    inner join named_unit on fct_succession.successor_key = named_unit.unit_key
    group by fct_succession.unit_key
),

owed as (
    select
        rpt_compliance.unit_key,
        rpt_compliance.period_code,
        rpt_compliance.state,
        row_number() over (partition by rpt_compliance.unit_key order by rpt_compliance.period_code desc) as months_back
    from published.rpt_compliance
    where rpt_compliance.state <> 'not_due'
),

reported as (
    select
        owed.unit_key,
        count(*) as owed_count,
        count(*) filter (where owed.state in ('on_time', 'late')) as received_count,
        count(*) filter (where owed.state = 'on_time') as on_time_count,
        count(*) filter (where owed.state = 'quarantined') as quarantined_count,
        [[ month('min(owed.period_code)') ]] as first_month,
        [[ month('max(owed.period_code)') ]] as last_month
    from owed
    where owed.months_back <= 12
    group by owed.unit_key
),

final as (
    select
        named_unit.unit_key,
        named_unit.unit_name,
        named_unit.unit_order,
        [[ term_of('unit_kind', 'named_unit.unit_kind') ]] as kind_name,
        [[ day('named_unit.valid_from') ]] as since_text,
        [[ day('named_unit.valid_to') ]] as until_text,
        [[ term_of('basis', 'named_unit.basis') ]] as basis_name,
        came_from.predecessors,
        became.successors,
        coalesce(reported.owed_count, 0) as owed_count,
        reported.received_count,
        reported.on_time_count,
        reported.quarantined_count,
        reported.first_month,
        reported.last_month
    from named_unit
    left join came_from on named_unit.unit_key = came_from.unit_key
    left join became on named_unit.unit_key = became.unit_key
    left join reported on named_unit.unit_key = reported.unit_key
    where named_unit.is_open
)

select * from final
