"""The rule of the verdict, on programmes that are where they should be: how often it calls them worse than on track.

In: a warehouse with nothing in it. Out: figures with their limits, and docs/onpath.md. Units do 20 events a year by
chance, on a straight path to 120 in six years; one programme does exactly what its plan says, two fifths of each year
in its last two months. All are judged every month by the real models.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import psycopg

from benchmarks import fiction, fiction_seeds
from benchmarks.figures import Figure
from benchmarks.installation import Installation
from tiendo.operate.settings import CHECKOUT

UNITS, SEED = 300, 20
MONTHS, YEARLY, WORSE_PCT = 72, 20, 10
FIGURES = ("onpath_worse", "onpath_planned")
SEASON_CODE, SEASON = "campaign", (6,) * 10 + (20,) * 2
PLANNED = "planned"
WORSE = frozenset({"at_risk", "off_track", "moving_away"})
# Said before the target date of a series that has a verdict.
SILENT = frozenset({"no_verdict", "no_status", "not_due"})
# Says that the programme kept its plan, at the date itself.
KEPT = frozenset({"on_track", "reached", "achieved"})
JUDGED = """
select scope_key, period_code, status_code, status_linear_code from marts.fct_progress
where basis = 'as_reported' and scope_kind = 'unit' order by scope_key, period_code
"""


def measure(installation: Installation, count: int = UNITS, folder: Path = CHECKOUT / "docs") -> list[Figure]:
    """Build both kinds of programme and count what is said of them."""
    with fiction.seeds_folder() as seeds:
        fiction.build(installation, seeds, members(count), {SEASON_CODE: SEASON}, "+fct_progress")
    with psycopg.connect(installation.settings.dsn("tiendo_builder")) as connection:
        rows = connection.execute(JUDGED).fetchall()
    planned = [row for row in rows if row[0].startswith(f"{PLANNED}@")]
    # At the target date the question is another one: achieved or missed.
    last = fiction_seeds.period(MONTHS)
    by_chance = Counter(row[2] for row in rows if row not in planned and row[1] != last)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "onpath.md").write_text(page(count, by_chance, planned), encoding="utf-8")
    return [
        Figure("onpath_worse", worse_pct(by_chance), "%", WORSE_PCT, note=f"{by_chance.total()} months"),
        Figure("onpath_planned", kept_pct(row[2] for row in planned), "%", 100, False, f"{len(planned)} months"),
    ]


def members(count: int) -> list[fiction_seeds.Member]:
    """Units on their path but for chance, and one programme exactly on its plan."""
    numbers = np.random.default_rng(SEED).poisson(YEARLY / 12, (count, MONTHS))
    target = YEARLY * MONTHS // 12
    units = [fiction_seeds.Member(f"unit-{at}", row.tolist(), target, MONTHS) for at, row in enumerate(numbers)]
    # Ten times the shares: whole numbers, and enough of them for a status from the first month on.
    plan = [10 * share for share in SEASON] * (MONTHS // 12)
    return [*units, fiction_seeds.Member(PLANNED, plan, sum(plan), MONTHS, season=SEASON_CODE)]


def worse_pct(said: Counter[str]) -> float:
    """Percent of the months with a status in which it was worse than on track."""
    told = sum(count for status, count in said.items() if status not in SILENT)
    return 100 * sum(count for status, count in said.items() if status in WORSE) / told


def kept_pct(statuses: Iterable[str]) -> float:
    """Percent of the months in which a programme is said to be where its plan has it."""
    is_kept = [status in KEPT for status in statuses]
    return 100 * sum(is_kept) / len(is_kept)


def page(count: int, by_chance: Counter[str], planned: list[tuple[str, ...]]) -> str:
    """The tables as Markdown."""
    months = by_chance.total()
    rows = "\n".join(
        f"| {status} | {found} | {100 * found / months:.1f} % |" for status, found in by_chance.most_common()
    )
    seasonal, linear = Counter(row[2] for row in planned), Counter(row[3] for row in planned)
    statuses = sorted(seasonal | linear, key=lambda status: -seasonal[status])
    beside = "\n".join(f"| {status} | {seasonal[status]} | {linear[status]} |" for status in statuses)
    return f"""# Programmes that are on their path

Written by `make bench`. What the rule of the verdict (section 5 of the rules of evaluation) says of programmes that are
where they should be. The series are made up and loaded as reports; the statuses are those of `fct_progress`.

## By chance: {count} units, {YEARLY} events a year (Poisson), a straight path to {YEARLY * MONTHS // 12} in six years

{worse_pct(by_chance):.1f} % of the months with a status are called worse than on track; the limit is {WORSE_PCT} %.

| status | months | share |
|---|---|---|
{rows}

The target date itself is left out: there the question is achieved or missed, and half of them miss by a few.

## By plan: two fifths of each year in its last two months, done exactly as planned

{kept_pct(row[2] for row in planned):.0f} % of the {len(planned)} months are on track (at the target date: achieved).
On a straight path the same months would read as on the right.

| status | on its seasonal path | on a straight path |
|---|---|---|
{beside}
"""
