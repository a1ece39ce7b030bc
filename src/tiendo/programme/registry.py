"""The programme as data: everything the seeds of one folder say, checked and linked.

In: a folder of CSV seeds. Out: a frozen `Programme`. Reading is cached until a seed changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tiendo.programme import seeds
from tiendo.programme.card_checks import check_cards
from tiendo.programme.card_tables import CardTables
from tiendo.programme.checks import check
from tiendo.programme.form_checks import check_forms
from tiendo.programme.form_tables import FormTables
from tiendo.programme.forms import TOTAL, TOTAL_BREAKDOWNS, Element, FormRow
from tiendo.programme.frame_tables import FrameTables
from tiendo.programme.periods import CalendarRule, Period, make_periods
from tiendo.programme.seeds import SeedRow
from tiendo.programme.tile_checks import check_tiles
from tiendo.programme.unit_tables import UnitTables
from tiendo.programme.units import Unit
from tiendo.programme.verification_checks import check_verifications

VALUE_STATES = frozenset({"nil", "not_applicable", "missing", "withheld"})


@dataclass(frozen=True)
class Term:
    """A word of the glossary in both languages."""

    vi: str
    en: str


@dataclass(frozen=True, eq=False)
class Programme(UnitTables, FormTables, FrameTables, CardTables):
    """One programme: its calendar, units, elements, forms, rules and words. Tables are read when first asked for."""

    @classmethod
    def read(cls, folder: Path | str) -> Programme:
        """The programme of a folder; SeedError when a seed does not hold."""
        path = Path(folder).resolve()
        return _read(path, seeds.signature(path))

    def seeds_hash(self) -> str:
        """SHA-256 over names and bytes of the seeds."""
        return seeds.content_hash(self.folder)

    @cached_property
    def row(self) -> SeedRow:
        """The one row of programme.csv."""
        rows = self.table("programme")
        if len(rows) != 1:
            raise seeds.SeedError(
                "programme.csv", None, f"cần đúng một dòng, đang có {len(rows)} / one row is needed, {len(rows)} found"
            )
        return rows[0]

    @property
    def code(self) -> str:
        """The programme's code."""
        return self.row.required("programme_code")

    @property
    def name_vi(self) -> str:
        """The programme's name in Vietnamese."""
        return self.row.required("name_vi")

    @property
    def name_en(self) -> str:
        """The programme's name in English."""
        return self.row.required("name_en")

    @property
    def decision_vi(self) -> str:
        """The decision it rests on."""
        return self.row.text("decision_vi")

    @property
    def reporting_basis_vi(self) -> str:
        """The legal basis of its reporting, or that it is voluntary."""
        return self.row.text("reporting_basis_vi")

    @property
    def start_date(self) -> date:
        """The programme's first day."""
        return self.row.day("start_date")

    @property
    def end_date(self) -> date:
        """The programme's last day."""
        return self.row.day("end_date")

    @cached_property
    def time_zone(self) -> ZoneInfo:
        """Where its days begin: a report arrives on a day of this zone."""
        name = self.row.required("time_zone")
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as found:
            raise self.row.error(f"không biết time_zone {name!r} / time_zone {name!r} is not known") from found

    @cached_property
    def calendar_rule(self) -> CalendarRule:
        """The rule its periods follow."""
        wanted = self.row.required("calendar_rule_code")
        for row in self.table("calendar_rule"):
            if row.text("calendar_rule_code") == wanted:
                return CalendarRule.from_row(row)
        raise self.row.error(f"calendar_rule_code {wanted!r} không có trong / is not in calendar_rule.csv")

    @cached_property
    def holidays(self) -> frozenset[date]:
        """Days off beside the weekends."""
        return frozenset(row.day("holiday_date") for row in self.table("holiday"))

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """All report months from first_period to last_period."""
        first, last = self.row.required("first_period"), self.row.required("last_period")
        try:
            return make_periods(self.calendar_rule, first, last, self.holidays)
        except ValueError as found:
            raise self.row.error(str(found)) from found

    @cached_property
    def _period_by_code(self) -> dict[str, Period]:
        return {period.code: period for period in self.periods}

    def period(self, code: str) -> Period | None:
        """The period called '2023-01', or None outside the programme."""
        return self._period_by_code.get(code)

    def expected(self, period: Period) -> tuple[Unit, ...]:
        """The units that owe a report: those in force on the period's last day, from their own plan on."""
        return tuple(unit for unit in self.units_in_force(period.end) if self.is_obliged(unit, period.end))

    @cached_property
    def _form_rows(self) -> dict[tuple[str, int, bool], tuple[FormRow, ...]]:
        return {}

    @cached_property
    def _turning_days(self) -> list[date]:
        """The days from which anybody may be asked something else."""
        days = {rule.valid_from for rule in self.applicabilities} | {each.effective for each in self.successions}
        days |= {rule.valid_to + timedelta(1) for rule in self.applicabilities if rule.valid_to}
        return sorted(days)

    def form_rows(self, unit: Unit, period: Period) -> tuple[FormRow, ...]:
        """What `unit` is asked in `period`, in the order of the form; its last day in the period decides."""
        on = period.last_day_of(unit)
        key = (unit.key, bisect_right(self._turning_days, on), on < period.end)
        if key not in self._form_rows:
            self._form_rows[key] = self._make_form_rows(unit, on, is_closing=on < period.end)
        return self._form_rows[key]

    def _make_form_rows(self, unit: Unit, on: date, *, is_closing: bool) -> tuple[FormRow, ...]:
        asked: dict[str, list[str]] = defaultdict(list)
        for rule in self.applicabilities:
            if rule.in_force(on) and self.holds(rule.unit_kind, rule.unit_code, rule.valid_from, unit, on):
                asked[rule.element_code].append(rule.breakdown)
        rows: list[FormRow] = []
        for element in self.elements.values():
            # A stock at the end of a unit is nobody's at the end of the period.
            if is_closing and element.is_stock:
                continue
            for breakdown in sorted(set(asked[element.code]), key=lambda each: (each not in TOTAL_BREAKDOWNS, each)):
                rows += self._rows_of(element, breakdown, unit)
        return tuple(rows)

    def _rows_of(self, element: Element, breakdown: str, unit: Unit) -> Iterator[FormRow]:
        formers = self.predecessors(unit) if breakdown == "predecessor" else ()
        for former in formers:
            yield FormRow(
                element,
                f"{element.code}/{former.code}",
                former.key,
                f"{element.name_vi}: {former.name_vi} (trước đây)",
                f"{element.name_en}: former {former.name_en}",
            )
        if breakdown in TOTAL_BREAKDOWNS and not formers:
            # A unit that nobody was merged into speaks for its own soil.
            yield FormRow(element, element.code, TOTAL, element.name_vi, element.name_en)
        for part in self.parts_of(breakdown):
            yield FormRow(
                element,
                f"{element.code}/{part.code}",
                part.code,
                f"  Trong đó, {part.dimension_vi}: {part.name_vi}",
                f"  Of these, {part.dimension_en}: {part.name_en}",
                part.dimension_code,
            )

    @cached_property
    def words(self) -> dict[str, str]:
        """Words that stand for a state, case-folded: {'không phát sinh': 'nil'}."""
        rows = self.table("value_word")
        return {row.required("word").casefold(): row.one_of("value_state", VALUE_STATES) for row in rows}

    @cached_property
    def terms(self) -> dict[str, Term]:
        """The glossary by code."""
        rows = self.table("term")
        return {row.required("term_code"): Term(row.required("vi"), row.required("en")) for row in rows}

    def term(self, code: str) -> Term:
        """A word of the glossary; SeedError when it is not there."""
        if code not in self.terms:
            known = ", ".join(sorted(self.terms))
            reason = f"không có từ {code!r}; đã có: {known} / no term {code!r}; known are {known}"
            raise seeds.SeedError("term.csv", None, reason)
        return self.terms[code]


@lru_cache(maxsize=8)
def _read(folder: Path, _signature: tuple[tuple[str, int, int], ...]) -> Programme:
    programme = Programme(folder)
    # Touch what everything rests on, so that a broken seed is found here and not in the middle of a load.
    _ = programme.periods, programme.regions, programme.successions, programme.applicabilities, programme.rules
    for unit in programme.units:
        programme.region_key_of(unit)
    check(programme)
    check_cards(programme)
    check_forms(programme)
    check_tiles(programme)
    check_verifications(programme)
    return programme
