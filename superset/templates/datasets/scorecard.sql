[% from 'datasets/looked_up.sql' import progress_of %][#- A difference with its sign. -#]
[%- macro signed(column) -%]
case when [[ column ]] > 0 then '+' when [[ column ]] < 0 then '−' else '' end || [[ number('abs(' ~ column ~ ')', 'indicator.decimals') ]]
[%- endmacro -%]
-- One row an indicator of the nation that the scorecard shows, in words and numbers ready to be read. The change since
-- last month is what this month added and what became known of last month since it was due, on one card and one basis: what else
-- makes two readings differ is told by `tiendo compare`.
with shown as (
    select rpt_scorecard.*
    from published.rpt_scorecard
),

indicator as (
    select dim_indicator.*
    from published.dim_indicator
    where dim_indicator.is_in_force
),

target as (
    select dim_target.*
    from published.dim_target
    where dim_target.scope_key = 'nation'
),

period as (
    select dim_period.*
    from published.dim_period
),

final as (
    select
        shown.indicator_code,
        shown.display_order,
        shown.status_code,
        shown.status_sign,
        shown.status_colour,
        shown.is_provisional,
        shown.is_doubtful,
        shown.trend_points,
        shown.expected_count,
        shown.coverage_pct,
        shown.confidence_code,
        indicator.name_[[ language ]] as name,
        indicator.measure_[[ language ]] as measure,
        indicator.caveat_[[ language ]] as caveat,
        [[ number('shown.value', 'indicator.decimals') ]] as value_text,
        [[ number('shown.path_value', 'indicator.decimals') ]] as path_text,
        coalesce(target.target_[[ language ]], '—') as target_text,
        [[ status_of('shown.status_code', 'name') ]] as status_name,
        progress.reason_[[ language ]] as reason,
        case when shown.is_provisional then target.path_note_[[ language ]] end as provisional,
        case
            when target.path_kind is not null
                then [[ term_of('path_kind', 'target.path_kind') ]] || ', ' || [[ term_of('path_basis', 'target.path_basis') ]]
        end as path_basis_text,
        [[ number('shown.reported_count') ]] || ' ' || [[ term.of | sql ]] || ' ' || [[ number('shown.expected_count') ]] as coverage_text,
        coalesce([[ signed('difference.total') ]], '—') as change_text,
        case
            when difference.late <> 0
                then [[ label.change_new_month | sql ]] || ' ' || [[ signed('difference.month') ]] || '; '
                    || [[ label.change_late | sql ]] || ' ' || [[ signed('difference.late') ]]
        end as change_cause,
        case when shown.rate_needed is not null then [[ number('shown.rate_needed', 'indicator.decimals + 1') ]] end as rate_needed_text,
        case when shown.rate_achieved is not null then [[ number('shown.rate_achieved', 'indicator.decimals + 1') ]] end as rate_achieved_text,
        case
            when progress.check_count > 0 and progress.check_ratio is not null
                then [[ label.verified | sql ]] || ' ' || [[ number('100 * progress.check_ratio') ]] || ' % (' || progress.check_count || ')'
            else [[ label.nobody_checked | sql ]]
        end as checked_text,
        progress.finding_[[ language ]] as finding,
        progress.finding_office || ', ' || [[ day('progress.finding_on') ]] as finding_signed,
        nullif(
            [[ label_of('decision', "coalesce(progress.no_verdict_code, shown.status_code)") ]],
            coalesce(progress.no_verdict_code, shown.status_code)
        ) as decision
    from shown
    inner join indicator on shown.indicator_code = indicator.indicator_code
    inner join period on shown.period_code = period.period_code
    [[ progress_of('progress', 'indicator', 'shown.period_code', join='inner') ]]
    left join target on shown.indicator_code = target.indicator_code
    -- last month's number, as first seen on the day that it was due, and as known now
    left join lateral (
        select
            dim_period.period_code,
            dim_period.due_date
        from published.dim_period
        where dim_period.period_ordinal = period.period_ordinal - 1
        limit 1
    ) as earlier on true
    [%- for alias, day in [('then_known', 'earlier.due_date'), ('now_known', "date '9999-12-30'")] %]
    left join lateral (
        select measured.value
        from published.fct_indicator as measured
        where
            measured.scope_key = 'nation'
            and measured.basis = indicator.basis
            and measured.period_code = earlier.period_code
            and measured.indicator_code = indicator.indicator_code
            and measured.definition_version = indicator.definition_version
            and measured.known_from <= [[ day ]]
            and measured.known_to > [[ day ]]
        limit 1
    ) as [[ alias ]] on true
    [%- endfor %]
    -- rounded first, so that the parts as written add up to the whole as written
    cross join lateral (
        select
            parts.month,
            parts.late,
            parts.month + coalesce(parts.late, 0) as total
        from (
            select
                round(shown.value_change, indicator.decimals) as month,
                round(now_known.value - then_known.value, indicator.decimals) as late
        ) as parts
    ) as difference
)

select * from final
