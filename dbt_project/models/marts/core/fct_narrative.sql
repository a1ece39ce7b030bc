-- What reports say in words, by theme, for the written review.

with submission as (
    select * from {{ ref('fct_submission') }}
    where state = 'accepted'
),

reported_text as (
    select * from {{ source('raw', 'reported_text') }}
),

final as (
    select
        submission.unit_key,
        submission.period_code,
        reported_text.theme,
        submission.version,
        submission.submission_id,
        reported_text.body,
        submission.known_from,
        submission.known_to
    from submission
    inner join reported_text on submission.submission_id = reported_text.submission_id
)

select * from final
