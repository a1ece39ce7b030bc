"""Reads the head of one form: which unit, for which period, speaking of which days.

In: sheets, layout, the door and the day the file came. Out: `Head` and problems. A report is of the unit that has its
code on the last day it covers: a code may mean one unit until a re-organisation inside the period and another after.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tiendo.programme import FormCell, Period, Programme, Unit
from tiendo.programme.periods import split_code
from tiendo.receive.layout import Layout
from tiendo.receive.problems import Problem, clean, make
from tiendo.receive.workbook import Sheets

DAY_VI = "%d/%m/%Y"
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_UNLIKE = re.compile(r"[^a-z0-9]+")
DAY_ITEMS = ("data_from", "data_to")
Days = tuple[date, date]


@dataclass(frozen=True)
class Head:
    """Who reports for when; `days` are the first and last day covered. None where it could not be established."""

    period: Period | None = None
    unit: Unit | None = None
    days: Days | None = None

    @property
    def part(self) -> tuple[date | None, date | None]:
        """First and last day covered where they are not the whole period; else nothing."""
        if self.period is None or self.days is None or self.days == (self.period.start, self.period.end):
            return None, None
        return self.days


class HeadReader:
    """The head of one form being read."""

    def __init__(
        self, programme: Programme, layout: Layout, sheets: Sheets, door_code: str | None, received_on: date | None
    ) -> None:
        self.programme, self.layout, self.sheets = programme, layout, sheets
        self.door_code, self.received_on = door_code, received_on
        self.problems: list[Problem] = []

    def read(self) -> tuple[Head, list[Problem]]:
        """The head and what is wrong with it."""
        period = self._period()
        days = self._days(period) if period else None
        if period:
            self._is_over(period, days)
        unit = self._unit(period, days)
        if unit and period and days:
            self._covers_its_days(unit, period, days)
        return Head(period, unit, days), self.problems

    def _found(self, item: str) -> tuple[str, FormCell]:
        cell = self.layout.cells[item]
        return plain(self.sheets.value(cell)), cell

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
        version = self.programme.form_version(period)
        if version is None or version.code != self.layout.version:
            cell = self.layout.cells["form_version"]
            self._add("form_version_wrong", cell, self.layout.version, version.code if version else "")
        return period

    def _is_over(self, period: Period, days: Days | None) -> None:
        """Nobody reports days to come; a closing report need not wait for the end of its period."""
        last = days[1] if days else period.end
        if self.received_on is not None and self.received_on < last:
            self._add("period_future", self.layout.cells["period"], period.code, f"{last:{DAY_VI}}")

    def _days(self, period: Period) -> Days | None:
        """The first and last day covered; blank means from the first, or to the last, of the period."""
        first, last = self._day(DAY_ITEMS[0], period.start), self._day(DAY_ITEMS[1], period.end)
        if first is None or last is None:
            return None
        outside = [
            (item, day)
            for item, day in zip(DAY_ITEMS, (first, last), strict=True)
            if not period.start <= day <= period.end
        ]
        if outside:
            # Both outside are one fault: the form is another month's, or the month was typed over.
            shown = " - ".join(f"{day:{DAY_VI}}" for _, day in outside)
            cell = self.layout.cells[outside[0][0]]
            self._add("day_outside", cell, shown, f"{period.start:{DAY_VI}} - {period.end:{DAY_VI}}")
            return None
        if first > last:
            self._add("days_reversed", self.layout.cells["data_from"], f"{first:{DAY_VI}}", f"{last:{DAY_VI}}")
            return None
        return first, last

    def _day(self, item: str, otherwise: date) -> date | None:
        cell = self.layout.cells[item]
        raw = self.sheets.value(cell)
        text = clean(str(raw))
        if not text:
            return otherwise
        day = _day_of(raw)
        if day is None:
            self._add("day_unreadable", cell, text, f"{otherwise:{DAY_VI}}")
        return day

    def _unit(self, period: Period | None, days: Days | None) -> Unit | None:
        code, cell = self._found("unit_code")
        called = self.programme.units_called(code)
        if not called:
            self._add("unit_unknown", cell, code)
            return None
        if self.door_code is not None and unicodedata.normalize("NFC", self.door_code) != code:
            self._add("door_mismatch", cell, code, self.door_code)
        if period is None:
            return None
        # Without its days a report is somebody's only where the code means one unit all through the period.
        on = days[1] if days else period.end
        if days is None and sum(each.in_force(period.start) or period.cuts_in(each) for each in called) > 1:
            return None
        unit = next((each for each in called if each.in_force(on)), None)
        if unit is None:
            self._not_in_force(called, period, on, cell)
            return None
        return unit if self._name_fits(unit, called, period, on) else None

    def _covers_its_days(self, unit: Unit, period: Period, days: Days) -> None:
        """A report leaves no day of its unit out, or nobody would ever report it."""
        first, last = max(period.start, unit.valid_from), period.last_day_of(unit)
        if days[0] > first:
            self._add("covers_from_late", self.layout.cells["data_from"], f"{days[0]:{DAY_VI}}", f"{first:{DAY_VI}}")
        if days[1] < last:
            self._add("covers_to_early", self.layout.cells["data_to"], f"{days[1]:{DAY_VI}}", f"{last:{DAY_VI}}")

    def _name_fits(self, unit: Unit, called: tuple[Unit, ...], period: Period, on: date) -> bool:
        """False when the form is that of another unit which had the same code, or will have it."""
        name, cell = self._found("unit_name")
        if name.casefold() in _names(unit):
            return True
        typed, own = _folded(name), {_folded(each) for each in _names(unit)}
        others = tuple(each for each in called if each is not unit and typed in {_folded(one) for one in _names(each)})
        if others and typed not in own:
            self._not_in_force(others, period, on, cell)
            return False
        self._add("unit_name_differs", cell, name, unit.full_name_vi)
        return True

    def _not_in_force(self, called: tuple[Unit, ...], period: Period, on: date, cell: FormCell) -> None:
        found, _ = self._found("unit_code")
        ended = [unit for unit in called if unit.valid_to is not None and unit.valid_to < on]
        if not ended:
            first = min(called, key=lambda unit: unit.valid_from)
            begins = f"{first.valid_from:{DAY_VI}}"
            self._add("unit_not_yet", cell, found, begins, unit_vi=first.full_name_vi, unit_en=first.name_en)
            return
        unit = max(ended, key=lambda unit: unit.valid_from)
        after = ", ".join(f"{heir.full_name_vi} ({heir.code})" for heir in self.programme.successors(unit)) or "—"
        last = unit.valid_to or date.max - timedelta(1)
        words = {"unit_vi": f"{unit.full_name_vi} ({unit.code})", "unit_en": f"{unit.name_en} ({unit.code})"}
        words |= {"ended": f"{last + timedelta(1):{DAY_VI}}", "last": f"{last:{DAY_VI}}"}
        self._add("unit_ended_inside" if period.is_last_of(unit) else "unit_ended", cell, found, after, **words)


def plain(cell: Any) -> str:
    """A cell of the head as text: 2025-07 for a date in July 2025, 1 for 1.0."""
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return clean(str(cell))


def _day_of(raw: Any) -> date | None:
    """The day a cell means: a date, 31/01/2001 or 2001-01-31."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = clean(str(raw))
    found = _DAY.fullmatch(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text)
    except ValueError:
        return None


def _names(unit: Unit) -> tuple[str, str]:
    return unit.full_name_vi.casefold(), unit.name_vi.casefold()


def _folded(name: str) -> str:
    """A name as it is typed in a hurry: without marks, capitals and signs."""
    bare = "".join(each for each in unicodedata.normalize("NFD", name) if not unicodedata.combining(each))
    return _UNLIKE.sub(" ", bare.casefold().replace("đ", "d")).strip()
