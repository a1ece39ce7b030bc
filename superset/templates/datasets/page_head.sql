-- What every page says first: which data are shown, until when, as known when, and whether they are made up. One row,
-- also before the first publication.
with shown as (
    select
        max(rpt_scorecard.programme_name_[[ language ]]) as programme_name,
        max(rpt_scorecard.period_code) as period_code,
        max(rpt_scorecard.data_to) as data_to,
        max(rpt_scorecard.known_at) as known_at,
        bool_or(rpt_scorecard.is_synthetic) as is_synthetic
    from published.rpt_scorecard
),

publication as (
    select
        publication.publication_no,
        publication.published_at
    from published.publication
),

final as (
    select
        publication.publication_no,
        shown.programme_name,
        shown.is_synthetic,
        [[ month('shown.period_code') ]] as period_label,
        [[ day('shown.data_to') ]] as data_to_text,
        [[ moment('shown.known_at') ]] as known_at_text,
        [[ moment('publication.published_at') ]] as published_text
    from shown
    left join publication on true
)

select * from final
