-- One row a review and a theme of the narrative parts: how many reports speak of it, and the newest of them in words.
with review as (
    select dim_review.*
    from published.dim_review
),

unit as (
    select dim_unit.*
    from published.dim_unit
),

final as (
    select
        review.review_code,
        review.review_kind,
        review.name_[[ language ]] as review_name,
        told.theme,
        told.report_count,
        told.unit_count,
        told.place,
        unit.name_[[ language ]] as unit_name,
        [[ month('told.period_code') ]] as period_label,
        left(told.body, 240) as body_text,
        [[ label_of('theme', 'told.theme') ]] as theme_name
    from review
    -- within the review that is asked for: the reports of a whole programme are read once, not once a review
    left join lateral (
        with narrative as (
            select
                fct_narrative.theme,
                fct_narrative.unit_key,
                fct_narrative.period_code,
                fct_narrative.body,
                row_number() over (
                    partition by fct_narrative.theme order by fct_narrative.period_code desc, fct_narrative.unit_key
                ) as place
            from published.fct_narrative
            where
                fct_narrative.period_code <= review.shown_period
                and case
                    when review.known_on is null then fct_narrative.known_to = 'infinity'
                    else fct_narrative.known_from < review.known_on + 1 and fct_narrative.known_to >= review.known_on + 1
                end
        ),

        theme as (
            select
                narrative.theme,
                count(*) as report_count,
                count(distinct narrative.unit_key) as unit_count
            from narrative
            group by narrative.theme
        )

        select
            theme.*,
            narrative.unit_key,
            narrative.period_code,
            narrative.body,
            narrative.place
        from theme
        inner join narrative on theme.theme = narrative.theme
        where narrative.place <= 3
    ) as told on true
    left join unit on told.unit_key = unit.unit_key
)

select * from final
