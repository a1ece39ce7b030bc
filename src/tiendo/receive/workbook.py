"""Opens the bytes of a spreadsheet and hands out its cells; content of any kind ends as a `Problem`, never as a crash.

In: bytes. Out: `Sheets`, or the problem that says why there are none.
"""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from tiendo.programme import FormCell
from tiendo.receive.package import BROKEN_ARCHIVE, Lost, place_of, unpack
from tiendo.receive.problems import Problem, make

UNREADABLE = make("file_unreadable", "")
BROKEN = (CalamineError, *BROKEN_ARCHIVE)


@dataclass(frozen=True)
class Sheets:
    """The cells of a workbook: {sheet name in NFC: rows}; blank cells are ''."""

    rows: dict[str, list[list[Any]]]

    def at(self, sheet: str, row: int, column: int) -> Any:
        """One cell; blank where the sheet does not reach."""
        try:
            return self.rows[sheet][row][column]
        except (KeyError, IndexError):
            return ""

    def value(self, cell: FormCell) -> Any:
        """The cell where an item of the form stands."""
        return self.at(cell.sheet, cell.row, cell.column)


def open_sheets(content: bytes, wanted: frozenset[str]) -> Sheets | Problem:
    """The wanted sheets of a workbook; those it lacks are left out."""
    package = unpack(content)
    if isinstance(package, Problem):
        return package
    lost = package.lost_cells(wanted)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found: dict[str, list[list[Any]]] = {}
        for name in book.sheet_names:
            known = unicodedata.normalize("NFC", name)
            if known in wanted and known not in found:
                found[known] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        _put_back(found, lost)
    except BROKEN:
        # The parser gives up a whole workbook for an error it has no name for (#SPILL!).
        return next((make("cell_broken", f"{sheet}!{at}", text) for (sheet, at), text in lost.items()), UNREADABLE)
    except BaseException as crash:
        # A panic inside the parser is not an Exception; anything else of that kind (an interrupt) goes on up.
        if type(crash).__name__ != "PanicException":
            raise
        return UNREADABLE
    if not any(found.values()) and _is_blank(book, frozenset(found)):
        return make("workbook_empty", "")
    return Sheets(found)


def _is_blank(book: CalamineWorkbook, seen: frozenset[str]) -> bool:
    others = (name for name in book.sheet_names if unicodedata.normalize("NFC", name) not in seen)
    try:
        return not any(book.get_sheet_by_name(name).to_python() for name in others)
    except BROKEN:
        return False


def _put_back(found: dict[str, list[list[Any]]], lost: dict[tuple[str, str], Lost]) -> None:
    """Lay what the parser left blank over its rows."""
    for (sheet, address), text in lost.items():
        row, column = place_of(address)
        rows = found[sheet]
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = text
