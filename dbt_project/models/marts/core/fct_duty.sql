-- Who leads a task and who cooperates: a kind of units, or one unit and those that carried on after it.

with responsibility as (
    select * from {{ ref('responsibility') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

lineage as (
    select
        unit_key,
        member_key
    from {{ ref('int_lineage') }}
    where basis = 'original'
),

named as (
    select
        responsibility.*,
        unit.unit_key as named_key
    from responsibility
    inner join unit
        on
            responsibility.unit_code = unit.unit_code
            and {{ in_force('responsibility.valid_from', 'unit.valid_from', 'unit.valid_to') }}
),

-- whoever shares an original with the unit named, from then on
borne as (
    select
        responsibility.task_code,
        responsibility.role,
        unit.unit_key,
        responsibility.valid_from,
        responsibility.valid_to
    from responsibility
    inner join unit on responsibility.unit_kind = unit.unit_kind
    union all
    select
        named.task_code,
        named.role,
        heir.unit_key,
        named.valid_from,
        named.valid_to
    from named
    inner join lineage as own on named.named_key = own.unit_key
    inner join lineage as heir on own.member_key = heir.member_key
),

final as (
    select
        borne.task_code,
        borne.unit_key,
        -- who leads a task by name does not also cooperate in it as one of its kind
        case when bool_or(borne.role = 'lead') then 'lead' else 'cooperate' end as role,
        min(greatest(borne.valid_from, unit.valid_from)) as valid_from,
        case
            when count(*) = count(coalesce(borne.valid_to, unit.valid_to))
                then max(least(borne.valid_to, unit.valid_to))
        end as valid_to
    from borne
    inner join unit on borne.unit_key = unit.unit_key
    where
        unit.valid_from <= coalesce(borne.valid_to, {{ open_end() }})
        and coalesce(unit.valid_to, {{ open_end() }}) >= borne.valid_from
    group by borne.task_code, borne.unit_key
)

select * from final
