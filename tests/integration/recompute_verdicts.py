"""What is said of a value: how far it is, against the path and against chance, and how sure: no SQL.

In: a card, its target, the series of one scope. Out: numbers and codes. Not a number, and '', where nothing is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan, sqrt

from tests.integration.recompute_paths import YEAR, Target, path_at

TINY = 1e-9
GRADES = "ABCD"
Bounds = dict[str, float]


@dataclass(frozen=True)
class Card:
    """What a card says of how its value is judged."""

    method: str
    measured_over: str
    direction: str
    is_strict: bool
    gap_kind: str
    is_complete: bool
    is_signed: bool

    @property
    def is_level(self) -> bool:
        """Whether it tells how things stand, and does not add up."""
        return self.method == "ratio" or self.measured_over in ("point", "period")


@dataclass(frozen=True)
class Point:
    """A period of a series, with its segment."""

    at: int
    segment: int
    value: float
    numerator: float
    denominator: float
    reported: float

    @property
    def is_point(self) -> bool:
        """Whether something was reported: what is carried alone is no point of a trend."""
        return not isnan(self.value) and self.reported > 0


@dataclass(frozen=True)
class Judgement:
    """The numbers of a verdict and its status under one path."""

    path: float = nan
    gap: float = nan
    headroom: float = nan
    share: float = nan
    pace: float = nan
    expected: float = nan
    shortfall: float = nan
    noise: float = nan
    dispersion: float = nan
    status: str = ""


def gap(value: float, card: Card, target: Target) -> float:
    """Distance to go; 0 when there."""
    short, above = target.value - value, value - target.value
    if card.direction == "band":
        far = max(short, value - target.high)
    else:
        far = short if card.direction == "at_least" else above
    return nan if isnan(value) else (far if far > TINY else 0.0)


def is_met(value: float, card: Card, target: Target) -> bool:
    """Whether a value meets the target; where it is strict, to stand on it is not enough."""
    if card.is_strict and card.direction != "band":
        far = value - target.value if card.direction == "at_least" else target.value - value
        return far > TINY
    return gap(value, card, target) == 0


def headroom(value: float, card: Card, target: Target) -> float:
    """How far inside the limit a value is."""
    if card.direction == "band":
        return min(value - target.value, target.high - value)
    return value - target.value if card.direction == "at_least" else target.value - value


def growths(series: list[Point], card: Card, target: Target) -> dict[int, float]:
    """What each period added above the line, where that can be told."""
    before = {point.at + 1: point for point in series}
    found = {}
    for point in series:
        last = before.get(point.at)
        if not point.is_point or card.measured_over == "period":
            continue
        if card.measured_over == "since_start" and target.start == point.at - 1:
            found[point.at] = point.numerator
        elif last is None or last.segment != point.segment:
            continue
        elif card.measured_over == "year" and point.at % YEAR == 0:
            found[point.at] = point.numerator
        elif last.is_point:
            found[point.at] = point.numerator - last.numerator
    return found


def dispersion(series: list[Point], point: Point, growth: dict[int, float], target: Target) -> float:
    """How much more than chance the growth of a segment moves round its season; at least 1."""
    mine = [
        (growth[each.at], target.shares[each.at % YEAR])
        for each in series
        if each.segment == point.segment and each.at <= point.at and each.at in growth
    ]
    mine = [(grown, share) for grown, share in mine if share > 0]
    total, shares = sum(grown for grown, _ in mine), sum(share for _, share in mine)
    if len(mine) < 2 or total <= 0:
        return 1.0
    means = [total * share / shares for _, share in mine]
    spread = sum((grown - mean) ** 2 / mean for (grown, _), mean in zip(mine, means, strict=True))
    return max(1.0, spread / (len(mine) - 1))


def judged(value: float, shape: str, point: Point, card: Card, target: Target, phi: float, bounds: Bounds) -> Judgement:
    """A value judged by a path; nothing where there is no path."""
    if not shape or isnan(target.baseline) or target.start >= target.by:
        return Judgement()
    from_start = gap(target.baseline, card, target)
    is_from_above = card.direction == "band" and target.baseline > target.high
    path = target.value
    if from_start > 0:
        path = path_at(target, shape, target.high if is_from_above else target.value, point.at)
    by_now, now = gap(path, card, target), gap(value, card, target)
    event = point.denominator / 100 if card.method == "ratio" else 1.0
    expected, shortfall = (from_start - by_now) * event, (now - by_now) * event
    is_way = from_start > 0
    has_moved = from_start - by_now > TINY
    found = Judgement(
        path=path,
        gap=now,
        headroom=nan if is_way else headroom(value, card, target),
        share=1 - now / from_start if is_way else nan,
        pace=(from_start - now) / (from_start - by_now) if is_way and has_moved else nan,
        expected=expected,
        shortfall=shortfall,
        noise=bounds["noise_deviations"] * sqrt(phi * max(0.0, expected)) if not isnan(expected) else nan,
        dispersion=phi,
    )
    said = "" if isnan(value) else status(found, is_met(value, card, target), card, point.at >= target.by, bounds)
    return Judgement(**{**vars(found), "status": said})


def status(found: Judgement, is_there: bool, card: Card, is_date: bool, bounds: Bounds) -> str:
    """The first status that holds."""
    is_kept = isnan(found.share)
    if is_date:
        return "achieved" if is_there else "missed"
    if is_kept:
        return "held" if is_there else "lost"
    if is_there:
        return "met_now" if card.is_level else "reached"
    if isnan(found.pace):
        return "not_due"
    if found.expected < bounds["least_growth_count"] - TINY:
        return "no_status"
    if found.pace >= bounds["on_track_pace_ratio"] - TINY or found.shortfall <= found.noise + TINY:
        return "on_track"
    if found.share < -TINY:
        return "moving_away"
    return "at_risk" if found.pace >= bounds["at_risk_pace_ratio"] - TINY else "off_track"


def rate_achieved(series: list[Point], point: Point, card: Card, target: Target, bounds: Bounds) -> float:
    """Change a month towards the target over the last periods, between two points of one segment."""
    lags = int(bounds["rate_periods"])
    then = next((each for each in series if each.at == point.at - lags), None)
    if card.measured_over not in ("point", "since_start") or then is None or then.segment != point.segment:
        return nan
    if not (point.is_point and then.is_point):
        return nan
    if card.direction == "band":
        return (gap(then.value, card, target) - gap(point.value, card, target)) / lags
    change = point.value - then.value
    return (change if card.direction == "at_least" else -change) / lags


def confidence(coverage: float, carried: float, question: float, check: float, bounds: Bounds) -> dict[str, str]:
    """The grade of a value and its parts; the whole is the worst of them."""

    def least(share: float, *names: str) -> str:
        return next((g for g, name in zip(GRADES, names, strict=False) if share >= bounds[name] - TINY), "D")

    def most(share: float, other: str, **names: str) -> str:
        return next((grade for grade, name in names.items() if share <= bounds[name] + TINY), other)

    parts = {
        "coverage": least(coverage, *(f"confidence_{grade}_coverage_pct" for grade in "abc")),
        "carried": "A" if carried == 0 else most(carried, "C", B="confidence_b_carried_pct"),
        "question": most(question, "C", A="confidence_a_question_pct", B="confidence_b_question_pct"),
        "check": "B"
        if isnan(check)
        else most(100 * abs(check - 1), "D", **{grade: f"confidence_{grade.lower()}_check_pct" for grade in "ABC"}),
    }
    return {"confidence_code": max(parts.values()), **{f"confidence_{name}_code": code for name, code in parts.items()}}
