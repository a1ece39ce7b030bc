{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns',
          pre_hook='{{ clear_open_units() }}') }}

-- What each number owed gives to each indicator. A number is covered when it is known for the period itself and nobody
-- asks about it; one that is not may still be in the value, carried or in question, and could be anything between its
-- bounds. (Rules of evaluation, sections 3 and 4.)

with pair as (
    select int_pair.*
    from {{ ref('int_pair') }} as int_pair
    where exists (
        select 1 from {{ source('ops', 'open_pair') }} as open_pair
        where open_pair.scope_key = int_pair.unit_key
    )
),

uncovered as (
    select * from {{ ref('int_uncovered') }}
),

weight as (
    select * from {{ ref('int_weight') }}
),

final as (
    select
        pair.pair_key,
        pair.unit_key,
        pair.period_code,
        pair.period_ordinal,
        pair.report_year,
        pair.indicator_code,
        pair.definition_version,
        pair.measured_over,
        pair.pair_no,
        pair.place_key,
        pair.element_code,
        pair.disaggregation_code,
        case
            when pair.denominator_source = 'frame' then coalesce(pair.denominator, 1)
            else weight.weight
        end as weight,
        pair.is_counted and not pair.is_questioned as is_covered,
        pair.is_counted and pair.is_questioned as is_questioned,
        pair.is_counted or uncovered.source_period_code is not null as is_counted,
        coalesce(uncovered.source_period_code, pair.period_code) as source_period_code,
        case when pair.is_counted then pair.numerator else uncovered.numerator end as numerator,
        case when pair.is_counted then pair.denominator else uncovered.denominator end as denominator,
        case when uncovered.pair_key is null then pair.numerator else uncovered.least_amount end as lower_numerator,
        case when uncovered.pair_key is null then pair.numerator else uncovered.most_amount end as upper_numerator,
        case
            when uncovered.pair_key is null then pair.denominator
            when pair.denominator_source is not null then uncovered.most_amount
        end as bound_denominator,
        case when pair.is_counted then pair.submission_id else uncovered.submission_id end as submission_id,
        case when pair.is_counted then pair.denominator_submission_id else uncovered.denominator_submission_id end
            as denominator_submission_id,
        case when pair.is_counted then pair.mark else uncovered.mark end as mark,
        coalesce(uncovered.known_from, pair.known_from) as known_from,
        coalesce(uncovered.known_to, pair.known_to) as known_to
    from pair
    left join uncovered
        on
            pair.pair_key = uncovered.pair_key
            and pair.period_code = uncovered.period_code
            and pair.known_from = uncovered.pair_known_from
    left join weight on pair.pair_key = weight.pair_key and pair.period_code = weight.period_code
)

select * from final
