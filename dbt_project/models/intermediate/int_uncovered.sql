-- What stands in for each number owed that is not covered, on each day: the latest pair before it that can be carried
-- to it (in the value, not in the coverage), and what it could be at least and at most, by its frame or by what was
-- reported in its place in the periods before. (Rules of evaluation, sections 3 and 4.)

with earlier as (
    select * from {{ ref('int_earlier') }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

change as (
    select distinct
        earlier.pair_key,
        earlier.period_code,
        earlier.known_from,
        earlier.known_to,
        edge.day
    from earlier
    cross join lateral (values (earlier.known_from), (earlier.held_from), (earlier.held_to)) as edge (day)
    where edge.day >= earlier.known_from and edge.day < earlier.known_to
),

ranged as (
    select
        *,
        lead(day, 1, known_to) over (partition by pair_key, period_code, known_from order by day) as next_day
    from change
),

held as (
    select
        earlier.*,
        ranged.day,
        ranged.next_day,
        earlier.is_carrier and {{ known_on('ranged.day', 'earlier.held_from', 'earlier.held_to') }} as is_carried,
        earlier.is_plausible and {{ known_on('ranged.day', 'earlier.held_from', 'earlier.held_to') }} as is_held,
        earlier.is_after and {{ known_on('ranged.day', 'earlier.held_from', 'earlier.held_to') }} as is_held_after
    from ranged
    inner join earlier
        on
            ranged.pair_key = earlier.pair_key
            and ranged.period_code = earlier.period_code
            and ranged.known_from = earlier.known_from
),

stood_in as (
    select
        pair_key,
        period_code,
        indicator_code,
        definition_version,
        denominator_source,
        known_from as pair_known_from,
        day as known_from,
        next_day as known_to,
        own_denominator,
        case when is_counted then own_numerator end as question_numerator,
        case when is_counted then own_denominator end as question_denominator,
        (array_agg(source_period_code order by source_ordinal desc) filter (where is_carried))[1] as source_period_code,
        (array_agg(numerator order by source_ordinal desc) filter (where is_carried))[1] as numerator,
        (array_agg(denominator order by source_ordinal desc) filter (where is_carried))[1] as denominator,
        (array_agg(submission_id order by source_ordinal desc) filter (where is_carried))[1] as submission_id,
        (array_agg(denominator_submission_id order by source_ordinal desc) filter (where is_carried))[1]
            as denominator_submission_id,
        (array_agg(mark order by source_ordinal desc) filter (where is_carried))[1] as mark,
        (array_agg(numerator order by source_ordinal desc) filter (where is_held))[1] as last_numerator,
        max(numerator) filter (where is_held) as most_numerator,
        max(denominator) filter (where is_held) as most_denominator,
        (array_agg(numerator order by source_ordinal) filter (where is_held_after))[1] as next_numerator,
        (array_agg(denominator order by source_ordinal) filter (where is_held_after))[1] as next_denominator
    from held
    group by
        pair_key, period_code, indicator_code, definition_version, denominator_source, known_from, day, next_day,
        own_denominator, is_counted, own_numerator
),

final as (
    select
        stood_in.pair_key,
        stood_in.period_code,
        stood_in.pair_known_from,
        stood_in.known_from,
        stood_in.known_to,
        stood_in.source_period_code,
        stood_in.numerator,
        stood_in.denominator,
        stood_in.submission_id,
        stood_in.denominator_submission_id,
        stood_in.mark,
        -- only over a frame is it certain that nothing is lost again
        case
            when stood_in.denominator_source = 'frame' and indicator.is_monotone
                then least(coalesce(stood_in.last_numerator, 0), stood_in.own_denominator)
            else 0
        end as least_amount,
        -- greatest() passes over nulls: null only where neither is known
        case
            when stood_in.denominator_source = 'frame' then stood_in.own_denominator
            when stood_in.denominator_source = 'element'
                then
                    coalesce(
                        greatest(stood_in.most_denominator, stood_in.question_denominator), stood_in.next_denominator
                    )
            else coalesce(greatest(stood_in.most_numerator, stood_in.question_numerator), stood_in.next_numerator)
        end as most_amount
    from stood_in
    inner join indicator
        on
            stood_in.indicator_code = indicator.indicator_code
            and stood_in.definition_version = indicator.definition_version
)

select * from final
