with reported_value as (
    select * from {{ source('raw', 'reported_value') }}
),

final as (
    select
        submission_id,
        element_code,
        disaggregation_code,
        value_number as value,
        value_state,
        programme_cumulative_number as programme_cumulative
    from reported_value
)

select * from final
