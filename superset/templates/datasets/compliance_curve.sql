-- One row a month: the share of its reports that had come in by each day after they were due, beside the twelve months
-- before it taken together. A day counts once it has passed for the month, and only months for which it has passed are
-- in the sums. In the drawing a day is 10 wide and 100 % is at the top, 50 % at the bottom.
with shown as (
    select max(rpt_scorecard.known_at)::date as known_day
    from published.rpt_scorecard
),

by_day as (
    select
        rpt_compliance.period_code,
        period.period_ordinal,
        day_no.day_no,
        count(*) as expected_count,
        count(*) filter (
            where rpt_compliance.state in ('on_time', 'late') and rpt_compliance.days_late <= day_no.day_no
        ) as in_count
    from published.rpt_compliance
    inner join published.dim_period as period on rpt_compliance.period_code = period.period_code
    cross join shown
    cross join generate_series(0, 30) as day_no
    where rpt_compliance.due_date + day_no.day_no <= shown.known_day
    group by rpt_compliance.period_code, period.period_ordinal, day_no.day_no
),

beside as (
    select
        by_day.period_code,
        by_day.day_no,
        by_day.in_count,
        by_day.expected_count,
        sum(before.in_count) as before_in_count,
        sum(before.expected_count) as before_expected_count
    from by_day
    left join by_day as before
        on
            by_day.day_no = before.day_no
            and before.period_ordinal between by_day.period_ordinal - 12 and by_day.period_ordinal - 1
    group by by_day.period_code, by_day.day_no, by_day.in_count, by_day.expected_count
),

drawn as (
    select
        beside.*,
        10 * beside.day_no as x,
        round(200 - 200.0 * greatest(0.5, beside.in_count::numeric / beside.expected_count), 1) as y,
        round(200 - 200.0 * greatest(0.5, beside.before_in_count / beside.before_expected_count), 1) as before_y
    from beside
),

came as (
    select distinct rpt_compliance.period_code
    from published.rpt_compliance
),

final as (
    select
        came.period_code,
        [[ month('came.period_code') ]] as month_label,
        string_agg(drawn.x || ',' || drawn.y, 'L' order by drawn.day_no) as month_points,
        string_agg(drawn.x || ',' || drawn.before_y, 'L' order by drawn.day_no) as before_points,
        [% for day in [0, 3, 7, 14, 30] %]
        max([[ number('100.0 * drawn.in_count / drawn.expected_count', '1') ]]) filter (where drawn.day_no = [[ day ]]) as month_pct_[[ day ]],
        max([[ number('drawn.in_count') ]] || ' ' || [[ term.of | sql ]] || ' ' || [[ number('drawn.expected_count') ]]) filter (where drawn.day_no = [[ day ]]) as month_text_[[ day ]],
        max([[ number('100.0 * drawn.before_in_count / drawn.before_expected_count', '1') ]]) filter (where drawn.day_no = [[ day ]]) as before_pct_[[ day ]],
        max([[ number('drawn.before_in_count') ]] || ' ' || [[ term.of | sql ]] || ' ' || [[ number('drawn.before_expected_count') ]]) filter (where drawn.day_no = [[ day ]]) as before_text_[[ day ]][[ "," if not loop.last ]]
        [% endfor %]
    from came
    left join drawn on came.period_code = drawn.period_code
    group by came.period_code
)

select * from final
