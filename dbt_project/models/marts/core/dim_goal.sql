select
    goal_code,
    goal_kind,
    name_vi,
    name_en,
    official_place_vi,
    official_place_en,
    display_order
from {{ ref('goal') }}
