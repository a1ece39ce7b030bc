"""A new indicator is a matter of seeds: edited as the runbook says, it goes from a workbook to the scorecard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import copied
from tests.integration import lantern
from tests.integration.lantern import LAST, Lantern, Report
from tests.review.editing import append, copy_programme
from tiendo.operate.settings import Settings
from tiendo.programme import Programme
from tiendo.review import write_handbook

ROOT = Path(__file__).parents[2]
RUNBOOK = ROOT / "docs" / "runbooks" / "add-an-indicator.md"
# What is told of the new element, January to June: 33 in all.
TOLD = {1: 3, 2: 4, 3: 5, 4: 6, 5: 7, 6: 8}


def add_indicator(folder: Path) -> list[str]:
    """The runbook's four steps; the seeds that were edited, in its order."""
    append(
        folder,
        "element",
        element_code="D90",
        name_vi="Đèn treo cửa đình",
        name_en="Lanterns hung at the hall",
        measure_vi="đèn",
        measure_en="lantern",
        time_rule="flow",
        period_calendar="report",
        counted_by="employer",
        number_kind="count",
        group_code="A",
        form_order="90",
        source_note="fiction for the tests",
    )
    append(
        folder,
        "element_applicability",
        element_code="D90",
        unit_code="HD",
        valid_from="2023-12-21",
        breakdown="none",
    )
    append(
        folder,
        "indicator",
        indicator_code="Q9",
        definition_version="1",
        valid_from="2023-12-21",
        known_from="2023-12-21",
        goal_code="G1",
        name_vi="Đèn treo cửa đình",
        name_en="Lanterns hung at the hall",
        reading_vi="Số đèn treo cửa đình từ đầu chương trình",
        reading_en="Lanterns hung at the hall since the start",
        official_place_vi="Hư cấu",
        official_place_en="Fiction",
        result_level="output",
        source_type="administrative",
        formula="sum(D90)",
        formula_vi="Tổng số đèn đã treo",
        formula_en="All lanterns hung",
        measured_over="since_start",
        basis="as_reported",
        frequency="month",
        direction="at_least",
        is_strict="false",
        measure_vi="đèn",
        measure_en="lantern",
        decimals="0",
        who_counts="employer",
        break_rule="none",
        small_cell_rule="none",
        signing_office="HD",
        approved_on="2023-12-01",
        display_order="90",
        is_headline="true",
        is_monotone="false",
    )
    append(
        folder,
        "target",
        indicator_code="Q9",
        scope_kind="nation",
        scope_key="nation",
        valid_from="2023-12-21",
        known_from="2023-12-21",
        target_value="60",
        path_note_vi="Hư cấu",
        path_note_en="Fiction",
        baseline_value="0",
        baseline_state="by_construction",
        baseline_period="2023-12",
        target_period="2024-12",
        path_kind="linear",
        path_basis="decision",
        source_note="fiction for the tests",
    )
    return ["element", "element_applicability", "indicator", "target"]


@pytest.fixture
def seeds(tmp_path: Path) -> Iterator[Path]:
    """A copy of the fictional programme inside the checkout, where dbt finds it and git does not."""
    folder = copy_programme(lantern.SEEDS, ROOT / "build" / f"{tmp_path.parent.name}-{tmp_path.name}")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def programme(seeds: Path, server: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lantern]:
    """An installation of its own that works on those seeds."""
    # Reports are written by the edited form.
    monkeypatch.setattr(lantern, "SEEDS", seeds)
    with copied(server) as warehouse:
        yield lantern.make(warehouse, tmp_path, seeds)


def test_the_runbook_names_the_seeds_in_the_order_of_the_edits(seeds: Path) -> None:
    text = RUNBOOK.read_text(encoding="utf-8")
    places = [text.index(f"`{seed}.csv`") for seed in add_indicator(seeds)]
    assert places == sorted(places)


def test_a_new_indicator_reaches_the_scorecard(programme: Lantern, seeds: Path, tmp_path: Path) -> None:
    add_indicator(seeds)
    for month, told in TOLD.items():
        programme.send(Report("HD", month, 3, {"D01": 10, "D02": 5, "D05": 4, "D90": told}))
    programme.tiendo("run", "--historical", "--period", LAST)

    progress = programme.warehouse.rows(
        "select value, reported_count, expected_count, path_value, pace_ratio, status_code, is_provisional "
        "from published.fct_progress where indicator_code = 'Q9' and scope_key = 'nation' "
        f"and basis = 'as_reported' and period_code = '{LAST}'",
        "reader",
    )
    assert progress == [(33, 6, 6, 30, Decimal("1.1"), "on_track", False)]
    shown = programme.warehouse.rows(
        "select name_vi, value, target_value, status_code from published.rpt_scorecard where indicator_code = 'Q9'",
        "reader",
    )
    assert shown == [("Đèn treo cửa đình", 33, 60, "on_track")]
    pages = write_handbook(Programme.read(seeds), tmp_path / "handbook")
    assert tmp_path / "handbook" / "vi" / "Q9.md" in pages
