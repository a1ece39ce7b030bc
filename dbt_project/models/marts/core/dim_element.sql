with element as (
    select * from {{ ref('element') }}
),

element_group as (
    select * from {{ ref('element_group') }}
),

final as (
    select
        element.element_code,
        element.name_vi,
        element.name_en,
        element.measure_vi,
        element.measure_en,
        element.time_rule,
        element.counted_by,
        element.number_kind,
        element_group.name_vi as group_name_vi,
        element.form_order
    from element
    inner join element_group on element.group_code = element_group.group_code
)

select * from final
