-- Which units make up which scope at each period of the open run's pairs, and the period of the unit that stands for
-- them: its last one, where it has ended by then. Two bases that make up a scope of the same units share a membership:
-- what is added up is added up once. Where places are counted, a place is the original unit it was where that is one
-- unit, else as told, and on current units the unit it belongs to today. (Rules of evaluation, sections 4 and 8.)

with open_pair as (
    select * from {{ source('ops', 'open_pair') }}
),

period as (
    select * from {{ ref('dim_period') }}
),

lineage as (
    select * from {{ ref('int_lineage') }}
),

soil as (
    select
        unit_key as place_key,
        case when count(*) = 1 then min(member_key) else unit_key end as soil_key
    from lineage
    where basis = 'original'
    group by unit_key
),

place as (
    select
        soil.place_key,
        soil.soil_key,
        case when count(*) = 1 then min(lineage.member_key) else soil.soil_key end as current_key
    from soil
    inner join lineage on soil.soil_key = lineage.unit_key and lineage.basis = 'current'
    group by soil.place_key, soil.soil_key
),

original_count as (
    select
        unit_key,
        count(*) as soil_count
    from lineage
    where basis = 'original'
    group by unit_key
),

unit_life as (
    select
        unit_key,
        min(period_ordinal) as first_ordinal,
        max(period_ordinal) as last_ordinal
    from {{ ref('int_expected_report') }}
    group by unit_key
),

member as (
    select
        scope_part.basis,
        scope_part.scope_kind,
        scope_part.scope_key,
        scope_part.unit_key,
        scope_part.place_key,
        place.soil_key,
        case when scope_part.basis = 'current' then place.current_key else place.soil_key end as counted_place_key,
        case when scope_part.basis = 'current' then original_count.soil_count else 1 end as soil_count,
        scope_part.is_whole,
        period.period_code,
        period.report_year,
        period.due_date,
        last_period.period_code as unit_period_code,
        last_period.report_year as unit_report_year,
        period.period_ordinal <= unit_life.last_ordinal as is_in_force
    from open_pair
    inner join period on open_pair.period_code = period.period_code
    inner join {{ ref('int_scope_part') }} as scope_part on open_pair.scope_key = scope_part.scope_key
    inner join place on scope_part.place_key = place.place_key
    inner join original_count on place.current_key = original_count.unit_key
    inner join unit_life
        on scope_part.unit_key = unit_life.unit_key and period.period_ordinal >= unit_life.first_ordinal
    inner join period as last_period
        on least(period.period_ordinal, unit_life.last_ordinal) = last_period.period_ordinal
    where
        period.period_ordinal <= unit_life.last_ordinal
        or scope_part.basis <> 'as_reported'
        or scope_part.scope_kind <> 'unit'
),

membership as (
    select
        basis,
        scope_kind,
        scope_key,
        period_code,
        dense_rank() over (
            order by
                period_code,
                -- milestones are the nation's alone, whoever else is made up alike
                scope_kind = 'nation',
                string_agg(
                    concat_ws('/', unit_key, place_key, is_whole, counted_place_key, soil_count), ' '
                    order by unit_key, place_key
                )
        )::integer as membership_no
    from member
    group by basis, scope_kind, scope_key, period_code
),

final as (
    select
        membership.membership_no,
        member.*
    from member
    inner join membership
        on
            member.basis = membership.basis
            and member.scope_key = membership.scope_key
            and member.period_code = membership.period_code
)

select * from final
