"""The synthetic programme: the same everywhere, lifelike, and plainly marked."""

from __future__ import annotations

import json
import shutil
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
    # 4,257 months of units in force, less 28 that end before a unit's own plan obliges it.
    assert seen["expected"] == 4229
    assert 0.02 <= seen["missing"] / seen["expected"] <= 0.03
    assert 0.05 <= seen["late"] / seen["expected"] <= 0.10
    assert 0.02 <= seen["again"] / seen["expected"] <= 0.04


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


def test_parts_of_a_partition_add_up_and_others_stay_within_their_total(life: SampleLife) -> None:
    programme, seen = life.programme, Counter[str]()
    partitions = {part.dimension_code for part in programme.disaggregations if part.is_partition}
    for period in programme.periods[:46:9]:
        for unit in programme.expected(period):
            values = life.numbers.values(unit, period)
            totals: dict[str, float] = {}
            parts: dict[tuple[str, str], list[float]] = {}
            for row in programme.form_rows(unit, period):
                number = values[row.form_code]
                if row.is_part:
                    parts.setdefault((row.element.code, row.dimension_code), []).append(number)
                else:
                    totals[row.element.code] = totals.get(row.element.code, 0) + number
            for (element, dimension), numbers in parts.items():
                told = (unit.key, period.code, element, dimension, numbers)
                assert 0 <= min(numbers) <= max(numbers) <= totals[element], told
                assert dimension not in partitions or round(sum(numbers) - totals[element], 6) == 0, told
                assert not programme.elements[element].is_count or all(each == int(each) for each in numbers), told
                seen[dimension] += max(numbers) > 0
    assert set(seen) == {rule.breakdown for rule in programme.applicabilities} - {"none", "predecessor"}
    assert all(seen.values())


def test_parts_of_a_stock_only_rise_with_it(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEEDS, tmp_path / "seeds"))
    whole = Programme.read(SEEDS)
    stock = next(
        rule for rule in whole.applicabilities if rule.unit_kind and whole.elements[rule.element_code].is_stock
    )
    with (folder / "element_applicability.csv").open("a", encoding="utf-8") as handle:
        handle.write(f"{stock.element_code},{stock.unit_kind},,{stock.valid_from},,sex\n")
    programme = Programme.read(folder)
    numbers, last = SampleNumbers(programme, 1079), dict[str, float]()
    unit = next(unit for unit in programme.units if unit.kind == stock.unit_kind and unit.valid_to is None)
    for period in programme.periods[:46]:
        if unit not in programme.expected(period):
            continue
        values = numbers.values(unit, period)
        for row in programme.form_rows(unit, period):
            if row.element.code == stock.element_code:
                assert values[row.form_code] >= last.get(row.form_code, 0)
                last[row.form_code] = values[row.form_code]
    assert len(last) == 3


def test_a_unit_adds_up_from_its_plan_on(life: SampleLife) -> None:
    programme = life.programme
    for plan in programme.plans:
        unit = programme.unit_by_key[plan.unit_key]
        first = next(period for period in programme.periods if unit in programme.expected(period))
        values, sums = life.numbers.values(unit, first), life.numbers.cumulatives(unit, first)
        assert sums
        assert {code: total for code, (_, total) in sums.items()} == {code: values[code] for code in sums}


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
