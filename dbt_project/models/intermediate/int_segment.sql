-- A legal change of what a frame counts opens a new segment of the indicators that stand on it; segments do not
-- compare. (Rules of evaluation, section 3.)

with component as (
    select * from {{ ref('int_component') }}
),

frame_break as (
    select * from {{ ref('frame_break') }}
),

period as (
    select * from {{ ref('dim_period') }}
),

final as (
    select
        component.indicator_code,
        component.definition_version,
        period.period_code,
        1 + count(distinct frame_break.break_date)::integer as segment_no
    from component
    cross join period
    left join frame_break
        on
            component.break_rule = 'segment'
            and component.denominator_source = 'frame'
            and component.denominator_code = frame_break.frame_code
            and period.end_date >= frame_break.break_date
    group by component.indicator_code, component.definition_version, period.period_code
)

select * from final
