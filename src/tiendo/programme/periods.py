"""Report months made from a calendar rule: start, end, due day.

In: one row of calendar_rule, the days off, first and last period. Out: `Period`s that tile the time between.
"""

from __future__ import annotations

import calendar
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta

from tiendo.programme.seeds import SeedRow
from tiendo.programme.units import Unit

DUE_SHIFTS = frozenset({"none", "next_working_day"})
FREQUENCIES = frozenset({"month"})


@dataclass(frozen=True)
class CalendarRule:
    """When a report month starts and ends and when the report is due; days count within the named month.

    A start day after the end day lies in the month before. A due day before the end day lies in the month after.
    """

    code: str
    name_vi: str
    name_en: str
    start_day: int
    end_day: int
    due_day: int
    due_shift: str

    @classmethod
    def from_row(cls, row: SeedRow) -> CalendarRule:
        """A rule from its seed row."""
        row.one_of("frequency", FREQUENCIES)
        days = {name: row.whole(name) for name in ("start_day", "end_day", "due_day")}
        for name, day in days.items():
            if not 1 <= day <= 31:
                raise row.error(
                    f"{name} là {day}, ngày trong tháng từ 1 đến 31 / {name} is {day}; a day of the month is 1 to 31"
                )
        return cls(
            code=row.required("calendar_rule_code"),
            name_vi=row.required("name_vi"),
            name_en=row.required("name_en"),
            due_shift=row.one_of("due_shift", DUE_SHIFTS),
            **days,
        )


@dataclass(frozen=True, order=True)
class Period:
    """One report month. `code` is '2023-01'; `ordinal` counts from 1 at the programme's first period."""

    code: str
    start: date
    end: date
    due: date
    label_vi: str
    label_en: str
    report_year: int
    month: int
    ordinal: int

    @property
    def quarter(self) -> str:
        """Its report quarter, three report months: '2023-Q1' holds January to March."""
        return f"{self.report_year:04d}-Q{(self.month + 2) // 3}"

    def last_day_of(self, unit: Unit) -> date:
        """The day that decides what a unit is asked: the period's last, or the unit's own where it ended before."""
        return min(self.end, unit.valid_to or self.end)

    def is_last_of(self, unit: Unit) -> bool:
        """Whether the unit ends inside the period, so that it may send a closing report."""
        return unit.valid_to is not None and self.start <= unit.valid_to < self.end

    def cuts_in(self, unit: Unit) -> bool:
        """Whether the unit begins inside the period, so that days of it are of units before."""
        return self.start < unit.valid_from <= self.end


def split_code(code: str) -> tuple[int, int]:
    """(2023, 1) from '2023-01'; ValueError when it is not written so."""
    year, dash, month = code.partition("-")
    well_formed = (
        dash and len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdecimal()
    )
    if not well_formed or not 1 <= int(month) <= 12:
        raise ValueError(f"kỳ {code!r} không viết như / period {code!r} is not written as 2001-01")
    return int(year), int(month)


def make_periods(rule: CalendarRule, first: str, last: str, days_off: Container[date]) -> tuple[Period, ...]:
    """All periods from `first` to `last`, both included."""
    (year, month), stop = split_code(first), split_code(last)
    periods: list[Period] = []
    while (year, month) <= stop:
        periods.append(make_period(rule, year, month, days_off, len(periods) + 1))
        year, month = _shifted(year, month, 1)
    return tuple(periods)


def make_period(rule: CalendarRule, year: int, month: int, days_off: Container[date], ordinal: int) -> Period:
    """The period named for one month of a year."""
    start_month = _shifted(year, month, -1) if rule.start_day > rule.end_day else (year, month)
    due_month = _shifted(year, month, 1) if rule.due_day < rule.end_day else (year, month)
    due = _day(*due_month, rule.due_day)
    while rule.due_shift == "next_working_day" and (due.weekday() >= 5 or due in days_off):
        due += timedelta(days=1)
    return Period(
        code=f"{year:04d}-{month:02d}",
        start=_day(*start_month, rule.start_day),
        end=_day(year, month, rule.end_day),
        due=due,
        label_vi=f"Tháng {month}/{year}",
        label_en=f"{calendar.month_name[month]} {year}",
        report_year=year,
        month=month,
        ordinal=ordinal,
    )


def _shifted(year: int, month: int, by: int) -> tuple[int, int]:
    count = year * 12 + month - 1 + by
    return count // 12, count % 12 + 1


def _day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
