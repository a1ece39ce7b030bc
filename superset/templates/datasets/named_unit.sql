-- Every unit under a name that is its alone: units of today often keep the name of one that ended. Units in force stand
-- on today's basis, with their predecessors' sums behind them; units that ended as they reported. Names are
-- open; is_open says whether who asks may see the reports too: of another unit it would read that nothing was reported.
named_unit as (
    select
        dim_unit.unit_key,
        dim_unit.unit_kind,
        dim_unit.valid_from,
        dim_unit.valid_to,
        dim_unit.name_[[ language ]] as plain_name,
        dim_unit.name_[[ language ]] || coalesce(' (' || [[ label.until | sql ]] || ' ' || [[ day('dim_unit.valid_to') ]] || ')', '') as unit_name,
        case when dim_unit.valid_to is null then 'current' else 'as_reported' end as basis,
        row_number() over (order by dim_unit.valid_to is not null, dim_unit.sort_key, dim_unit.valid_from)::integer as unit_order,
        -- to whoever is no unit all of them are
        not pg_has_role(current_user, 'tiendo_unit', 'member')
        or dim_unit.unit_key in (select unit_login.unit_key from published.unit_login) as is_open
    from published.dim_unit
),
