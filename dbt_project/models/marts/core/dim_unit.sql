with unit as (
    select * from {{ ref('unit') }}
),

region as (
    select * from {{ ref('region') }}
),

term as (
    select * from {{ ref('term') }}
),

final as (
    select
        {{ unit_key('unit.unit_code', 'unit.valid_from') }} as unit_key,
        unit.unit_code,
        unit.valid_from,
        unit.valid_to,
        unit.name_vi,
        unit.name_en,
        unit.unit_kind,
        coalesce(unit.unit_type_vi, term.vi) as unit_kind_vi,
        {{ unit_key('region.region_code', 'region.valid_from') }} as region_key,
        region.name_vi as region_name_vi,
        unit.sort_key
    from unit
    left join region
        on
            unit.region_code = region.region_code
            and {{ in_force('unit.valid_from', 'region.valid_from', 'region.valid_to') }}
    left join term on 'unit_kind.' || unit.unit_kind = term.term_code
)

select * from final
