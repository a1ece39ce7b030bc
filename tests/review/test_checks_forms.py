"""A checker's form filled in and read again, and what it says of each way to fill it in wrongly."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from tests.review.editing import LANTERN
from tiendo.cli import app
from tiendo.programme import Programme, SeedError
from tiendo.review.checks_draw import Cell, Drawn
from tiendo.review.checks_form import SEED_COLUMNS, write_form, write_rows
from tiendo.review.checks_keep import append_rows, rows_text
from tiendo.review.checks_layout import COLUMNS, FIRST_ROW, SHEET
from tiendo.review.checks_read import Checked, read_checks
from tiendo.review.checks_sample import Sample, checked_elements

TODAY = date(2024, 6, 30)
FILLED: dict[str, Any] = {
    "found_value": 9,
    "evidence_kind": "Sổ theo dõi",
    "document": "12/SO-TH",
    "checked_by": "Văn phòng",
    "checked_on": datetime(2024, 5, 2),
}


@pytest.fixture(scope="module")
def programme() -> Programme:
    return Programme.read(LANTERN)


@pytest.fixture(scope="module")
def sample() -> Sample:
    cells = [
        Cell("01@2023-01-01", "2024-01", "D01", Fraction(10), "a.xlsx", "Số liệu!E9", is_synthetic=True),
        Cell("03@2023-01-01", "2024-02", "D03", Fraction(1234), "b.xlsx", "Số liệu!E11", is_synthetic=True),
    ]
    return Sample("2024-Q1", "s", 9, (Drawn(cells[0], Fraction(1, 3)), Drawn(cells[1], Fraction(1))))


def filled(programme: Programme, sample: Sample, edit: Callable[[Any], object] | None = None, **cells: Any) -> bytes:
    """The form with its first row filled in, cells by name, and spoilt where asked."""
    book = openpyxl.load_workbook(io.BytesIO(write_form(programme, sample)))
    sheet = book[SHEET]
    for name, value in (FILLED | cells).items():
        sheet.cell(FIRST_ROW + 1, COLUMNS[name] + 1, value)
    if edit:
        edit(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def errors(checked: Checked) -> list[tuple[str, str]]:
    return [(error.cell, error.en) for error in checked.errors]


def test_a_filled_form_comes_back_as_rows_of_the_seed(programme: Programme, sample: Sample) -> None:
    checked = read_checks(filled(programme, sample), programme, TODAY)
    assert checked.errors == [] and checked.open_count == 1
    (row,) = checked.rows
    assert list(row) == list(SEED_COLUMNS)
    drawn = next(csv.DictReader(io.StringIO(write_rows(sample))))
    assert {name: row[name] for name, text in drawn.items() if text} == {name: t for name, t in drawn.items() if t}
    assert row["found_value"] == "9" and row["checked_on"] == "2024-05-02" and row["known_from"] == "2024-06-30"
    assert row["evidence_vi"] == "Sổ theo dõi: 12/SO-TH" and row["evidence_en"] == "Register: 12/SO-TH"
    assert row["is_synthetic"] == "true" and row["inclusion_probability"] == "0.333333"


def test_a_number_and_a_day_may_be_text_as_offices_write_it(programme: Programme, sample: Sample) -> None:
    checked = read_checks(filled(programme, sample, found_value="1.234", checked_on="2/5/2024"), programme, TODAY)
    assert [(row["found_value"], row["checked_on"]) for row in checked.rows] == [("1234", "2024-05-02")]


def test_the_form_says_first_that_it_is_made_up_and_locks_all_but_the_inputs(
    programme: Programme, sample: Sample
) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_form(programme, sample)))[SHEET]
    assert str(sheet["A1"].value).startswith("DỮ LIỆU GIẢ LẬP")
    assert sheet.protection.sheet
    open_cells = {cell.column - 1 for cell in sheet[FIRST_ROW + 1] if not cell.protection.locked}
    assert open_cells == {COLUMNS[name] for name in FILLED}


@pytest.mark.parametrize(
    ("cells", "column", "told"),
    [
        ({"found_value": "about 9"}, "L", "A number of 0 or more"),
        ({"found_value": "12.5"}, "L", "A number of 0 or more"),
        ({"found_value": True}, "L", "A number of 0 or more"),
        ({"found_value": -1}, "L", "A number of 0 or more"),
        ({"found_value": 1e12}, "L", "A number of 0 or more"),
        ({"found_value": 8.5}, "L", "whole number"),
        ({"found_value": None}, "L", "Write the number found"),
        ({"evidence_kind": None}, "M", "Write the kind of evidence"),
        ({"evidence_kind": "hearsay"}, "M", "Choose a kind"),
        ({"document": "0912 345 678"}, "N", "telephone number"),
        ({"document": "001099012345"}, "N", "identity or account number"),
        ({"document": "a@b.vn"}, "N", "e-mail"),
        ({"document": "https://example.vn/p"}, "N", "link"),
        ({"document": "x" * 121}, "N", "Longer than 120"),
        ({"checked_by": None}, "O", "Write the office"),
        ({"checked_by": "Nguyễn Văn A"}, "O", "person's name"),
        ({"checked_on": None}, "P", "Write the day"),
        ({"checked_on": datetime(2024, 7, 1)}, "P", "future"),
        ({"checked_on": datetime(2024, 1, 1)}, "P", "before the period's end"),
        ({"checked_on": "31/02/2024"}, "P", "Write a day"),
        ({"checked_on": "2024-05"}, "P", "Write a day"),
    ],
)
def test_what_is_filled_in_wrongly_is_told_at_its_cell(
    programme: Programme, sample: Sample, cells: dict[str, Any], column: str, told: str
) -> None:
    checked = read_checks(filled(programme, sample, **cells), programme, TODAY)
    assert checked.rows == []
    ((cell, en),) = errors(checked)
    assert cell == f"{SHEET}!{column}{FIRST_ROW + 1}" and told in en
    for value in cells.values():
        if column in {"N", "O"} and value:
            assert value not in checked.errors[0].vi + en


def put(name: str, value: Any, row: int = 1) -> Callable[[Any], object]:
    return lambda sheet: sheet.cell(FIRST_ROW + row, COLUMNS[name] + 1, value)


def repeat_first(sheet: Any) -> None:
    for cell in list(sheet[FIRST_ROW + 1]):
        sheet.cell(FIRST_ROW + 3, cell.column, cell.value)


def clear_second(sheet: Any) -> None:
    for cell in sheet[FIRST_ROW + 2]:
        cell.value = None


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (put("reported_value", 9), "locked part"),
        (put("element_code", "ZZ9"), "locked part"),
        (put("unit_key", "99@2023-01-01"), "locked part"),
        (put("inclusion_probability", "1"), "locked part"),
        (put("seal", "000000000000"), "locked part"),
        (put("found_value", 4, row=3), "locked part"),
        (repeat_first, "there twice"),
        (clear_second, "Rows 2 of the form are missing"),
        (lambda sheet: sheet.delete_rows(FIRST_ROW + 2), "Rows 2 of the form are missing"),
        (lambda sheet: sheet.insert_cols(3), "not of programme"),
        (lambda sheet: sheet.cell(5, 3, "2024-Q2"), "head of the form"),
        (lambda sheet: sheet.cell(6, 3, "1"), "head of the form"),
        (lambda sheet: sheet.cell(1, 1, ""), "head of the form"),
        (lambda sheet: sheet.cell(4, 3, "OTHER"), "not of programme"),
        (lambda sheet: setattr(sheet, "title", "Khác"), "no checker's form"),
    ],
)
def test_what_was_locked_and_changed_is_told(
    programme: Programme, sample: Sample, edit: Callable[[Any], object], told: str
) -> None:
    checked = read_checks(filled(programme, sample, edit), programme, TODAY)
    assert any(told in en for _, en in errors(checked)), errors(checked)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"plain text", b"\x00" * 100])
def test_what_is_no_workbook_is_told(programme: Programme, content: bytes) -> None:
    assert "no checker's form" in read_checks(content, programme, TODAY).errors[0].en


def test_rows_are_added_only_where_the_seeds_hold_with_them(
    programme: Programme, sample: Sample, tmp_path: Path
) -> None:
    folder = tmp_path / "seeds"
    shutil.copytree(LANTERN, folder)
    rows = read_checks(filled(programme, sample), programme, TODAY).rows
    there = len(programme.verifications)
    append_rows(folder, rows)
    assert [check.found_value for check in Programme.read(folder).verifications[there:]] == [9]
    before = (folder / "verification.csv").read_bytes()
    with pytest.raises(SeedError, match="is already in row"):
        append_rows(folder, rows)
    with pytest.raises(SeedError, match="is of quarter 2024-Q1"):
        append_rows(folder, [rows[0] | {"quarter": "2024-Q2", "checked_on": "2024-05-03"}])
    assert (folder / "verification.csv").read_bytes() == before
    assert rows_text(rows).count("\n") == 2


def test_only_elements_above_the_line_of_a_card_with_a_target_are_drawn(programme: Programme) -> None:
    assert checked_elements(programme) >= {"D01", "D02", "D03"}
    assert "D09" not in checked_elements(programme)


@pytest.mark.parametrize("command", ["sample-checks", "read-checks"])
def test_help_has_an_example(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0 and f"tiendo {command}" in done.output
