"""Which periods and scopes a run recomputes, and up to which month it shows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Warehouse
from tiendo.programme import Programme
from tiendo.publish.errors import PublishError, WishError
from tiendo.publish.runs import Wish, _data_to, all_pairs, cone, is_outdated, open_run, seeds_published_by

LANTERN = Path(__file__).parents[1] / "programmes" / "lantern"


@pytest.fixture
def programme() -> Programme:
    return Programme.read(LANTERN)


def accept(warehouse: Warehouse, *periods: str) -> None:
    """A report accepted for each period."""
    with warehouse.connect("loader") as loader:
        for number, period in enumerate(periods):
            loader.execute(
                "insert into raw.submission values (gen_random_uuid(), %s, '03', 'f', 1, '2024-01-01', '2024-01-01', "
                "false, 'accepted', true, '1', '03', '2023-01-01', %s)",
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


def test_the_cone_of_an_ended_unit_reaches_its_heir_its_region_and_the_nation(programme: Programme) -> None:
    pairs = cone(programme, Wish(from_period="2024-03", unit_code="01"), "2024-04")
    scopes = {"01@2023-01-01", "02@2024-04-01", "EA@2023-01-01", "nation"}
    assert pairs == {(period, scope) for period in ("2024-03", "2024-04") for scope in scopes}


def test_a_month_not_yet_due_is_not_judged(database: Warehouse, programme: Programme) -> None:
    accept(database, "2024-01", "2024-02")
    due = programme.period("2024-02").due
    with database.connect("builder") as builder:
        evening = datetime(due.year, due.month, due.day, 20, tzinfo=programme.time_zone)
        with pytest.raises(WishError, match="2024-02"):
            _data_to(builder, programme, Wish(data_to_period="2024-02"), evening)
        # As known at the end of its due day it is.
        assert _data_to(builder, programme, Wish(data_to_period="2024-02", known_on=due), evening) == "2024-02"


def test_a_day_that_is_not_over_cannot_be_looked_back_on(database: Warehouse, programme: Programme) -> None:
    with database.connect("builder") as builder, pytest.raises(WishError, match="not over"):
        open_run(builder, programme, Wish(known_on=date(2999, 1, 1)), "test")


def test_only_what_came_in_since_the_last_build_is_built(database: Warehouse, programme: Programme) -> None:
    accept(database, "2024-01", "2024-02", "2024-03")
    changed = Wish(only_changed=True)
    with database.connect("builder") as builder:
        first = open_run(builder, programme, changed, "test")
        assert first.is_full
        # What was built is what was received, but for one report that came after it.
        builder.execute("create table marts.fct_submission as select submission_id, state from raw.submission")
        builder.execute("update ops.run set state = 'published'")
        assert open_run(builder, programme, changed, "test").pair_count == 0
        builder.execute("update ops.run set state = 'published'")
        builder.execute(
            "delete from marts.fct_submission where submission_id = "
            "(select submission_id from raw.submission where period_code = '2024-03')"
        )
        late = open_run(builder, programme, changed, "test")
        pairs = builder.execute("select period_code, scope_key from ops.run_pair where run_id = %s", (late.run_id,))
        assert set(pairs) == {("2024-03", scope) for scope in ("03@2023-01-01", "EA@2023-01-01", "nation")}
        builder.execute("update ops.run set state = 'published'")
        assert open_run(builder, programme, changed, "other code").is_full


def test_a_build_that_was_not_published_or_of_other_code_or_seeds_is_outdated(
    database: Warehouse, programme: Programme
) -> None:
    accept(database, "2024-01")
    seeds = programme.seeds_hash()
    with database.connect("builder") as builder:
        # Reports start the first build by themselves.
        assert not is_outdated(builder, ("test", seeds))
        open_run(builder, programme, Wish(), "test")
        for state in ("building", "failed", "validated", "abandoned"):
            builder.execute("update ops.run set state = %s", (state,))
            assert is_outdated(builder, ("test", seeds)), state
        builder.execute("update ops.run set state = 'published'")
        assert not is_outdated(builder, ("test", seeds))
        assert is_outdated(builder, ("other code", seeds))
        assert is_outdated(builder, ("test", "other seeds"))


def test_a_row_of_the_seeds_whose_day_has_come_is_built_for_all(database: Warehouse, programme: Programme) -> None:
    accept(database, "2024-01", "2024-02")
    with database.connect("builder") as builder:
        open_run(builder, programme, Wish(), "test")
        builder.execute("create table marts.fct_submission as select submission_id, state from raw.submission")
        day = max(row.day("known_from") for row in programme.table("frame_value"))
        builder.execute("update ops.run set state = 'published', known_at = %s", (day - timedelta(days=1),))
        assert open_run(builder, programme, Wish(only_changed=True), "test").is_full


def test_the_seeds_a_run_found_are_kept_for_looking_back(database: Warehouse, programme: Programme) -> None:
    accept(database, "2024-01")
    with database.connect("builder") as builder:
        run = open_run(builder, programme, Wish(), "test")
        assert seeds_published_by(builder, run.known_at) is None
    with database.connect("publisher") as publisher:
        publisher.execute(
            "insert into ops.publication (publication_no, run_id, known_at, data_to_period, code_version, seeds_hash, "
            "row_counts) values (1, %s, now(), '2024-01', 'test', %s, '{}')",
            (run.run_id, programme.seeds_hash()),
        )
    with database.connect("builder") as builder:
        now = builder.execute("select clock_timestamp()").fetchone()[0]
        kept = seeds_published_by(builder, now)
    assert kept["unit.csv"] == (LANTERN / "unit.csv").read_text(encoding="utf-8")
    assert len(kept) == len(list(LANTERN.glob("*.csv")))


def test_a_cone_never_leaves_the_full_set(programme: Programme) -> None:
    everything = all_pairs(programme, programme.periods[0].code, "2024-06")
    for unit in {unit.code for unit in programme.units}:
        assert cone(programme, Wish(unit_code=unit), "2024-06") <= everything


@pytest.mark.parametrize("wish", [Wish(unit_code="99"), Wish(from_period="1999-01"), Wish(from_period="2024-07")])
def test_what_the_programme_does_not_have_is_refused(programme: Programme, wish: Wish) -> None:
    with pytest.raises(WishError):
        cone(programme, wish, "2024-06")
