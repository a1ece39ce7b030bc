-- What a legal change of a frame does to a value by itself: the last value known before it, with the frames that go on
-- alone, minus the same with all. It is shown apart and is never progress. Where a frame goes on with another count,
-- the last known statuses stand on the old one. (Rules of evaluation, section 3.)

with open_run as (
    select * from {{ source('ops', 'open_run') }}
),

period as (
    select * from {{ ref('dim_period') }}
),

component as (
    select * from {{ ref('int_component') }}
    where break_rule = 'segment' and denominator_source = 'frame'
),

frame as (
    select * from {{ ref('int_frame') }}
    where known_to = {{ open_end() }}
),

-- each break with the last period before it and the first one after
broken as (
    select
        component.indicator_code,
        component.definition_version,
        frame_break.break_date,
        max(period.period_code) filter (where period.end_date < frame_break.break_date) as period_before,
        min(period.end_date) filter (where period.end_date >= frame_break.break_date) as end_after
    from component
    inner join {{ ref('frame_break') }} as frame_break on component.denominator_code = frame_break.frame_code
    cross join period
    inner join open_run on period.period_code <= open_run.data_to_period
    group by component.indicator_code, component.definition_version, frame_break.break_date
    having max(period.end_date) >= frame_break.break_date
),

pair as (
    select
        broken.*,
        component.pair_no,
        exists(
            select 1 from frame
            where
                frame.frame_code = component.denominator_code
                and {{ in_force('broken.end_after', 'frame.valid_from', 'frame.valid_to') }}
        ) as is_surviving
    from broken
    inner join component
        on
            broken.indicator_code = component.indicator_code
            and broken.definition_version = component.definition_version
),

part as (
    select
        scope_part.basis,
        scope_part.scope_key,
        pair.indicator_code,
        pair.definition_version,
        pair.break_date,
        pair.period_before,
        pair.is_surviving,
        unit_part.numerator,
        unit_part.denominator
    from pair
    inner join {{ ref('int_unit_part') }} as unit_part
        on
            pair.indicator_code = unit_part.indicator_code
            and pair.definition_version = unit_part.definition_version
            and pair.pair_no = unit_part.pair_no
            and pair.period_before = unit_part.period_code
            and unit_part.known_to = {{ open_end() }}
    inner join {{ ref('int_scope_part') }} as scope_part
        on
            unit_part.scope_key = scope_part.unit_key
            and unit_part.place_key = scope_part.place_key
            and scope_part.is_whole
),

valued as (
    select
        basis,
        scope_key,
        indicator_code,
        definition_version,
        break_date,
        period_before,
        100 * sum(numerator) / nullif(sum(denominator), 0) as value_before,
        100 * sum(numerator) filter (where is_surviving)
        / nullif(sum(denominator) filter (where is_surviving), 0) as value_surviving
    from part
    group by basis, scope_key, indicator_code, definition_version, break_date, period_before
),

final as (
    select
        basis,
        scope_key,
        indicator_code,
        definition_version,
        break_date,
        period_before,
        {{ exact('value_before') }} as value_before,
        {{ exact('value_surviving') }} as value_surviving,
        {{ exact('value_surviving - value_before') }} as effect_points
    from valued
)

select * from final
