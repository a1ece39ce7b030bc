"""From workbooks to a scorecard through every room, on a programme small enough to work out by hand."""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.integration.lantern import LAST, Lantern, Report

FACTS = (
    "select scope_key, period_code, indicator_code, definition_version, basis, numerator, denominator, value, "
    "null_reason, reported_count, expected_count, carried_count, coverage_pct, path_value, gap, share_ratio, "
    "pace_ratio, status_code, no_verdict_code, is_provisional "
    "from published.fct_progress order by 1, 2, 3, 4, 5"
)


def facts(programme: Lantern) -> list[tuple[Any, ...]]:
    return programme.warehouse.rows(FACTS, "reader")


def progress(programme: Lantern, indicator: str, period: str = LAST, scope: str = "nation") -> dict[str, Any]:
    columns = ("value", "n", "N", "coverage", "path", "pace", "status", "why", "is_provisional")
    rows = programme.warehouse.rows(
        "select value, reported_count, expected_count, coverage_pct, path_value, pace_ratio, status_code, "
        f"no_verdict_code, is_provisional from published.fct_progress where indicator_code = '{indicator}' "
        f"and period_code = '{period}' and scope_key = '{scope}' "
        "and basis = 'as_reported' and definition_version::text = '1'",
        "reader",
    )
    assert len(rows) == 1, (indicator, period, scope, rows)
    return dict(zip(columns, rows[0], strict=True))


def test_the_numbers_are_those_worked_out_by_hand(published: Lantern) -> None:
    lanterns = progress(published, "B")
    # 50 of the society, 9 and 2 of the provinces that ended, 30 and 20 of those that are
    assert (lanterns["value"], lanterns["n"], lanterns["N"]) == (111, 19, 21)
    assert (lanterns["path"], lanterns["pace"], lanterns["status"]) == (60, Decimal("1.85"), "on_track")
    assert not lanterns["is_provisional"]

    paper = progress(published, "C")
    assert round(paper["value"], 6) == round(Decimal(3400) / 111, 6)
    assert (paper["status"], paper["is_provisional"]) == ("met_now", True)

    makers = progress(published, "A", "2024-05")
    assert round(makers["value"], 6) == round(Decimal(3400) / 60, 6)
    assert (makers["n"], makers["N"], makers["status"]) == (2, 2, "on_track")
    june = progress(published, "A")
    # 22 of 40, and 14 of 20 carried from May
    assert (june["value"], june["n"], june["N"], june["why"]) == (60, 1, 2, "coverage")
    assert round(june["coverage"], 6) == round(Decimal(4000) / 60, 6)
    assert june["status"] == "no_verdict"

    festivals = progress(published, "D")
    # 3 places by December ask for 1.5 by June, under 10 events
    assert (festivals["value"], festivals["n"], festivals["N"], festivals["status"]) == (2, 17, 18, "no_status")

    assert progress(published, "H")["status"] == "lost"
    assert progress(published, "H", "2024-04")["status"] == "held"
    # The month was quarantined: April is carried, which covers nothing.
    assert (progress(published, "H", "2024-05")["value"], progress(published, "H", "2024-05")["why"]) == (4, "coverage")
    assert progress(published, "N")["why"] == "no_method"

    # Code 02 means two units: each has its own history, and neither takes the other's.
    told = published.warehouse.rows(
        "select scope_key, value from published.fct_indicator where indicator_code = 'B' and basis = 'as_reported' "
        "and (scope_key, period_code) in (('02@2023-01-01', '2024-03'), ('02@2024-04-01', '2024-06')) "
        "and known_to = '9999-12-31' order by 1",
        "reader",
    )
    assert told == [("02@2023-01-01", 2), ("02@2024-04-01", 20)]


def test_running_twice_gives_the_same(programme: Lantern) -> None:
    first = facts(programme)
    programme.tiendo("run", "--historical", "--period", LAST)
    assert facts(programme) == first
    touched = "select count(*) from store.fct_progress where 2 in (pub_from, pub_to)"
    assert programme.warehouse.rows(touched) == [(0,)]


def test_a_narrowed_build_gives_what_a_full_build_gives(programme: Lantern) -> None:
    before = facts(programme)
    programme.send(Report("01", 2, 90, {"D01": 13, "D02": 1, "D03": 2, "D04": 0}))
    # Another unit reports too, which nobody asked to build: its numbers are known now, so they are built.
    programme.send(Report("03", 3, 90, {"D01": 7, "D02": 0, "D03": 12, "D04": 0}))
    programme.tiendo("collect", "--historical")
    programme.tiendo("load")
    programme.tiendo("validate", "--gate", "raw")
    programme.tiendo("build", "--from", "2024-02", "--unit", "01", "--data-to", LAST)
    programme.tiendo("validate", "--gate", "marts")
    programme.tiendo("publish")
    narrowed = facts(programme)
    assert progress(programme, "B")["value"] == 123
    assert [row for row in narrowed if row[1] == "2024-01"] == [row for row in before if row[1] == "2024-01"]
    programme.tiendo("run", "--historical", "--period", LAST)
    assert facts(programme) == narrowed


def test_a_blank_form_takes_nobodys_place(programme: Lantern) -> None:
    programme.send(Report("03", 5, 60, {}))
    programme.tiendo("collect", "--historical")
    programme.tiendo("load")
    programme.tiendo("validate", "--gate", "raw", code=1)
    problems = programme.warehouse.rows(
        "select rule_code, state from raw.problem inner join raw.submission using (submission_id) "
        "where period_code = '2024-05' and unit_code = '03'"
    )
    assert problems == [("report_has_values", "quarantined")]


def test_what_is_shown_stays_when_a_gate_fails(programme: Lantern) -> None:
    first = facts(programme)
    programme.send(Report("01", 2, 90, {"D01": 13, "D02": 1, "D03": 2, "D04": 0}))
    for words in (("collect", "--historical"), ("load",), ("validate", "--gate", "raw"), ("build", "--data-to", LAST)):
        programme.tiendo(*words)
    with programme.warehouse.connect("builder") as builder:
        builder.execute(
            "update marts.fct_indicator set value = 101 where indicator_code = 'A' and scope_key = 'nation'"
        )
    programme.tiendo("validate", "--gate", "marts", code=1)
    programme.tiendo("publish", code=1)
    assert facts(programme) == first


def test_status_counts_what_is_in(published: Lantern) -> None:
    said = published.tiendo("status")
    assert "DỮ LIỆU GIẢ LẬP" in said
    assert "accepted" in said and "quarantined" in said


def test_every_formula_passes_its_unit_tests(published: Lantern) -> None:
    dbt = str(Path(sys.executable).parent / "dbt")
    said = published.run(dbt, "test", "--select", "test_type:unit", "--no-write-json")
    done = re.search(r"PASS=(\d+) WARN=0 ERROR=0 SKIP=0", said)
    assert done and int(done.group(1)) >= 20, said[-2000:]
