"""Where things stand in one version of the form: shared by the writer and the reader.

In: the form_cell seed of a version. Out: a `Layout` that answers with cells, columns and rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from tiendo.programme import FormCell, FormRow, Programme, SeedError

THEMES = ("result", "difficulty", "cause", "lesson", "proposal")
COLUMNS = (
    "order",
    "element_code",
    "element_name",
    "measure",
    "value",
    "year_cumulative",
    "programme_cumulative",
    "plan",
    "rate",
    "note",
)
HEADER = (
    "unit_code",
    "unit_name",
    "period",
    "data_from",
    "data_to",
    "form_version",
    "synthetic_mark",
    "synthetic_mark_report",
    "table",
)
HEAD_ROWS = 2


@dataclass(frozen=True, eq=False)
class Layout:
    """One version of the form. Rows and columns count from 0; addresses are as people write them."""

    version: str
    cells: dict[str, FormCell]
    columns: dict[str, int]
    first_row: int

    @cached_property
    def table_sheet(self) -> str:
        """The sheet with the numbers."""
        return self.cells["table"].sheet

    @property
    def sheets(self) -> tuple[str, ...]:
        """All sheets, in the order of the seed."""
        return tuple(dict.fromkeys(cell.sheet for cell in self.cells.values()))

    def address(self, column: str, row: int) -> str:
        """Sheet and cell of a column of the table in a row: Số liệu!E14."""
        return f"{self.table_sheet}!{self.cells[f'column.{column}'].cell}{row + 1}"

    def for_kind(self, unit_kind: str) -> Iterator[FormCell]:
        """The cells outside the table as a unit of that kind sees them: `parent.province` stands in for `parent`."""
        kinds = {item.rpartition(".")[2] for item in self.cells if item.rpartition(".")[0] in self.cells}
        for item, cell in self.cells.items():
            stem, _, last = item.rpartition(".")
            if item.startswith("column.") or item == "table" or (last in kinds and stem in self.cells):
                continue
            yield self.cells.get(f"{item}.{unit_kind}", cell)

    def place(self, rows: tuple[FormRow, ...]) -> tuple[tuple[int, str | FormRow], ...]:
        """The lines of the table: (row, group code) for a heading, (row, FormRow) for an element."""
        lines: list[tuple[int, str | FormRow]] = []
        group, line = "", self.first_row
        for row in rows:
            if row.element.group_code != group:
                group = row.element.group_code
                lines.append((line, group))
                line += 1
            lines.append((line, row))
            line += 1
        return tuple(lines)


@lru_cache(maxsize=16)
def layout_of(programme: Programme, version: str) -> Layout:
    """The layout of a version; SeedError when form_cell lacks what the code needs."""
    cells = programme.form_cells.get(version)
    if cells is None:
        reason = f"phiên bản {version!r} không có ô nào / there are no cells of form version {version!r}"
        raise SeedError("form_cell.csv", None, reason)
    wanted = {*HEADER, *(f"column.{name}" for name in COLUMNS), *(f"text.{theme}" for theme in THEMES)}
    if missing := sorted(item for item in wanted if item not in cells or not cells[item].cell):
        raise SeedError(
            "form_cell.csv", None, f"phiên bản {version} thiếu ô của / form version {version} has no cell for {missing}"
        )
    columns = {name: cells[f"column.{name}"].column for name in COLUMNS}
    return Layout(version, cells, columns, cells["table"].row + HEAD_ROWS)
