-- Each number owed that is not covered, it is missing or in question, beside those that counted and could stand in for
-- it, each on the days on which both were known: those before it or, where there is none and no frame bounds it, those
-- after it, since a unit that missed its first months has reported all the same. Where the indicator is read at one
-- point in time, a missing pair is carried from at most as many periods back as the threshold carry_periods says, never
-- past a legal change of its frame. (Rules of evaluation, sections 3 and 4.)

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
    select
        max(threshold_value) filter (where threshold_code = 'carry_periods')::integer as carry_periods,
        max(threshold_value) filter (where threshold_code = 'plausible_periods')::integer as plausible_periods
    from {{ ref('status_threshold') }}
),

uncovered as (
    select
        pair.*,
        threshold.carry_periods,
        threshold.plausible_periods
    from pair
    cross join threshold
    where not pair.is_counted or pair.is_questioned
),

beside as (
    select
        uncovered.pair_key,
        uncovered.period_code,
        uncovered.indicator_code,
        uncovered.definition_version,
        uncovered.denominator_source,
        uncovered.is_counted,
        uncovered.numerator as own_numerator,
        uncovered.denominator as own_denominator,
        uncovered.known_from,
        uncovered.known_to,
        counted.period_code as source_period_code,
        counted.period_ordinal as source_ordinal,
        counted.numerator,
        counted.denominator,
        counted.submission_id,
        counted.denominator_submission_id,
        counted.mark,
        uncovered.measured_over = 'point'
        and not uncovered.is_counted
        and counted.period_ordinal < uncovered.period_ordinal
        and counted.period_ordinal >= uncovered.period_ordinal - uncovered.carry_periods
        and not exists (
            select 1 from frame_break
            where
                uncovered.denominator_source = 'frame'
                and frame_break.frame_code = uncovered.denominator_code
                and frame_break.break_date > counted.end_date
                and frame_break.break_date <= uncovered.end_date
        ) as is_carrier,
        counted.period_ordinal < uncovered.period_ordinal
        and counted.period_ordinal >= uncovered.period_ordinal - uncovered.plausible_periods as is_plausible,
        counted.period_ordinal > uncovered.period_ordinal as is_after,
        greatest(uncovered.known_from, counted.known_from) as held_from,
        least(uncovered.known_to, counted.known_to) as held_to
    from uncovered
    left join pair as counted
        on
            uncovered.pair_key = counted.pair_key
            and counted.is_counted
            and uncovered.period_ordinal <> counted.period_ordinal
            and counted.period_ordinal
            <= uncovered.period_ordinal
            + case when uncovered.denominator_source = 'frame' then 0 else uncovered.plausible_periods end
            and counted.period_ordinal
            >= uncovered.period_ordinal - greatest(uncovered.carry_periods, uncovered.plausible_periods)
            and uncovered.known_to > counted.known_from
            and uncovered.known_from < counted.known_to
),

-- what came after stands in only on days on which nothing came before
final as (
    select
        *,
        coalesce(
            bool_or(is_plausible and held_from = known_from and held_to = known_to) over (
                partition by pair_key, period_code, known_from
            ),
            false
        ) as is_preceded
    from beside
)

select * from final
where not (is_after and is_preceded)
