[% from 'datasets/looked_up.sql' import progress_of %]-- One row a unit and indicator at the unit's newest month, beside the nation's of that month, with the series behind it
-- in a box of 100 x 24. One row without an indicator for a unit that has none.
with [% include 'datasets/named_unit.sql' %]

indicator as (
    select dim_indicator.*
    from published.dim_indicator
),

span as (
    select
        min(dim_period.period_ordinal) as first_ordinal,
        max(dim_period.period_ordinal) - min(dim_period.period_ordinal) as month_count
    from published.dim_period
    where dim_period.period_code <= (select max(rpt_scorecard.period_code) from published.rpt_scorecard)
),

measured as (
    select
        series.*,
        named_unit.unit_name,
        series.period_ordinal = max(series.period_ordinal) over (partition by series.scope_key) as is_newest
    from named_unit
    -- one search by the index for the unit that is asked for: `offset` keeps the planner from joining all that there is
    cross join lateral (
        select
            fct_indicator.*,
            dim_period.period_ordinal
        from published.fct_indicator
        inner join published.dim_period on fct_indicator.period_code = dim_period.period_code
        where
            fct_indicator.scope_key = named_unit.unit_key
            and fct_indicator.basis = named_unit.basis
            and fct_indicator.known_to = '9999-12-31'
        offset 0
    ) as series
    -- the choice above the page reaches down here, or the series of all units would be drawn for one
    {% if filter_values('unit_name') %}where named_unit.unit_name in {{ filter_values('unit_name') | where_in }}{% endif %}
),

-- the months in which the unit took something over that the programme counts
changed as (
    select
        fct_succession.successor_key as unit_key,
        dim_period.period_ordinal as changed_ordinal,
        [[ month('dim_period.period_code') ]] as changed_month
    from published.fct_succession
    inner join published.dim_period on fct_succession.changed_on between dim_period.start_date and dim_period.end_date
    where fct_succession.succession_kind <> 'legal'
    group by fct_succession.successor_key, dim_period.period_ordinal, dim_period.period_code
),

mark as (
    select
        changed.unit_key,
        max(changed.changed_ordinal) as changed_ordinal,
        string_agg(changed.changed_month, ', ' order by changed.changed_ordinal) as changed_months,
        string_agg(
            'M' || round(100.0 * (changed.changed_ordinal - span.first_ordinal) / nullif(span.month_count, 0), 1)
            || ',-2V26',
            ''
        ) as mark_points
    from changed
    cross join span
    group by changed.unit_key
),

-- what is carried from earlier periods alone is no point of a trend
point as (
    select
        measured.*,
        min(measured.value) over by_indicator as least_value,
        max(measured.value) over by_indicator as most_value,
        lag(measured.period_ordinal) over by_month as previous_ordinal,
        lag(measured.segment_no) over by_month as previous_segment
    from measured
    where measured.value is not null and measured.reported_count > 0
    window
        by_indicator as (partition by measured.scope_key, measured.indicator_code, measured.definition_version),
        by_month as (by_indicator order by measured.period_ordinal)
),

-- once: within a join it would be drawn anew for each row
trend as materialized (
    select
        point.scope_key,
        point.indicator_code,
        point.definition_version,
        string_agg(
            -- a month without a value breaks the line, and so does a change of what is counted
            case
                when point.previous_ordinal is null then ''
                when point.period_ordinal - point.previous_ordinal > 1 or point.segment_no <> point.previous_segment
                    or (indicator.measured_over = 'year' and right(point.period_code, 2) = '01')
                    then 'h0M '
                else ''
            end
            || round(100.0 * (point.period_ordinal - span.first_ordinal) / nullif(span.month_count, 0), 1)
            || ','
            || round(22 - 20 * coalesce((point.value - point.least_value) / nullif(point.most_value - point.least_value, 0), 0.5), 1),
            ' ' order by point.period_ordinal
        ) as trend_points,
        (array_agg(point.value order by point.period_ordinal desc) filter (where point.period_ordinal < mark.changed_ordinal))[1] as before_value,
        max(point.period_code) filter (where point.period_ordinal < mark.changed_ordinal) as before_code,
        (array_agg(point.value order by point.period_ordinal) filter (where point.period_ordinal >= mark.changed_ordinal))[1] as after_value,
        min(point.period_code) filter (where point.period_ordinal >= mark.changed_ordinal) as after_code
    from point
    cross join span
    inner join indicator
        on point.indicator_code = indicator.indicator_code and point.definition_version = indicator.definition_version
    left join mark on point.scope_key = mark.unit_key
    group by point.scope_key, point.indicator_code, point.definition_version
),

newest as (
    select measured.*
    from measured
    where measured.is_newest
),

final as (
    select
        named_unit.unit_key,
        named_unit.unit_name,
        [[ month('newest.period_code') ]] as period_label,
        newest.indicator_code,
        indicator.display_order,
        dim_goal.name_[[ language ]] as goal_name,
        indicator.name_[[ language ]] as name,
        indicator.measure_[[ language ]] as measure,
        indicator.caveat_[[ language ]] as caveat,
        [[ term_of('measured_over', 'indicator.measured_over') ]] as window_name,
        case when newest.value is not null then [[ number('newest.value', 'indicator.decimals') ]] end as value_text,
        [[ label_of('null_reason', 'newest.null_reason') ]] as null_reason_name,
        case when newest.denominator is not null then [[ number('newest.numerator') ]] || '/' || [[ number('newest.denominator') ]] end as parts_text,
        newest.expected_count,
        floor(newest.coverage_pct)::integer as coverage_floor,
        [[ number('newest.reported_count') ]] || ' [[ term.of ]] ' || [[ number('newest.expected_count') ]] as coverage_text,
        nullif(newest.carried_count, 0) as carried_count,
        nullif(newest.question_count, 0) as question_count,
        case
            when newest.value is null then null
            when newest.lower_value is null or newest.upper_value is null then [[ label.bounds_unknown | sql ]]
            when round(newest.lower_value, indicator.decimals) = round(newest.upper_value, indicator.decimals) then null
            else [[ number('newest.lower_value', 'indicator.decimals') ]] || ' – ' || [[ number('newest.upper_value', 'indicator.decimals') ]]
        end as bounds_text,
        [[ number('nation.value', 'indicator.decimals') ]] as nation_text,
        [[ number('nation.reported_count') ]] || ' [[ term.of ]] ' || [[ number('nation.expected_count') ]] as nation_coverage_text,
        trend.trend_points,
        mark.mark_points,
        mark.changed_months,
        case when trend.before_value is not null then [[ number('trend.before_value', 'indicator.decimals') ]] end as before_text,
        [[ month('trend.before_code') ]] as before_month,
        case when trend.after_value is not null then [[ number('trend.after_value', 'indicator.decimals') ]] end as after_text,
        [[ month('trend.after_code') ]] as after_month,
        dim_target.target_[[ language ]] as target_text,
        count(dim_target.indicator_code) over (partition by named_unit.unit_key) as target_count,
        [[ number('progress.path_value', 'indicator.decimals') ]] as path_text,
        [[ term_of('path_kind', 'dim_target.path_kind') ]] || ', ' || [[ term_of('path_basis', 'dim_target.path_basis') ]] as path_basis_text,
        progress.status_code,
        [[ status_of('progress.status_code', 'name') ]] as status_name,
        [[ status_of('progress.status_code', 'sign') ]] as status_sign,
        [[ status_of('progress.status_code', 'colour') ]] as status_colour,
        progress.is_provisional,
        progress.reason_[[ language ]] as reason
    from named_unit
    left join newest on named_unit.unit_key = newest.scope_key
    left join indicator
        on newest.indicator_code = indicator.indicator_code and newest.definition_version = indicator.definition_version
    left join published.dim_goal on indicator.goal_code = dim_goal.goal_code
    -- on the basis that the card says its target is judged on, as on the scorecard
    left join lateral (
        select of_nation.*
        from published.fct_indicator as of_nation
        where
            of_nation.scope_key = 'nation'
            and of_nation.known_to = '9999-12-31'
            and of_nation.basis = indicator.basis
            and of_nation.period_code = newest.period_code
            and of_nation.indicator_code = newest.indicator_code
            and of_nation.definition_version = newest.definition_version
        limit 1
    ) as nation on true
    left join trend
        on
            newest.scope_key = trend.scope_key
            and newest.indicator_code = trend.indicator_code
            and newest.definition_version = trend.definition_version
    left join mark on named_unit.unit_key = mark.unit_key
    left join published.dim_target
        on newest.scope_key = dim_target.scope_key and newest.indicator_code = dim_target.indicator_code
    [[ progress_of('progress', 'newest', 'newest.period_code', 'newest.basis', 'newest.scope_key') ]]
    where named_unit.is_open
)

select * from final
