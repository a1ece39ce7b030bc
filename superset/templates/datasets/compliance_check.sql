-- One row a quarter of spot checks: how many were made, how many agree, how many stand behind indicators, and why not the
-- others; one row without a quarter before the first check.
with one as (
    select count(*) as all_count
    from published.fct_verification
),

reason as (
    select
        fct_verification.quarter,
        fct_verification.reason_[[ language ]] as reason,
        count(*) as reason_count
    from published.fct_verification
    where not fct_verification.is_counting
    group by fct_verification.quarter, fct_verification.reason_[[ language ]]
),

left_out as (
    select
        reason.quarter,
        string_agg(reason.reason || ': ' || reason.reason_count, '; ' order by reason.reason_count desc, reason.reason) as left_out_text
    from reason
    group by reason.quarter
),

checked as (
    select
        fct_verification.quarter,
        count(*) as check_count,
        count(*) filter (where fct_verification.difference = 0) as agreeing_count,
        count(*) filter (where fct_verification.difference < 0) as less_count,
        count(*) filter (where fct_verification.difference > 0) as more_count,
        count(*) filter (where fct_verification.is_counting) as counting_count,
        bool_or(fct_verification.is_synthetic) as is_made_up
    from published.fct_verification
    group by fct_verification.quarter
),

final as (
    select
        checked.quarter,
        checked.check_count,
        checked.less_count,
        checked.more_count,
        checked.counting_count,
        checked.is_made_up,
        [[ number('checked.agreeing_count') ]] || ' ' || [[ term.of | sql ]] || ' ' || [[ number('checked.check_count') ]] as agreeing_text,
        left_out.left_out_text
    from one
    left join checked on true
    left join left_out on checked.quarter = left_out.quarter
)

select * from final
