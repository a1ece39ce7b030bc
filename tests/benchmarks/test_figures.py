"""What the benchmarks compare is comparable, and their verdicts read the right way round. Nothing is timed here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.figures import LABELS, Figure, keep, machine, show
from benchmarks.script_of_today import read_workbook
from tests.receive.conftest import SEEDS
from tests.receive.forms import filled
from tiendo.programme import Programme
from tiendo.receive.read import read_report


@pytest.mark.parametrize(
    ("value", "limit", "is_at_most", "holds"),
    [
        (5.0, 10, True, True),
        (11.0, 10, True, False),
        (11.0, 10, False, True),
        (5.0, 10, False, False),
        (None, 10, True, None),
        (5.0, None, True, None),
    ],
)
def test_a_figure_holds(value: float | None, limit: float | None, is_at_most: bool, holds: bool | None) -> None:
    assert Figure("sample", value, "s", limit, is_at_most).holds is holds


def test_table_and_json_say_the_same(tmp_path: Path) -> None:
    figures = [Figure(name, 1.0, limit=2.0) for name in LABELS]
    about = {**machine(), "load_after": [0.0]}
    console = Console(record=True, width=200)
    show(figures, about, console)
    keep(figures, about, tmp_path / "build" / "bench.json")
    kept = json.loads((tmp_path / "build" / "bench.json").read_text(encoding="utf-8"))
    told = console.export_text()
    assert kept["machine"]["cores"] >= 1
    assert [each["holds"] for each in kept["figures"]] == [True] * len(LABELS)
    assert told.count("đạt / holds") == len(LABELS)


def test_the_script_of_today_finds_what_the_loader_finds(tmp_path: Path) -> None:
    programme = Programme.read(SEEDS)
    path = tmp_path / "51" / "form.xlsx"
    path.parent.mkdir()
    path.write_bytes(filled(programme))
    table, reading = read_workbook(path), read_report(path.read_bytes(), programme)
    assert list(table["value"]) == [float(value.value_number or 0) for value in reading.values]
    assert set(table["unit"]) == {reading.header.unit_code}
    assert set(table["period"]) == {reading.header.period_code}
