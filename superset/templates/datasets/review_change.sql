-- One row a change that makes two readings differ: a target or a card that took another's place, a legal change of a
-- frame with its effect alone. Each review has a row, so that a page can say that nothing changed.
with review as (
    select dim_review.*
    from published.dim_review
),

card_version as (
    select
        dim_indicator.indicator_code,
        dim_indicator.known_from as changed_on,
        'definition' as change_kind,
        dim_indicator.formula_[[ language ]] as change_text,
        row_number() over by_card as version_no
    from published.dim_indicator
    window by_card as (partition by dim_indicator.indicator_code order by dim_indicator.known_from, dim_indicator.definition_version)
),

frame_change as (
    select
        fct_frame_effect.indicator_code,
        fct_frame_effect.break_date as changed_on,
        'frame' as change_kind,
        [[ number('fct_frame_effect.value_before', '1') ]] || ' → ' || [[ number('fct_frame_effect.value_surviving', '1') ]] as change_text,
        2 as version_no
    from published.fct_frame_effect
    where fct_frame_effect.scope_key = 'nation' and fct_frame_effect.basis = 'as_reported'
        and fct_frame_effect.effect_points <> 0
),

target_change as (
    select
        dim_target_version.indicator_code,
        greatest(dim_target_version.valid_from, dim_target_version.known_from) as changed_on,
        'target' as change_kind,
        lag(dim_target_version.target_[[ language ]]) over by_target || ' → ' || dim_target_version.target_[[ language ]] as change_text,
        dim_target_version.version_no
    from published.dim_target_version
    where dim_target_version.scope_key = 'nation'
    window by_target as (partition by dim_target_version.indicator_code order by dim_target_version.version_no)
),

change as (
    select card_version.*
    from card_version
    where card_version.version_no > 1
    union all
    select target_change.*
    from target_change
    where target_change.version_no > 1
    union all
    select frame_change.*
    from frame_change
),

final as (
    select
        review.review_code,
        review.review_kind,
        review.name_[[ language ]] as review_name,
        change.indicator_code,
        change.changed_on,
        change.change_text,
        [[ day('change.changed_on') ]] as changed_text,
        [[ label_of('change_kind', 'change.change_kind') ]] as change_kind_name
    from review
    left join change on to_char(change.changed_on, 'YYYY-MM') <= review.shown_period
)

select * from final
