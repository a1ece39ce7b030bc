-- The value that a series should have at each period on the way to its target, under each shape of path.
--
-- The way is cut into legs at the points that the plan names; a stepped path without points steps at each end of a
-- report year, on the straight line. Within a leg the way is gone in the proportion of the months' weights: linear,
-- all months weigh the same; seasonal, each its share of the year; stepped, the leg's last month alone. A target to be
-- kept, or one that was met from the start, is its own path. (Rules of evaluation, section 5.)

{%- set way = 'basis, scope_key, indicator_code, definition_version, segment_no' %}

with series as (
    select * from {{ ref('int_series') }}
),

path_point as (
    select * from {{ ref('path_point') }}
),

season as (
    select * from {{ ref('season') }}
),

way as (
    select distinct
        {{ way }},
        direction,
        season_code,
        target_valid_from,
        baseline_value,
        {{ period_ordinal('baseline_period') }} as first_ordinal,
        target_value,
        target_high,
        {{ period_ordinal('target_period') }} as last_ordinal
    from series
    where baseline_value is not null and path_kind is not null and baseline_period < target_period
),

-- from the side it comes from, a band is reached at its nearer end
aimed as (
    select
        *,
        case
            when direction = 'band' and baseline_value > target_high then target_high
            else target_value
        end as end_value,
        {{ gap('baseline_value') }} = 0 as is_kept
    from way
),

kind as (
    select path_kind from (values ('linear'), ('stepped'), ('seasonal'), ('keep')) as known (path_kind)
),

named_point as (
    select
        aimed.*,
        {{ period_ordinal('path_point.period_code') }} as point_ordinal,
        path_point.path_value as point_value
    from aimed
    inner join path_point
        on
            aimed.indicator_code = path_point.indicator_code
            and aimed.scope_key = path_point.scope_key
            and aimed.target_valid_from = path_point.valid_from
            and aimed.first_ordinal < {{ period_ordinal('path_point.period_code') }}
),

year_end as (
    select
        aimed.*,
        ordinal.point_ordinal,
        aimed.baseline_value
        + (aimed.end_value - aimed.baseline_value) * (ordinal.point_ordinal - aimed.first_ordinal)
        / (aimed.last_ordinal - aimed.first_ordinal) as point_value
    from aimed
    cross join lateral generate_series(aimed.first_ordinal + 1, aimed.last_ordinal - 1) as ordinal (point_ordinal)
    where
        ordinal.point_ordinal % 12 = 0
        and not exists (
            select 1 from named_point
            where {{ same_series('aimed', 'named_point', ['segment_no']) }}
        )
),

turn as (
    select
        {{ way }},
        first_ordinal as point_ordinal,
        baseline_value as point_value
    from aimed
    union all
    select
        {{ way }},
        last_ordinal as point_ordinal,
        end_value as point_value
    from aimed
    union all
    select
        {{ way }},
        point_ordinal,
        point_value
    from named_point
),

point as (
    select
        turn.*,
        kind.path_kind
    from turn
    cross join kind
    union all
    select
        {{ way }},
        point_ordinal,
        point_value,
        'stepped' as path_kind
    from year_end
),

leg as (
    select
        {{ way }},
        path_kind,
        point_ordinal as from_ordinal,
        point_value as from_value,
        lead(point_ordinal) over by_way as to_ordinal,
        lead(point_value) over by_way as to_value
    from point
    window by_way as (partition by {{ way }}, path_kind order by point_ordinal)
),

month as (
    select
        leg.*,
        month.ordinal,
        case leg.path_kind
            when 'seasonal' then season.share_pct
            when 'stepped' then (month.ordinal = leg.to_ordinal)::integer
            else 1
        end as weight
    from leg
    inner join aimed on {{ same_series('leg', 'aimed', ['segment_no']) }}
    cross join lateral generate_series(leg.from_ordinal + 1, leg.to_ordinal) as month (ordinal)
    left join season
        on aimed.season_code = season.season_code and (month.ordinal - 1) % 12 + 1 = season.month_no
),

gone as (
    select
        *,
        -- a leg whose months all weigh nothing is gone at its end
        coalesce(
            sum(weight) over (partition by {{ way }}, path_kind, from_ordinal order by ordinal)
            / nullif(sum(weight) over (partition by {{ way }}, path_kind, from_ordinal), 0),
            (ordinal = to_ordinal)::integer
        ) as share_gone
    from month
),

final as (
    select
        series.basis,
        series.scope_key,
        series.period_code,
        series.indicator_code,
        series.definition_version,
        kind.path_kind,
        kind.path_kind = series.path_kind as is_chosen,
        {{ exact("case
            when kind.path_kind = 'keep' or aimed.is_kept or series.period_ordinal >= aimed.last_ordinal
                then aimed.end_value
            when series.period_ordinal <= aimed.first_ordinal then aimed.baseline_value
            else gone.from_value + (gone.to_value - gone.from_value) * gone.share_gone
        end") }} as path_value
    from series
    inner join aimed on {{ same_series('series', 'aimed', ['segment_no']) }}
    cross join kind
    left join gone
        on
            {{ same_series('series', 'gone', ['segment_no']) }}
            and kind.path_kind = gone.path_kind
            and series.period_ordinal = gone.ordinal
    where kind.path_kind <> 'seasonal' or series.season_code is not null
)

select * from final
