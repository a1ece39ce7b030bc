with component as (
    select * from {{ ref('indicator_component') }}
),

indicator as (
    select * from {{ ref('dim_indicator') }}
),

numerator as (
    select * from component
    where role = 'numerator' and source = 'element'
),

denominator as (
    select * from component
    where role = 'denominator'
),

final as (
    select
        indicator.indicator_code,
        indicator.definition_version,
        indicator.method,
        indicator.measured_over,
        numerator.pair_no,
        numerator.component_code as numerator_code,
        denominator.source as denominator_source,
        denominator.component_code as denominator_code
    from indicator
    inner join numerator
        on
            indicator.indicator_code = numerator.indicator_code
            and indicator.definition_version = numerator.definition_version
    left join denominator
        on
            numerator.indicator_code = denominator.indicator_code
            and numerator.definition_version = denominator.definition_version
            and numerator.pair_no = denominator.pair_no
)

select * from final
