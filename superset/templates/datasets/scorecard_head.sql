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

outcome as (
    select count(*) as outcome_count
    from shown
    inner join published.dim_indicator on shown.indicator_code = dim_indicator.indicator_code
    where dim_indicator.is_in_force and dim_indicator.result_level = 'outcome' and shown.value is not null
),

one as (
    select 1 as one
),

final as (
    select
        publication.publication_no,
        shown.programme_name_[[ language ]] as programme_name,
        [[ month('shown.period_code') ]] as period_label,
        [[ day('shown.data_to') ]] as data_to_text,
        [[ moment('shown.known_at') ]] as known_at_text,
        shown.is_synthetic,
        shown.status_code,
        [[ status_of('shown.status_code', 'name') ]] as status_name,
        shown.status_sign,
        shown.status_colour,
        outcome.outcome_count,
        array_position(array[ [[- status_codes -]] ], shown.status_code) as status_order,
        count(shown.indicator_code) as indicator_count,
        count(shown.indicator_code) filter (where shown.is_provisional) as provisional_count
    from one
    left join publication on true
    left join shown on true
    left join outcome on true
    group by
        publication.publication_no,
        shown.programme_name_[[ language ]],
        shown.period_code,
        shown.data_to,
        shown.known_at,
        shown.is_synthetic,
        shown.status_code,
        shown.status_sign,
        shown.status_colour,
        outcome.outcome_count
)

select * from final
