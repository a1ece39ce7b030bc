"""What holds of every programme: nothing is lost or counted twice through mergers, arrival has no order, and building a
little gives what building everything gives. On programmes drawn at random.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.conftest import copied
from tests.integration import lantern
from tests.integration.compare import difference, history, known_on
from tests.integration.lantern import Lantern
from tests.integration.random_programme import BEFORE, LAST, RandomProgramme
from tests.integration.random_seeds import SUMS, write
from tests.integration.raw_rows import Sent, insert, set_state
from tests.integration.recompute_indicators import NATION, indicators_of
from tests.integration.recompute_rules import read_rules
from tiendo.operate.settings import Settings

CHECKOUT = Path(__file__).parents[2]
NOW = "2026-01-01"
# Days of knowledge inside the story, beside what is known in the end.
DAYS = ("2023-12-26", "2024-02-20", "2024-04-01", "2024-05-30", "2024-07-10", NOW)
PROGRESS = "select * from marts.fct_progress order by basis, scope_key, period_code, indicator_code"
DRAWS = (7, 20)


@pytest.fixture(scope="module")
def ground() -> Iterator[Path]:
    """A folder inside the checkout, where dbt takes seeds from, that git ignores."""
    folder = CHECKOUT / "build" / f"random-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


@dataclass(frozen=True)
class Story:
    """A programme drawn at random in a warehouse of its own."""

    drawn: RandomProgramme
    seeds: Path
    programme: Lantern

    def send(self, reports: Sequence[Sent]) -> None:
        """Put reports into raw, in this order."""
        with self.programme.warehouse.connect("loader") as connection:
            insert(connection, reports)

    def build(self, last: str, *narrowed: str, is_full: bool = True) -> None:
        """Build and publish, so that a narrowed build can follow."""
        self.programme.tiendo("build", "--data-to", last, *narrowed)
        run = self.programme.warehouse.rows("select is_full from ops.run order by run_id desc limit 1")
        assert run == [(is_full,)]
        self.programme.tiendo("validate", "--gate", "marts")
        self.programme.tiendo("publish")

    def rows(self) -> list[tuple[Any, ...]]:
        """All of both tables, in one order."""
        columns = "basis, scope_kind, scope_key, period_code, indicator_code, definition_version, known_from"
        facts = f"select * from marts.fct_indicator order by {columns}"
        return self.programme.warehouse.rows(facts) + self.programme.warehouse.rows(PROGRESS)

    def differs_from(self, reports: Sequence[Sent], last: str) -> str:
        """What the warehouse and pandas do not agree on, on any of the days."""
        found, books = history(self.programme.warehouse), self.drawn.books(reports)
        said = [difference(known_on(found, day), indicators_of(books, self.seeds, last, day)) for day in DAYS]
        return "\n".join(f"as known on {day}\n{each}" for day, each in zip(DAYS, said, strict=True) if each)


def begin(template: Settings, drawn: RandomProgramme, home: Path, seeds: Path) -> Iterator[Story]:
    """A story in a warehouse made from a template."""
    with copied(template) as warehouse:
        yield Story(drawn, seeds, lantern.make(warehouse, home, seeds))


def shuffled(drawn: RandomProgramme, reports: Sequence[Sent]) -> list[Sent]:
    return drawn.chance.sample(list(reports), len(reports))


def lost(drawn: RandomProgramme, rows: pd.DataFrame, seeds: Path, last: str) -> list[str]:
    """Where the bases do not hold the same total of a sum, to the unit, in words."""
    rules, said = read_rules(seeds, last), []
    keys = [body.key for body in drawn.bodies]
    for (period, code), each in rows[rows["indicator_code"].isin(SUMS)].groupby(["period_code", "indicator_code"]):
        cells = each.set_index(["basis", "scope_key"])["numerator"]
        nation = cells.get(("as_reported", NATION))
        one = each[each["scope_kind"] == "unit"]
        current = one.loc[one["basis"] == "current", "numerator"].sum()
        regions = each[(each["scope_kind"] == "region") & (each["basis"] == "current")]["numerator"].sum()
        originals = one[(one["basis"] == "original")]
        totals = {"current nation": cells[("current", NATION)], "original nation": cells[("original", NATION)]}
        totals |= {"current units": current, "current regions": regions}
        if not (originals["null_reason"] == "border").any():
            totals["originals"] = originals["numerator"].sum()
        elif code in {"S1", "S5"}:
            # What is told by units that came from one original is that original's; the rest is cut.
            whole = [key for key in keys if len(rules.came_from[key]) == 1]
            lives = rows[(rows["basis"] == "as_reported") & (rows["indicator_code"] == code)]
            lives = lives[(lives["period_code"] <= period) & lives["scope_key"].isin(whole)]
            of_one = lives.sort_values("period_code").drop_duplicates("scope_key", keep="last").set_index("scope_key")
            told = of_one["numerator"].groupby(lambda key: next(iter(rules.came_from[key]))).sum()
            kept = originals[originals["null_reason"] != "border"].set_index("scope_key")["numerator"].fillna(0)
            if not (kept == told.reindex(kept.index).fillna(0)).all():
                said.append(f"{code} {period}: originals {kept.to_dict()}, as reported {told.to_dict()}")
        said += [
            f"{code} {period}: nation as reported {nation}, {name} {total}"
            for name, total in totals.items()
            if (nation if pd.notna(nation) else 0) != (total if pd.notna(total) else 0)
        ]
    return said


@given(draw=st.integers(0, 10_000))
@hypothesis_settings(max_examples=12, deadline=None, derandomize=True)
def test_pandas_loses_nothing_and_knows_no_order(ground: Path, draw: int) -> None:
    drawn = RandomProgramme(draw)
    seeds = write(drawn, ground / f"drawn-{draw}")
    for day in DAYS[-2:]:
        rows = indicators_of(drawn.books(drawn.reports), seeds, LAST, day)
        assert not lost(drawn, rows, seeds, LAST)
        again = indicators_of(drawn.books(shuffled(drawn, drawn.reports)), seeds, LAST, day)
        assert not difference(rows, again, ("one order", "another"))


def test_nothing_is_lost_in_the_warehouse(server: Settings, ground: Path, tmp_path: Path) -> None:
    drawn = RandomProgramme(DRAWS[1])
    for story in begin(server, drawn, tmp_path, write(drawn, ground / "whole")):
        story.send(shuffled(drawn, drawn.reports))
        story.build(LAST)
        assert not lost(drawn, known_on(history(story.programme.warehouse), NOW), story.seeds, LAST)
        assert not story.differs_from(drawn.reports, LAST)


def test_a_little_after_a_little_is_everything_at_once(server: Settings, ground: Path, tmp_path: Path) -> None:
    """Arrivals, corrections, withdrawals and a merger in the seeds, one after another; then all in another order."""
    drawn = RandomProgramme(DRAWS[0])
    seeds = write(drawn, ground / "growing", generations=1)
    before = shuffled(drawn, [report for report in drawn.reports if report.period <= BEFORE])
    later, here = before[:6], before[6:]
    for story in begin(server, drawn, tmp_path / "little", seeds):
        story.send(here)
        story.build(BEFORE)
        assert not story.differs_from(here, BEFORE)

        # Late reports arrive: one unit's month is asked for, the others are taken in as news.
        here = [*here, *later]
        story.send(later)
        story.build(BEFORE, "--from", later[0].period, "--unit", later[0].unit_code, is_full=False)
        assert not story.differs_from(here, BEFORE), "after arrivals"

        # Some are sent anew with other numbers.
        mended = [drawn.again(report, days) for days, report in enumerate(drawn.chance.sample(here, 5), 20)]
        here = [*here, *mended]
        story.send(mended)
        story.build(BEFORE, "--from", mended[0].period, is_full=False)
        assert not story.differs_from(here, BEFORE), "after corrections"

        # Some are withdrawn: what was known before them is known again.
        gone = drawn.chance.sample(here, 5)
        with story.programme.warehouse.connect("loader") as connection:
            for report in gone:
                set_state(connection, report, "quarantined")
        here = [report for report in here if report not in gone]
        story.build(BEFORE, "--from", gone[0].period, "--unit", gone[0].unit_code, is_full=False)
        assert not story.differs_from(here, BEFORE), "after withdrawals"
        narrowed = story.rows()
        story.build(BEFORE)
        assert story.rows() == narrowed

        # The seeds learn of a merger, and its first month comes in: other seeds are another build, of everything.
        write(drawn, seeds)
        last = [report for report in drawn.reports if report.period == LAST]
        here = [*here, *last]
        story.send(last)
        story.build(LAST, "--from", LAST)
        assert not story.differs_from(here, LAST), "after a merger"
        assert not lost(drawn, known_on(history(story.programme.warehouse), NOW), seeds, LAST)
        grown = story.rows()

    # The same reports under other names, collected in another order, into an empty warehouse.
    for story in begin(server, drawn, tmp_path / "everything", seeds):
        story.send(shuffled(drawn, [replace(report, salt="again") for report in here]))
        story.build(LAST)
        assert story.rows() == grown
