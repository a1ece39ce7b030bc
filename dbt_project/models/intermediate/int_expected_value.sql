with expected_report as (
    select * from {{ ref('int_expected_report') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

applicability as (
    select * from {{ ref('element_applicability') }}
),

successor as (
    select * from {{ ref('unit_successor') }}
),

applicable as (
    select distinct
        expected_report.unit_key,
        expected_report.period_code,
        expected_report.period_ordinal,
        expected_report.end_date,
        applicability.element_code,
        applicability.breakdown,
        unit.unit_code,
        unit.valid_from
    from expected_report
    inner join unit on expected_report.unit_key = unit.unit_key
    inner join applicability
        on
            (unit.unit_kind = applicability.unit_kind or unit.unit_code = applicability.unit_code)
            and {{ in_force('expected_report.end_date', 'applicability.valid_from', 'applicability.valid_to') }}
),

predecessor as (
    select distinct
        successor_code as unit_code,
        successor_valid_from as valid_from,
        {{ unit_key('unit_code', 'valid_from') }} as predecessor_key
    from successor
    where succession_kind <> 'legal'
),

final as (
    select
        applicable.unit_key,
        applicable.period_code,
        applicable.period_ordinal,
        applicable.end_date,
        applicable.element_code,
        coalesce(predecessor.predecessor_key, 'total') as disaggregation_code
    from applicable
    left join predecessor
        on
            applicable.breakdown = 'predecessor'
            and applicable.unit_code = predecessor.unit_code
            and applicable.valid_from = predecessor.valid_from
)

select * from final
