with recursive expected_report as (
    select * from {{ ref('int_expected_report') }}
),

unit as (
    select * from {{ ref('dim_unit') }}
),

applicability as (
    select * from {{ ref('element_applicability') }}
),

disaggregation as (
    select * from {{ ref('disaggregation') }}
),

predecessor as (
    select distinct
        {{ unit_key('successor_code', 'successor_valid_from') }} as unit_key,
        {{ unit_key('unit_code', 'valid_from') }} as predecessor_key,
        effective_date
    from {{ ref('unit_successor') }}
    where succession_kind <> 'legal'
),

-- a code means the unit that had it on the rule's first day, and from the day of the succession whoever took the
-- programme over from it
named as (
    select
        applicability.unit_code,
        applicability.valid_from,
        unit.unit_key,
        applicability.valid_from as owed_from
    from applicability
    inner join unit
        on
            applicability.unit_code = unit.unit_code
            and {{ in_force('applicability.valid_from', 'unit.valid_from', 'unit.valid_to') }}
    union distinct
    select
        named.unit_code,
        named.valid_from,
        predecessor.unit_key,
        predecessor.effective_date as owed_from
    from named
    inner join predecessor on named.unit_key = predecessor.predecessor_key
),

rule as (
    select
        applicability.*,
        unit.unit_key,
        applicability.valid_from as owed_from
    from applicability
    inner join unit on applicability.unit_kind = unit.unit_kind
    union all
    select
        applicability.*,
        named.unit_key,
        named.owed_from
    from applicability
    inner join named
        on applicability.unit_code = named.unit_code and applicability.valid_from = named.valid_from
),

applicable as (
    select distinct
        expected_report.unit_key,
        expected_report.period_code,
        expected_report.period_ordinal,
        expected_report.report_year,
        expected_report.end_date,
        expected_report.due_date,
        rule.element_code,
        rule.breakdown
    from expected_report
    inner join rule
        on
            expected_report.unit_key = rule.unit_key
            and {{ in_force('expected_report.end_date', 'rule.owed_from', 'rule.valid_to') }}
),

final as (
    select
        applicable.unit_key,
        applicable.period_code,
        applicable.period_ordinal,
        applicable.report_year,
        applicable.end_date,
        applicable.due_date,
        applicable.element_code,
        case
            when disaggregation.dimension_code is not null
                then disaggregation.dimension_code || '.' || disaggregation.value_code
            else coalesce(predecessor.predecessor_key, 'total')
        end as disaggregation_code,
        disaggregation.dimension_code is not null as is_part,
        coalesce(predecessor.predecessor_key, applicable.unit_key) as place_key
    from applicable
    left join predecessor
        on applicable.breakdown = 'predecessor' and applicable.unit_key = predecessor.unit_key
    left join disaggregation on applicable.breakdown = disaggregation.dimension_code
)

select * from final
