-- Where a review stands: it is due once the newest period of the run has reached its own. Until somebody freezes its
-- knowledge it is read as known now.

with review as (
    select * from {{ ref('review') }}
),

open_run as (
    select * from {{ source('ops', 'open_run') }}
),

final as (
    select
        review.review_code,
        review.review_kind,
        review.name_vi,
        review.name_en,
        review.data_to as data_to_period,
        review.known_at as known_on,
        review.data_to <= open_run.data_to_period as is_due,
        least(review.data_to, open_run.data_to_period) as shown_period
    from review
    cross join open_run
)

select * from final
