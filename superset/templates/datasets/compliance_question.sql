-- One row a month and an indicator of the nation with numbers in question or spot checks behind it; one row without an
-- indicator when there is none.
with month_shown as (
    select
        dim_period.period_code,
        [[ month('dim_period.period_code') ]] as month_label
    from published.dim_period
    where exists (select 1 from published.rpt_compliance where rpt_compliance.period_code = dim_period.period_code)
),

measured as (
    select
        fct_progress.*,
        indicator.name_[[ language ]] as name,
        indicator.display_order
    from published.fct_progress
    inner join published.dim_indicator as indicator
        on
            fct_progress.indicator_code = indicator.indicator_code
            and fct_progress.definition_version = indicator.definition_version
            and fct_progress.basis = indicator.basis
    where
        fct_progress.scope_key = 'nation' and indicator.is_in_force
        and (fct_progress.question_count > 0 or (fct_progress.check_count > 0 and indicator.is_headline))
),

final as (
    select
        month_shown.month_label,
        measured.indicator_code,
        measured.display_order,
        measured.name,
        measured.check_count,
        measured.question_count,
        [[ number('measured.question_count') ]] || ' ' || [[ term.of | sql ]] || ' ' || [[ number('measured.reported_count') ]] as question_text,
        [[ number('measured.question_pct', '1') ]] as question_pct_text,
        [[ number('100 * measured.check_ratio', '1') ]] as ratio_text,
        -- Checks that all agree have no spread to estimate from; that is no certainty.
        case
            when measured.check_low < measured.check_high
                then [[ number('100 * measured.check_low', '1') ]] || ' – ' || [[ number('100 * measured.check_high', '1') ]]
            else '—'
        end as interval_text
    from month_shown
    left join measured on month_shown.period_code = measured.period_code
)

select * from final
