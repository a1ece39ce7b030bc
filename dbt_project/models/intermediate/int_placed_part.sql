-- Each unit's part in every scope it belongs to, for the open run's pairs, as known on each day from the one on which
-- the period was due. Of a unit that has ended, what it brought in stays in what accumulates; its stocks are nobody's.

with open_pair as (
    select * from {{ source('ops', 'open_pair') }}
),

period as (
    select * from {{ ref('dim_period') }}
),

unit_life as (
    select
        unit_key,
        min(period_ordinal) as first_ordinal,
        max(period_ordinal) as last_ordinal
    from {{ ref('int_expected_report') }}
    group by unit_key
),

method as (
    select distinct
        indicator_code,
        definition_version,
        method,
        measured_over
    from {{ ref('int_component') }}
),

placed as (
    select
        scope_part.basis,
        scope_part.scope_kind,
        scope_part.scope_key,
        scope_part.unit_key,
        scope_part.place_key,
        scope_part.is_whole,
        period.period_code,
        period.report_year,
        period.due_date,
        last_period.period_code as unit_period_code,
        last_period.report_year as unit_report_year,
        period.period_ordinal <= unit_life.last_ordinal as is_in_force
    from open_pair
    inner join period on open_pair.period_code = period.period_code
    inner join {{ ref('int_scope_part') }} as scope_part on open_pair.scope_key = scope_part.scope_key
    inner join unit_life
        on scope_part.unit_key = unit_life.unit_key and period.period_ordinal >= unit_life.first_ordinal
    inner join period as last_period
        on least(period.period_ordinal, unit_life.last_ordinal) = last_period.period_ordinal
    where
        period.period_ordinal <= unit_life.last_ordinal
        or scope_part.basis <> 'as_reported'
        or scope_part.scope_kind <> 'unit'
),

final as (
    select
        placed.basis,
        placed.scope_kind,
        placed.scope_key,
        placed.period_code,
        placed.place_key,
        placed.is_whole,
        unit_part.indicator_code,
        unit_part.definition_version,
        method.method,
        unit_part.numerator,
        unit_part.denominator,
        unit_part.lower_numerator,
        unit_part.upper_numerator,
        unit_part.bound_denominator,
        unit_part.unbounded_count,
        unit_part.reported_count,
        unit_part.expected_count,
        unit_part.carried_count,
        unit_part.question_count,
        unit_part.question_numerator,
        unit_part.reported_weight,
        unit_part.expected_weight,
        unit_part.carried_weight,
        unit_part.reported_unweighed_count,
        unit_part.expected_unweighed_count,
        unit_part.carried_unweighed_count,
        greatest(unit_part.known_from, placed.due_date) as known_from,
        unit_part.known_to
    from placed
    inner join {{ ref('int_unit_part') }} as unit_part
        on
            placed.unit_key = unit_part.scope_key
            and placed.place_key = unit_part.place_key
            and placed.unit_period_code = unit_part.period_code
            and placed.due_date < unit_part.known_to
    inner join method
        on
            unit_part.indicator_code = method.indicator_code
            and unit_part.definition_version = method.definition_version
            and (
                placed.is_in_force
                or method.measured_over = 'since_start'
                or (method.measured_over = 'year' and placed.report_year = placed.unit_report_year)
            )
)

select * from final
