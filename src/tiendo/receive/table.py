"""Reads the table of numbers of one form. In: sheets, layout, who is asked what. Out: values and problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tiendo.programme import TOTAL, Element, FormRow, Programme, ValidationRule
from tiendo.receive.layout import HEAD_ROWS, Layout
from tiendo.receive.numbers import Number, format_vi, read_number
from tiendo.receive.parts import part_problems
from tiendo.receive.problems import Problem, clean, make
from tiendo.receive.reading import Value
from tiendo.receive.workbook import Sheets

COUNT_EXAMPLE, DECIMAL_EXAMPLE = "1.234", "1.234,5"
CUMULATIVE_COLUMNS = ("year_cumulative", "programme_cumulative")
NUMBER_COLUMNS = ("value", *CUMULATIVE_COLUMNS)


class TableReader:
    """One table being read. `expected` is None when the unit or period is not known: then nothing is called missing.

    `frames` holds how many there are of what an element counts, where that is known: {element code: count}.
    """

    def __init__(
        self,
        programme: Programme,
        layout: Layout,
        sheets: Sheets,
        expected: tuple[FormRow, ...] | None,
        frames: Mapping[str, int],
    ) -> None:
        self.programme, self.layout, self.sheets, self.expected = programme, layout, sheets, expected
        self.frames = frames
        self.asked = {row.form_code: row for row in expected or ()}
        self.rows: dict[str, int] = {}
        self.values: dict[str, Value] = {}
        self.problems: list[Problem] = []

    def read(self) -> tuple[tuple[Value, ...], list[Problem]]:
        """All values, in the order of the file, and all problems; none where the columns are not the form's."""
        if moved := self._moved_columns():
            return (), moved
        for row, code in self._code_cells():
            self._row(row, code)
        self._missing_rows()
        self.problems.extend(part_problems(self.programme, self.values.values()))
        for rule in self.programme.rules:
            if rule.gate == "raw":
                self._relation(rule)
        return tuple(self.values.values()), self.problems

    def _cell(self, column: str, row: int) -> Any:
        return self.sheets.at(self.layout.table_sheet, row, self.layout.columns[column])

    def _moved_columns(self) -> list[Problem]:
        """A column that was inserted, removed or moved would make numbers missing or give them to another column."""
        moved = []
        for column in ("element_code", *NUMBER_COLUMNS):
            head = self.layout.cells[f"column.{column}"]
            row = self.layout.first_row - (1 if head.over_vi else HEAD_ROWS)
            found = " ".join(clean(str(self._cell(column, row))).split())
            if found.casefold() != head.label_vi.casefold():
                moved.append(make("column_moved", self.layout.address(column, row), found, head.label_vi))
        return moved

    def _code_cells(self) -> Iterator[tuple[int, str]]:
        for row in range(self.layout.first_row, len(self.sheets.rows[self.layout.table_sheet])):
            code = clean(str(self._cell("element_code", row)))
            if code or any(self._cell(column, row) != "" for column in NUMBER_COLUMNS):
                yield row, code

    def _row(self, row: int, code: str) -> None:
        cell = self.layout.address("element_code", row)
        element_code, _, part = code.partition("/")
        element = self.programme.elements.get(element_code)
        if element is None:
            self.problems.append(make("element_unknown", cell, code))
        elif self.expected is not None and code not in self.asked:
            self.problems.append(make("element_not_applicable", cell, code))
        elif code in self.rows:
            first = self.layout.address("element_code", self.rows[code])
            self.problems.append(make("form_row_duplicated", cell, code, first))
        else:
            self.rows[code] = row
            disaggregation = self.asked[code].disaggregation_code if code in self.asked else part or TOTAL
            value = self._value(row, element, disaggregation)
            # What nobody is known to be asked has no place: it is read for its problems alone.
            if self.expected is not None:
                self.values[code] = value

    def _value(self, row: int, element: Element, disaggregation: str) -> Value:
        value = self._number("value", row, element)
        sums: list[Decimal | None] = [None, None]
        if not element.is_stock:
            sums = [self._cumulative(column, row, element, value) for column in CUMULATIVE_COLUMNS]
        cell = self.layout.address("value", row)
        # Only what is there now is limited by what there is: what adds up over time may count a thing twice.
        frame = self.frames.get(element.code) if element.is_stock else None
        if frame is not None and value.number is not None and value.number > frame:
            self.problems.append(make("above_frame", cell, value.text, frame, measure_en=element.measure_en))
        return Value(element.code, disaggregation, value.text, value.number, value.state, cell, *sums)

    def _cumulative(self, column: str, row: int, element: Element, value: Number) -> Decimal | None:
        found = self._number(column, row, element)
        if found.number is not None and value.number is not None and found.number < value.number:
            cell, shown = self.layout.address(column, row), format_vi(value.number)
            self.problems.append(make("cumulative_below_value", cell, found.text, shown))
        return found.number

    def _number(self, column: str, row: int, element: Element) -> Number:
        number = read_number(self._cell(column, row), self.programme.words, is_count=element.is_count)
        if number.rule_code is not None:
            example = COUNT_EXAMPLE if element.is_count else DECIMAL_EXAMPLE
            expected = element.measure_vi if number.rule_code == "count_not_whole" else example
            self.problems.append(
                make(
                    number.rule_code,
                    self.layout.address(column, row),
                    number.text,
                    expected,
                    measure_en=element.measure_en,
                )
            )
        return number

    def _missing_rows(self) -> None:
        for row, line in self.layout.place(self.expected or ()):
            if isinstance(line, FormRow) and line.form_code not in self.rows:
                cell = self.layout.address("element_code", row)
                self.problems.append(make("form_row_missing", cell, None, line.form_code))

    def _relation(self, rule: ValidationRule) -> None:
        left, right = self.values.get(rule.left_element), self.values.get(rule.right_element)
        if left is None or right is None or left.value_number is None or right.value_number is None:
            return
        if left.value_number > right.value_number:
            cells = f"{left.value_cell.rpartition('!')[2]}, {right.value_cell.rpartition('!')[2]}"
            self.problems.append(
                Problem(
                    rule.severity,
                    rule.code,
                    left.value_cell,
                    format_vi(left.value_number),
                    f"≤ {format_vi(right.value_number)}",
                    f"{rule.message_vi}. Hãy kiểm tra lại hai ô {cells}.",
                    f"{rule.message_en}. Check cells {cells}.",
                )
            )
