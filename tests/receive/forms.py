"""Filled forms to read, and ways to spoil them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl

from tiendo.programme import FormRow, Programme
from tiendo.receive.form import Content, find_unit_and_period, write_form
from tiendo.receive.layout import layout_of

Spoil = Callable[[Any], None]


def filled(
    programme: Programme,
    unit: str = "51",
    period: str = "2025-08",
    value: float = 7,
    texts: dict[str, str] | None = None,
) -> bytes:
    """A form with a number in every value cell that breaks no relation: of parts, the first is all there is."""
    found_unit, found_period = find_unit_and_period(programme, unit, period)
    frames = programme.frames_of(found_unit, found_period.end)
    numbers: dict[str, dict[str, float | str]] = {}
    seen: set[tuple[str, str]] = set()
    for row in programme.form_rows(found_unit, found_period):
        key = (row.element.code, row.dimension_code)
        most = min(value, frames.get(row.element.code, value))
        numbers[row.form_code] = {"value": 0 if row.is_part and key in seen else most}
        seen.add(key)
    content = Content(numbers, texts or {"result": "Đã làm."}, is_synthetic=True)
    return write_form(programme, found_unit, found_period, content)


def at(programme: Programme, place: str, unit: str = "51", period: str = "2025-08") -> str:
    """A place in a form by the code of its row: E{E0206} is E28; {free} is a row below the table."""
    found_unit, found_period = find_unit_and_period(programme, unit, period)
    version = programme.form_version(found_period)
    assert version is not None
    lines = layout_of(programme, version.code).place(programme.form_rows(found_unit, found_period))
    rows = {line.form_code: row + 1 for row, line in lines if isinstance(line, FormRow)}
    return re.sub(r"\{([^}]*)\}", lambda match: str((rows | {"free": lines[-1][0] + 3})[match[1]]), place)


def changed(programme: Programme, changes: dict[str, object], unit: str = "51", period: str = "2025-08") -> bytes:
    """A filled form with cells of the table written over: {"E{E0206}": -3}."""
    addresses = {at(programme, place, unit, period): value for place, value in changes.items()}
    return edited(filled(programme, unit, period), cells(**addresses))


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


def with_part(content: bytes, part: str, spoil: Callable[[str], str]) -> bytes:
    """The workbook with the XML of one part changed, as no spreadsheet program would."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            body = before.read(entry)
            after.writestr(entry.filename, spoil(body.decode()) if entry.filename == part else body)
    return out.getvalue()


def with_cell(content: bytes, address: str, xml: str) -> bytes:
    """The workbook with the XML of one cell of the sheet of numbers replaced: with_cell(form, "E19", "<f>1/0</f>")."""
    pattern = re.compile(rf'<c r="{address}"( s="[0-9]+")?[^>]*?(?:/>|>.*?</c>)')
    head = xml[: xml.index(">") + 1] if xml.startswith("<c") else "<c>"
    inner = xml.removeprefix(head)
    new = rf'<c r="{address}"\1{head[2:]}{inner}</c>'
    return with_part(content, "xl/worksheets/sheet2.xml", lambda body: pattern.sub(new, body, count=1))


def empty_workbook() -> bytes:
    """A workbook as a spreadsheet program makes it, with nothing in it."""
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()
