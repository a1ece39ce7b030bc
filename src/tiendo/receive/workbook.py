"""Opens the bytes of a spreadsheet and hands out its cells; content of any kind ends as a `Problem`, never as a crash.

In: bytes. Out: `Sheets`, or the problem that says why there are none.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from tiendo.programme import FormCell
from tiendo.receive.problems import Problem, make

LARGEST_FILE = 20_000_000
LARGEST_UNPACKED = 100_000_000
# A filled cell in column AAA or beyond, or in row 10,000 or beyond: the parser would lay out everything up to it.
FAR_CELL = re.compile(rb"""[<:]c\s[^>]*?\br=["']([A-Za-z]{3}[0-9]+|[A-Za-z]+[0-9]{5,})["'][^>]*[^/]>""")
SHEET_PART = re.compile(r"worksheets/[^/]+\.xml$", re.IGNORECASE)
MAYBE_FAR = re.compile(rb"""r=["'](?:[A-Za-z]{3}[0-9]|[A-Za-z]+[0-9]{5})""")
BROKEN = (
    CalamineError,
    OSError,
    ValueError,
    KeyError,
    EOFError,
    NotImplementedError,  # a kind of compression that zipfile does not know
    RuntimeError,  # an encrypted part
    zipfile.BadZipFile,
    zlib.error,
)


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
    if too_large := _too_large(content):
        return too_large
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found: dict[str, list[list[Any]]] = {}
        for name in book.sheet_names:
            known = unicodedata.normalize("NFC", name)
            if known in wanted and known not in found:
                found[known] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except BROKEN:
        return make("file_unreadable", "")
    except BaseException as crash:
        # A panic inside the parser is not an Exception; anything else of that kind (an interrupt) goes on up.
        if type(crash).__name__ != "PanicException":
            raise
        return make("file_unreadable", "")
    if not any(found.values()) and _is_blank(book, frozenset(found)):
        return make("workbook_empty", "")
    return Sheets(found)


def _is_blank(book: CalamineWorkbook, seen: frozenset[str]) -> bool:
    others = (name for name in book.sheet_names if unicodedata.normalize("NFC", name) not in seen)
    try:
        return not any(book.get_sheet_by_name(name).to_python() for name in others)
    except BROKEN:
        return False


def _too_large(content: bytes) -> Problem | None:
    size = len(content)
    if size > LARGEST_FILE:
        return make("file_too_large", "", f"{size / 1e6:.0f} MB", f"{LARGEST_FILE / 1e6:.0f} MB")
    if not content.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > LARGEST_UNPACKED:
                return make("file_too_large", "", f"{unpacked / 1e6:.0f} MB", f"{LARGEST_UNPACKED / 1e6:.0f} MB")
            sheets = (archive.read(name) for name in archive.namelist() if SHEET_PART.search(name))
            far = next(
                (match for sheet in sheets if MAYBE_FAR.search(sheet) and (match := FAR_CELL.search(sheet))), None
            )
    except BROKEN:
        return make("file_unreadable", "")
    return make("sheet_too_large", "", far[1].decode()) if far else None
