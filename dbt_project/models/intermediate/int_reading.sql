-- Other ways of reading the same series, beside the verdict and never in its place: whether each of them arrives at the
-- target in time. They are shown as a spread.
--
-- compound_growth (as Open SDG and StatCan): yearly growth since the baseline over the growth that the target asks for;
-- substantial from 0.95, moderate from 0.60, limited from 0, deterioration below; a target of 0 is read as 0.001. It
-- says nothing from a baseline of 0, across a change of sign, or within the first year. anticipated (as ESCAP): a
-- straight line through the segment, later points weighing more, carried on to the target date; maintain where it
-- arrives, accelerate where it does not, reverse where it goes the wrong way. theil_sen: the median slope between any
-- two of the last 24 points, carried on from now. (Rules of evaluation, section 6.)

{%- set series = 'basis, scope_key, period_code, indicator_code, definition_version' %}
{%- set segment = 'basis, scope_key, indicator_code, definition_version, segment_no' %}

with point as (
    select
        *,
        value::double precision as y,
        case when target_value = 0 then 0.001 else target_value end as aim,
        period_ordinal - {{ period_ordinal('baseline_period') }} as months,
        {{ period_ordinal('target_period') }} - {{ period_ordinal('baseline_period') }} as months_in_all,
        (period_ordinal - min(period_ordinal) over by_segment)::double precision as x,
        ({{ period_ordinal('target_period') }} - min(period_ordinal) over by_segment)::double precision as x_at_target
    from {{ ref('int_series') }}
    where is_point and baseline_value is not null
    window by_segment as (partition by {{ segment }})
),

compound_growth as (
    select
        {{ series }},
        'compound_growth' as reading_method,
        case
            when
                months >= 12 and baseline_value * value >= 0 and baseline_value * aim > 0 and baseline_value <> aim
                then
                    sign(baseline_value)
                    * case when direction = 'at_most' then -1 else 1 end
                    * (power(value / baseline_value, 12.0 / months) - 1)
                    / abs(power(aim / baseline_value, 12.0 / months_in_all) - 1)
        end::double precision as growth_ratio,
        null::double precision as slope,
        null::double precision as expected_value
    from point
),

-- weights grow evenly with time
weighed as (
    select
        *,
        sum(x + 1) over so_far as w,
        sum((x + 1) * x) over so_far as wx,
        sum((x + 1) * y) over so_far as wy,
        sum((x + 1) * x * x) over so_far as wxx,
        sum((x + 1) * x * y) over so_far as wxy
    from point
    window so_far as (partition by {{ segment }} order by x)
),

fitted as (
    select
        *,
        (w * wxy - wx * wy) / nullif(w * wxx - wx * wx, 0) as slope
    from weighed
),

anticipated as (
    select
        {{ series }},
        'anticipated' as reading_method,
        null::double precision as growth_ratio,
        slope,
        (wy - slope * wx) / w + slope * x_at_target as expected_value
    from fitted
),

pair as (
    select
        now.basis,
        now.scope_key,
        now.period_code,
        now.indicator_code,
        now.definition_version,
        now.y,
        now.months_left,
        (later.y - earlier.y) / (later.x - earlier.x) as slope
    from point as now
    inner join point as later
        on
            {{ same_series('now', 'later', ['segment_no']) }}
            and now.x >= later.x
            and now.x - 23 <= later.x
    inner join point as earlier
        on
            {{ same_series('now', 'earlier', ['segment_no']) }}
            and now.x - 23 <= earlier.x
            and later.x > earlier.x
),

theil_sen as (
    select
        {{ series }},
        'theil_sen' as reading_method,
        null::double precision as growth_ratio,
        percentile_cont(0.5) within group (order by slope) as slope,
        y + months_left * percentile_cont(0.5) within group (order by slope) as expected_value
    from pair
    group by {{ series }}, y, months_left
),

reading as (
    select * from compound_growth
    union all
    select * from anticipated
    union all
    select * from theil_sen
),

judged as (
    select
        reading.*,
        case
            when reading.reading_method = 'compound_growth' then reading.growth_ratio is not null
            else reading.expected_value is not null and point.months_left > 0
        end as is_applicable,
        case point.direction
            when 'at_least' then point.y >= point.target_value
            when 'at_most' then point.y <= point.target_value
            else point.y between point.target_value and point.target_high
        end as is_there,
        case point.direction
            when 'at_least' then reading.expected_value >= point.target_value
            when 'at_most' then reading.expected_value <= point.target_value
            else reading.expected_value between point.target_value and point.target_high
        end as is_expected,
        case point.direction when 'at_most' then reading.slope > 0 else reading.slope < 0 end as is_reversed
    from reading
    inner join point on {{ same_series('reading', 'point', ['period_code']) }}
),

final as (
    select
        {{ series }},
        reading_method,
        is_applicable,
        case when is_applicable then {{ exact('coalesce(growth_ratio, expected_value)::numeric') }} end
            as reading_value,
        case
            when not is_applicable then null
            when reading_method = 'compound_growth'
                then case
                    when is_there then 'target_achieved'
                    when growth_ratio >= 0.95 then 'substantial'
                    when growth_ratio >= 0.60 then 'moderate'
                    when growth_ratio >= 0 then 'limited'
                    else 'deterioration'
                end
            when is_expected then 'maintain'
            when is_reversed then 'reverse'
            else 'accelerate'
        end as category,
        is_applicable
        and case
            when reading_method = 'compound_growth' then is_there or growth_ratio >= 1
            else is_expected
        end as arrives
    from judged
)

select * from final
