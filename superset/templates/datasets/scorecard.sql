-- One row an indicator of the nation that the scorecard shows, in words and numbers ready to be read.
with shown as (
    select rpt_scorecard.*
    from published.rpt_scorecard
),

indicator as (
    select dim_indicator.*
    from published.dim_indicator
    where dim_indicator.is_in_force
),

progress as (
    select fct_progress.*
    from published.fct_progress
    where fct_progress.scope_key = 'nation'
),

target as (
    select dim_target.*
    from published.dim_target
    where dim_target.scope_key = 'nation'
),

-- what each number of this month is made of beside last month's
change as (
    select
        progress.indicator_code,
        progress.definition_version,
        progress.basis,
        progress.period_code,
        progress.numerator - lag(progress.numerator) over by_month as numerator_change,
        progress.denominator - lag(progress.denominator) over by_month as denominator_change,
        progress.reported_count - lag(progress.reported_count) over by_month as reported_change
    from progress
    window by_month as (
        partition by progress.indicator_code, progress.definition_version, progress.basis
        order by progress.period_code
    )
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
        case
            when round(shown.value_change, indicator.decimals) > 0 then '+' || [[ number('shown.value_change', 'indicator.decimals') ]]
            when round(shown.value_change, indicator.decimals) < 0 then '−' || [[ number('-shown.value_change', 'indicator.decimals') ]]
            when shown.value_change is not null then '0'
            else '—'
        end as change_text,
        concat_ws(
            '; ',
            [[ label.change_counted | sql ]] || ' ' || to_char(change.numerator_change, 'FMSG999999990'),
            [[ label.change_against | sql ]] || ' ' || to_char(change.denominator_change, 'FMSG999999990'),
            [[ label.change_numbers | sql ]] || ' ' || to_char(change.reported_change, 'FMSG999999990')
        ) as change_cause,
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
    inner join progress
        on
            shown.indicator_code = progress.indicator_code
            and indicator.definition_version = progress.definition_version
            and indicator.basis = progress.basis
            and shown.period_code = progress.period_code
    left join target on shown.indicator_code = target.indicator_code
    left join change
        on
            progress.indicator_code = change.indicator_code
            and progress.definition_version = change.definition_version
            and progress.basis = change.basis
            and progress.period_code = change.period_code
)

select * from final
