"""The back-tests of the forecaster: what the models claimed 24, 12 and 6 months ahead, beside what came.

In: a warehouse with nothing in it. Out: figures with their limits (evaluation, section 6), docs/backtest.md and
docs/images/calibration.svg. The forecaster is the model int_forecast and no other code; the series know nothing of it.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import psycopg

from benchmarks import backtest_report, calibration, fiction, fiction_seeds
from benchmarks.calibration import Cases
from benchmarks.families import FAMILIES, HORIZONS, SEASON, Drawn, draw
from benchmarks.figures import BenchError, Figure
from benchmarks.installation import Installation
from tiendo.operate.settings import CHECKOUT

SERIES, SEED = 600, 20
LEAST_CASES, GAP_POINTS, INTERVAL_PCT, FAMILY_PCT = 1000, 5, (75, 90), 70
FIGURES = (
    *("backtest_cases", "backtest_gap", "backtest_least_held", "backtest_most_held", "backtest_family"),
    "backtest_brier",
)
SEASON_CODE = "campaign"
CLAIMS = """
select scope_key, period_code, chance_pct::float, forecast_low::float, forecast_high::float
from intermediate.int_forecast where basis = 'as_reported'
"""


def measure(installation: Installation, count: int = SERIES, folder: Path = CHECKOUT / "docs") -> list[Figure]:
    """Draw so many series of each family, have their chances claimed by the models, and judge the claims."""
    drawn = [draw(family, count, SEED) for family in FAMILIES]
    members = [member for each in drawn for member in members_of(each)]
    with fiction.seeds_folder() as seeds:
        fiction.build(installation, seeds, members, {SEASON_CODE: SEASON.tolist()}, "+int_forecast")
    with psycopg.connect(installation.settings.dsn("tiendo_builder")) as connection:
        rows = connection.execute(CLAIMS).fetchall()
    cases = cases_of(drawn, {(key, period): tuple(values) for key, period, *values in rows})
    backtest_report.write(cases, count, folder)
    return judged(cases)


def members_of(drawn: Drawn) -> list[fiction_seeds.Member]:
    """A unit for each series. A share of a frame is asked for in percent."""
    target = 100 * drawn.target / drawn.frame if drawn.frame.any() else drawn.target
    return [
        fiction_seeds.Member(
            code=f"{drawn.family}-{at}",
            numbers=drawn.numbers[at].tolist(),
            # A hair lower, so that the number of the frame that is asked for meets it.
            target=math.floor(float(target[at]) * 1e6) / 1e6,
            end=int(drawn.end[at]),
            frame=int(drawn.frame[at]),
            season=SEASON_CODE if drawn.is_seasonal[at] else "",
        )
        for at in range(len(drawn.end))
    ]


def cases_of(drawn: list[Drawn], claims: dict[tuple[str, str], tuple[float, ...]]) -> Cases:
    """Every series at every horizon beside its claim; BenchError when the models claimed nothing of one."""
    parts = []
    for each in drawn:
        keys = [member.key for member in members_of(each)]
        came = each.at(each.end).astype(float)
        # The models speak of counts as totals, and of shares in percent.
        value, step = (
            (100 * came / each.frame, 50 / each.frame) if each.frame.any() else (came, np.full(len(came), 0.5))
        )
        for horizon in HORIZONS:
            asked = [(key, fiction_seeds.period(int(end) - horizon)) for key, end in zip(keys, each.end, strict=True)]
            absent = [key for key in asked if key not in claims]
            if absent:
                raise BenchError(f"no forecast for {len(absent)} of {len(asked)}, such as {absent[0]}")
            chance, low, high = np.array([claims[key] for key in asked]).T
            # A whole number is inside when what rounds to it is.
            is_inside = (value >= low - step) & (value <= high + step)
            shape = len(asked)
            parts.append(
                (np.full(shape, each.family), np.full(shape, horizon), chance / 100, each.has_arrived, is_inside)
            )
    return Cases(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def judged(cases: Cases) -> list[Figure]:
    """The rules of section 6, a figure each."""
    found = calibration.tenths(cases)
    by_horizon = {horizon: calibration.held(cases, horizon) for horizon in HORIZONS}
    by_family = {
        f"{family} {horizon}": calibration.held(cases, horizon, family) for family in FAMILIES for horizon in HORIZONS
    }
    score, base = calibration.brier(cases)
    low, high = INTERVAL_PCT
    worst = min(by_family, key=lambda name: by_family[name])
    note = ", ".join(f"{horizon}: {value:.1f}" for horizon, value in by_horizon.items())
    return [
        Figure(
            "backtest_cases", min(each.count for each in found), "", LEAST_CASES, False, f"{len(cases)} cases in all"
        ),
        Figure(
            "backtest_gap",
            max(abs(each.gap) for each in found),
            "points",
            GAP_POINTS,
            note=", ".join(f"{each.gap:+.1f}" for each in found),
        ),
        Figure("backtest_least_held", min(by_horizon.values()), "%", low, False, note),
        Figure("backtest_most_held", max(by_horizon.values()), "%", high, True, note),
        Figure("backtest_family", by_family[worst], "%", FAMILY_PCT, False, worst, by_family),
        Figure("backtest_brier", score, "", base, note=f"base rate {base:.4f}"),
    ]
