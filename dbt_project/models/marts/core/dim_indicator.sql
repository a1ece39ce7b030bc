with programme as (
    select * from {{ ref('programme') }}
),

open_run as (
    select * from {{ source('ops', 'open_run') }}
),

period as (
    select * from {{ ref('dim_period') }}
),

goal as (
    select * from {{ ref('goal') }}
),

-- the cards that were known at the time, and of one definition version the card as known last
indicator as (
    select distinct on (indicator.indicator_code, indicator.definition_version)
        indicator.*,
        {{ method_of('indicator.formula') }} as method
    from {{ ref('indicator') }} as indicator
    cross join open_run
    cross join programme
    where indicator.known_from <= {{ day_of('open_run.known_at') }}
    order by indicator.indicator_code asc, indicator.definition_version asc, indicator.known_from desc
),

final as (
    select
        indicator.indicator_code,
        indicator.definition_version,
        indicator.valid_from,
        indicator.valid_to,
        indicator.known_from,
        indicator.goal_code,
        goal.goal_kind,
        indicator.name_vi,
        indicator.name_en,
        indicator.reading_vi,
        indicator.reading_en,
        indicator.other_readings_vi,
        indicator.other_readings_en,
        indicator.official_place_vi,
        indicator.official_place_en,
        indicator.result_level,
        indicator.source_type,
        indicator.formula,
        indicator.formula_vi,
        indicator.formula_en,
        indicator.method,
        indicator.method_vi,
        indicator.method_en,
        indicator.method_gap_vi,
        indicator.method_gap_en,
        indicator.measured_over,
        indicator.basis,
        indicator.frequency,
        indicator.direction,
        indicator.is_strict,
        indicator.measure_vi,
        indicator.measure_en,
        indicator.decimals,
        indicator.who_counts,
        indicator.break_rule,
        indicator.small_cell_rule,
        indicator.signing_office,
        indicator.approved_on,
        indicator.caveat_vi,
        indicator.caveat_en,
        indicator.display_order,
        indicator.is_headline,
        indicator.gap_kind,
        indicator.is_monotone,
        {{ in_force('period.end_date', 'indicator.valid_from', 'indicator.valid_to') }} as is_in_force,
        -- no complete card, no verdict: every part that a reader needs to redo the number must be there
        (
            indicator.method <> 'none'
            and indicator.official_place_vi is not null
            and indicator.reading_vi is not null
            and indicator.result_level is not null
            and indicator.source_type is not null
            and indicator.measured_over is not null
            and indicator.direction is not null
            and indicator.who_counts is not null
            and indicator.signing_office is not null
        ) as is_card_complete
    from indicator
    inner join goal on indicator.goal_code = goal.goal_code
    cross join open_run
    inner join period on open_run.data_to_period = period.period_code
)

select * from final
