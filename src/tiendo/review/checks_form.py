"""Writes what a checker takes along: the form to fill in, and the same numbers as rows of the seed verification.

In: a programme and a sample. Out: the bytes of an .xlsx file, and a CSV. Only what the checker finds is unlocked.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from tiendo.programme import Programme
from tiendo.review.checks_draw import Drawn
from tiendo.review.checks_layout import (
    COLUMNS,
    COUNT_CELL,
    FIRST_ROW,
    HEAD_ROW,
    INPUTS,
    MARK_CELL,
    PROGRAMME_CELL,
    QUARTER_CELL,
    SEAL_CELL,
    SEALED,
    SHEET,
    evidence_kinds,
    seal,
)
from tiendo.review.checks_sample import Sample

if TYPE_CHECKING:
    import xlsxwriter

SEED_COLUMNS = (
    "unit_code", "unit_valid_from", "period_code", "element_code", "reported_value", "found_value", "evidence_vi",
    "evidence_en", "checked_by", "checked_on", "known_from", "quarter", "inclusion_probability", "is_synthetic",
    "source_note",
)  # fmt: skip
BOX = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter", "border": 1, "text_wrap": True}
HEADS = {
    "order": ("STT / No.", 6),
    "unit_key": ("Mã đơn vị / Unit code", 16),
    "unit": ("Đơn vị / Unit", 30),
    "period_code": ("Kỳ / Period", 10),
    "element_code": ("Mã chỉ tiêu / Element code", 11),
    "element": ("Chỉ tiêu / Element", 44),
    "measure": ("Đơn vị tính / Measure", 14),
    "reported_value": ("Số đã báo cáo / Reported", 13),
    "file_name": ("Tệp báo cáo / File", 24),
    "value_cell": ("Trang tính và ô / Sheet and cell", 14),
    "inclusion_probability": ("Xác suất được rút / Chance to be drawn", 12),
    "found_value": ("Số tìm thấy trong hồ sơ / Found", 14),
    "evidence_kind": ("Loại chứng cứ / Kind of evidence", 24),
    "document": ("Số, ký hiệu văn bản / Document", 24),
    "checked_by": ("Cơ quan kiểm chứng / Office that checked", 26),
    "checked_on": ("Ngày kiểm chứng / Day of the check", 14),
    "seal": ("Mã kiểm / Seal", 15),
}
GUIDE = (
    "Với mỗi dòng: mở báo cáo đã nêu, đối chiếu hồ sơ, ghi số tìm thấy (0 nếu không có hồ sơ nào), chứng cứ, cơ quan, "
    "ngày. Không ghi tên, số điện thoại, số giấy tờ của người nào.",
    "For each row: open the report named, compare it with the documents, write what they bear out, 0 if none, "
    "the evidence, the office, the day. No names, telephone or identity numbers of persons.",
)


def probability_text(drawn: Drawn) -> str:
    """The inclusion probability with six significant digits: 0.0177389."""
    return f"{float(drawn.probability):.6g}"


def write_rows(sample: Sample) -> str:
    """The drawn numbers as a CSV with the columns of the seed verification; what is to be found is empty."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, SEED_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for drawn in sample.drawn:
        code, _, since = drawn.cell.unit_key.partition("@")
        writer.writerow(
            {
                "unit_code": code,
                "unit_valid_from": since,
                "period_code": drawn.cell.period_code,
                "element_code": drawn.cell.element_code,
                "reported_value": number_text(drawn),
                "quarter": sample.quarter,
                "inclusion_probability": probability_text(drawn),
                "is_synthetic": str(sample.is_synthetic).lower(),
            }
        )
    return buffer.getvalue()


def number_text(drawn: Drawn) -> str:
    """The reported number in its shortest form: 12 or 12.5."""
    value = drawn.cell.value
    return str(value.numerator) if value.denominator == 1 else str(float(value))


def write_form(programme: Programme, sample: Sample) -> bytes:
    """The checker's form; the same sample gives the same cells."""
    # Imported here: it takes a tenth of a second, and most commands write no form.
    import xlsxwriter  # noqa: PLC0415

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        _Writer(book, programme, sample).write()
    return buffer.getvalue()


class _Writer:
    """One form being written."""

    def __init__(self, book: xlsxwriter.Workbook, programme: Programme, sample: Sample) -> None:
        self.programme, self.sample = programme, sample
        self.sheet: Any = book.add_worksheet(SHEET)
        self.title = book.add_format({**BOX, "border": 0, "bold": True, "font_size": 14, "text_wrap": False})
        self.mark = book.add_format({**BOX, "border": 0, "bold": True, "font_color": "#b2182b", "text_wrap": False})
        self.plain = book.add_format({**BOX, "border": 0, "text_wrap": False})
        self.head = book.add_format({**BOX, "bold": True, "align": "center", "bg_color": "#d9e2f3"})
        self.cell = book.add_format(BOX)
        entry = {**BOX, "locked": False, "bg_color": "#fff9e5"}
        self.entry, self.day = book.add_format(entry), book.add_format({**entry, "num_format": "dd/mm/yyyy"})
        first = programme.periods[0]
        book.set_properties({"title": f"{SHEET} {sample.quarter}", "created": datetime.combine(first.start, time())})

    def write(self) -> None:
        self._head()
        for number, drawn in enumerate(self.sample.drawn, 1):
            self._row(FIRST_ROW + number - 1, number, drawn)
        self._validate(FIRST_ROW, FIRST_ROW + len(self.sample.drawn) - 1)
        self.sheet.freeze_panes(FIRST_ROW, 0)
        self.sheet.repeat_rows(HEAD_ROW)
        self.sheet.protect("", {"format_rows": True, "format_columns": True})
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)

    def _head(self) -> None:
        sample, mark = self.sample, self.programme.term("synthetic")
        if sample.is_synthetic:
            self.sheet.write_string(*MARK_CELL, f"{mark.vi} / {mark.en}", self.mark)
        self.sheet.write_string(1, 0, "PHIẾU KIỂM CHỨNG SỐ LIỆU / SPOT CHECK FORM", self.title)
        self.sheet.write_string(2, 0, self.programme.name_vi, self.plain)
        sealed = seal(self.programme.code, sample.quarter, len(sample.drawn), sample.is_synthetic)
        for (row, column), label, text in (
            (PROGRAMME_CELL, "Chương trình / Programme", self.programme.code),
            (QUARTER_CELL, "Quý / Quarter", sample.quarter),
            (COUNT_CELL, "Số dòng / Rows", str(len(sample.drawn))),
            (SEAL_CELL, "Mã kiểm / Seal", sealed),
        ):
            self.sheet.write_string(row, 0, label, self.plain)
            self.sheet.write_string(row, column, text, self.plain)
        for row, line in enumerate(GUIDE, PROGRAMME_CELL[0]):
            self.sheet.write_string(row, 5, line, self.plain)
        self.sheet.set_row(HEAD_ROW, 54)
        for name, (label, width) in HEADS.items():
            self.sheet.set_column(COLUMNS[name], COLUMNS[name], width)
            self.sheet.write_string(HEAD_ROW, COLUMNS[name], label, self.head)

    def _row(self, row: int, number: int, drawn: Drawn) -> None:
        cell, unit = drawn.cell, self.programme.unit_by_key[drawn.cell.unit_key]
        element = self.programme.elements[cell.element_code]
        texts = {
            "order": str(number),
            "unit_key": cell.unit_key,
            "unit": f"{unit.full_name_vi} / {unit.name_en}",
            "period_code": cell.period_code,
            "element_code": cell.element_code,
            "element": f"{element.name_vi} / {element.name_en}",
            "measure": f"{element.measure_vi} / {element.measure_en}",
            "reported_value": number_text(drawn),
            "file_name": cell.file_name,
            "value_cell": cell.value_cell,
            "inclusion_probability": probability_text(drawn),
        }
        texts["seal"] = seal(self.programme.code, self.sample.quarter, *(texts[name] for name in SEALED))
        for name, text in texts.items():
            if name == "reported_value":
                self.sheet.write_number(row, COLUMNS[name], float(cell.value), self.cell)
            else:
                self.sheet.write_string(row, COLUMNS[name], text, self.cell)
        for name in INPUTS:
            self.sheet.write_blank(row, COLUMNS[name], None, self.day if name == "checked_on" else self.entry)

    def _validate(self, first: int, last: int) -> None:
        for row, drawn in enumerate(self.sample.drawn, first):
            is_count = self.programme.elements[drawn.cell.element_code].is_count
            self._rule(row, row, "found_value", validate="integer" if is_count else "decimal", criteria=">=", value=0)
        kinds = list(evidence_kinds(self.programme))
        self.sheet.write_column(FIRST_ROW, len(COLUMNS) + 1, kinds)
        column = len(COLUMNS) + 1
        self.sheet.set_column(column, column, None, None, {"hidden": True})
        letter = chr(ord("A") + column)
        source = f"=${letter}${FIRST_ROW + 1}:${letter}${FIRST_ROW + len(kinds)}"
        self._rule(first, last, "evidence_kind", validate="list", source=source)
        oldest = self.programme.periods[0].start
        self._rule(first, last, "checked_on", validate="date", criteria=">=", value=oldest)

    def _rule(self, first: int, last: int, name: str, **rule: Any) -> None:
        messages = {
            "found_value": "Ghi số từ 0 trở lên; số nguyên nếu là số đếm.",
            "evidence_kind": "Chọn một loại trong danh sách.",
            "checked_on": "Ghi ngày, tháng, năm.",
        }
        told = {"error_title": "Chưa đúng / Not right", "error_message": messages[name]}
        self.sheet.data_validation(first, COLUMNS[name], last, COLUMNS[name], {**rule, **told})
