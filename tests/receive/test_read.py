"""Reading a form: blank, filled, spoilt in every way. Each fault is one problem, at its cell, in both languages."""

import datetime
import io
import unicodedata
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.receive.bad_inputs import BAD, Bad
from tests.receive.conftest import SEEDS
from tests.receive.forms import at, cells, changed, edited, filled, with_cell
from tiendo.programme import Programme
from tiendo.receive.form import NoSuchFormError, find_unit_and_period, write_form
from tiendo.receive.read import read_report

TODAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("unit", "period"), [("51", "2025-07"), ("51", "2023-01"), ("BTP", "2026-10"), ("TTXVN", "2024-02")]
)
def test_a_blank_form_is_all_missing_and_nothing_wrong(programme: Programme, unit: str, period: str) -> None:
    found_unit, found_period = find_unit_and_period(programme, unit, period)
    reading = read_report(write_form(programme, found_unit, found_period), programme, door_code=unit, received_on=TODAY)
    assert reading.problems == ()
    assert (reading.header.unit_code, reading.header.unit_valid_from) == (unit, found_unit.valid_from)
    assert (reading.header.period_code, reading.header.is_synthetic) == (period, False)
    assert len(reading.values) == len(programme.form_rows(found_unit, found_period)) > 5
    assert {value.value_state for value in reading.values} == {"missing"}
    assert reading.texts == ()


def test_a_filled_form_gives_values_with_their_cells(programme: Programme) -> None:
    typed = {"E{E1103}": "1.234", "F{E1103}": "2.000", "G{E1103}": 3000, "E{E1901}": "1.234,5"}
    content = changed(programme, typed | {"E{E1201}": "Không phát sinh"})
    reading = read_report(content, programme, door_code="51", received_on=TODAY)
    values = {(value.element_code, value.disaggregation_code): value for value in reading.values}
    assert reading.problems == ()
    assert reading.header.is_synthetic
    news, cell = values["E1103", "total"], at(programme, "Số liệu!E{E1103}")
    assert (news.value_number, news.value_text, news.value_cell) == (1234, "1.234", cell)
    assert (news.year_cumulative_number, news.programme_cumulative_number) == (2000, 3000)
    assert values["E1901", "total"].value_number == Decimal("1234.5")
    assert (values["E1201", "total"].value_state, values["E1201", "total"].value_number) == ("nil", 0)
    assert (values["E0205", "sex.female"].value_number, values["E0205", "sex.male"].value_number) == (7, 0)
    assert values["E0301", "62@2022-09-14"].value_number == 7
    assert values["E0201", "total"].programme_cumulative_number is None
    assert [(text.theme, text.body, text.cell) for text in reading.texts] == [("result", "Đã làm.", "Báo cáo!A13")]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_each_fault_is_one_error_at_its_cell(programme: Programme, bad: Bad) -> None:
    reading = read_report(bad.make(programme), programme, door_code=bad.door, received_on=TODAY)
    assert [(p.rule_code, p.cell) for p in reading.problems] == [(bad.rule_code, at(programme, bad.cell))]
    (problem,) = reading.problems
    assert reading.has_errors
    assert at(programme, bad.says) in problem.message_vi
    assert problem.message_en != problem.message_vi
    assert problem.message_vi.rstrip().endswith(".")
    assert "{" not in problem.message_vi + problem.message_en


def test_a_small_cumulative_is_only_a_warning(programme: Programme) -> None:
    reading = read_report(changed(programme, {"G{E0206}": 3}), programme, received_on=TODAY)
    assert [(p.severity, p.rule_code, p.cell) for p in reading.problems] == [
        ("warning", "cumulative_below_value", at(programme, "Số liệu!G{E0206}"))
    ]
    assert not reading.has_errors


def test_a_name_typed_otherwise_is_only_a_warning(programme: Programme) -> None:
    reading = read_report(edited(filled(programme), cells(C4="Quảng Ngải")), programme, received_on=TODAY)
    assert [(p.severity, p.rule_code) for p in reading.problems] == [("warning", "unit_name_differs")]


def test_a_month_that_the_spreadsheet_made_a_date_of_is_read(programme: Programme) -> None:
    content = edited(filled(programme), cells(C5=datetime.datetime(2025, 8, 1)))
    assert read_report(content, programme).header.period_code == "2025-08"


@pytest.mark.parametrize(
    ("xml", "text", "state"),
    [
        ("<f>E18*1</f><v>7</v>", "7", "reported"),
        ('<c t="str"><f>IF(1,"","")</f><v></v>', None, "missing"),
        ('<c t="str"><f>"1."&amp;"234"</f><v>1.234</v>', "1.234", "reported"),
    ],
)
def test_a_formula_with_its_result_is_a_number_like_any_other(
    programme: Programme, xml: str, text: str | None, state: str
) -> None:
    cell = at(programme, "E{E1103}")
    reading = read_report(with_cell(filled(programme), cell, xml), programme, received_on=TODAY)
    assert not reading.has_errors
    (value,) = [value for value in reading.values if value.value_cell == f"Số liệu!{cell}"]
    assert (value.value_text, value.value_state) == (text, state)


def test_combining_marks_are_composed_on_entry(programme: Programme) -> None:
    content = edited(filled(programme), cells(C4=unicodedata.normalize("NFD", "Tỉnh Quảng Ngãi")))
    assert read_report(content, programme).problems == ()


def test_free_text_is_data_only(programme: Programme) -> None:
    hostile = "=cmd|' /C calc'!A0 {found} %s \\N \t ignore all instructions\nhai dòng"

    def spoil(book: openpyxl.Workbook) -> None:
        book["Báo cáo"]["A15"].value = hostile
        book["Báo cáo"]["A15"].data_type = "s"
        book["Số liệu"][at(programme, "E{E0206}")] = "{found}{0.__class__}"

    reading = read_report(edited(filled(programme), spoil), programme, received_on=TODAY)
    assert {text.theme: text.body for text in reading.texts}["difficulty"] == hostile.replace("\t", " ")
    (problem,) = reading.problems
    assert problem.found == "{found}{0.__class__}"
    assert "{found}{0.__class__}" in problem.message_vi


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.binary(max_size=400).map(lambda tail: b"PK\x03\x04" + tail))
def test_no_bytes_make_it_raise(content: bytes) -> None:
    programme = Programme.read(SEEDS)
    (problem,) = read_report(content, programme).problems
    assert problem.rule_code in {"file_unreadable", "file_not_xlsx", "file_encrypted"}


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_damage_makes_it_raise(data: st.DataObject) -> None:
    programme = Programme.read(SEEDS)
    content = bytearray(filled(programme))
    for position in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[position] ^= data.draw(st.integers(1, 255))
    read_report(bytes(content), programme, received_on=TODAY)


def test_the_form_is_hard_to_fill_in_wrongly(programme: Programme) -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled(programme)))
    sheet = book["Số liệu"]
    assert book.sheetnames == ["Báo cáo", "Số liệu"]
    assert all(each.protection.sheet for each in book)
    assert not sheet[at(programme, "E{E0206}")].protection.locked
    assert sheet[at(programme, "B{E0206}")].protection.locked
    assert sheet["C3"].protection.locked
    assert sheet[at(programme, "F{E0201}")].value == "x"
    assert sheet[at(programme, "F{E0201}")].protection.locked
    assert {(rule.type, rule.operator) for rule in sheet.data_validations.dataValidation} == {
        ("whole", "greaterThanOrEqual"),
        ("decimal", "greaterThanOrEqual"),
    }
    assert sheet["A2"].value == book["Báo cáo"]["A5"].value == "DỮ LIỆU GIẢ LẬP"
    assert book.properties.category == "DỮ LIỆU GIẢ LẬP"
    assert [cell.value for cell in sheet[9]][4:7] == ["Trong kỳ", "Lũy kế từ đầu năm", "Lũy kế từ đầu Đề án"]


@pytest.mark.parametrize(
    ("unit", "period", "says"), [("62", "2025-08", "51"), ("99", "2025-08", "99"), ("51", "2029-01", "2028-12")]
)
def test_no_form_for_who_does_not_report(programme: Programme, unit: str, period: str, says: str) -> None:
    with pytest.raises(NoSuchFormError, match=says):
        find_unit_and_period(programme, unit, period)
