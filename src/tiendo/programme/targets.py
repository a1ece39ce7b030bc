"""What is to be reached by when, and the path there as planned: one value for each month from baseline to target.

In: targets, the points their plans name, seasons. Out: months and values, in the indicator's measure. The models judge
by the same rules, a segment at a time; this is the plan alone, to be drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from tiendo.programme.periods import split_code


@dataclass(frozen=True)
class Target:
    """What an indicator of a scope is to reach, from which baseline, by when and along which path."""

    indicator_code: str
    scope_kind: str
    scope_key: str
    valid_from: date
    known_from: date
    target_value: Decimal | None
    target_high: Decimal | None
    path_note_vi: str
    path_note_en: str
    baseline_value: Decimal | None
    baseline_state: str
    baseline_period: str
    target_period: str
    path_kind: str
    season_code: str
    path_basis: str
    path_approved_by: str
    source_note: str


@dataclass(frozen=True)
class PathPoint:
    """The value that a target's path should have at a period on the way, where a plan names one."""

    indicator_code: str
    scope_key: str
    valid_from: date
    period_code: str
    path_value: Decimal | None
    source_note: str


@dataclass(frozen=True)
class Season:
    """The share of a year that one month is to bring, in percent; the twelve of a season add up to 100."""

    season_code: str
    month_no: int
    share_pct: Decimal | None
    name_vi: str
    name_en: str
    source_note: str


def path_of(
    target: Target, direction: str, points: Sequence[PathPoint], seasons: Sequence[Season]
) -> list[tuple[int, Decimal]]:
    """[(months since the baseline, value)] to the target's month; empty where the target has no path.

    The way is cut into legs at the points that the plan names, a stepped one without points at each end of a year.
    Within a leg it is gone by the weights of its months: alike, by season, or in the leg's last month. A target that is
    met from the start, or is to be kept, is its own path. (Rules of evaluation, section 5.)
    """
    start, value, high = target.baseline_value, target.target_value, target.target_high
    if start is None or value is None or not (target.path_kind and target.path_basis):
        return []
    first, last = month_number(target.baseline_period), month_number(target.target_period)
    # From the side it comes from, a band is reached at its nearer end.
    end = high if direction == "band" and high is not None and start > high else value
    if target.path_kind == "keep" or _is_met(direction, start, value, high):
        return [(month, end) for month in range(last - first + 1)]
    named = {
        month_number(point.period_code): point.path_value or Decimal(0)
        for point in points
        if (point.indicator_code, point.scope_key, point.valid_from)
        == (target.indicator_code, target.scope_key, target.valid_from)
    }
    if target.path_kind == "stepped" and not named:
        named = {
            month: start + (end - start) * (month - first) / (last - first)
            for month in range(first + 1, last)
            if month % 12 == 11
        }
    shares = {row.month_no: row.share_pct or Decimal(0) for row in seasons if row.season_code == target.season_code}
    turns = sorted(
        {first: start, **{month: at for month, at in named.items() if first < month < last}, last: end}.items()
    )
    path = [(0, start)]
    for (begun, low), (ended, top) in pairwise(turns):
        months = range(begun + 1, ended + 1)
        weights = [_weight(target.path_kind, month, ended, shares) for month in months]
        whole = sum(weights)
        gone = Decimal(0)
        for month, weight in zip(months, weights, strict=True):
            gone += weight
            share = gone / whole if whole else Decimal(int(month == ended))
            path.append((month - first, low + (top - low) * share))
    return path


def month_number(period_code: str) -> int:
    """Months since year 0 of a code such as 2025-07; January is a multiple of 12."""
    year, month = split_code(period_code)
    return year * 12 + month - 1


def _is_met(direction: str, start: Decimal, value: Decimal, high: Decimal | None) -> bool:
    if direction == "at_least":
        return start >= value
    if direction == "at_most":
        return start <= value
    return value <= start <= (value if high is None else high)


def _weight(kind: str, month: int, end_of_leg: int, shares: dict[int, Decimal]) -> Decimal:
    if kind == "seasonal":
        return shares.get(month % 12 + 1, Decimal(0))
    return Decimal(int(kind != "stepped" or month == end_of_leg))
