with indicator as (
    select * from {{ ref('indicator') }}
),

component as (
    select
        indicator_code,
        definition_version,
        count(*) filter (where role = 'numerator') as numerator_count,
        -- every numerator has its own denominator and no denominator stands alone
        array_agg(pair_no order by pair_no) filter (where role = 'numerator')
        = array_agg(pair_no order by pair_no) filter (where role = 'denominator') as is_paired
    from {{ ref('indicator_component') }}
    group by indicator_code, definition_version
),

final as (
    select
        indicator.indicator_code,
        indicator.definition_version,
        indicator.valid_from,
        indicator.valid_to,
        indicator.goal_code,
        indicator.name_vi,
        indicator.name_en,
        indicator.reading_vi,
        indicator.reading_en,
        indicator.official_place_vi,
        indicator.result_level,
        indicator.source_type,
        indicator.method,
        indicator.method_gap_vi,
        indicator.method_gap_en,
        indicator.measured_over,
        indicator.direction,
        indicator.is_strict,
        indicator.measure_vi,
        indicator.measure_en,
        indicator.decimals,
        indicator.who_counts,
        indicator.signing_office,
        indicator.approved_on,
        indicator.caveat_vi,
        indicator.caveat_en,
        indicator.display_order,
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
            and coalesce(component.numerator_count, 0) > 0
            and (indicator.method <> 'ratio' or component.is_paired)
        ) as is_card_complete
    from indicator
    left join component
        on
            indicator.indicator_code = component.indicator_code
            and indicator.definition_version = component.definition_version
)

select * from final
