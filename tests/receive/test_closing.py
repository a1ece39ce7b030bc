"""A month cut by a re-organisation: each report goes to the unit that had its code on the last day it covers.

The codes whose meaning changed inside a month are found in the seeds.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.conftest import Warehouse
from tests.receive.conftest import SEEDS
from tests.receive.forms import cells, edited
from tiendo.cli import app
from tiendo.programme import Period, Programme, Unit
from tiendo.receive.collect import collect
from tiendo.receive.form import Content, NoSuchFormError, find_unit_and_period, write_form
from tiendo.receive.landing import Landing
from tiendo.receive.load import load
from tiendo.receive.pool import Source
from tiendo.receive.read import read_report

DAY = "%d/%m/%Y"
LATER = date(2026, 11, 22)
PROGRAMME = Programme.read(SEEDS)


@dataclass(frozen=True)
class Cut:
    """One code that means `former` until a day inside the period, and `latter` from the next day on."""

    former: Unit
    latter: Unit
    period: Period

    @property
    def last(self) -> date:
        """The former unit's last day."""
        assert self.former.valid_to is not None
        return self.former.valid_to


def cuts() -> Iterator[Cut]:
    for code in sorted({unit.code for unit in PROGRAMME.units}):
        for former, latter in itertools.pairwise(PROGRAMME.units_called(code)):
            for period in PROGRAMME.periods:
                if former.name_vi != latter.name_vi and period.is_last_of(former) and latter.in_force(period.end):
                    yield Cut(former, latter, period)


CUTS = list(cuts())
cut_by_cut = pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.former.key)


def form(unit: Unit, period: Period, covers_from: date | None = None) -> bytes:
    numbers = {row.form_code: {"value": 0} for row in PROGRAMME.form_rows(unit, period)}
    return write_form(PROGRAMME, unit, period, Content(numbers, is_synthetic=True, covers_from=covers_from))


def rules(content: bytes, door: str, on: date = LATER) -> list[str]:
    reading = read_report(content, PROGRAMME, door_code=door, received_on=on)
    assert all(p.message_vi != p.message_en and "{" not in p.message_vi + p.message_en for p in reading.problems)
    return [problem.rule_code for problem in reading.problems]


def test_some_codes_changed_their_meaning() -> None:
    assert len({cut.former.code for cut in CUTS}) > 1


@cut_by_cut
def test_both_meanings_of_a_code_go_to_their_own_units(cut: Cut) -> None:
    whole, rest = form(cut.latter, cut.period), form(cut.latter, cut.period, cut.latter.valid_from)
    told = {
        form(cut.former, cut.period): (cut.former, cut.period.start, cut.last),
        whole: (cut.latter, None, None),
        rest: (cut.latter, cut.latter.valid_from, cut.period.end),
    }
    for content, (unit, first, last) in told.items():
        reading = read_report(content, PROGRAMME, door_code=cut.former.code, received_on=LATER)
        head = reading.header
        assert reading.problems == ()
        assert (head.unit_code, head.unit_valid_from) == (unit.code, unit.valid_from)
        assert (head.covers_from, head.covers_to) == (first, last)
        assert reading.values


@cut_by_cut
def test_a_closing_form_asks_for_no_stock(cut: Cut) -> None:
    rows = PROGRAMME.form_rows(cut.former, cut.period)
    assert rows
    assert not any(row.element.is_stock for row in rows)
    assert any(row.element.is_stock for row in PROGRAMME.form_rows(cut.latter, cut.period))


@cut_by_cut
def test_letterhead_and_days_must_agree(cut: Cut) -> None:
    start, last, end = (f"{day:{DAY}}" for day in (cut.period.start, cut.last, cut.period.end))
    closing, code = form(cut.former, cut.period), cut.former.code
    assert "unit_ended_inside" in rules(edited(closing, cells(F5=start, H5=end)), code)
    assert "unit_ended_inside" in rules(edited(closing, cells(F5=None, H5=None)), code)
    assert "unit_not_yet" in rules(edited(form(cut.latter, cut.period), cells(H5=last)), code)


def test_a_closing_report_need_not_wait_for_the_end_of_the_period() -> None:
    cut = CUTS[0]
    closing, code = form(cut.former, cut.period), cut.former.code
    assert rules(closing, code, cut.last + timedelta(1)) == []
    assert rules(closing, code, cut.last - timedelta(1)) == ["period_future"]
    assert rules(form(cut.latter, cut.period), code, cut.last + timedelta(1)) == ["period_future"]


@pytest.mark.parametrize("value", ["{:%d/%m/%Y}", "{0.day}/{0.month}/{0.year}", "{:%Y-%m-%d}", "date"])
def test_the_last_day_is_read_however_it_was_typed(value: str) -> None:
    cut = CUTS[0]
    typed = datetime.combine(cut.last, time()) if value == "date" else value.format(cut.last)
    assert rules(edited(form(cut.former, cut.period), cells(H5=typed)), cut.former.code) == []


def test_days_that_cannot_be_are_named() -> None:
    cut = CUTS[0]
    closing, code = form(cut.former, cut.period), cut.former.code
    before, after = (f"{day:{DAY}}" for day in (cut.period.start - timedelta(1), cut.period.end + timedelta(1)))
    early, late = f"{cut.last - timedelta(1):{DAY}}", f"{cut.period.start + timedelta(1):{DAY}}"
    for days in ({"F5": before}, {"H5": after}, {"H5": "cuối tháng"}, {"H5": early}, {"F5": late}):
        assert rules(edited(closing, cells(**days)), code), days
    assert rules(edited(closing, cells(F5=f"{cut.last:{DAY}}", H5=f"{cut.period.start:{DAY}}")), code)


def test_no_closing_form_when_the_unit_is_gone() -> None:
    cut = CUTS[0]
    after = PROGRAMME.periods[cut.period.ordinal]
    assert find_unit_and_period(PROGRAMME, cut.former.key, cut.period.code) == (cut.former, cut.period)
    with pytest.raises(NoSuchFormError, match=cut.latter.code):
        find_unit_and_period(PROGRAMME, cut.former.key, after.code)


def test_the_command_writes_the_closing_form(tmp_path: Path) -> None:
    cut, path = CUTS[0], tmp_path / "closing.xlsx"
    runner = CliRunner()
    assert runner.invoke(app, ["form", cut.former.key, cut.period.code, "-o", str(path)]).exit_code == 0
    assert runner.invoke(app, ["check", str(path)]).exit_code == 0
    reading = read_report(path.read_bytes(), PROGRAMME)
    assert (reading.header.unit_valid_from, reading.header.covers_to) == (cut.former.valid_from, cut.last)


def test_both_meanings_in_one_month_reach_raw_apart(tmp_path: Path, database: Warehouse) -> None:
    doors, landing = tmp_path / "doors", Landing(tmp_path / "landing")
    arrived = datetime.combine(LATER, time(9), UTC).timestamp()
    for cut in CUTS:
        (doors / cut.former.code).mkdir(parents=True, exist_ok=True)
        for unit in (cut.former, cut.latter):
            path = doors / unit.code / f"{unit.valid_from}.xlsx"
            path.write_bytes(form(unit, cut.period))
            os.utime(path, (arrived, arrived))
    with database.connect("loader") as connection:
        collect(connection, doors, landing)
        loaded = load(connection, Source(PROGRAMME.folder, landing))
    assert (loaded.submission_count, loaded.quarantined_count) == (2 * len(CUTS), 0)
    found = database.rows(
        "select unit_code, unit_valid_from, period_code, covers_from, covers_to from raw.submission", role="loader"
    )
    whole = {(cut.latter.code, cut.latter.valid_from, cut.period.code, None, None) for cut in CUTS}
    closing = {(c.former.code, c.former.valid_from, c.period.code, c.period.start, c.last) for c in CUTS}
    assert set(found) == whole | closing
