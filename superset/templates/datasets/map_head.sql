[% from 'datasets/looked_up.sql' import progress_of %]-- One row an indicator that units may be compared by and a month: the nation's value, what it is to reach, the caveat.
with [% include 'datasets/map_indicator.sql' %],

final as (
    select
        indicator.indicator_label,
        indicator.display_order,
        indicator.name_[[ language ]] as name,
        indicator.reading_[[ language ]] as reading,
        indicator.caveat_[[ language ]] as caveat,
        indicator.measure_[[ language ]] as measure,
        indicator.target_text,
        period.period_code,
        period.month_label,
        nation.status_code,
        nation.is_provisional,
        nation.expected_count,
        [[ number('nation.value', 'indicator.decimals') ]] as value_text,
        [[ number('nation.path_value', 'indicator.decimals') ]] as path_text,
        [[ status_of('nation.status_code', 'name') ]] as status_name,
        [[ status_of('nation.status_code', 'sign') ]] as status_sign,
        [[ status_of('nation.status_code', 'colour') ]] as status_colour,
        [[ number('nation.reported_count') ]] || ' ' || [[ term.of | sql ]] || ' ' || [[ number('nation.expected_count') ]] as coverage_text
    from indicator
    cross join period
    [[ progress_of('nation', 'indicator', 'period.period_code') ]]
)

select * from final
