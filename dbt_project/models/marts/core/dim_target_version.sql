-- Every target that was ever set, as known by the run: what a review read, and what became another since.

with target as (
    select target.*
    from {{ ref('target') }} as target
    cross join {{ source('ops', 'open_run') }} as open_run
    cross join {{ ref('programme') }} as programme
    where target.known_from <= {{ day_of('open_run.known_at') }}
),

-- the words are those of the card in force: a card that is sharper says the same target better
indicator as (
    select * from {{ ref('dim_indicator') }}
    where is_in_force
),

term as (
    select * from {{ ref('term') }}
),

final as (
    select
        target.indicator_code,
        target.scope_key,
        target.valid_from,
        target.known_from,
        target.target_value,
        target.target_high,
        target.baseline_value,
        target.baseline_state,
        target.baseline_period,
        target.target_period,
        target.path_kind,
        target.season_code,
        target.path_basis,
        target.path_approved_by,
        target.path_note_vi,
        target.path_note_en,
        row_number() over (
            partition by target.indicator_code, target.scope_key order by target.valid_from, target.known_from
        )::integer as version_no,
        case when indicator.is_strict and indicator.direction = 'at_most' then under.vi else term.vi end
        || ' ' || {{ number_vi('target.target_value', 'scale(trim_scale(target.target_value))') }}
        || coalesce('–' || {{ number_vi('target.target_high', 0) }}, '')
        || ' ' || indicator.measure_vi as target_vi,
        case when indicator.is_strict and indicator.direction = 'at_most' then under.en else term.en end
        || ' ' || {{ number_en('target.target_value', 'scale(trim_scale(target.target_value))') }}
        || coalesce('–' || {{ number_en('target.target_high', 0) }}, '')
        || ' ' || indicator.measure_en as target_en
    from target
    inner join indicator on target.indicator_code = indicator.indicator_code
    left join term on indicator.direction = term.term_code
    left join term as under on under.term_code = 'under'
)

select * from final
