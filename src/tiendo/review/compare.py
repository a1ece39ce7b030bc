"""Two readings of one indicator and scope, and their difference split by cause in a fixed order, nothing left over.

In: a connection as tiendo_publisher, and of either side a day and what is wished of it. Out: a `Comparison` of six
readings, each of which takes one more thing from the later side: the definition, the basis (border), what was known of
the numbers that were there (correction), the numbers that were not there (late report), the period. (Rules of
evaluation, section 7.)

The fourth is in no table. In it, a number known then is taken as known now: a newer version of its report, a decided
correction, a closing report added to it, a better count of its frame. What was not known then stays unknown; what was
carried then stays carried, as the period it came from is known now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg

from tiendo.review import explain_reading
from tiendo.review.compare_cells import Change, corrected_total, milestone_changes
from tiendo.review.errors import ReviewError
from tiendo.review.explain_reading import Build, Card, Period, Scope, Window

PARTS = ("definition", "border", "correction", "late_report", "new_period")
CORRECTED = 3


@dataclass(frozen=True)
class Side:
    """What is wished of one reading; None is the newest period due, the card's basis, the version in force."""

    day: date
    period_code: str | None = None
    basis: str | None = None
    version: str | None = None


@dataclass(frozen=True)
class Point:
    """One reading on the way: by which card, basis, period and day, and its value or why there is none."""

    window: Window
    day: date
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    null_reason: str | None


@dataclass(frozen=True)
class Comparison:
    """Six readings, from the one of then to the one of now, and the numbers behind correction and late report."""

    build: Build
    scope: Scope
    points: tuple[Point, ...]
    changes: tuple[Change, ...]

    @property
    def difference(self) -> Decimal | None:
        """Now minus then; None when either has no value."""
        return _minus(self.points[-1], self.points[0])

    @property
    def parts(self) -> dict[str, Decimal | None]:
        """What each cause adds; None beside a reading without a value. They add up to the difference."""
        steps = zip(PARTS, self.points[1:], self.points[:-1], strict=True)
        return {part: _minus(after, before) for part, after, before in steps}


def compare_readings(
    connection: psycopg.Connection[Any], indicator_code: str, scope: str, then: Side, now: Side
) -> Comparison:
    """The difference between two readings, split by cause. Raises ReviewError for what the last build does not have."""
    build = explain_reading.last_build(connection)
    for side in (then, now):
        explain_reading.day_known(build, side.day)
        explain_reading.check_basis(side.basis)
    if then.day > now.day:
        raise ReviewError(
            f"--then {then.day} phải trước --now {now.day}. / --then {then.day} must not come after --now {now.day}."
        )
    explain_reading.check_indicator(connection, indicator_code)
    before, old_card = _period_and_card(connection, indicator_code, then)
    after, new_card = _period_and_card(connection, indicator_code, now)
    place = explain_reading.find_scope(connection, scope, after.end_date)
    old_basis, new_basis = then.basis or old_card.basis, now.basis or new_card.basis
    key, first, last = place.scope_key, before.period_code, after.period_code
    points = [
        _point(connection, Window(old_card, old_basis, key, first), then.day),
        _point(connection, Window(new_card, old_basis, key, first), then.day),
        _point(connection, Window(new_card, new_basis, key, first), then.day),
        _point(connection, Window(new_card, new_basis, key, first), now.day),
        _point(connection, Window(new_card, new_basis, key, last), now.day),
    ]
    if all(point.null_reason == "no_row" for point in points):
        raise explain_reading.no_reading(connection, points[-1].window)
    middle, changes = _corrected(connection, points[CORRECTED - 1], points[CORRECTED])
    points.insert(CORRECTED, middle)
    return Comparison(build, place, tuple(points), changes)


def _period_and_card(connection: psycopg.Connection[Any], indicator_code: str, side: Side) -> tuple[Period, Card]:
    period = explain_reading.find_period(connection, indicator_code, side.period_code, side.day)
    return period, explain_reading.find_card(connection, indicator_code, side.version, period.end_date, side.day)


def _point(connection: psycopg.Connection[Any], window: Window, day: date) -> Point:
    found = explain_reading.find_reading(connection, window, day)
    if found is None:
        return Point(window, day, None, None, None, "no_row")
    return Point(window, day, found.numerator, found.denominator, found.value, found.null_reason)


def _corrected(connection: psycopg.Connection[Any], then: Point, now: Point) -> tuple[Point, tuple[Change, ...]]:
    """What was known then as it is known now, between the readings that differ in their day alone."""
    method = now.window.card.method
    if now.null_reason == "no_row" or method == "none":
        return now, ()
    behind = milestone_changes if method == "milestones" else corrected_total
    total, changes = behind(connection, now.window, then.day, now.day)
    value = total.value
    for side in (then, now):
        # A quotient may round differently here in its last decimal; what is the same must not read as a difference.
        if (total.numerator, total.denominator) == (side.numerator, side.denominator):
            value = side.value
    return Point(now.window, now.day, total.numerator, total.denominator, value, total.null_reason), changes


def _minus(one: Point, other: Point) -> Decimal | None:
    return None if one.value is None or other.value is None else one.value - other.value
