-- Which units belong to which scope at each period of the open run's pairs, and the period of the unit that stands for
-- them: its last one, where it has ended by then.

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

final as (
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
)

select * from final
