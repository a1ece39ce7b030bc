"""Filled forms to read, and ways to spoil them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl

from tiendo.programme import Programme
from tiendo.receive.form import Content, find_unit_and_period, write_form

Spoil = Callable[[Any], None]


def filled(programme: Programme, unit: str = "51", period: str = "2025-08", value: float = 7) -> bytes:
    """A form with a whole number in every value cell that breaks no relation."""
    found_unit, found_period = find_unit_and_period(programme, unit, period)
    codes = [row.form_code for row in programme.form_rows(found_unit, found_period)]
    content = Content({code: {"value": value} for code in codes}, {"result": "Đã làm."}, is_synthetic=True)
    return write_form(programme, found_unit, found_period, content)


def edited(content: bytes, spoil: Spoil) -> bytes:
    """The workbook after a person worked on it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    spoil(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(**changes: object) -> Spoil:
    """Write into cells of the sheet of numbers: cells(E11=-1)."""

    def spoil(book: Any) -> None:
        for cell, value in changes.items():
            book["Số liệu"][cell] = value

    return spoil


def empty_workbook() -> bytes:
    """A workbook as a spreadsheet program makes it, with nothing in it."""
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()
