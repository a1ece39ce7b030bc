"""Every number goes back to the cells of the workbooks that were sent, and what was changed on the way is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import psycopg
import pytest

from tests.integration.lantern import LAST, Lantern
from tiendo.review.errors import ReviewError
from tiendo.review.explain import Asked, Explanation, explain_number
from tiendo.review.explain_rows import document
from tiendo.review.explain_sources import Number

GRAIN = "indicator_code, scope_key, period_code, basis, definition_version, known_from"


@pytest.fixture
def reading(published: Lantern) -> Iterator[psycopg.Connection[Any]]:
    """The first publication's build, as the publisher reads it."""
    with published.warehouse.connect("publisher") as connection:
        yield connection


def found_at_cells(explained: Explanation) -> list[Number]:
    """Every number that was found at a cell."""
    pairs = [(trace.above, trace.below) for trace in explained.traces]
    numbers = [each for pair in pairs for each in pair if isinstance(each, Number)]
    return [each for number in numbers for each in (number, *number.closing) if each.reported]


def test_the_cells_give_every_reading_again_on_every_day(reading: psycopg.Connection[Any]) -> None:
    rows = reading.execute(f"select {GRAIN} from marts.fct_indicator order by {GRAIN}".encode()).fetchall()
    assert len(rows) > 1000
    for row in rows:
        explained = explain_number(reading, Asked(*row))
        assert not explained.differences, (row, explained.differences)
        stored = explained.reading
        assert (stored.null_reason, stored.expected_count) == (
            explained.total.null_reason,
            explained.total.expected_count,
        )
        assert explained.total.value == stored.value or stored.value is None


@pytest.mark.parametrize("indicator", ["A", "B", "D", "F"])
def test_a_number_is_what_stands_in_the_workbook_at_its_cell(
    published: Lantern, reading: psycopg.Connection[Any], indicator: str
) -> None:
    numbers = found_at_cells(explain_number(reading, Asked(indicator, "nation", LAST)))
    assert numbers
    for number in numbers:
        assert number.submission and number.reported
        path = published.doors / number.submission.door_code / number.submission.file_name
        assert hashlib.sha256(path.read_bytes()).hexdigest().startswith(number.submission.receipt)
        sheet, _, cell = number.reported.value_cell.partition("!")
        assert str(openpyxl.load_workbook(path)[sheet][cell].value) == str(number.reported.value_text)


def test_a_carried_number_names_the_period_it_comes_from_and_why(reading: psycopg.Connection[Any]) -> None:
    explained = explain_number(reading, Asked("A", "nation", LAST))
    assert (explained.total.numerator, explained.total.denominator, explained.total.value) == (36, 60, 60)
    carried = [trace for trace in explained.traces if trace.cell.is_carried]
    assert [(trace.cell.unit_key, trace.cell.source_period_code) for trace in carried] == [("03@2023-01-01", "2024-05")]
    # Its own June came without the number: the cell to mend is told.
    own = carried[0].own
    assert (carried[0].missing, own.submission and own.submission.period_code) == ("missing", LAST)


def test_what_is_missing_says_why(reading: psycopg.Connection[Any]) -> None:
    explained = explain_number(reading, Asked("B", "nation", LAST))
    missing = {(trace.cell.unit_key, trace.cell.period_code): trace.missing for trace in explained.traces}
    assert {key: why for key, why in missing.items() if why} == {
        ("HD@2023-01-01", "2024-05"): "quarantined",
        ("02@2023-01-01", "2024-02"): "no_report",
    }
    asked = Asked("F", "15@2024-05-06", "2024-05", known_on=date(2024, 6, 1))
    assert [trace.missing for trace in explain_number(reading, asked).traces] == ["in_question"]


def test_a_correction_and_a_closing_report_are_told_with_what_they_did(reading: psycopg.Connection[Any]) -> None:
    explained = explain_number(reading, Asked("F", "nation", LAST))
    below = {(t.cell.unit_key, t.cell.period_code): t.below for t in explained.traces}
    corrected = below["16@2023-01-01", "2024-03"]
    assert isinstance(corrected, Number) and corrected.correction and corrected.reported
    assert (corrected.mark, corrected.reported.value_number, corrected.value) == ("corrected", 50, 5)
    assert (corrected.correction.decided_by, corrected.correction.reason_en) == ("HD", "One nought too many")
    # Before the decision the number stands as it was sent.
    before = explain_number(reading, Asked("F", "16@2023-01-01", "2024-03", known_on=date(2024, 5, 1)))
    assert [t.below.value for t in before.traces if isinstance(t.below, Number)] == [50]
    merged = below["13@2024-04-01", "2024-04"]
    assert isinstance(merged, Number)
    assert (merged.mark, merged.value) == ("closing_added", 10)
    assert [(n.value, n.submission and n.submission.unit_key) for n in merged.closing] == [(2, "11@2023-01-01")]


def test_no_value_has_its_reason(reading: psycopg.Connection[Any]) -> None:
    cut = document(explain_number(reading, Asked("B", "01@2023-01-01", LAST, "original")))
    assert (cut["reading"]["value"], cut["reading"]["null_reason"]) == (None, "border")
    assert cut["border"] == [
        {
            "unit_key": "02@2024-04-01",
            "place_key": "02@2024-04-01",
            "belongs_to": ["01@2023-01-01", "02@2023-01-01"],
        }
    ]
    assert explain_number(reading, Asked("N", "nation", LAST)).total.null_reason == "no_method"


def test_milestones_are_named_with_their_documents(reading: psycopg.Connection[Any]) -> None:
    explained = explain_number(reading, Asked("K", "nation", LAST))
    done = [each.document_number for each in explained.milestones if each.state in ("issued", "in_operation")]
    assert (explained.total.value, done) == (2, ["10/QĐ-HD", "11/QĐ-HD"])


@pytest.mark.parametrize(
    ("level", "statement"),
    [
        ("number", "update intermediate.int_cell set numerator = numerator + 1 where unit_key = '03@2023-01-01'"),
        ("number", "update intermediate.int_cell set is_covered = not is_covered where unit_key = '03@2023-01-01'"),
        ("unit", "update intermediate.int_unit_part set numerator = numerator + 1 where scope_key = '03@2023-01-01'"),
        ("scope", "update marts.fct_indicator set coverage_pct = 100 where scope_key = 'nation'"),
    ],
)
def test_what_was_changed_on_the_way_is_found(published: Lantern, level: str, statement: str) -> None:
    with published.warehouse.connect("builder") as builder:
        builder.execute(statement.encode())
        explained = explain_number(builder, Asked("B", "nation", LAST))
        builder.rollback()
    assert level in {difference.level for difference in explained.differences}


def test_the_command_says_so_by_its_exit_code(programme: Lantern) -> None:
    words = ("explain", "B", "--period", LAST)
    said = programme.tiendo(*words)
    assert "DỮ LIỆU GIẢ LẬP" in said and "111" in said and "khớp / equal" in said
    with programme.warehouse.connect("builder") as builder:
        builder.execute("update intermediate.int_cell set numerator = 7 where unit_key = 'HD@2023-01-01'")
    assert "KHÔNG KHỚP / NOT EQUAL" in programme.tiendo(*words, code=1)
    found = json.loads(programme.tiendo(*words, "--json", code=1))
    assert not found["is_equal"] and {each["level"] for each in found["differences"]} == {"number"}
    with programme.warehouse.connect("loader") as loader:
        loader.execute("update raw.reported_value set value_number = 7 where element_code = 'D01' and value_number = 8")
    found = json.loads(programme.tiendo(*words, "--json", code=1))
    assert (found["reading"]["value"], found["recomputed"]["value"]) == ("111", "110")


def test_json_holds_every_number_exactly(published: Lantern) -> None:
    found = json.loads(published.tiendo("explain", "C", "--period", LAST, "--json"))
    assert found["recomputed"] == {name: found["reading"][name] for name in found["recomputed"]}
    assert Decimal(found["reading"]["value"]) == round(Decimal(3400) / 111, 10)
    assert len(found["numbers"]) == found["reading"]["expected_count"]
    assert sum(Decimal(each["denominator"]["value"]) for each in found["numbers"] if each["is_counted"]) == 111


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (Asked("ZZ", "nation"), "A, B, C"),
        (Asked("B", "ZZ"), "nation"),
        (Asked("B", "02@2000-01-01"), "02@2024-04-01"),
        (Asked("B", "nation", "2099-01"), f"2024-01 … {LAST}"),
        (Asked("B", "nation", basis="ours"), "as_reported, current, original"),
        (Asked("B", "nation", version="9"), r"1 \("),
        (Asked("A", "HD", LAST), "03@2023-01-01"),
        (Asked("B", "nation", known_on=date(2024, 1, 1)), "no period was due"),
        (Asked("B", "nation", known_on=date(2999, 1, 1)), "the last build knows"),
    ],
)
def test_what_is_unknown_is_told_with_what_is_known(reading: psycopg.Connection[Any], asked: Asked, named: str) -> None:
    with pytest.raises(ReviewError, match=named):
        explain_number(reading, asked)


def test_the_call_is_at_fault_when_it_asks_for_what_is_not_there(published: Lantern) -> None:
    published.tiendo("explain", "ZZ", code=2)
    published.tiendo("explain", "B", "--scope", "ZZ", code=2)
