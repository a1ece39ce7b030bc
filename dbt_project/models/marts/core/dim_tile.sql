select
    {{ unit_key('unit_code', 'valid_from') }} as unit_key,
    tile_no,
    tile_column,
    tile_row,
    label_vi,
    label_en
from {{ ref('tile') }}
