"""Reads a filled checker's form. In: bytes, a programme, the day. Out: rows of the seed verification, errors by cell.

A row in which nothing is filled in is counted as open; one half filled in is an error. Nothing is left out in silence.
"""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from python_calamine import CalamineWorkbook

from tiendo.programme import Programme, Unit, personal_data
from tiendo.review.checks_layout import (
    COLUMNS,
    COUNT_CELL,
    FIRST_ROW,
    INPUTS,
    MARK_CELL,
    NEEDED,
    PROGRAMME_CELL,
    QUARTER_CELL,
    SEAL_CELL,
    SEALED,
    SHEET,
    address,
    evidence_kinds,
    seal,
)

LARGEST_FILE = 5_000_000
LONGEST_LINE = 120
LARGEST = 10**8
_VIETNAMESE = re.compile(r"-?(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
NAMED = {
    "found_value": ("số tìm thấy", "the number found"),
    "evidence_kind": ("loại chứng cứ", "the kind of evidence"),
    "checked_by": ("cơ quan kiểm chứng", "the office that checked"),
    "checked_on": ("ngày kiểm chứng", "the day of the check"),
}


@dataclass(frozen=True)
class FormError:
    """What is wrong at one cell, in Vietnamese and English; `cell` is empty where the whole file is meant."""

    cell: str
    vi: str
    en: str


@dataclass
class Checked:
    """What a form says: rows of the seed, rows not checked yet, errors."""

    rows: list[dict[str, str]] = field(default_factory=list)
    open_count: int = 0
    errors: list[FormError] = field(default_factory=list)


def read_checks(content: bytes, programme: Programme, today: date) -> Checked:
    """The checks in a filled form, known from `today` on. No content makes it raise."""
    try:
        # A form is some kilobytes; what is larger is none, and is not opened.
        book = CalamineWorkbook.from_filelike(io.BytesIO(content[:LARGEST_FILE]))
        rows = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    except BaseException as crash:
        # A panic inside the parser is not an Exception; anything else of that kind (an interrupt) goes on up.
        if not isinstance(crash, Exception) and type(crash).__name__ != "PanicException":
            raise
        vi = f"Tệp không phải là phiếu kiểm chứng (.xlsx có trang “{SHEET}”)."
        return Checked(errors=[FormError("", vi, f"The file is no checker's form (an .xlsx with a sheet “{SHEET}”).")])
    return _Form(rows, programme, today).read()


class _Form:
    """One form being read."""

    def __init__(self, rows: list[list[Any]], programme: Programme, today: date) -> None:
        self.rows, self.programme, self.today = rows, programme, today
        self.quarter = self._text(*QUARTER_CELL)
        self.is_synthetic = programme.term("synthetic").vi in self._text(*MARK_CELL)
        self.kinds = evidence_kinds(programme)
        self.checked = Checked()

    def read(self) -> Checked:
        count = self._count()
        if count is None:
            return self.checked
        seen: dict[str, int] = {}
        for row in range(FIRST_ROW, len(self.rows)):
            if not any(self._text(row, column) for column in COLUMNS.values()):
                continue
            number = self._text(row, COLUMNS["order"])
            if number in seen:
                self._add(row, "order", f"Dòng {number} có hai lần.", f"Row {number} is there twice.")
            elif not self._is_sealed(row):
                self._add(
                    row,
                    "seal",
                    "Phần khóa của dòng đã bị sửa, hoặc dòng không có trong phiếu gốc. Hãy lấy lại phiếu và điền lại.",
                    "The locked part of this row was changed, or the row was never drawn. Take the form anew.",
                )
            else:
                seen[number] = row
                self._row(row)
        missing = [str(number) for number in range(1, count + 1) if str(number) not in seen]
        if missing and not self.checked.errors:
            listed = ", ".join(missing)
            self._whole(f"Thiếu dòng {listed} của phiếu.", f"Rows {listed} of the form are missing.")
        return self.checked

    def _count(self) -> int | None:
        """How many rows were drawn; None when the head is not as it was written."""
        code, count = self._text(*PROGRAMME_CELL), self._text(*COUNT_CELL)
        if code != self.programme.code:
            self._whole(
                f"Phiếu không phải của chương trình {self.programme.code}.",
                f"The form is not of programme {self.programme.code}.",
                address(*PROGRAMME_CELL),
            )
        elif self._text(*SEAL_CELL) != seal(code, self.quarter, count, self.is_synthetic) or not count.isdecimal():
            self._whole(
                "Phần đầu của phiếu đã bị sửa. Hãy lấy lại phiếu và điền lại.",
                "The head of the form was changed. Take the form anew and fill it in again.",
                address(*SEAL_CELL),
            )
        else:
            return int(count)
        return None

    def _is_sealed(self, row: int) -> bool:
        parts = (self._text(row, COLUMNS[name]) for name in SEALED)
        return self._text(row, COLUMNS["seal"]) == seal(self.programme.code, self.quarter, *parts)

    def _row(self, row: int) -> None:
        texts = {name: self._text(row, COLUMNS[name]) for name in COLUMNS}
        if not any(texts[name] for name in INPUTS):
            self.checked.open_count += 1
            return
        unit = self.programme.unit_by_key.get(texts["unit_key"])
        element = self.programme.elements.get(texts["element_code"])
        if unit is None or element is None:
            self._add(row, "unit_key", "Không còn đơn vị hoặc chỉ tiêu này.", "This unit or element is not known now.")
            return
        before = len(self.checked.errors)
        for name in NEEDED:
            if not texts[name]:
                vi, en = NAMED[name]
                self._add(row, name, f"Chưa ghi {vi}.", f"Write {en}.")
        found = self._found(row, texts["found_value"], is_count=element.is_count)
        day = self._day(row, unit, texts["period_code"])
        if texts["evidence_kind"] and texts["evidence_kind"] not in self.kinds:
            self._add(row, "evidence_kind", "Hãy chọn một loại trong danh sách.", "Choose a kind from the list.")
        for name in ("document", "checked_by"):
            self._line(row, name, texts[name])
        if found is None or day is None or len(self.checked.errors) > before:
            return
        vi, en = self.kinds[texts["evidence_kind"]]
        document = f": {texts['document']}" if texts["document"] else ""
        self.checked.rows.append(
            {
                "unit_code": unit.code,
                "unit_valid_from": str(unit.valid_from),
                "period_code": texts["period_code"],
                "element_code": element.code,
                "reported_value": texts["reported_value"],
                "found_value": f"{found:f}",
                "evidence_vi": vi + document,
                "evidence_en": en + document,
                "checked_by": texts["checked_by"],
                "checked_on": str(day),
                "known_from": str(self.today),
                "quarter": self.quarter,
                "inclusion_probability": texts["inclusion_probability"],
                "is_synthetic": str(self.is_synthetic).lower(),
                "source_note": f"checker's form of {self.quarter}, row {texts['order']}",
            }
        )

    def _found(self, row: int, text: str, *, is_count: bool) -> Decimal | None:
        if not text:
            return None
        cell = self._at(row, COLUMNS["found_value"])
        if isinstance(cell, str):
            number = Decimal(text.replace(".", "").replace(",", ".")) if _VIETNAMESE.fullmatch(text) else None
        else:
            is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
            number = Decimal(text) if is_number else None
        if number is None or not number.is_finite() or number < 0 or number > LARGEST:
            self._add(row, "found_value", "Cần một số từ 0 trở lên, như 1.234.", "A number of 0 or more is needed.")
        elif is_count and number != number.to_integral_value():
            self._add(row, "found_value", "Chỉ tiêu này cần số nguyên.", "This element needs a whole number.")
        else:
            return number
        return None

    def _day(self, row: int, unit: Unit, period_code: str) -> date | None:
        cell, text = self._at(row, COLUMNS["checked_on"]), self._text(row, COLUMNS["checked_on"])
        if not text:
            return None
        day = _day_of(cell)
        period = self.programme.period(period_code)
        if day is None or period is None:
            self._add(row, "checked_on", "Hãy ghi ngày, tháng, năm, như 31/01/2001.", "Write a day, as in 31/01/2001.")
        elif day > self.today:
            self._add(row, "checked_on", f"Ngày {day:%d/%m/%Y} ở tương lai.", f"{day} lies in the future.")
        elif day < (last := period.last_day_of(unit)):
            self._add(
                row,
                "checked_on",
                f"Ngày {day:%d/%m/%Y} trước khi kỳ kết thúc ({last:%d/%m/%Y}).",
                f"{day} lies before the period's end, {last}.",
            )
        else:
            return day
        return None

    def _line(self, row: int, name: str, text: str) -> None:
        """A line holds documents and offices, never persons; what it holds is not repeated."""
        if found := personal_data(text):
            vi = f"Ô có vẻ chứa {found[0]}. Chỉ ghi văn bản và cơ quan, không ghi về người nào."
            self._add(row, name, vi, f"The cell seems to hold {found[1]}. Name documents and offices, never persons.")
        elif len(text) > LONGEST_LINE:
            vi = f"Dài quá {LONGEST_LINE} ký tự."
            self._add(row, name, vi, f"Longer than {LONGEST_LINE} characters.")

    def _at(self, row: int, column: int) -> Any:
        try:
            return self.rows[row][column]
        except IndexError:
            return ""

    def _text(self, row: int, column: int) -> str:
        cell = self._at(row, column)
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        return " ".join(unicodedata.normalize("NFC", str(cell)).split())

    def _add(self, row: int, name: str, vi: str, en: str) -> None:
        self.checked.errors.append(FormError(address(row, COLUMNS[name]), vi, en))

    def _whole(self, vi: str, en: str, cell: str = "") -> None:
        self.checked.errors.append(FormError(cell, vi, en))


def _day_of(cell: object) -> date | None:
    """A day from a date cell, or from text written 31/01/2001."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    match = _DAY.fullmatch(str(cell).strip())
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None
