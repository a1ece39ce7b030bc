"""Who became whom through every re-organisation, when whoever takes over owes, and from when a plan obliges."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tiendo.programme import Programme, Unit

ROOT = Path(__file__).parents[2]
SEEDS, LANTERN = ROOT / "dbt_project" / "seeds", ROOT / "tests" / "programmes" / "lantern"


@pytest.fixture(scope="module")
def programme() -> Programme:
    return Programme.read(SEEDS)


@pytest.fixture(scope="module")
def lantern() -> Programme:
    return Programme.read(LANTERN)


@pytest.fixture(params=[SEEDS, LANTERN], ids=["real", "lantern"])
def either(request: pytest.FixtureRequest) -> Programme:
    return Programme.read(request.param)


def keys(units: Iterable[Unit]) -> set[str]:
    return {unit.key for unit in units}


def test_merged_units_have_one_current_and_their_own_originals(lantern: Programme) -> None:
    unit = lantern.unit_by_key
    assert keys(lantern.current_of(unit["01@2023-01-01"])) == {"02@2024-04-01"}
    assert keys(lantern.originals_of(unit["02@2024-04-01"])) == {"01@2023-01-01", "02@2023-01-01"}
    assert keys(lantern.descendants(unit["02@2023-01-01"])) == {"02@2024-04-01"}
    assert keys(lantern.ancestors(unit["13@2024-04-01"])) == {"11@2023-01-01", "12@2023-01-01"}


def test_whom_nobody_follows_is_its_own_current_even_after_its_end(lantern: Programme) -> None:
    for key in ("03@2023-01-01", "17@2023-01-01"):
        unit = lantern.unit_by_key[key]
        assert lantern.current_of(unit) == lantern.originals_of(unit) == (unit,)
        assert lantern.descendants(unit) == lantern.ancestors(unit) == ()


def test_a_legal_successor_carries_nothing_on(lantern: Programme) -> None:
    office = lantern.unit_by_key["CA@2023-01-01"]
    assert keys(lantern.current_of(office)) == {"CB@2023-01-01"}
    assert keys(lantern.originals_of(lantern.unit_by_key["CC@2023-01-01"])) == {"CC@2023-01-01"}


def test_a_unit_is_current_until_the_day_it_is_followed(either: Programme) -> None:
    for succession in either.successions:
        if succession.kind == "legal":
            continue
        unit, heir = (either.unit_by_key[key] for key in (succession.unit_key, succession.successor_key))
        assert heir not in either.current_of(unit, succession.effective - timedelta(1))
        assert unit not in either.current_of(unit, succession.effective)
        assert heir in either.descendants(unit)
        assert unit in either.ancestors(heir)


def test_lines_run_both_ways_and_end_where_nobody_follows(either: Programme) -> None:
    for unit in either.units:
        assert unit not in either.descendants(unit)
        assert either.current_of(unit)
        assert either.originals_of(unit)
        assert all(unit in either.ancestors(each) for each in either.descendants(unit))
        assert not any(either.successors(each) for each in either.current_of(unit))
        assert not any(either.predecessors(each) for each in either.originals_of(unit))


def test_a_code_owes_through_its_heirs_from_the_day_of_the_succession(lantern: Programme) -> None:
    before, after = lantern.unit_by_key["CA@2023-01-01"], lantern.unit_by_key["CB@2023-01-01"]
    took_over = next(s.effective for s in lantern.successions if s.successor_key == after.key)
    since = date(2023, 1, 1)
    assert lantern.holds("", "CA", since, before, since)
    assert not lantern.holds("", "CA", since, after, took_over - timedelta(1))
    assert lantern.holds("", "CA", since, after, took_over)
    for period in lantern.periods:
        asked = {row.element.code for row in lantern.form_rows(after, period)}
        assert ("D08" in asked) == (period.end >= took_over), period.code


def test_a_plan_decides_from_when_a_report_is_expected(lantern: Programme) -> None:
    assert lantern.plans
    for plan in lantern.plans:
        unit = lantern.unit_by_key[plan.unit_key]
        for period in lantern.periods:
            is_owed = unit.in_force(period.end) and period.end >= plan.obliged_from
            assert (unit in lantern.expected(period)) == is_owed, (unit.key, period.code)


def test_parts_stand_below_their_total(lantern: Programme) -> None:
    unit = lantern.unit_by_key["11@2023-01-01"]
    rows = [row for row in lantern.form_rows(unit, lantern.periods[1]) if row.element.code == "D07"]
    assert [(row.form_code, row.disaggregation_code) for row in rows] == [
        ("D07", "total"),
        ("D07/sex.female", "sex.female"),
        ("D07/sex.male", "sex.male"),
    ]
    assert all(row.label_vi.strip().startswith("Trong đó") for row in rows[1:])
