-- One row a tile, an indicator and a month, on today's units (basis current) and on the first ones (original). Classes
-- are fifths of the tiles of both maps that have a number, so that one colour says one thing: a tile stands in the fifth
-- in which the middle of those with its value falls, and equal values share a class. A unit that owes nothing yet keeps
-- its tile, without a number.
with [% include 'datasets/map_indicator.sql' %],

tile as (
    select
        dim_tile.unit_key,
        dim_tile.tile_no,
        'td-c' || dim_tile.tile_column || ' td-r' || dim_tile.tile_row as place,
        dim_tile.label_[[ language ]] as island_name,
        unit.name_[[ language ]] as unit_name,
        unit.sort_key
    from published.dim_tile
    inner join published.dim_unit as unit on dim_tile.unit_key = unit.unit_key
    -- a unit that signs in is shown its own tile
    where
        not pg_has_role(current_user, 'tiendo_unit', 'member')
        or dim_tile.unit_key in (select unit_login.unit_key from published.unit_login)
),

-- Today's units have nobody after them, the first ones nobody before.
member as (
    select
        'current' as basis,
        tile.unit_key as scope_key
    from tile
    where
        tile.tile_no = 1
        and not exists (
            select 1
            from published.fct_succession as succession
            where tile.unit_key = succession.unit_key and succession.succession_kind <> 'legal'
        )
    union all
    select
        'original' as basis,
        tile.unit_key as scope_key
    from tile
    where
        tile.tile_no = 1
        and not exists (
            select 1
            from published.fct_succession as succession
            where tile.unit_key = succession.successor_key and succession.succession_kind <> 'legal'
        )
),

known as (
    select
        member.basis,
        member.scope_key,
        indicator.indicator_label,
        indicator.direction,
        indicator.decimals,
        indicator.method,
        period.month_label,
        measured.basis is not null as is_owing,
        measured.null_reason,
        measured.reported_count,
        measured.expected_count,
        measured.carried_count,
        measured.reported_count < measured.expected_count as is_short,
        round(measured.value, indicator.decimals) as shown_value,
        case indicator.direction when 'at_most' then -1 else 1 end * round(measured.value, indicator.decimals) as merit
    from member
    cross join indicator
    cross join period
    -- One look-up a unit: joined plainly, the planner read the whole of a basis for each.
    left join lateral (
        select fct_indicator.*
        from published.fct_indicator
        where
            fct_indicator.basis = member.basis
            and fct_indicator.scope_key = member.scope_key
            and fct_indicator.indicator_code = indicator.indicator_code
            and fct_indicator.definition_version = indicator.definition_version
            and fct_indicator.period_code = period.period_code
            and fct_indicator.known_to = date '9999-12-31'
        limit 1
    ) as measured on true
),

ranked as (
    select
        known.*,
        rank() over (
            partition by known.indicator_label, known.month_label, known.basis, known.merit is null
            order by known.merit desc
        ) as place_no,
        rank() over both_maps - 1 as below_count,
        count(*) over (partition by known.indicator_label, known.month_label, known.merit) as same_count,
        count(*) over (partition by known.indicator_label, known.month_label, known.merit is null) as known_count,
        count(*) over (partition by known.indicator_label, known.month_label, known.basis) as unit_count
    from known
    window both_maps as (
        partition by known.indicator_label, known.month_label, known.merit is null order by known.merit
    )
),

classed as (
    select
        ranked.*,
        case
            when ranked.merit is null then 6
            else least(5, 1 + floor(5 * (ranked.below_count + ranked.same_count / 2.0) / ranked.known_count))::integer
        end as class_no,
        case
            when ranked.merit is not null then null
            when not ranked.is_owing then [[ label.map_not_owing | sql ]]
            when ranked.null_reason = 'border' then [[ term.reason_border | sql ]]
            else [[ term.reason_no_value | sql ]]
        end as reason,
        case
            when ranked.method <> 'reach' or ranked.shown_value is null then [[ number('ranked.shown_value', 'ranked.decimals') ]]
            when ranked.shown_value > 0 then [[ label.map_yes | sql ]]
            else [[ label.map_no | sql ]]
        end as value_text
    from ranked
),

bounded as (
    select
        classed.*,
        first_value(classed.value_text) over by_class as low_text,
        last_value(classed.value_text) over by_class as high_text,
        count(*) over (
            partition by classed.indicator_label, classed.month_label, classed.basis, classed.class_no, classed.reason
        ) as class_count
    from classed
    window by_class as (
        partition by classed.indicator_label, classed.month_label, classed.class_no
        order by classed.shown_value
        rows between unbounded preceding and unbounded following
    )
),

final as (
    select
        bounded.basis,
        bounded.indicator_label,
        bounded.month_label,
        bounded.class_no,
        bounded.is_short,
        bounded.reason,
        bounded.value_text,
        bounded.unit_count,
        tile.tile_no,
        tile.place,
        tile.island_name,
        tile.unit_name,
        tile.sort_key,
        case when bounded.merit is not null then bounded.place_no end as rank_no,
        case
            when bounded.merit is null then bounded.reason || ': ' || bounded.class_count
            when bounded.low_text = bounded.high_text then bounded.low_text || ' (' || bounded.class_count || ')'
            else bounded.low_text || ' – ' || bounded.high_text || ' (' || bounded.class_count || ')'
        end as class_text,
        case
            when bounded.expected_count > 0
                then [[ number('bounded.reported_count') ]] || ' ' || [[ term.of | sql ]] || ' ' || [[ number('bounded.expected_count') ]]
                    || case when bounded.carried_count > 0 then ', ' || [[ term.mark_carried | sql ]] else '' end
        end as coverage_text
    from bounded
    inner join tile on bounded.scope_key = tile.unit_key
)

select * from final
