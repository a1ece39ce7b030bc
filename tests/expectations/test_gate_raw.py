"""Gate raw: what is wrong becomes a problem at its cell, what has an error is quarantined, and the rest goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any
from uuid import UUID

import pytest

from expectations import gate_raw

GOOD, PART_ABOVE_WHOLE, DOUBTFUL, NEGATIVE, EMPTY, OLD = (UUID(int=number) for number in range(1, 7))
SUBMISSION = """
insert into raw.submission (
    submission_id, sha256, door_code, file_name, byte_count, received_at, collected_at, is_historical, state,
    is_synthetic, unit_code, unit_valid_from, period_code
) values (%s, %s, 'A', 'a.xlsx', 1, now(), now(), true, %s, true, 'A', '2022-09-14', '2023-01')
"""
VALUE = """
insert into raw.reported_value (
    submission_id, element_code, disaggregation_code, value_text, value_number, value_state, value_cell
) values (%s, %s, 'total', %s, %s, %s, %s)
"""
# The first two rules of the sample programme: a part is never more than its whole (an error), and each title has at
# least one edition (a warning).
TITLES, EDITIONS, PART = "E0401", "E0402", "E0403"


@pytest.fixture
def warehouse(database: Any) -> Any:
    values: dict[UUID, dict[str, int | None]] = {
        GOOD: {TITLES: 10, EDITIONS: 10, PART: 10},
        PART_ABOVE_WHOLE: {TITLES: 10, EDITIONS: 11, PART: 12},
        DOUBTFUL: {TITLES: 10, EDITIONS: 9, PART: None},
        NEGATIVE: {TITLES: 10, EDITIONS: 10, PART: -1},
        EMPTY: {},
        OLD: {TITLES: 10, PART: 12},
    }
    with database.connect("loader") as connection:
        for submission, numbers in values.items():
            state = "accepted" if submission == OLD else "loaded"
            connection.execute(SUBMISSION, (submission, f"{submission.int:064x}", state))
            for row, (element, number) in enumerate(numbers.items(), start=14):
                text, known = (None, "missing") if number is None else (str(number), "reported")
                connection.execute(VALUE, (submission, element, text, number, known, f"Số liệu!E{row}"))
    return database


def states(warehouse: Any) -> dict[UUID, str]:
    with warehouse.connect("loader") as connection:
        return dict(connection.execute("select submission_id, state from raw.submission").fetchall())


def problems(warehouse: Any) -> list[tuple[Any, ...]]:
    with warehouse.connect("loader") as connection:
        return connection.execute(
            "select submission_id, rule_code, severity, cell, found, expected from raw.problem order by 1, 2"
        ).fetchall()


def test_errors_quarantine_warnings_travel_and_what_was_decided_before_stays(warehouse: Any) -> None:
    found, is_faulty = gate_raw.run(warehouse.settings)

    assert is_faulty
    assert (found["checked"], found["accepted"], found["quarantined"]) == (5, 2, 3)
    assert states(warehouse) == {
        GOOD: "accepted",
        PART_ABOVE_WHOLE: "quarantined",
        DOUBTFUL: "accepted",
        NEGATIVE: "quarantined",
        EMPTY: "quarantined",
        OLD: "accepted",
    }


def test_each_problem_names_its_cell_what_was_found_and_what_was_expected(warehouse: Any) -> None:
    gate_raw.run(warehouse.settings)

    assert problems(warehouse) == [
        (PART_ABOVE_WHOLE, "union_le_total_titles", "error", "Số liệu!E16", "12", "≤ 10 (Số liệu!E14)"),
        (DOUBTFUL, "editions_ge_titles", "warning", "Số liệu!E14", "10", "≤ 9 (Số liệu!E15)"),
        (NEGATIVE, "number_not_negative", "error", "Số liệu!E16", "-1", "≥ 0"),
        (EMPTY, "report_has_values", "error", "", "0", "≥ 1"),
    ]


def test_a_problem_is_told_in_vietnamese_and_in_english(warehouse: Any) -> None:
    gate_raw.run(warehouse.settings)

    with warehouse.connect("loader") as connection:
        told = connection.execute("select message_vi, message_en from raw.problem").fetchall()
    assert len(told) == 4
    assert all(vi and en and vi != en for vi, en in told)


def test_a_report_without_its_cells_is_quarantined(warehouse: Any) -> None:
    with warehouse.connect("loader") as connection:
        connection.execute("update raw.reported_value set value_cell = 'E14' where submission_id = %s", (GOOD,))
    gate_raw.run(warehouse.settings)

    assert states(warehouse)[GOOD] == "quarantined"


def test_the_second_time_there_is_nothing_to_check(warehouse: Any) -> None:
    gate_raw.run(warehouse.settings)
    found, is_faulty = gate_raw.run(warehouse.settings)

    assert found == {"gate": "raw", "checked": 0, "accepted": 0, "quarantined": 0, "problems": 0, "rules": []}
    assert not is_faulty


def test_results_are_kept_with_how_many_rows_were_looked_at(warehouse: Any) -> None:
    gate_raw.run(warehouse.settings)

    with warehouse.connect("loader") as connection:
        kept = connection.execute(
            "select is_success, checked_count, unexpected_count from ops.validation_result"
            " where rule_code = 'number_not_negative'"
        ).fetchall()
    assert kept == [(False, 12, 1)]


def test_as_a_process_it_tells_json_and_exits_with_1(warehouse: Any) -> None:
    environment = {**os.environ, **warehouse.environment()}
    done = subprocess.run(
        [sys.executable, "-m", "expectations", "--gate", "raw", "--json"],
        cwd=warehouse.settings.checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert found["quarantined"] == 3
    assert {rule["rule"] for rule in found["rules"] if not rule["success"]} == {
        "union_le_total_titles",
        "editions_ge_titles",
        "number_not_negative",
        "report_has_values",
    }
