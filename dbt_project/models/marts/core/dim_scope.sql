with unit as (
    select * from {{ ref('dim_unit') }}
),

region as (
    select * from {{ ref('region') }}
),

term as (
    select * from {{ ref('term') }}
),

final as (
    select
        'nation' as scope_key,
        'nation' as scope_kind,
        vi as name_vi,
        en as name_en,
        '0' as sort_key,
        null::date as valid_from,
        null::date as valid_to
    from term
    where term_code = 'nation'
    union all
    select
        {{ unit_key('region_code', 'valid_from') }} as scope_key,
        'region' as scope_kind,
        name_vi,
        name_en,
        '1 ' || sort_key as sort_key,
        valid_from,
        valid_to
    from region
    union all
    select
        unit_key as scope_key,
        'unit' as scope_kind,
        name_vi,
        name_en,
        '2 ' || sort_key as sort_key,
        valid_from,
        valid_to
    from unit
)

select * from final
