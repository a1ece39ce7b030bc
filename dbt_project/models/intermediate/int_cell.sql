{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns',
          pre_hook='{{ clear_open_units() }}') }}

-- What each number owed gives to each indicator. Where the indicator is read at one point in time, a pair that does not
-- count is carried from the latest of the periods before it in which it did, at most as many back as the threshold
-- carry_periods says, never past a legal change of its frame; what is carried is in the value and not in the coverage.
-- (Rules of evaluation, section 3.)

with pair as (
    select int_pair.*
    from {{ ref('int_pair') }} as int_pair
    where exists (
        select 1 from {{ source('ops', 'open_pair') }} as open_pair
        where open_pair.scope_key = int_pair.unit_key
    )
),

frame_break as (
    select * from {{ ref('frame_break') }}
),

threshold as (
    select max(threshold_value) filter (where threshold_code = 'carry_periods')::integer as carry_periods
    from {{ ref('status_threshold') }}
),

uncounted as (
    select * from pair
    where measured_over = 'point' and not is_counted
),

-- a pair that does not count, beside those before it that could be carried to it
carrier as (
    select
        uncounted.pair_key,
        uncounted.period_code,
        uncounted.known_from,
        uncounted.known_to,
        earlier.period_code as source_period_code,
        earlier.period_ordinal as source_ordinal,
        earlier.numerator,
        earlier.denominator,
        earlier.submission_id,
        earlier.denominator_submission_id,
        earlier.mark,
        greatest(uncounted.known_from, earlier.known_from) as held_from,
        least(uncounted.known_to, earlier.known_to) as held_to
    from uncounted
    cross join threshold
    inner join pair as earlier
        on
            uncounted.pair_key = earlier.pair_key
            and earlier.is_counted
            and uncounted.period_ordinal > earlier.period_ordinal
            and earlier.period_ordinal >= uncounted.period_ordinal - threshold.carry_periods
            and uncounted.known_to > earlier.known_from
            and uncounted.known_from < earlier.known_to
    where not exists (
        select 1 from frame_break
        where
            uncounted.denominator_source = 'frame'
            and frame_break.frame_code = uncounted.denominator_code
            and frame_break.break_date > earlier.end_date
            and frame_break.break_date <= uncounted.end_date
    )
),

carrier_day as (
    select
        pair_key,
        period_code,
        known_from,
        known_to,
        known_from as day
    from uncounted
    union distinct
    select
        carrier.pair_key,
        carrier.period_code,
        carrier.known_from,
        carrier.known_to,
        edge.day
    from carrier
    cross join lateral (values (carrier.held_from), (carrier.held_to)) as edge (day)
    where edge.day < carrier.known_to
),

ranged as (
    select
        *,
        lead(day, 1, known_to) over (partition by pair_key, period_code, known_from order by day) as next_day
    from carrier_day
),

carried as (
    select distinct on (ranged.pair_key, ranged.period_code, ranged.day)
        ranged.pair_key,
        ranged.period_code,
        ranged.known_from,
        ranged.day,
        ranged.next_day,
        carrier.source_period_code,
        carrier.numerator,
        carrier.denominator,
        carrier.submission_id,
        carrier.denominator_submission_id,
        carrier.mark
    from ranged
    left join carrier
        on
            ranged.pair_key = carrier.pair_key
            and ranged.period_code = carrier.period_code
            and ranged.known_from = carrier.known_from
            and {{ known_on('ranged.day', 'carrier.held_from', 'carrier.held_to') }}
    order by ranged.pair_key asc, ranged.period_code asc, ranged.day asc, carrier.source_ordinal desc nulls last
),

final as (
    select
        pair.pair_key,
        pair.unit_key,
        pair.period_code,
        pair.period_ordinal,
        pair.report_year,
        pair.indicator_code,
        pair.definition_version,
        pair.measured_over,
        pair.pair_no,
        pair.place_key,
        pair.element_code,
        pair.disaggregation_code,
        pair.weight,
        pair.is_counted as is_covered,
        coalesce(pair.is_counted or carried.source_period_code is not null, false) as is_counted,
        coalesce(carried.source_period_code, pair.period_code) as source_period_code,
        case when pair.is_counted then pair.numerator else carried.numerator end as numerator,
        case when pair.is_counted then pair.denominator else carried.denominator end as denominator,
        case when pair.is_counted then pair.submission_id else carried.submission_id end as submission_id,
        case when pair.is_counted then pair.denominator_submission_id else carried.denominator_submission_id end
            as denominator_submission_id,
        case when pair.is_counted then pair.mark else carried.mark end as mark,
        coalesce(carried.day, pair.known_from) as known_from,
        coalesce(carried.next_day, pair.known_to) as known_to
    from pair
    left join carried
        on
            pair.pair_key = carried.pair_key
            and pair.period_code = carried.period_code
            and pair.known_from = carried.known_from
)

select * from final
