"""Reads one submission: bytes in, `Reading` out. No database, no clock, and no content that makes it raise.

The caller says through which door the file came and on which day, where it knows.
"""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from typing import Any

from tiendo.programme import FormCell, Period, Programme, Unit
from tiendo.programme.periods import split_code
from tiendo.receive.layout import THEMES, Layout, layout_of
from tiendo.receive.problems import ERROR, Problem, clean, make
from tiendo.receive.reading import Header, Reading, Text
from tiendo.receive.table import TableReader
from tiendo.receive.workbook import Sheets, open_sheets

DAY_VI = "%d/%m/%Y"
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
    return _plain(sheets.value(layout.cells["form_version"])) == layout.version


def _without_layout(sheets: Sheets, newest: Layout) -> Reading:
    """No version of the form fits: either its sheets are not there, or its version is not known."""
    problems = _missing_sheets(sheets, newest)
    if not problems or newest.table_sheet in sheets.rows:
        cell = newest.cells["form_version"]
        problems.append(make("form_version_unknown", cell.address, _plain(sheets.value(cell)), newest.version))
    return Reading(problems=tuple(problems))


def _missing_sheets(sheets: Sheets, layout: Layout) -> list[Problem]:
    return [make("sheet_missing", name, None, name) for name in layout.sheets if name not in sheets.rows]


class _Report:
    """One form of a known version being read."""

    def __init__(
        self, programme: Programme, layout: Layout, sheets: Sheets, door_code: str | None, received_on: date | None
    ) -> None:
        self.programme, self.layout, self.sheets = programme, layout, sheets
        self.door_code, self.received_on = door_code, received_on
        self.problems = _missing_sheets(sheets, layout)

    def read(self) -> Reading:
        period = self._period()
        unit = self._unit(period)
        expected = self.programme.form_rows(unit, period) if unit and period else None
        frames = self.programme.frames_of(unit, period.end) if unit and period else {}
        values, problems = TableReader(self.programme, self.layout, self.sheets, expected, frames).read()
        header = Header(
            form_version=self.layout.version,
            unit_code=unit.code if unit else None,
            unit_valid_from=unit.valid_from if unit else None,
            period_code=period.code if period else None,
            is_synthetic=self._is_synthetic(),
        )
        return Reading(header, values, tuple(self._texts()), _once([*self.problems, *problems]))

    def _found(self, item: str) -> tuple[str, FormCell]:
        cell = self.layout.cells[item]
        return _plain(self.sheets.value(cell)), cell

    def _add(self, rule_code: str, cell: FormCell, found: object, expected: object = None, **words: str) -> None:
        self.problems.append(make(rule_code, cell.address, found, expected, **words))

    def _period(self) -> Period | None:
        code, cell = self._found("period")
        periods = self.programme.periods
        try:
            split_code(code)
        except ValueError:
            self._add("period_unreadable", cell, code, periods[0].code)
            return None
        period = self.programme.period(code)
        if period is None:
            self._add("period_outside", cell, code, f"{periods[0].code} - {periods[-1].code}")
            return None
        if self.received_on is not None and self.received_on < period.end:
            self._add("period_future", cell, code, f"{period.end:{DAY_VI}}")
        version = self.programme.form_version(period)
        if version is None or version.code != self.layout.version:
            cell = self.layout.cells["form_version"]
            self._add("form_version_wrong", cell, self.layout.version, version.code if version else "")
        return period

    def _unit(self, period: Period | None) -> Unit | None:
        code, cell = self._found("unit_code")
        called = self.programme.units_called(code)
        if not called:
            self._add("unit_unknown", cell, code)
            return None
        if self.door_code is not None and unicodedata.normalize("NFC", self.door_code) != code:
            self._add("door_mismatch", cell, code, self.door_code)
        if period is None:
            return None
        unit = next((each for each in called if each.in_force(period.end)), None)
        if unit is None:
            self._not_in_force(called, period, cell)
            return None
        return unit if self._name_fits(unit, called, period) else None

    def _name_fits(self, unit: Unit, called: tuple[Unit, ...], period: Period) -> bool:
        """False when the form is that of a former unit whose code now means another one."""
        name, cell = self._found("unit_name")
        if name.casefold() in _names(unit):
            return True
        former = [each for each in called if each is not unit and name.casefold() in _names(each)]
        if former:
            self._not_in_force(tuple(former), period, cell)
            return False
        self._add("unit_name_differs", cell, name, unit.full_name_vi)
        return True

    def _not_in_force(self, called: tuple[Unit, ...], period: Period, cell: FormCell) -> None:
        found, _ = self._found("unit_code")
        ended = [unit for unit in called if unit.valid_to is not None and unit.valid_to < period.end]
        if not ended:
            first = min(called, key=lambda unit: unit.valid_from)
            begins = f"{first.valid_from:{DAY_VI}}"
            self._add("unit_not_yet", cell, found, begins, unit_vi=first.full_name_vi, unit_en=first.name_en)
            return
        last = max(ended, key=lambda unit: unit.valid_from)
        after = ", ".join(f"{unit.full_name_vi} ({unit.code})" for unit in self.programme.successors(last)) or "—"
        day = f"{(last.valid_to or date.max - timedelta(1)) + timedelta(1):{DAY_VI}}"
        names = {"unit_vi": f"{last.full_name_vi} ({last.code})", "unit_en": f"{last.name_en} ({last.code})"}
        self._add("unit_ended", cell, found, after, ended=day, **names)

    def _is_synthetic(self) -> bool:
        mark = self.programme.term("synthetic").vi
        return any(self._found(item)[0] == mark for item in ("synthetic_mark", "synthetic_mark_report"))

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


def _names(unit: Unit) -> tuple[str, str]:
    return unit.full_name_vi.casefold(), unit.name_vi.casefold()


def _once(problems: list[Problem]) -> tuple[Problem, ...]:
    """Errors first; one problem of a rule at a cell."""
    unique: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        unique.setdefault((problem.rule_code, problem.cell), problem)
    return tuple(sorted(unique.values(), key=lambda problem: problem.severity != ERROR))


def _plain(cell: Any) -> str:
    """A header cell as text: 2025-07 for a date in July 2025, 1 for 1.0."""
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return clean(str(cell))
