with target as (
    select * from {{ ref('target') }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

term as (
    select * from {{ ref('term') }}
),

final as (
    select
        target.indicator_code,
        target.scope_key,
        target.target_value,
        target.target_high,
        target.baseline_value,
        target.baseline_state,
        target.baseline_period,
        target.target_period,
        target.path_kind,
        target.path_basis,
        target.path_approved_by,
        target.path_note_vi,
        target.path_note_en,
        case when indicator.is_strict and indicator.direction = 'at_most' then '<' else term.vi end
        || ' ' || {{ number_vi('target.target_value', 'scale(trim_scale(target.target_value))') }}
        || coalesce('–' || {{ number_vi('target.target_high', 0) }}, '')
        || ' ' || indicator.measure_vi as target_vi
    from target
    inner join indicator on target.indicator_code = indicator.indicator_code
    left join term on indicator.direction = term.term_code
)

select * from final
