"""What the tile map must hold: every tile is a unit's, and no two tiles of one day share a cell.

In: a programme. Out: nothing, or a SeedError with file, row and reason in both languages.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tiendo.programme.checks import OPEN

if TYPE_CHECKING:
    from tiendo.programme.registry import Programme
    from tiendo.programme.units import Unit

# The page of maps has places for so many (superset/templates/dashboards/maps.css).
MOST = {"tile_no": 9, "tile_column": 14, "tile_row": 24}


def check_tiles(programme: Programme) -> None:
    """Raise SeedError at the first tile that does not hold."""
    taken: dict[tuple[int, int], list[Unit]] = defaultdict(list)
    for row, tile in zip(programme.table("tile"), programme.tiles, strict=True):
        unit = programme.unit_by_key.get(tile.unit_key)
        if unit is None:
            raise row.error(
                f"{tile.unit_key} không có trong unit.csv, cần một đơn vị ở đó / "
                f"{tile.unit_key} is not in unit.csv; a unit of it is needed"
            )
        for column, most in MOST.items():
            if not 1 <= row.whole(column) <= most:
                raise row.error(
                    f"{column} là {row.whole(column)}, cần từ 1 đến {most} / "
                    f"{column} is {row.whole(column)}; 1 to {most} is needed"
                )
        # A second square without its own label would pass for the unit twice.
        if tile.tile_no > 1 or tile.label_vi or tile.label_en:
            row.required("label_vi")
            row.required("label_en")
        for other in taken[tile.column, tile.row]:
            if max(unit.valid_from, other.valid_from) <= min(unit.valid_to or OPEN, other.valid_to or OPEN):
                raise row.error(
                    f"cột {tile.column} hàng {tile.row} đã có {other.key} cùng thời gian, cần một ô trống / "
                    f"column {tile.column}, row {tile.row} already has {other.key} at the same time; "
                    f"a free cell is needed"
                )
        taken[tile.column, tile.row].append(unit)
