-- Whose numbers make up a scope, in each basis. A number goes by the place it tells of: the reporting unit, or the
-- former unit that its form asked about. It belongs to a scope of another basis when all that its place became
-- (current) or came from (original) lies inside; where only some of it does, nothing is split by shares and the scope
-- has no value.

with unit as (
    select
        unit_key,
        region_key,
        valid_from,
        valid_to
    from {{ ref('dim_unit') }}
),

successor as (
    select
        {{ unit_key('successor_code', 'successor_valid_from') }} as unit_key,
        {{ unit_key('unit_code', 'valid_from') }} as place_key
    from {{ ref('unit_successor') }}
    where succession_kind <> 'legal'
),

lineage as (
    select * from {{ ref('int_lineage') }}
),

told as (
    select
        unit_key,
        unit_key as place_key
    from unit
    union distinct
    select
        unit_key,
        place_key
    from successor
),

-- the scopes that each unit of a basis lies in
inside as (
    select
        unit_key as member_key,
        'nation' as scope_kind,
        'nation' as scope_key
    from unit
    union all
    select
        unit_key as member_key,
        'region' as scope_kind,
        region_key as scope_key
    from unit
    where region_key is not null
    union all
    select
        unit_key as member_key,
        'unit' as scope_kind,
        unit_key as scope_key
    from unit
),

-- a unit that ended and that nobody followed is no unit of today
current_unit as (
    select
        unit.unit_key,
        unit.region_key
    from lineage
    inner join unit on lineage.member_key = unit.unit_key
    cross join {{ source('ops', 'open_run') }} as open_run
    inner join {{ ref('dim_period') }} as period on open_run.data_to_period = period.period_code
    where
        lineage.basis = 'current'
        and lineage.unit_key = lineage.member_key
        and {{ in_force('period.end_date', 'unit.valid_from', 'unit.valid_to') }}
),

as_reported as (
    select
        'as_reported' as basis,
        inside.scope_kind,
        inside.scope_key,
        told.unit_key,
        told.place_key,
        true as is_whole
    from told
    inner join inside on told.unit_key = inside.member_key
),

by_lineage as (
    select
        lineage.basis,
        inside.scope_kind,
        inside.scope_key,
        told.unit_key,
        told.place_key,
        count(*) = (
            select count(*) from lineage as whole
            where whole.basis = lineage.basis and whole.unit_key = told.place_key
        ) as is_whole
    from told
    inner join lineage on told.place_key = lineage.unit_key
    inner join inside on lineage.member_key = inside.member_key
    where
        lineage.basis = 'original'
        or inside.scope_kind = 'nation'
        or inside.scope_key in (select current_unit.unit_key from current_unit)
        or inside.scope_key in (select current_unit.region_key from current_unit)
    group by lineage.basis, inside.scope_kind, inside.scope_key, told.unit_key, told.place_key
),

final as (
    select * from as_reported
    union all
    select * from by_lineage
)

select * from final
