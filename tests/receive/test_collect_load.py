"""From the doors to raw on a real PostgreSQL: what is bad waits in quarantine, what is good beside it goes in."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Warehouse
from tests.receive.bad_inputs import BAD
from tests.receive.deadly import DeadlySource
from tests.receive.forms import at, cells, changed, edited, filled
from tiendo.programme import Programme
from tiendo.receive import pool
from tiendo.receive.collect import Collected, collect
from tiendo.receive.form import find_unit_and_period, write_form
from tiendo.receive.landing import Landing, LandingError
from tiendo.receive.load import Loaded, load
from tiendo.receive.pool import Pending, Source
from tiendo.receive.read import read_report

ARRIVED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


class Desk:
    """Doors, landing store and warehouse of one test."""

    def __init__(self, folder: Path, warehouse: Warehouse, programme: Programme) -> None:
        self.doors, self.landing = folder / "doors", Landing(folder / "landing")
        self.warehouse, self.programme = warehouse, programme

    def put(self, door: str, name: str, content: bytes, at: datetime = ARRIVED) -> Path:
        path = self.doors / door / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (at.timestamp(), at.timestamp()))
        return path

    def collect(self, *, historical: bool = False) -> Collected:
        with self.warehouse.connect("loader") as connection:
            return collect(connection, self.doors, self.landing, historical=historical)

    def load(self) -> Loaded:
        with self.warehouse.connect("loader") as connection:
            return load(connection, Source(self.programme.folder, self.landing))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.warehouse.rows(query, role="loader")


@pytest.fixture
def desk(tmp_path: Path, database: Warehouse, programme: Programme) -> Desk:
    return Desk(tmp_path, database, programme)


def test_bad_files_wait_and_the_good_one_beside_them_goes_in(desk: Desk, programme: Programme) -> None:
    for number, bad in enumerate(BAD):
        desk.put(bad.door, f"{number}.xlsx", bad.make(programme))
    good = desk.put("15", "good.xlsx", filled(programme, "15"))
    collected = desk.collect()
    assert (collected.new_count, collected.waiting_count) == (len(BAD) + 1, 0)
    loaded = desk.load()
    assert (loaded.submission_count, loaded.quarantined_count) == (len(BAD) + 1, len(BAD))
    found = desk.rows(
        "select file_name, state, rule_code, cell, severity, message_vi, message_en "
        "from raw.submission inner join raw.problem using (submission_id)"
    )
    assert {(name, rule, cell) for name, _, rule, cell, *_ in found} == {
        (f"{number}.xlsx", bad.rule_code, at(programme, bad.cell)) for number, bad in enumerate(BAD)
    }
    assert len(found) == len(BAD)
    assert {(state, severity) for _, state, _, _, severity, _, _ in found} == {("quarantined", "error")}
    assert all(vi and en and vi != en for *_, vi, en in found)
    assert desk.rows("select file_name, unit_code, period_code from raw.submission where state = 'loaded'") == [
        (good.name, "15", "2025-08")
    ]
    numbers = [value.value_number or 0 for value in read_report(filled(programme, "15"), programme).values]
    assert desk.rows(
        "select count(*), sum(value_number) from raw.reported_value inner join raw.submission using (submission_id) "
        "where state = 'loaded'"
    ) == [(len(numbers), sum(numbers))]
    assert good.exists()


def test_the_same_bytes_are_one_submission(desk: Desk, programme: Programme) -> None:
    content = filled(programme)
    desk.put("51", "a.xlsx", content)
    desk.put("51", "b.xlsx", content)
    assert desk.collect().new_count == 1
    desk.put("51", "c.xlsx", content)
    again = desk.collect()
    assert (again.new_count, again.known_count, again.unchanged_count) == (0, 1, 2)
    assert desk.rows("select count(*) from raw.submission") == [(1,)]


def test_running_again_changes_nothing(desk: Desk, programme: Programme) -> None:
    desk.put("51", "a.xlsx", filled(programme))
    desk.collect(historical=True)
    desk.load()
    everything = (
        "select s.*, v.* from raw.submission as s inner join raw.reported_value as v using (submission_id) order by v"
    )
    before = desk.rows(everything)
    assert desk.collect(historical=True).unchanged_count == 1
    assert desk.load().submission_count == 0
    assert desk.rows(everything) == before
    assert desk.rows("select received_at, is_historical, door_code, form_version from raw.submission") == [
        (ARRIVED, True, "51", "1")
    ]


def test_a_file_changed_at_the_door_is_a_new_submission(desk: Desk, programme: Programme) -> None:
    desk.put("51", "a.xlsx", filled(programme))
    desk.collect()
    desk.put("51", "a.xlsx", filled(programme, value=8), ARRIVED.replace(hour=11))
    assert desk.collect().new_count == 1
    desk.load()
    assert desk.rows("select count(*), count(distinct file_name) from raw.submission where state = 'loaded'") == [
        (2, 1)
    ]


def test_hostile_names_and_what_is_no_file(desk: Desk, programme: Programme, tmp_path: Path) -> None:
    content = filled(programme)
    desk.put("51", "a\nb\t'; drop table raw.submission; --\x1b[2J.xlsx", content)
    bytes_name = os.fsencode(desk.doors / "51") + b"/\xff\xfe.xlsx"
    Path(os.fsdecode(bytes_name)).write_bytes(filled(programme, value=8))
    desk.put("51", ".hidden.xlsx", content + b"1")
    desk.put("51", "half.xlsx.part", content + b"2")
    desk.put("51", "half.TMP", content + b"3")
    secret = tmp_path / "secret"
    secret.write_text("not for the warehouse")
    (desk.doors / "51" / "link.xlsx").symlink_to(secret)
    (desk.doors / "52").symlink_to(tmp_path)
    (desk.doors / "51" / "folder.xlsx").mkdir()
    os.mkfifo(desk.doors / "51" / "pipe.xlsx")
    collected = desk.collect()
    assert (collected.new_count, collected.file_count, collected.waiting_count) == (2, 2, 0)
    names = [name for (name,) in desk.rows("select file_name from raw.submission order by file_name")]
    assert names == ["a b '; drop table raw.submission; -- [2J.xlsx", "\ufffd\ufffd.xlsx"]


def test_real_reports_do_not_mix_with_synthetic_ones(desk: Desk, programme: Programme) -> None:
    desk.put("15", "synthetic.xlsx", filled(programme, "15"))
    desk.collect()
    desk.load()
    unit, period = find_unit_and_period(programme, "51", "2025-08")
    desk.put("51", "real.xlsx", write_form(programme, unit, period))
    desk.collect()
    assert desk.load().quarantined_count == 1
    assert desk.rows("select rule_code, cell from raw.problem") == [("synthetic_mixed", "")]


def test_a_warning_does_not_keep_a_report_out(desk: Desk, programme: Programme) -> None:
    desk.put("51", "a.xlsx", changed(programme, {"G{E0206}": 3}))
    desk.collect()
    loaded = desk.load()
    assert (loaded.quarantined_count, dict(loaded.problem_counts)) == (0, {"cumulative_below_value": 1})
    assert loaded.first_problems == []


def test_one_spoilt_file_does_not_hide_the_others(desk: Desk, programme: Programme) -> None:
    many = {f"B{row}": f"Z{row}" for row in range(200, 500)}
    desk.put("15", "a.xlsx", edited(filled(programme, "15"), cells(**many)), ARRIVED.replace(hour=1))
    desk.put("51", "b.xlsx", b"no spreadsheet")
    desk.collect()
    loaded = desk.load()
    assert loaded.problem_counts == {"element_unknown": 300, "file_unreadable": 1}
    assert {found.file_name for found in loaded.first_problems} == {"a.xlsx", "b.xlsx"}


def test_landing_is_never_overwritten_and_always_checked(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    sha256 = landing.put(b"as it came")
    path = landing.path(sha256)
    before = path.stat().st_mtime_ns
    assert landing.put(b"as it came") == sha256
    assert (path.stat().st_mtime_ns, path.parent.name) == (before, sha256[:2])
    path.chmod(0o644)
    path.write_bytes(b"as it became")
    with pytest.raises(LandingError):
        landing.get(sha256)
    with pytest.raises(LandingError):
        landing.put(b"as it came")
    path.unlink()
    with pytest.raises(LandingError):
        landing.get(sha256)


def test_a_file_that_kills_its_reader_costs_only_itself(tmp_path: Path, programme: Programme) -> None:
    landing = Landing(tmp_path)
    sha256 = landing.put(filled(programme))
    doors = ["51", "deadly", *["51"] * (pool.FEW + 4)]
    pending = [
        Pending(f"00000000-0000-0000-0000-{number:012}", sha256, door, ARRIVED.date())  # type: ignore[arg-type]
        for number, door in enumerate(doors)
    ]
    batches = [pending[start : start + 5] for start in range(0, len(pending), 5)]
    blocks = [block for found in pool.read_batches(DeadlySource(programme.folder, landing), batches) for block in found]
    assert [block.submission_id for block in blocks] == [each.submission_id for each in pending]
    assert [[p.rule_code for p in block.problems] for block in blocks[:3]] == [[], ["file_unreadable"], []]
    assert all(not block.problems for block in blocks[2:])
