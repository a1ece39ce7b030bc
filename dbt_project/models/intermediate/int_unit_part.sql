{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns',
          pre_hook='{{ clear_open_pairs() }}') }}

-- What each unit brings to each indicator at each period.
--
-- A pair counts only when its numerator and its denominator are both known for that unit and period; where either is
-- missing neither counts and the pair stays expected, which lowers coverage and never the value. `since_start` sums a
-- unit's own periods up to this one; `point` takes this period alone. (Rules of evaluation, sections 2 and 4.)

with expected as (
    select * from {{ ref('int_expected_value') }}
),

known_value as (
    select * from {{ ref('int_known_value') }}
),

component as (
    select * from {{ ref('int_component') }}
),

frame as (
    select * from {{ ref('int_frame') }}
),

open_pair as (
    select * from {{ source('ops', 'open_pair') }}
),

-- running sums need a unit's whole history, so the set is widened to whole units and narrowed again at the end
open_unit as (
    select distinct scope_key as unit_key from open_pair
),

cell as (
    select
        expected.unit_key,
        expected.period_code,
        expected.period_ordinal,
        component.indicator_code,
        component.definition_version,
        component.measured_over,
        component.pair_no,
        case when expected.disaggregation_code = 'total' then expected.unit_key else expected.disaggregation_code end
            as place_key,
        case component.denominator_source when 'frame' then frame.frame_count when 'element' then below.value end
            as denominator,
        above.value as numerator,
        coalesce(case when component.denominator_source = 'frame' then frame.frame_count end, 1) as weight,
        above.value is not null
        and (component.denominator_source is null or coalesce(below.value, frame.frame_count) is not null)
            as is_counted
    from expected
    inner join open_unit on expected.unit_key = open_unit.unit_key
    inner join component on expected.element_code = component.numerator_code
    left join known_value as above
        on
            expected.unit_key = above.unit_key
            and expected.period_code = above.period_code
            and expected.element_code = above.element_code
            and expected.disaggregation_code = above.disaggregation_code
    left join known_value as below
        on
            component.denominator_source = 'element'
            and expected.unit_key = below.unit_key
            and expected.period_code = below.period_code
            and component.denominator_code = below.element_code
            and expected.disaggregation_code = below.disaggregation_code
    left join frame
        on
            component.denominator_source = 'frame'
            and component.denominator_code = frame.frame_code
            and expected.unit_key = frame.unit_key
            and {{ in_force('expected.end_date', 'frame.valid_from', 'frame.valid_to') }}
),

summed as (
    select
        unit_key,
        period_code,
        indicator_code,
        definition_version,
        pair_no,
        place_key,
        sum(numerator) filter (where is_counted) over own_window as numerator,
        sum(denominator) filter (where is_counted) over own_window as denominator,
        count(*) filter (where is_counted) over own_window as reported_count,
        count(*) over own_window as expected_count,
        coalesce(sum(weight) filter (where is_counted) over own_window, 0) as reported_weight,
        sum(weight) over own_window as expected_weight
    from cell
    window own_window as (
        partition by
            unit_key, indicator_code, definition_version, pair_no, place_key,
            case when measured_over = 'point' then period_code end
        order by period_ordinal
    )
),

final as (
    select
        summed.unit_key as scope_key,
        summed.period_code,
        summed.indicator_code,
        summed.definition_version,
        summed.pair_no,
        summed.place_key,
        summed.numerator,
        summed.denominator,
        summed.reported_count,
        summed.expected_count,
        summed.reported_weight,
        summed.expected_weight
    from summed
    inner join open_pair
        on summed.unit_key = open_pair.scope_key and summed.period_code = open_pair.period_code
)

select * from final
