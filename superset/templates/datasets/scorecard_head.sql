-- One row a status, best first, and in each what is shown. The left joins keep one row when nothing is published yet,
-- so that the page can say so.
with shown as (
    select rpt_scorecard.*
    from published.rpt_scorecard
),

publication as (
    select publication.publication_no
    from published.publication
),

one as (
    select 1 as one
),

final as (
    select
        publication.publication_no,
        shown.programme_name_vi,
        shown.period_label_vi,
        shown.data_to_vi,
        shown.known_at_vi,
        shown.is_synthetic,
        shown.status_code,
        shown.status_vi,
        shown.status_sign,
        shown.status_colour,
        array_position(array[ [[- status_codes -]] ], shown.status_code) as status_order,
        count(shown.indicator_code) as indicator_count,
        count(shown.indicator_code) filter (where shown.is_provisional) as provisional_count
    from one
    left join publication on true
    left join shown on true
    group by
        publication.publication_no,
        shown.programme_name_vi,
        shown.period_label_vi,
        shown.data_to_vi,
        shown.known_at_vi,
        shown.is_synthetic,
        shown.status_code,
        shown.status_vi,
        shown.status_sign,
        shown.status_colour
)

select * from final
