"""Which periods and scopes a run recomputes, and up to which month it shows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import Warehouse
from tiendo.programme import Programme
from tiendo.publish.errors import PublishError, WishError
from tiendo.publish.runs import Wish, _data_to, all_pairs, cone, open_run

LANTERN = Path(__file__).parents[1] / "programmes" / "lantern"


@pytest.fixture
def programme() -> Programme:
    return Programme.read(LANTERN)


def accept(warehouse: Warehouse, *periods: str) -> None:
    """A report accepted for each period."""
    with warehouse.connect("loader") as loader:
        for number, period in enumerate(periods):
            loader.execute(
                "insert into raw.submission values (gen_random_uuid(), %s, '03', 'f', 1, now(), now(), false, "
                "'accepted', true, '1', '03', '2023-01-01', %s)",
                (f"{number:064x}", period),
            )


def test_a_month_is_shown_from_the_morning_after_it_was_due(database: Warehouse, programme: Programme) -> None:
    accept(database, "2024-01", "2024-02")
    due = programme.period("2024-02").due
    with database.connect("builder") as builder:
        for day, hour, shown in ((due.day, 23, "2024-01"), (due.day + 1, 6, "2024-02")):
            now = datetime(due.year, due.month, day, hour, tzinfo=programme.time_zone)
            assert _data_to(builder, programme, Wish(), now) == shown


def test_a_month_nobody_reported_for_is_not_shown(database: Warehouse, programme: Programme) -> None:
    accept(database, "2024-01")
    with database.connect("builder") as builder:
        run = open_run(builder, programme, Wish(), "test")
    assert (run.data_to_period, run.is_full) == ("2024-01", True)


def test_nothing_received_is_said(database: Warehouse, programme: Programme) -> None:
    with database.connect("builder") as builder, pytest.raises(PublishError, match="tiendo load"):
        open_run(builder, programme, Wish(), "test")


def test_the_cone_of_an_ended_unit_reaches_its_region_and_the_nation(programme: Programme) -> None:
    pairs = cone(programme, Wish(from_period="2024-03", unit_code="01"), "2024-04")
    assert pairs == {
        ("2024-03", "01@2023-01-01"),
        ("2024-03", "EA@2023-01-01"),
        ("2024-03", "nation"),
        ("2024-04", "EA@2023-01-01"),
        ("2024-04", "nation"),
    }


def test_a_cone_never_leaves_the_full_set(programme: Programme) -> None:
    everything = all_pairs(programme, "2024-01", "2024-06")
    for unit in {unit.code for unit in programme.units}:
        assert cone(programme, Wish(unit_code=unit), "2024-06") <= everything


@pytest.mark.parametrize("wish", [Wish(unit_code="99"), Wish(from_period="1999-01"), Wish(from_period="2024-07")])
def test_what_the_programme_does_not_have_is_refused(programme: Programme, wish: Wish) -> None:
    with pytest.raises(WishError):
        cone(programme, wish, "2024-06")
