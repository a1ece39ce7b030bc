select
    task_code,
    goal_code,
    name_vi,
    name_en,
    rhythm_vi,
    rhythm_en,
    official_place_vi,
    official_place_en,
    display_order
from {{ ref('task') }}
