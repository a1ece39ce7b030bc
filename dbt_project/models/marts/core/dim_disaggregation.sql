with disaggregation as (
    select * from {{ ref('disaggregation') }}
),

final as (
    select
        dimension_code || '.' || value_code as disaggregation_code,
        dimension_code,
        dimension_vi,
        dimension_en,
        name_vi,
        name_en,
        is_partition,
        is_about_people,
        form_order
    from disaggregation
)

select * from final
