-- Who became whom, through every re-organisation up to the run's last period. A legal succession that did not take the
-- programme along is no lineage.

with recursive successor as (
    select
        {{ unit_key('unit_successor.unit_code', 'unit_successor.valid_from') }} as unit_key,
        {{ unit_key('unit_successor.successor_code', 'unit_successor.successor_valid_from') }} as successor_key
    from {{ ref('unit_successor') }} as unit_successor
    cross join {{ source('ops', 'open_run') }} as open_run
    inner join {{ ref('dim_period') }} as dim_period on open_run.data_to_period = dim_period.period_code
    where unit_successor.succession_kind <> 'legal' and unit_successor.effective_date <= dim_period.end_date
),

unit as (
    select unit_key from {{ ref('dim_unit') }}
),

-- from every unit downwards, itself included
line as (
    select
        unit_key,
        unit_key as descendant_key
    from unit
    union distinct
    select
        line.unit_key,
        successor.successor_key
    from line
    inner join successor on line.descendant_key = successor.unit_key
),

final as (
    select
        'current' as basis,
        line.unit_key,
        line.descendant_key as member_key
    from line
    where line.descendant_key not in (select successor.unit_key from successor)
    union all
    select
        'original' as basis,
        line.descendant_key as unit_key,
        line.unit_key as member_key
    from line
    where line.unit_key not in (select successor.successor_key from successor)
)

select * from final
