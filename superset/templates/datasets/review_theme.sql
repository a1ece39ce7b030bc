-- One row a review and a theme of the narrative parts: how many reports speak of it, and the newest of them in words.
with review as (
    select dim_review.*
    from published.dim_review
),

unit as (
    select dim_unit.*
    from published.dim_unit
),

told as (
    select
        review.review_code,
        fct_narrative.theme,
        fct_narrative.unit_key,
        fct_narrative.period_code,
        fct_narrative.body,
        row_number() over (
            partition by review.review_code, fct_narrative.theme
            order by fct_narrative.period_code desc, fct_narrative.unit_key
        ) as place
    from review
    inner join published.fct_narrative
        on
            fct_narrative.period_code <= review.shown_period
            and case
                when review.known_on is null then fct_narrative.known_to = 'infinity'
                else fct_narrative.known_from < review.known_on + 1 and fct_narrative.known_to >= review.known_on + 1
            end
),

theme as (
    select
        told.review_code,
        told.theme,
        count(*) as report_count,
        count(distinct told.unit_key) as unit_count
    from told
    group by told.review_code, told.theme
),

final as (
    select
        review.review_code,
        review.review_kind,
        review.name_[[ language ]] as review_name,
        theme.theme,
        theme.report_count,
        theme.unit_count,
        told.place,
        unit.name_[[ language ]] as unit_name,
        [[ month('told.period_code') ]] as period_label,
        left(told.body, 240) as body_text,
        [[ label_of('theme', 'theme.theme') ]] as theme_name
    from review
    left join theme on review.review_code = theme.review_code
    left join told on theme.review_code = told.review_code and theme.theme = told.theme and told.place <= 3
    left join unit on told.unit_key = unit.unit_key
)

select * from final
