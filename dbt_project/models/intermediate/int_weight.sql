-- How much each number owed weighs in the coverage of a sum or of a ratio over elements: the mean of what was reported
-- in its place in the periods before, as known on its own due day. Later knowledge never changes it. A number without
-- a row is unweighed; one that stands on a frame weighs its frame, and where places are counted each number weighs the
-- same: neither has a row here. (Rules of evaluation, section 4.)

with pair as (
    select int_pair.*
    from {{ ref('int_pair') }} as int_pair
    where
        int_pair.denominator_source is distinct from 'frame'
        and exists (
            select 1 from {{ ref('int_component') }} as component
            where
                component.indicator_code = int_pair.indicator_code
                and component.definition_version = int_pair.definition_version
                and component.method in ('sum', 'ratio')
        )
        and exists (
            select 1 from {{ source('ops', 'open_pair') }} as open_pair
            where open_pair.scope_key = int_pair.unit_key
        )
),

threshold as (
    select max(threshold_value) filter (where threshold_code = 'plausible_periods')::integer as plausible_periods
    from {{ ref('status_threshold') }}
),

owed as (
    select distinct
        pair_key,
        period_code,
        period_ordinal,
        due_date
    from pair
),

final as (
    select
        owed.pair_key,
        owed.period_code,
        {{ exact("avg(
            case when earlier.denominator_source = 'element' then earlier.denominator else earlier.numerator end
        )") }} as weight
    from owed
    cross join threshold
    inner join pair as earlier
        on
            owed.pair_key = earlier.pair_key
            and earlier.is_counted
            and owed.period_ordinal > earlier.period_ordinal
            and earlier.period_ordinal >= owed.period_ordinal - threshold.plausible_periods
            and {{ known_on('owed.due_date', 'earlier.known_from', 'earlier.known_to') }}
    group by owed.pair_key, owed.period_code
)

select * from final
