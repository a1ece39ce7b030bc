{{ config(materialized='view') }}

-- Everything that a membership's indicators are made of, added up to each day on which something of it changed. What
-- lies only partly in it is not added; that there is such a part is counted. An indicator without a method has a row,
-- so that it is seen to have no value.

{%- set grain = ['membership_no', 'indicator_code', 'definition_version'] %}
{%- set turns = ['reached_turn', 'lower_turn', 'upper_turn'] %}
{%- set told = summed_columns() + turns + ['partial_count'] %}

with nation as (
    select distinct
        membership_no,
        period_code,
        due_date
    from {{ ref('int_placed') }}
    where scope_kind = 'nation'
),

component as (
    select * from {{ ref('int_component') }}
),

indicator as (
    select
        dim_indicator.indicator_code,
        dim_indicator.definition_version,
        dim_indicator.method,
        -- where all stands on frames, what nothing was reported of has bounds too
        coalesce(bool_and(component.denominator_source is not distinct from 'frame'), false) as is_over_frames
    from {{ ref('dim_indicator') }} as dim_indicator
    left join component
        on
            dim_indicator.indicator_code = component.indicator_code
            and dim_indicator.definition_version = component.definition_version
    group by dim_indicator.indicator_code, dim_indicator.definition_version, dim_indicator.method
),

change as (
    select
        {{ grain | join(', ') }},
        day,
        {%- for column in summed_columns() %}
            case when is_whole then {{ column }} else 0 end as {{ column }},
        {%- endfor %}
        {%- for column in turns %}
            0 as {{ column }},
        {%- endfor %}
        (not is_whole)::integer as partial_count
    from {{ ref('int_placed_part') }}
    union all
    select
        {{ grain | join(', ') }},
        day,
    {%- for column in told %}
        {{ {'reached_turn': 'turn', 'lower_turn': 'lower_turn', 'upper_turn': 'upper_turn'}.get(column, '0') }}
            as {{ column }}{{ '' if loop.last else ',' }}
    {%- endfor %}
    from {{ ref('int_reached') }}
    union all
    select
        nation.membership_no,
        milestone.indicator_code,
        milestone.definition_version,
        milestone.day,
        {%- set milestones = {
            'numerator': 'milestone.done_count', 'lower_numerator': 'milestone.done_count',
            'upper_numerator': 'milestone.done_count + milestone.expected_count - milestone.reported_count',
            'reported_count': 'milestone.reported_count', 'reported_unweighed_count': 'milestone.reported_count',
            'expected_count': 'milestone.expected_count', 'expected_unweighed_count': 'milestone.expected_count',
        } %}
    {%- for column in told %}
        {{ milestones.get(column, '0') }} as {{ column }}{{ '' if loop.last else ',' }}
    {%- endfor %}
    from {{ ref('int_milestone') }} as milestone
    inner join nation on milestone.period_code = nation.period_code
    union all
    select
        nation.membership_no,
        indicator.indicator_code,
        indicator.definition_version,
        nation.due_date as day,
    {%- for column in told %}
        0 as {{ column }}{{ '' if loop.last else ',' }}
    {%- endfor %}
    from nation
    inner join indicator on indicator.method = 'none'
),

day_change as (
    select
        {%- for column in grain %}
            change.{{ column }},
        {%- endfor %}
        change.day,
        indicator.method,
        indicator.is_over_frames,
    {%- for column in told %}
        sum(change.{{ column }}){{ '' if column in summed_amounts() else '::integer' }} as {{ column }}
        {{- '' if loop.last else ',' }}
    {%- endfor %}
    from change
    inner join indicator
        on
            change.indicator_code = indicator.indicator_code
            and change.definition_version = indicator.definition_version
    -- in the order of the sum over days below, so that one sort serves both
    group by
        {%- for column in grain %}
            change.{{ column }},
        {%- endfor %}
        change.day, indicator.method, indicator.is_over_frames
),

final as (
    select
        {{ grain | join(', ') }},
        day,
        method,
        is_over_frames,
    {%- for column in told %}
        sum({{ column }}) over by_day as {{ column.replace('turn', 'count') }}{{ '' if loop.last else ',' }}
    {%- endfor %}
    from day_change
    window by_day as (partition by {{ grain | join(', ') }} order by day)
)

select * from final
