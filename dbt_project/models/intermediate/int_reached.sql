-- How many places are reached, by the day it became known. A place is the original unit it was where that is one unit,
-- else as told, so that a place counts once whoever tells of it. On current units a merged place is reached when any
-- of its originals is, or, where the card asks for whole places, when all are. Read three times: by what counts, by
-- what is certain (lower), and by what could be (upper), where a number that nothing bounds can reach its place.
-- (Rules of evaluation, sections 4 and 8.)

with part as (
    select * from {{ ref('int_placed_part') }}
    where method in ('reach', 'reach_whole') and is_whole
),

lineage as (
    select * from {{ ref('int_lineage') }}
),

soil as (
    select
        unit_key as place_key,
        case when count(*) = 1 then min(member_key) else unit_key end as soil_key
    from lineage
    where basis = 'original'
    group by unit_key
),

place as (
    select
        soil.place_key,
        soil.soil_key,
        case when count(*) = 1 then min(lineage.member_key) else soil.soil_key end as current_key
    from soil
    inner join lineage on soil.soil_key = lineage.unit_key and lineage.basis = 'current'
    group by soil.place_key, soil.soil_key
),

original_count as (
    select
        unit_key,
        count(*) as unit_count
    from lineage
    where basis = 'original'
    group by unit_key
),

told as (
    select
        part.basis,
        part.scope_kind,
        part.scope_key,
        part.period_code,
        part.indicator_code,
        part.definition_version,
        place.soil_key,
        case when part.basis = 'current' then place.current_key else place.soil_key end as place_key,
        case
            when part.basis = 'current' and part.method = 'reach_whole' then original_count.unit_count
            else 1
        end as needed_count,
        reading.reading,
        part.day,
        sum(reading.numerator) as numerator
    from part
    inner join place on part.place_key = place.place_key
    inner join original_count on place.current_key = original_count.unit_key
    cross join
        lateral (
            values
            ('value', part.numerator),
            ('lower', part.lower_numerator),
            ('upper', part.upper_numerator + part.unbounded_count)
        ) as reading (reading, numerator)
    group by
        part.basis,
        part.scope_kind,
        part.scope_key,
        part.period_code,
        part.indicator_code,
        part.definition_version,
        part.method,
        place.soil_key, place.current_key, original_count.unit_count, reading.reading,
        part.day
),

-- 1 on the day on which a place is first known to be reached, -1 should that be taken back
soil_turn as (
    select
        basis,
        scope_kind,
        scope_key,
        period_code,
        indicator_code,
        definition_version,
        place_key,
        needed_count,
        reading,
        day,
        (sum(numerator) over by_day >= 1)::integer - (sum(numerator) over by_day - numerator >= 1)::integer as turn
    from told
    window by_day as (
        partition by basis, scope_key, period_code, indicator_code, definition_version, reading, soil_key order by day
    )
),

place_day as (
    select
        basis,
        scope_kind,
        scope_key,
        period_code,
        indicator_code,
        definition_version,
        place_key,
        needed_count,
        reading,
        day,
        sum(turn) as turn
    from soil_turn
    group by
        basis,
        scope_kind,
        scope_key,
        period_code,
        indicator_code,
        definition_version,
        place_key,
        needed_count,
        reading,
        day
),

place_turn as (
    select
        basis,
        scope_kind,
        scope_key,
        period_code,
        indicator_code,
        definition_version,
        reading,
        day,
        (sum(turn) over by_day >= needed_count)::integer - (sum(turn) over by_day - turn >= needed_count)::integer
            as turn
    from place_day
    window by_day as (
        partition by basis, scope_key, period_code, indicator_code, definition_version, reading, place_key order by day
    )
),

final as (
    select
        basis,
        scope_kind,
        scope_key,
        period_code,
        indicator_code,
        definition_version,
        day,
        coalesce(sum(turn) filter (where reading = 'value'), 0)::integer as turn,
        coalesce(sum(turn) filter (where reading = 'lower'), 0)::integer as lower_turn,
        coalesce(sum(turn) filter (where reading = 'upper'), 0)::integer as upper_turn
    from place_turn
    group by basis, scope_kind, scope_key, period_code, indicator_code, definition_version, day
)

select * from final
