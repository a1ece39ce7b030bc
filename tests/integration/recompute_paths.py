"""Where a target's path stands in a period, and where it starts anew after a legal change: nothing of the package and
no SQL.

In: the seeds, `Rules`, `Parts` of a day. Out: `Target`, the ways of its segments, and values in the indicator's
measure. A period is an integer here: months since year 0. What is not known is not a number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import nan
from pathlib import Path

import numpy as np

from tests.integration.recompute_books import seeds
from tests.integration.recompute_cells import Parts, frames_on
from tests.integration.recompute_indicators import BASES, belongs
from tests.integration.recompute_rules import Rules

SHAPES = ("linear", "stepped", "seasonal")
YEAR = 12
Start = tuple[int, float]


@dataclass(frozen=True)
class Target:
    """What is to be reached by when, from where and how; `points` are what the path passes, by period."""

    value: float
    high: float
    baseline: float
    baseline_state: str
    start: int
    by: int
    kind: str
    season: str
    shares: tuple[float, ...]
    path_basis: str
    points: dict[int, float]

    def shape_of(self, name: str) -> str:
        """The shape its path has under another name; '' where it would say nothing."""
        return "" if name == "seasonal" and not self.season else name

    def since(self, start: Start) -> Target:
        """The same laid anew from another start."""
        return replace(self, start=start[0], baseline=start[1])


def month(period: str) -> int:
    """Months since year 0."""
    year, _, number = period.partition("-")
    return int(year) * YEAR + int(number) - 1


def code(at: int) -> str:
    """A period's code."""
    return f"{at // YEAR}-{at % YEAR + 1:02d}"


def number(text: str) -> float:
    """A number of a seed; not a number where there is none."""
    return float(text) if text else nan


def targets_on(folder: Path, rules: Rules, known_on: str) -> dict[tuple[str, str], Target]:
    """The targets in force on the last day of the last period, as known on a day, by indicator and scope."""
    rows = seeds(folder, "target").query("valid_from <= @rules.end and known_from <= @known_on")
    rows = rows.sort_values(["valid_from", "known_from"]).drop_duplicates(["indicator_code", "scope_key"], keep="last")
    passing, season = seeds(folder, "path_point"), seeds(folder, "season")
    found = {}
    for row in rows.itertuples():
        its = passing[
            (passing["indicator_code"] == row.indicator_code)
            & (passing["scope_key"] == row.scope_key)
            & (passing["valid_from"] == row.valid_from)
        ]
        its_season = season[season["season_code"] == row.season_code].set_index("month_no")["share_pct"]
        shares = [float(its_season[str(at)]) for at in range(1, YEAR + 1)] if row.season_code else [100 / YEAR] * YEAR
        found[row.indicator_code, row.scope_key] = Target(
            value=number(row.target_value),
            high=number(row.target_high),
            baseline=number(row.baseline_value),
            baseline_state=row.baseline_state,
            start=month(row.baseline_period),
            by=month(row.target_period),
            kind=row.path_kind,
            season=row.season_code,
            shares=tuple(shares),
            path_basis=row.path_basis,
            points={month(point.period_code): float(point.path_value) for point in its.itertuples()},
        )
    return found


def path_at(target: Target, shape: str, goal: float, at: int) -> float:
    """The value that a path of a shape has in a period on its way to `goal`."""
    if shape == "keep" or at >= target.by:
        return goal
    if at <= target.start:
        return target.baseline
    way = target.by - target.start
    cuts = {each: value for each, value in target.points.items() if target.start < each < target.by}
    if shape == "stepped" and not cuts:
        ends_of_years = [each for each in range(target.start + 1, target.by) if each % YEAR == YEAR - 1]
        rise = goal - target.baseline
        cuts = {each: target.baseline + rise * (each - target.start) / way for each in ends_of_years}
    stops = sorted({**cuts, target.start: target.baseline, target.by: goal}.items())
    (first, before), (last, after) = next(leg for leg in pairwise(stops) if leg[0][0] < at <= leg[1][0])
    weights = [weight(target, shape, each, last) for each in range(first + 1, last + 1)]
    total = sum(weights)
    # Where no month of the leg has a share, the way is gone at its end.
    gone = sum(weights[: at - first]) / total if total else float(at == last)
    return before + (after - before) * gone


def weight(target: Target, shape: str, at: int, last: int) -> float:
    """How much of a leg's way a period brings."""
    if shape == "stepped":
        return float(at == last)
    return target.shares[at % YEAR] if shape == "seasonal" else 1.0


def breaks_of(rules: Rules, folder: Path) -> dict[tuple[str, int], list[str]]:
    """The days on which a card's series is cut, by indicator and version."""
    framed = rules.pairs.merge(seeds(folder, "frame_break"), left_on="frame", right_on="frame_code")
    parting = set(rules.cards.query("break_rule == 'segment'")[["indicator_code", "version"]].itertuples(index=False))
    return {
        (card, version): sorted(mine["break_date"].unique())
        for (card, version), mine in framed.groupby(["indicator", "version"])
        if (card, version) in parting
    }


def neutral_starts(
    parts: Parts, rules: Rules, folder: Path, known_on: str, scopes: set[str]
) -> dict[tuple[str, str, str, int, str], Start]:
    """By basis, scope, indicator, version and day of a break: the last period before it and the value of that period on
    the frames that go on alone, so that the change itself is no progress.
    """
    counts = frames_on(rules, folder, known_on)
    there = set(zip(counts.index.get_level_values("frame_code"), counts.index.get_level_values("at"), strict=True))
    ends = rules.periods["end"].to_numpy()
    found = {}
    for basis in BASES:
        inside = belongs(parts, rules, basis)
        inside = inside[inside["is_whole"] & inside["scope_key"].isin(scopes)]
        rows_of = {scope: rows["row"].to_numpy() for scope, rows in inside.groupby("scope_key")}
        for (card, version), days in breaks_of(rules, folder).items():
            pairs = rules.pairs[(rules.pairs["indicator"] == card) & (rules.pairs["version"] == version)]
            for day in days:
                after = int((ends < day).sum())
                if after in (0, len(ends)):
                    continue
                going_on = [pair.pair for pair in pairs.itertuples() if (pair.frame, after) in there]
                is_its = (parts.keys["indicator"] == card) & (parts.keys["version"] == version)
                is_its &= parts.keys["pair"].isin(going_on)
                for scope, rows in rows_of.items():
                    mine = rows[is_its.to_numpy()[rows]]
                    above, below = (
                        float(np.sum(parts.sums[name][mine, after - 1])) for name in ("numerator", "denominator")
                    )
                    value = 100 * above / below if below else nan
                    found[basis, scope, card, version, day] = (month(rules.periods["period"].iloc[after - 1]), value)
    return found
