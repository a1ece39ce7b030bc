"""Reads one submission: bytes in, `Reading` out. No database, no clock, and no content that makes it raise.

The caller says through which door the file came and on which day, where it knows.
"""

from __future__ import annotations

import unicodedata
from datetime import date

from tiendo.programme import Programme
from tiendo.receive.head import DAY_ITEMS, HeadReader, plain
from tiendo.receive.layout import THEMES, Layout, layout_of
from tiendo.receive.problems import ERROR, Problem, make
from tiendo.receive.reading import Header, Reading, Text
from tiendo.receive.table import TableReader
from tiendo.receive.workbook import Sheets, open_sheets

LONGEST_TEXT = 30_000


def read_report(
    content: bytes, programme: Programme, *, door_code: str | None = None, received_on: date | None = None
) -> Reading:
    """What the bytes of one file say. Without a door or a day, what depends on them is not checked."""
    layouts = [layout_of(programme, version) for version in programme.form_cells]
    sheets = open_sheets(content, frozenset(sheet for layout in layouts for sheet in layout.sheets))
    if isinstance(sheets, Problem):
        return Reading(problems=(sheets,))
    layout = next((each for each in layouts if _claims(sheets, each)), None)
    if layout is None:
        return _without_layout(sheets, layouts[-1])
    return _Report(programme, layout, sheets, door_code, received_on).read()


def _claims(sheets: Sheets, layout: Layout) -> bool:
    return plain(sheets.value(layout.cells["form_version"])) == layout.version


def _without_layout(sheets: Sheets, newest: Layout) -> Reading:
    """No version of the form fits: either its sheets are not there, or its version is not known."""
    problems = _missing_sheets(sheets, newest)
    if not problems or newest.table_sheet in sheets.rows:
        cell = newest.cells["form_version"]
        problems.append(make("form_version_unknown", cell.address, plain(sheets.value(cell)), newest.version))
    return Reading(problems=tuple(problems))


def _missing_sheets(sheets: Sheets, layout: Layout) -> list[Problem]:
    return [make("sheet_missing", name, None, name) for name in layout.sheets if name not in sheets.rows]


class _Report:
    """One form of a known version being read."""

    def __init__(
        self, programme: Programme, layout: Layout, sheets: Sheets, door_code: str | None, received_on: date | None
    ) -> None:
        self.programme, self.layout, self.sheets = programme, layout, sheets
        self.head_reader = HeadReader(programme, layout, sheets, door_code, received_on)

    def read(self) -> Reading:
        missing = _missing_sheets(self.sheets, self.layout)
        head, wrong = self.head_reader.read()
        unit, period = head.unit, head.period
        expected = self.programme.form_rows(unit, period) if unit and period else None
        frames = self.programme.frames_of(unit, period.end) if unit and period else {}
        values, problems = TableReader(self.programme, self.layout, self.sheets, expected, frames).read()
        if any(problem.rule_code == "column_moved" for problem in problems):
            # The days moved with the columns.
            days = {self.layout.cells[item].address for item in DAY_ITEMS}
            wrong = [problem for problem in wrong if problem.cell not in days]
        covers_from, covers_to = head.part
        header = Header(
            form_version=self.layout.version,
            unit_code=unit.code if unit else None,
            unit_valid_from=unit.valid_from if unit else None,
            period_code=period.code if period else None,
            covers_from=covers_from,
            covers_to=covers_to,
            is_synthetic=self._is_synthetic(),
        )
        return Reading(header, values, tuple(self._texts()), _once([*missing, *wrong, *problems]))

    def _is_synthetic(self) -> bool:
        mark = self.programme.term("synthetic").vi
        items = ("synthetic_mark", "synthetic_mark_report")
        return any(plain(self.sheets.value(self.layout.cells[item])) == mark for item in items)

    def _texts(self) -> list[Text]:
        found: list[Text] = []
        for theme in THEMES:
            cell = self.layout.cells[f"text.{theme}"]
            raw = unicodedata.normalize("NFC", str(self.sheets.value(cell)))
            body = raw if raw.isprintable() else "".join(c if c.isprintable() or c == "\n" else " " for c in raw)
            body = body.strip()
            if body:
                found.append(Text(theme, body[:LONGEST_TEXT], cell.address))
        return found


def _once(problems: list[Problem]) -> tuple[Problem, ...]:
    """Errors first; one problem of a rule at a cell."""
    unique: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        unique.setdefault((problem.rule_code, problem.cell), problem)
    return tuple(sorted(unique.values(), key=lambda problem: problem.severity != ERROR))
