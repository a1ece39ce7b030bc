"""What comes again, what a clock or a file system does to a door, and that no unit stops the others."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.conftest import Warehouse
from tests.receive.forms import filled
from tests.receive.test_collect_load import ARRIVED, Desk
from tiendo.cli import app
from tiendo.programme import Programme
from tiendo.receive import collect as collecting
from tiendo.receive.collect import DoorError
from tiendo.receive.landing import Landing, LandingError

STATES = "select door_code, file_name, state from raw.submission"
LEFTOVERS = "select (select count(*) from raw.problem), (select count(*) from raw.reported_value)"


@pytest.fixture
def desk(tmp_path: Path, database: Warehouse, programme: Programme) -> Desk:
    return Desk(tmp_path, database, programme)


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, bytes], None]:
    """Make a call of the file system fail on a path: permissions do not bind the user that runs the tests."""

    def refuse(name: str, path: bytes) -> None:
        real = getattr(os, name)

        def refusing(found: Any, *words: Any, **named: Any) -> Any:
            if found == path:
                raise PermissionError(13, "Permission denied")
            return real(found, *words, **named)

        monkeypatch.setattr(collecting.os, name, refusing)

    return refuse


def test_what_waits_is_judged_again_through_another_door(desk: Desk, programme: Programme) -> None:
    content = filled(programme)
    desk.put("52", "wrong.xlsx", content)
    desk.collect(historical=True)
    assert desk.load().quarantined_count == 1
    desk.put("51", "right.xlsx", content)
    before = datetime.now(UTC)
    again = desk.collect()
    assert (again.new_count, again.known_count, again.waiting_count, again.unchanged_count) == (1, 0, 0, 1)
    assert desk.rows(LEFTOVERS) == [(0, 0)]
    assert desk.rows("select received_at, is_historical, period_code, unit_code from raw.submission") == [
        (ARRIVED, False, None, None)
    ]
    assert desk.rows("select min(collected_at) from raw.submission")[0][0] >= before
    assert desk.load().quarantined_count == 0
    assert desk.rows(STATES) == [("51", "right.xlsx", "loaded")]
    assert desk.collect().unchanged_count == 2


def test_what_came_too_early_is_judged_again_when_it_comes_later(desk: Desk, programme: Programme) -> None:
    content = filled(programme)
    desk.put("51", "a.xlsx", content, datetime(2025, 7, 20, tzinfo=UTC))
    desk.collect()
    assert desk.load().problem_counts == {"period_future": 1}
    desk.put("51", "earlier.xlsx", content, datetime(2025, 7, 19, tzinfo=UTC))
    assert desk.collect().known_count == 1
    desk.put("51", "a.xlsx", content)
    assert desk.collect().new_count == 1
    assert desk.load().quarantined_count == 0
    assert desk.rows("select received_at, state from raw.submission") == [(ARRIVED, "loaded")]


def test_two_doors_at_once_are_judged_one_after_the_other(desk: Desk, programme: Programme) -> None:
    content = filled(programme)
    desk.put("52", "wrong.xlsx", content)
    desk.put("51", "right.xlsx", content, ARRIVED + timedelta(hours=1))
    first = desk.collect()
    assert (first.new_count, first.known_count, first.waiting_count) == (1, 0, 1)
    assert desk.collect().waiting_count == 1
    assert desk.load().quarantined_count == 1
    assert desk.collect().new_count == 1
    assert desk.load().quarantined_count == 0
    assert desk.rows(STATES) == [("51", "right.xlsx", "loaded")]
    assert desk.collect().unchanged_count == 2


def test_what_is_accepted_stays_as_it_is(desk: Desk, programme: Programme) -> None:
    content = filled(programme)
    desk.put("51", "a.xlsx", content)
    desk.collect()
    desk.load()
    with desk.warehouse.connect("loader") as connection:
        connection.execute("update raw.submission set state = 'accepted'")
    before = desk.rows("select * from raw.submission")
    desk.put("52", "b.xlsx", content)
    desk.put("51", "c.xlsx", content, ARRIVED + timedelta(days=1))
    again = desk.collect()
    assert (again.new_count, again.known_count, again.waiting_count) == (0, 2, 0)
    assert desk.rows("select * from raw.submission") == before
    assert desk.collect().unchanged_count == 3


@pytest.mark.parametrize("year", [2200, 2400])
def test_a_clock_ahead_receives_nothing_in_the_future(desk: Desk, programme: Programme, year: int) -> None:
    desk.put("51", "a.xlsx", filled(programme), datetime(year, 1, 1, tzinfo=UTC))
    desk.put("52", "b.xlsx", filled(programme, "52"), datetime(1960, 1, 1, tzinfo=UTC))
    assert desk.collect(historical=True).new_count == 2
    assert desk.rows("select count(*) from raw.submission where received_at <= collected_at") == [(2,)]
    assert desk.collect().unchanged_count == 2


def test_a_file_too_large_is_named_and_left(desk: Desk, programme: Programme, caplog: pytest.LogCaptureFixture) -> None:
    desk.put("51", "a.xlsx", filled(programme))
    os.truncate(desk.put("52", "b.xlsx", b""), 5 * 2**30)
    found = desk.collect()
    assert (found.file_count, found.new_count, found.too_large) == (2, 1, ("52/b.xlsx",))
    assert "52/b.xlsx: Tệp quá lớn (5120 MiB)" in caplog.text
    assert "The file is too large (5120 MiB)" in caplog.text
    assert desk.collect().too_large == ("52/b.xlsx",)


def test_a_size_of_any_file_fits(desk: Desk) -> None:
    assert desk.rows(
        "select distinct data_type from information_schema.columns "
        "where table_schema = 'raw' and column_name = 'byte_count'"
    ) == [("bigint",)]


def test_an_unreadable_door_and_file_are_named_and_the_rest_goes_on(
    desk: Desk, programme: Programme, refuse: Callable[[str, bytes], None]
) -> None:
    desk.put("15", "never.xlsx", filled(programme, "15"))
    closed = desk.put("51", "closed.xlsx", filled(programme))
    desk.put("52", "good.xlsx", filled(programme, "52"))
    refuse("scandir", os.fsencode(desk.doors / "15"))
    refuse("open", os.fsencode(closed))
    with pytest.raises(DoorError) as told:
        desk.collect()
    assert "\n15: không đọc được / cannot be read (Permission denied)" in str(told.value)
    assert "\n51/closed.xlsx: không đọc được / cannot be read (Permission denied)" in str(told.value)
    assert desk.rows(STATES) == [("52", "good.xlsx", "collected")]


def test_an_unreadable_door_is_exit_code_3(
    database: Warehouse, monkeypatch: pytest.MonkeyPatch, refuse: Callable[[str, bytes], None]
) -> None:
    monkeypatch.setenv("TIENDO_DATABASE", database.settings.database)
    door = database.settings.doors / "closed"
    door.mkdir(parents=True)
    refuse("scandir", os.fsencode(door))
    try:
        told = CliRunner().invoke(app, ["collect"])
    finally:
        door.rmdir()
    assert told.exit_code == 3
    assert "closed: không đọc được" in told.output


def test_what_is_swapped_in_while_we_look_is_neither_waited_for_nor_followed(
    desk: Desk, programme: Programme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desk.put("51", "good.xlsx", filled(programme))
    secret = desk.put("51", "secret", b"y").rename(tmp_path / "secret")
    swapped = [desk.put("52", name, b"x") for name in ("folder", "gone", "link", "pipe")]
    real = collecting._seen

    def swap(connection: Any) -> Any:
        for path in swapped:
            path.unlink()
        swapped[0].mkdir()
        swapped[2].symlink_to(secret)
        os.mkfifo(swapped[3])
        return real(connection)

    monkeypatch.setattr(collecting, "_seen", swap)
    found = desk.collect()
    assert (found.new_count, found.waiting_count) == (1, 4)
    assert desk.rows(STATES) == [("51", "good.xlsx", "collected")]


def test_nothing_has_a_name_or_is_seen_before_the_disk_has_it(
    desk: Desk, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = filled(programme)
    desk.put("51", "a.xlsx", content)

    def cut() -> None:
        raise OSError("power")

    with monkeypatch.context() as broken:
        broken.setattr(os, "sync", cut)
        with pytest.raises(OSError, match="power"):
            desk.collect()
    assert [path for path in desk.landing.root.rglob("*") if path.is_file()] == []
    assert desk.rows("select count(*) from raw.door_file") == [(0,)]
    assert desk.collect().new_count == 1


def test_a_damaged_object_costs_only_its_own_submission(desk: Desk, programme: Programme) -> None:
    content = filled(programme)
    desk.put("51", "a.xlsx", content)
    desk.put("52", "b.xlsx", filled(programme, "52"))
    desk.collect()
    path = desk.landing.path(Landing(desk.doors.parent / "other").put(content))
    path.chmod(0o644)
    path.write_bytes(b"")
    with pytest.raises(LandingError, match=path.name):
        desk.load()
    assert sorted(desk.rows(STATES)) == [("51", "a.xlsx", "collected"), ("52", "b.xlsx", "loaded")]
    desk.put("51", "again.xlsx", content)
    desk.put("53", "c.xlsx", b"other")
    with pytest.raises(DoorError, match=r"51/again\.xlsx: .*" + path.name):
        desk.collect()
    assert desk.rows("select state from raw.submission where door_code = '53'") == [("collected",)]
    path.write_bytes(content)
    desk.load()
    assert desk.rows("select state from raw.submission where door_code = '51'") == [("loaded",)]
