-- One row a review: what it reads, from which knowledge, and whether its time has come.
with review as (
    select dim_review.*
    from published.dim_review
),

final as (
    select
        review.review_code,
        review.review_kind,
        review.is_due,
        review.name_[[ language ]] as review_name,
        [[ month('review.data_to_period') ]] as asked_text,
        [[ month('review.shown_period') ]] as shown_text,
        coalesce([[ day('review.known_on') ]], [[ label.not_frozen | sql ]]) as known_text
    from review
)

select * from final
