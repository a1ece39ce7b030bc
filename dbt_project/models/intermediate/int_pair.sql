{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns',
          pre_hook='{{ clear_open_units() }}') }}

-- Numerator and denominator of each number owed, on every day from the one on which its period was due. A pair counts
-- only when both are known for that unit, period and day; else it stays owed: coverage falls, never the value.
-- (Rules of evaluation, section 2.)

with open_unit as (
    select distinct scope_key as unit_key from {{ source('ops', 'open_pair') }}
),

frame as (
    select * from {{ ref('int_frame') }}
),

owed as (
    select
        -- what is owed is told apart by a number within this model: its key is long, and sorted many times
        row_number() over () as owed_no,
        expected.unit_key,
        expected.period_code,
        expected.period_ordinal,
        expected.report_year,
        expected.end_date,
        expected.due_date,
        component.indicator_code,
        component.definition_version,
        component.measured_over,
        component.pair_no,
        expected.place_key,
        expected.element_code,
        expected.disaggregation_code,
        component.denominator_source,
        component.denominator_code,
        -- below a part stands its own part or the total, below a former unit's number that former unit's
        coalesce(
            component.denominator_part,
            case when component.numerator_part is null then expected.disaggregation_code else 'total' end
        ) as denominator_disaggregation_code
    from {{ ref('int_expected_value') }} as expected
    inner join open_unit on expected.unit_key = open_unit.unit_key
    inner join {{ ref('int_component') }} as component
        on
            expected.element_code = component.numerator_code
            and case
                when component.numerator_part is null then not expected.is_part
                else expected.disaggregation_code = component.numerator_part
            end
),

above as (
    select
        owed.owed_no,
        version.value,
        version.submission_id,
        version.is_questioned,
        version.mark,
        version.known_from,
        version.known_to
    from owed
    inner join {{ ref('int_value_version') }} as version
        on
            owed.unit_key = version.unit_key
            and owed.period_code = version.period_code
            and owed.element_code = version.element_code
            and owed.disaggregation_code = version.disaggregation_code
),

below as (
    select
        owed.owed_no,
        version.value,
        version.submission_id,
        version.is_questioned,
        version.known_from,
        version.known_to
    from owed
    inner join {{ ref('int_value_version') }} as version
        on
            owed.denominator_source = 'element'
            and owed.unit_key = version.unit_key
            and owed.period_code = version.period_code
            and owed.denominator_code = version.element_code
            and owed.denominator_disaggregation_code = version.disaggregation_code
    union all
    select
        owed.owed_no,
        frame.frame_count as value,
        null as submission_id,
        false as is_questioned,
        frame.known_from,
        frame.known_to
    from owed
    inner join frame
        on
            owed.denominator_source = 'frame'
            and owed.denominator_code = frame.frame_code
            and owed.unit_key = frame.unit_key
            and {{ in_force('owed.end_date', 'frame.valid_from', 'frame.valid_to') }}
),

part as (
    select
        owed_no,
        known_from,
        known_to
    from above
    union all
    select
        owed_no,
        known_from,
        known_to
    from below
),

-- the days on which something about an owed number changes
change as (
    select
        owed_no,
        due_date as day
    from owed
    union distinct
    select
        owed.owed_no,
        edge.day
    from owed
    inner join part on owed.owed_no = part.owed_no
    cross join lateral (values (part.known_from), (part.known_to)) as edge (day)
    where edge.day > owed.due_date and edge.day < {{ open_end() }}
),

ranged as (
    select
        *,
        lead(day, 1, {{ open_end() }}) over (partition by owed_no order by day) as next_day
    from change
),

final as (
    select
        -- short, and unlike from its first letters on: the models after this one sort by it
        md5(
            concat_ws(
                '/', owed.unit_key, owed.indicator_code, owed.definition_version, owed.pair_no, owed.place_key
            )
        ) as pair_key,
        owed.unit_key,
        owed.period_code,
        owed.period_ordinal,
        owed.report_year,
        owed.end_date,
        owed.due_date,
        owed.indicator_code,
        owed.definition_version,
        owed.measured_over,
        owed.pair_no,
        owed.place_key,
        owed.element_code,
        owed.disaggregation_code,
        owed.denominator_source,
        owed.denominator_code,
        above.value as numerator,
        below.value as denominator,
        above.value is not null and (owed.denominator_source is null or below.value is not null) as is_counted,
        coalesce(above.is_questioned, false) or coalesce(below.is_questioned, false) as is_questioned,
        above.submission_id,
        below.submission_id as denominator_submission_id,
        above.mark,
        ranged.day as known_from,
        ranged.next_day as known_to
    from owed
    inner join ranged on owed.owed_no = ranged.owed_no
    left join above
        on
            ranged.owed_no = above.owed_no
            and {{ known_on('ranged.day', 'above.known_from', 'above.known_to') }}
    left join below
        on
            ranged.owed_no = below.owed_no
            and {{ known_on('ranged.day', 'below.known_from', 'below.known_to') }}
)

select * from final
