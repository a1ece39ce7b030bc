-- How many places are reached, by the day it became known. A place counts once whoever tells of it. On current units a
-- merged place is reached when any of its originals is, or, where the card asks for whole places, when all are. Read
-- three times: by what counts, by what is certain (lower), and by what could be (upper), where a number that nothing
-- bounds can reach its place. (Rules of evaluation, sections 4 and 8.)

with part as (
    select * from {{ ref('int_placed_part') }}
    where method in ('reach', 'reach_whole') and is_whole
),

told as (
    select
        part.membership_no,
        part.indicator_code,
        part.definition_version,
        part.soil_key,
        part.counted_place_key,
        case when part.method = 'reach_whole' then part.soil_count else 1 end as needed_count,
        reading.reading,
        part.day,
        sum(reading.numerator) as numerator
    from part
    cross join
        lateral (
            values
            ('value', part.numerator),
            ('lower', part.lower_numerator),
            ('upper', part.upper_numerator + part.unbounded_count)
        ) as reading (reading, numerator)
    group by
        part.membership_no, part.indicator_code, part.definition_version, part.soil_key, part.counted_place_key,
        part.method, part.soil_count, reading.reading, part.day
),

-- 1 on the day on which a place is first known to be reached, -1 should that be taken back
soil_turn as (
    select
        membership_no,
        indicator_code,
        definition_version,
        counted_place_key,
        needed_count,
        reading,
        day,
        (sum(numerator) over by_day >= 1)::integer - (sum(numerator) over by_day - numerator >= 1)::integer as turn
    from told
    window by_day as (
        partition by membership_no, indicator_code, definition_version, reading, soil_key order by day
    )
),

place_day as (
    select
        membership_no,
        indicator_code,
        definition_version,
        counted_place_key,
        needed_count,
        reading,
        day,
        sum(turn) as turn
    from soil_turn
    group by
        membership_no,
        indicator_code,
        definition_version,
        counted_place_key,
        needed_count,
        reading,
        day
),

place_turn as (
    select
        membership_no,
        indicator_code,
        definition_version,
        reading,
        day,
        (sum(turn) over by_day >= needed_count)::integer - (sum(turn) over by_day - turn >= needed_count)::integer
            as turn
    from place_day
    window by_day as (
        partition by membership_no, indicator_code, definition_version, reading, counted_place_key order by day
    )
),

final as (
    select
        membership_no,
        indicator_code,
        definition_version,
        day,
        coalesce(sum(turn) filter (where reading = 'value'), 0)::integer as turn,
        coalesce(sum(turn) filter (where reading = 'lower'), 0)::integer as lower_turn,
        coalesce(sum(turn) filter (where reading = 'upper'), 0)::integer as upper_turn
    from place_turn
    group by membership_no, indicator_code, definition_version, day
)

select * from final
