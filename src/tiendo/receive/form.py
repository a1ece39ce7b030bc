"""Writes the workbook a unit fills in for a period, blank or with content.

In: programme, unit, period and, for samples, a `Content`. Out: the bytes of an .xlsx file. What stands where comes from
the form_cell seed; only the input cells are unlocked.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from tiendo.programme import FormCell, FormRow, Period, Programme, SeedError, Unit
from tiendo.receive.layout import HEAD_ROWS, Layout, layout_of

if TYPE_CHECKING:
    import xlsxwriter

FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
BOX = {**FONT, "border": 1}
STYLES: dict[str, dict[str, Any]] = {
    "head": {**FONT, "align": "center"},
    "head_bold": {**FONT, "align": "center", "bold": True, "text_wrap": True},
    "title": {**FONT, "align": "center", "bold": True, "font_size": 14},
    "mark": {**FONT, "align": "center", "bold": True, "font_color": "#b2182b"},
    "label": {**FONT, "bold": True},
    "note": {**FONT, "italic": True, "text_wrap": True},
    "right": {**FONT, "italic": True, "align": "right"},
    "fact": {**FONT, "num_format": "@"},
    "input_fact": {**FONT, "num_format": "@", "locked": False},
    "blank": {**FONT, "locked": False},
    "input_line": {**FONT, "align": "center", "locked": False},
    "input_text": {**BOX, "text_wrap": True, "valign": "top", "locked": False},
    "table_head": {**BOX, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#d9e2f3"},
    "group": {**BOX, "bold": True},
    "cell": {**BOX, "text_wrap": True},
    "crossed": {**BOX, "align": "center", "bg_color": "#d9d9d9"},
    "input_count": {**BOX, "num_format": "#,##0", "locked": False},
    "input_decimal": {**BOX, "num_format": "#,##0.0##", "locked": False},
    "input_note": {**BOX, "text_wrap": True, "locked": False},
}
WIDTHS = {"order": 6, "element_code": 11, "element_name": 48, "measure": 12, "note": 20}
INPUTS = ("value", "year_cumulative", "programme_cumulative", "plan", "rate")
CUMULATIVES = ("year_cumulative", "programme_cumulative")
CROSSED_OUT = "x"
UNKNOWN = "…"
DAY = "%d/%m/%Y"


class NoSuchFormError(Exception):
    """There is no form for this unit and period; the message says why and what to do."""


@dataclass(frozen=True)
class Content:
    """What is filled in: {form code: {column: number or text}}, {theme: text}, and whether it is synthetic.

    The days it speaks of are all of the unit's days in the period, its predecessors' included, where nothing else is
    said.
    """

    numbers: Mapping[str, Mapping[str, float | str]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    is_synthetic: bool = False
    signed_on: date | None = None
    covers_from: date | None = None
    covers_to: date | None = None


def find_unit_and_period(
    programme: Programme, unit_code: str, period_code: str, covers_to: date | None = None
) -> tuple[Unit, Period]:
    """The unit with this code on the last day covered, the period's last where none is given.

    Where there is none, it is the unit that ended inside the period, for its closing report. A unit's key,
    code@first-day, names one whose code means another by then. NoSuchFormError when there is no such unit.
    """
    period = programme.period(period_code)
    if period is None:
        first, last = programme.periods[0].code, programme.periods[-1].code
        raise NoSuchFormError(
            f"Kỳ {period_code} nằm ngoài {first} - {last}. / {period_code} is outside {first} to {last}."
        )
    on = covers_to or period.end
    keyed = programme.unit_by_key.get(unit_code)
    called = (keyed,) if keyed else programme.units_called(unit_code)
    unit = next((each for each in called if each.in_force(on)), None)
    if unit is None and covers_to is None:
        unit = next((each for each in called if period.is_last_of(each)), None)
    if unit is None:
        after = [s.code for u in called if u.valid_to and u.valid_to < on for s in programme.successors(u)]
        hint_vi = f" Đơn vị kế thừa: {', '.join(after)}." if after else ""
        hint_en = f" It is followed by {', '.join(after)}." if after else ""
        raise NoSuchFormError(
            f"Không có đơn vị {unit_code} vào ngày {on:{DAY}}.{hint_vi} / "
            f"There is no unit {unit_code} on {on}.{hint_en}"
        )
    return unit, period


def write_form(programme: Programme, unit: Unit, period: Period, content: Content | None = None) -> bytes:
    """The workbook as bytes; the same input gives the same cells."""
    # Imported here: it takes a tenth of a second, and most commands write no form.
    import xlsxwriter  # noqa: PLC0415

    version = programme.form_version(period)
    if version is None:
        reason = f"không có phiên bản biểu mẫu vào ngày / no form version is in force on {period.end}"
        raise SeedError("form_version.csv", None, reason)
    layout = layout_of(programme, version.code)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        _Writer(book, programme, layout, unit=unit, period=period, content=content or Content()).write()
    return buffer.getvalue()


class _Writer:
    """One workbook being written."""

    def __init__(
        self,
        book: xlsxwriter.Workbook,
        programme: Programme,
        layout: Layout,
        *,
        unit: Unit,
        period: Period,
        content: Content,
    ) -> None:
        self.book, self.programme, self.layout = book, programme, layout
        self.unit, self.period, self.content = unit, period, content
        self.sheets = {name: book.add_worksheet(name) for name in layout.sheets}
        self.formats = {name: book.add_format(style) for name, style in STYLES.items()}
        self.mark = programme.term("synthetic").vi if content.is_synthetic else ""

    def write(self) -> None:
        self.book.set_properties(
            {
                "title": f"{self.programme.code} {self.unit.key} {self.period.code}",
                "category": self.mark,
                "comments": self.mark,
                "created": datetime.combine(self.period.end, time()),
            }
        )
        words, facts = self._words(), self._facts()
        for cell in self.layout.for_kind(self.unit.kind):
            label = cell.label_vi.format_map(words)
            if cell.label_cell:
                self._put(cell, cell.label_cell, label, "label" if cell.cell else cell.style)
            if cell.cell:
                self._put(cell, cell.cell, facts.get(cell.item, "" if cell.label_cell else label), cell.style)
        if self.period.cuts_in(self.unit):
            self._ask_since_when()
        self._table()
        for sheet in self.sheets.values():
            sheet.protect("", {"format_rows": True, "format_columns": True})
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)

    def _words(self) -> dict[str, object]:
        signed = self.content.signed_on
        return {
            "unit": self.unit.full_name_vi,
            "UNIT": self.unit.full_name_vi.upper(),
            "name": self.unit.name_vi,
            "programme": self.programme.name_vi,
            "basis": self.programme.reporting_basis_vi,
            "period": self.period.label_vi.lower(),
            "day": f"{signed:%d}" if signed else UNKNOWN,
            "month": f"{signed:%m}" if signed else UNKNOWN,
            "year": signed.year if signed else UNKNOWN,
        }

    def _facts(self) -> dict[str, str]:
        return {
            "unit_code": self.unit.code,
            "unit_name": self.unit.full_name_vi,
            "period": self.period.code,
            "data_from": f"{self.content.covers_from or self.period.start:{DAY}}",
            "data_to": f"{self.content.covers_to or self.period.last_day_of(self.unit):{DAY}}",
            "form_version": self.layout.version,
            "synthetic_mark": self.mark,
            "synthetic_mark_report": self.mark,
            **{f"text.{theme}": text for theme, text in self.content.texts.items()},
        }

    def _ask_since_when(self) -> None:
        """Days before the unit's first are its predecessors': it says whether they are in its numbers."""
        cell, first = self.layout.cells["data_from"], f"{self.unit.valid_from:{DAY}}"
        self._put(cell, cell.cell, self._facts()[cell.item], "input_fact")
        self.sheets[cell.sheet].data_validation(
            cell.first,
            {
                "validate": "any",
                "input_title": "Số liệu từ ngày nào?",
                "input_message": (
                    "Để nguyên nếu số liệu gồm cả những ngày của đơn vị trước khi sắp xếp; "
                    f"ghi {first} nếu chỉ gồm số liệu từ ngày đó và đơn vị trước có báo cáo riêng."
                ),
            },
        )

    def _put(self, cell: FormCell, place: str, text: str, style: str) -> None:
        sheet, chosen = self.sheets[cell.sheet], self.formats[style]
        first = place.partition(":")[0]
        if ":" in place:
            sheet.merge_range(place, "", chosen)
        if text:
            sheet.write_string(first, text, chosen)
        elif ":" not in place:
            sheet.write_blank(first, None, chosen)
        if style == "input_text":
            sheet.set_row(cell.row, 60)

    def _table(self) -> None:
        sheet = self.sheets[self.layout.table_sheet]
        self._table_head(sheet)
        lines = self.layout.place(self.programme.form_rows(self.unit, self.period))
        order = itertools.count(1)
        for row, line in lines:
            if isinstance(line, FormRow):
                self._element_row(sheet, row, line, next(order))
            else:
                self._group_row(sheet, row, line)
        self._validate(sheet, [(row, line) for row, line in lines if isinstance(line, FormRow)])
        sheet.freeze_panes(self.layout.first_row, self.layout.columns["value"])
        sheet.repeat_rows(self.layout.first_row - HEAD_ROWS, self.layout.first_row - 1)

    def _table_head(self, sheet: Any) -> None:
        top, style = self.layout.first_row - HEAD_ROWS, self.formats["table_head"]
        cells = [self.layout.cells[f"column.{name}"] for name in self.layout.columns]
        for name, column in self.layout.columns.items():
            sheet.set_column(column, column, WIDTHS.get(name, 14))
        for over, same in itertools.groupby(cells, key=lambda cell: cell.over_vi):
            columns = list(same)
            if over:
                sheet.merge_range(top, columns[0].column, top, columns[-1].column, over, style)
            for cell in columns:
                if over:
                    sheet.write_string(top + 1, cell.column, cell.label_vi, style)
                else:
                    sheet.merge_range(top, cell.column, top + 1, cell.column, cell.label_vi, style)

    def _group_row(self, sheet: Any, row: int, code: str) -> None:
        group, columns, style = self.programme.groups[code], self.layout.columns, self.formats["group"]
        for column in columns.values():
            sheet.write_blank(row, column, None, style)
        sheet.write_string(row, columns["order"], group.roman, style)
        sheet.write_string(row, columns["element_name"], group.name_vi, style)

    def _element_row(self, sheet: Any, row: int, line: FormRow, order: int) -> None:
        columns, element, cell = self.layout.columns, line.element, self.formats["cell"]
        number = self.formats["input_count" if element.is_count else "input_decimal"]
        filled = self.content.numbers.get(line.form_code, {})
        sheet.write_number(row, columns["order"], order, cell)
        sheet.write_string(row, columns["element_code"], line.form_code, cell)
        sheet.write_string(row, columns["element_name"], line.label_vi, cell)
        sheet.write_string(row, columns["measure"], element.measure_vi, cell)
        for name in INPUTS:
            found = filled.get(name)
            if element.is_stock and name in CUMULATIVES:
                sheet.write_string(row, columns[name], CROSSED_OUT, self.formats["crossed"])
            elif found is None:
                sheet.write_blank(row, columns[name], None, self.formats["input_decimal"] if name == "rate" else number)
            elif isinstance(found, str):
                sheet.write_string(row, columns[name], found, number)
            else:
                sheet.write_number(row, columns[name], found, number)
        sheet.write_blank(row, columns["note"], None, self.formats["input_note"])

    def _validate(self, sheet: Any, lines: list[tuple[int, FormRow]]) -> None:
        first, last = self.layout.columns["value"], self.layout.columns["programme_cumulative"]
        for is_count, run in itertools.groupby(lines, key=lambda line: line[1].element.is_count):
            rows = [row for row, _ in run]
            sheet.data_validation(
                rows[0],
                first,
                rows[-1],
                last,
                {
                    "validate": "integer" if is_count else "decimal",
                    "criteria": ">=",
                    "value": 0,
                    "error_title": "Số không hợp lệ",
                    "error_message": (
                        f"Hãy nhập số {'nguyên ' if is_count else ''}không âm; nhập 0 nếu không phát sinh, "
                        "để trống nếu chưa có số liệu."
                    ),
                },
            )
