"""What a form asks and where it stands: elements, who reports them, form versions and their cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tiendo.programme.seeds import SeedRow

TIME_RULES = frozenset({"flow", "stock", "event"})
NUMBER_KINDS = frozenset({"count", "decimal"})
# Budgets count the calendar month that a period is named for.
PERIOD_CALENDARS = frozenset({"report", "calendar"})
# Ways of asking for a total; any other breakdown is a dimension of disaggregation.csv.
TOTAL_BREAKDOWNS = frozenset({"none", "predecessor"})
RULE_KINDS = frozenset({"not_above"})
TOTAL = "total"
_PLACE = re.compile(r"[A-Z]{1,2}([1-9][0-9]{0,4}(:[A-Z]{1,2}[1-9][0-9]{0,4})?)?")


@dataclass(frozen=True)
class ElementGroup:
    """A heading of the form, numbered in Roman."""

    code: str
    roman: str
    name_vi: str
    name_en: str


@dataclass(frozen=True)
class Element:
    """One reported number: its unit of measure, how it adds up over time, who counts it."""

    code: str
    name_vi: str
    name_en: str
    measure_vi: str
    measure_en: str
    time_rule: str
    counted_by: str
    number_kind: str
    group_code: str
    form_order: int
    period_calendar: str

    @classmethod
    def from_row(cls, row: SeedRow) -> Element:
        """An element from its seed row."""
        return cls(
            code=row.required("element_code"),
            name_vi=row.required("name_vi"),
            name_en=row.required("name_en"),
            measure_vi=row.required("measure_vi"),
            measure_en=row.required("measure_en"),
            time_rule=row.one_of("time_rule", TIME_RULES),
            counted_by=row.required("counted_by"),
            number_kind=row.one_of("number_kind", NUMBER_KINDS),
            group_code=row.required("group_code"),
            form_order=row.whole("form_order"),
            period_calendar=row.one_of("period_calendar", PERIOD_CALENDARS),
        )

    @property
    def is_count(self) -> bool:
        """Whether only whole numbers make sense."""
        return self.number_kind == "count"

    @property
    def is_stock(self) -> bool:
        """Whether the last value is the total: its cumulative cells are crossed out."""
        return self.time_rule == "stock"


@dataclass(frozen=True)
class Applicability:
    """Which units report an element, by kind or by code, from when to when."""

    element_code: str
    unit_kind: str
    unit_code: str
    valid_from: date
    valid_to: date | None
    breakdown: str

    @classmethod
    def from_row(cls, row: SeedRow) -> Applicability:
        """An applicability from its seed row; it names either a kind or a code."""
        if bool(row.text("unit_kind")) == bool(row.text("unit_code")):
            raise row.error(
                "điền đúng một trong unit_kind và unit_code / exactly one of unit_kind and unit_code must be filled in"
            )
        return cls(
            row.required("element_code"),
            row.text("unit_kind"),
            row.text("unit_code"),
            row.day("valid_from"),
            row.day_or_none("valid_to"),
            row.required("breakdown"),
        )

    def in_force(self, on: date) -> bool:
        """Whether the rule holds on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class FormRow:
    """One row of one unit's form in one period. `form_code` stands in the form: an element's code, followed in a
    breakdown by / and the former unit's code or dimension.value.
    """

    element: Element
    form_code: str
    disaggregation_code: str
    label_vi: str
    label_en: str
    dimension_code: str = ""

    @property
    def is_part(self) -> bool:
        """Whether it is a part of another row's number, by a dimension of disaggregation.csv."""
        return bool(self.dimension_code)


@dataclass(frozen=True)
class FormVersion:
    """A version of the form with its validity."""

    code: str
    valid_from: date
    valid_to: date | None
    description_vi: str
    description_en: str


@dataclass(frozen=True)
class FormCell:
    """Where one item of a form stands: a cell (C5), a merged range (A13:J13), a column of the table (E), or nowhere.

    `label_vi` is written into `label_cell`, or into the cell itself where there is none; `over_vi` heads columns.
    """

    version: str
    item: str
    sheet: str
    cell: str
    label_cell: str
    label_vi: str
    over_vi: str
    style: str

    @classmethod
    def from_row(cls, row: SeedRow) -> FormCell:
        """A cell from its seed row."""
        for column in ("cell", "label_cell"):
            if row.text(column) and not _PLACE.fullmatch(row.text(column)):
                place = row.text(column)
                raise row.error(
                    f"{column} là {place!r}, cần C5, A13:J13 hoặc một cột như E / "
                    f"{column} is {place!r}; C5, A13:J13 or a column such as E is needed"
                )
        return cls(
            version=row.required("form_version"),
            item=row.required("item"),
            sheet=row.required("sheet"),
            cell=row.text("cell"),
            label_cell=row.text("label_cell"),
            label_vi=row.text("label_vi"),
            over_vi=row.text("over_vi"),
            style=row.required("style"),
        )

    @property
    def first(self) -> str:
        """The cell that holds the value: the upper left one of a range."""
        return self.cell.partition(":")[0]

    @property
    def address(self) -> str:
        """Sheet and cell, as in Số liệu!E14."""
        return f"{self.sheet}!{self.first}"

    @cached_property
    def column(self) -> int:
        """The column, from 0."""
        index = 0
        for letter in self.first.rstrip("0123456789"):
            index = index * 26 + ord(letter) - 64
        return index - 1

    @cached_property
    def row(self) -> int:
        """The row, from 0; -1 for a column of the table."""
        return int(self.first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0) - 1


@dataclass(frozen=True)
class ValidationRule:
    """A relation between two elements of one report, with severity and message."""

    code: str
    gate: str
    severity: str
    kind: str
    left_element: str
    right_element: str
    message_vi: str
    message_en: str

    @classmethod
    def from_row(cls, row: SeedRow) -> ValidationRule:
        """A rule from its seed row."""
        return cls(
            row.required("rule_code"),
            row.required("gate"),
            row.one_of("severity", frozenset({"error", "warning"})),
            row.one_of("rule_kind", RULE_KINDS),
            row.required("left_element"),
            row.required("right_element"),
            row.required("message_vi"),
            row.required("message_en"),
        )
