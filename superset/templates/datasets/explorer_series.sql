-- One series: an indicator in a scope, on one basis, as known on one day, a row a period. The page's choices are put
-- into the query itself, as codes, so that a series is found by its index in however large a warehouse; without a
-- choice there are no rows.
with chosen as (
    select
        {{ filter_values('indicator_name', '') | where_in }} as indicator_name,
        {{ filter_values('scope_name', '') | where_in }} as scope_name,
        {{ filter_values('basis_name', '') | where_in }} as basis_name,
        {{ filter_values('known_text', '') | where_in }} as known_text
),

measured as (
    select fct_indicator.*
    from published.fct_indicator
    where
        fct_indicator.indicator_code = split_part({{ filter_values('indicator_name', '') | where_in }}, ' · ', 1)
        and fct_indicator.scope_key = split_part({{ filter_values('scope_name', '') | where_in }}, ' · ', 2)
        and fct_indicator.basis = case {{ filter_values('basis_name', '') | where_in }}
            when [[ label.basis_as_reported | sql ]] then 'as_reported'
            when [[ label.basis_current | sql ]] then 'current'
            when [[ label.basis_original | sql ]] then 'original'
        end
        and fct_indicator.known_from <= case {{ filter_values('known_text', '') | where_in }}
            when [[ label.known_now | sql ]] then date '9999-12-30'
            else nullif({{ filter_values('known_text', '') | where_in }}, '')::date
        end
        and fct_indicator.known_to > case {{ filter_values('known_text', '') | where_in }}
            when [[ label.known_now | sql ]] then date '9999-12-30'
            else nullif({{ filter_values('known_text', '') | where_in }}, '')::date
        end
),

final as (
    select
        chosen.indicator_name,
        chosen.scope_name,
        chosen.basis_name,
        chosen.known_text,
        measured.indicator_code,
        measured.definition_version,
        measured.period_code,
        dim_period.end_date,
        [[ month('measured.period_code') ]] as period_label,
        measured.value,
        measured.lower_value,
        measured.upper_value,
        measured.coverage_pct,
        measured.expected_count,
        [[ number('measured.value', 'dim_indicator.decimals') ]] as value_text,
        [[ number('measured.lower_value', 'dim_indicator.decimals') ]] as lower_text,
        [[ number('measured.upper_value', 'dim_indicator.decimals') ]] as upper_text,
        [[ number('measured.reported_count') ]] || ' ' || [[ term.of | sql ]] || ' ' || [[ number('measured.expected_count') ]] as coverage_text,
        [[ number('measured.coverage_pct') ]] || ' %' as coverage_pct_text,
        coalesce([[ label_of('null_reason', 'measured.null_reason') ]], '') as null_reason_text,
        dim_indicator.measure_[[ language ]] as measure,
        dim_indicator.caveat_[[ language ]] as caveat
    from measured
    cross join chosen
    inner join published.dim_period on measured.period_code = dim_period.period_code
    inner join published.dim_indicator
        on
            measured.indicator_code = dim_indicator.indicator_code
            and measured.definition_version = dim_indicator.definition_version
)

select * from final
