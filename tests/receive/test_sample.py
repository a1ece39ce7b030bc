"""The synthetic programme: the same everywhere, lifelike, and plainly marked."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from tests.receive.conftest import SEEDS
from tiendo.programme import Programme
from tiendo.receive.read import read_report
from tiendo.receive.reading import Reading
from tiendo.receive.sample import SampleError, sample_files, write_sample
from tiendo.receive.sample_life import SampleLife
from tiendo.receive.sample_numbers import SampleNumbers

UNTIL = date(2026, 11, 22)
UNITS = ("51", "62", "BTTTT", "BVHTTDL")


def write(programme: Programme, folder: Path, **asked: object) -> int:
    wish = {"seed": 1079, "first": "2025-05", "last": "2025-08", "until": UNTIL, "units": UNITS, **asked}
    return write_sample(programme, folder, **wish).file_count  # type: ignore[arg-type]


def readings(programme: Programme, folder: Path) -> dict[str, Reading]:
    return {
        f"{path.parent.name}/{path.name}": read_report(path.read_bytes(), programme, door_code=path.parent.name)
        for path in sample_files(folder)
    }


def test_the_same_values_whatever_else_is_written(programme: Programme, tmp_path: Path) -> None:
    write(programme, tmp_path / "all")
    write(programme, tmp_path / "one", units=("51",), first="2025-07", last="2025-07")
    every, one = readings(programme, tmp_path / "all"), readings(programme, tmp_path / "one")
    assert len(one) >= 1
    assert {name: every[name] for name in one} == one
    write(programme, tmp_path / "other", seed=7, units=("51",), first="2025-07", last="2025-07")
    other = readings(programme, tmp_path / "other")
    assert {name: other.get(name) for name in one} != one


def test_a_second_call_finds_it_there(programme: Programme, tmp_path: Path) -> None:
    count = write(programme, tmp_path)
    before = {path: path.stat().st_ino for path in sample_files(tmp_path)}
    assert write(programme, tmp_path) == count == len(before)
    assert {path: path.stat().st_ino for path in sample_files(tmp_path)} == before
    next(iter(before)).unlink()
    assert write(programme, tmp_path) == count
    assert len(list(sample_files(tmp_path))) == count


def test_another_range_leaves_nothing_of_the_first(programme: Programme, tmp_path: Path) -> None:
    write(programme, tmp_path)
    mine = tmp_path / "51" / "my own report.xlsx"
    mine.write_bytes(b"mine")
    count = write(programme, tmp_path, first="2025-05", last="2025-05")
    assert len(list(sample_files(tmp_path))) == count <= 2 * len(UNITS)
    assert mine.exists()


def test_every_file_says_that_it_is_synthetic(programme: Programme, tmp_path: Path) -> None:
    write(programme, tmp_path, units=("51",))
    for path in sample_files(tmp_path):
        book = openpyxl.load_workbook(path)
        assert "GIA-LAP" in path.name
        assert book["Số liệu"]["A2"].value == book["Báo cáo"]["A5"].value == programme.term("synthetic").vi
        assert programme.term("synthetic").vi in (book.properties.category, book.properties.description)


def test_what_is_not_asked_for_is_in_the_seeds(programme: Programme, tmp_path: Path) -> None:
    write_sample(programme, tmp_path, units=("51",), last="2023-01")
    plan, row = json.loads((tmp_path / ".sample.json").read_text()), programme.table("sample_plan")[0].cells
    assert [str(plan[name]) for name in ("seed", "first", "last", "until")] == [
        row["sample_seed"],
        row["first_period"],
        "2023-01",
        row["until_date"],
    ]


def test_unknown_units_and_months_are_refused(programme: Programme, tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="XX"):
        write(programme, tmp_path, units=("XX",))
    with pytest.raises(SampleError, match="2029-01"):
        write(programme, tmp_path, last="2029-01")


@pytest.fixture(scope="module")
def life() -> SampleLife:
    programme = Programme.read(SEEDS)
    return SampleLife(programme, SampleNumbers(programme, 1079), UNTIL)


def test_ordinary_life(life: SampleLife) -> None:
    programme = life.programme
    seen: Counter[str] = Counter()
    for period in programme.periods[:46]:
        for unit in programme.expected(period):
            arrivals = life.arrivals(unit, period)
            seen["expected"] += 1
            seen["missing"] += not arrivals
            seen["again"] += len(arrivals) == 2
            for arrival in arrivals:
                assert arrival.received_at.date() <= UNTIL
                assert arrival.received_at.date() > period.end
                assert arrival.content.is_synthetic
            seen["late"] += bool(arrivals) and arrivals[0].received_at.date() > period.due
            if len(arrivals) == 2:
                assert arrivals[1].received_at > arrivals[0].received_at
                assert arrivals[1].content.numbers != arrivals[0].content.numbers
    assert seen["expected"] == 4257
    assert 0.02 <= seen["missing"] / 4257 <= 0.03
    assert 0.05 <= seen["late"] / 4257 <= 0.10
    assert 0.02 <= seen["again"] / 4257 <= 0.04


def test_stocks_rise_and_stay_within_their_frame(life: SampleLife) -> None:
    programme, numbers = life.programme, life.numbers
    for code in ("51", "BTP", "TTXVN"):
        last: dict[tuple[str, str], float] = {}
        for period in programme.periods[:46]:
            unit = programme.unit_at(code, period.end)
            assert unit is not None
            values = numbers.values(unit, period)
            for row in programme.form_rows(unit, period):
                if not row.element.is_stock:
                    continue
                frame = programme.frame_count(programme.frame_of_element[row.element.code], unit, period.end)
                key = (unit.key, row.form_code)
                assert last.get(key, 0) <= values[row.form_code] <= (frame or 0)
                last[key] = values[row.form_code]


def test_parts_stay_within_their_whole(life: SampleLife) -> None:
    programme = life.programme
    for period in programme.periods[:46:9]:
        for unit in programme.expected(period):
            values = life.numbers.values(unit, period)
            for rule in programme.rules:
                if rule.left_element in values and rule.right_element in values:
                    assert values[rule.left_element] <= values[rule.right_element], (unit.key, period.code, rule.code)


def test_a_merged_unit_carries_on_the_sums_of_its_parts(life: SampleLife) -> None:
    programme, numbers = life.programme, life.numbers
    june, july = programme.period("2025-06"), programme.period("2025-07")
    assert june is not None
    assert july is not None
    unit = programme.unit_at("51", july.end)
    assert unit is not None
    parts = [numbers.cumulatives(former, june) for former in programme.predecessors(unit)]
    year, total = numbers.cumulatives(unit, july)["E0501"]
    value = numbers.values(unit, july)["E0501"]
    assert (year, total) == tuple(sum(part["E0501"][i] for part in parts) + value for i in (0, 1))
    for former, part in zip(programme.predecessors(unit), parts, strict=True):
        code = f"E0301/{former.code}"
        assert numbers.cumulatives(unit, july)[code][1] >= part["E0301"][1]


def test_file_times_are_those_of_arrival(life: SampleLife, tmp_path: Path) -> None:
    programme = life.programme
    write(programme, tmp_path, units=("51",), first="2025-07", last="2025-07")
    period = programme.period("2025-07")
    assert period is not None
    for path in sample_files(tmp_path):
        arrived = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        assert period.end < arrived < period.due + timedelta(days=60)
