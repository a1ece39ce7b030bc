with submission as (
    select * from {{ ref('fct_submission') }}
),

reported_value as (
    select * from {{ ref('stg_reported_value') }}
),

final as (
    select
        submission.unit_key,
        submission.period_code,
        reported_value.element_code,
        reported_value.disaggregation_code,
        submission.version,
        submission.submission_id,
        reported_value.value,
        reported_value.value_state,
        submission.known_from,
        submission.known_to
    from submission
    inner join reported_value on submission.submission_id = reported_value.submission_id
    where submission.state = 'accepted'
)

select * from final
