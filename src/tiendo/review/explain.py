"""Where a number comes from: from an indicator down to file, sheet and cell, the number worked out again on the way.

In: a connection as tiendo_publisher and what is asked. Out: an `Explanation`, whose `differences` are empty when the
numbers at the cells give what the models say of each number, each unit and the scope. Raises ReviewError for what the
last build does not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg

from tiendo.review import explain_milestones, explain_reading
from tiendo.review.explain_bounds import ZERO, Item, is_same
from tiendo.review.explain_cells import UnitPart, read_unit_parts
from tiendo.review.explain_count import NO_METHOD, Lineage, Total, total
from tiendo.review.explain_milestones import Milestone
from tiendo.review.explain_reading import Build, Card, Reading, Scope, Window
from tiendo.review.explain_traces import Trace, read_traces

FIELDS = (
    "numerator",
    "denominator",
    "value",
    "null_reason",
    "reported_count",
    "expected_count",
    "carried_count",
    "carried_pct",
    "question_count",
    "question_pct",
    "coverage_pct",
    "lower_value",
    "upper_value",
)


@dataclass(frozen=True)
class Asked:
    """What somebody wants explained; None is the newest period, the card's basis, the version in force, now."""

    indicator_code: str
    scope: str
    period_code: str | None = None
    basis: str | None = None
    version: str | None = None
    known_on: date | None = None


@dataclass(frozen=True)
class UnitSum:
    """What a unit brings for one place, over the window."""

    unit_key: str
    place_key: str
    is_whole: bool
    numerator: Decimal
    denominator: Decimal
    reported_count: int
    expected_count: int
    carried_count: int
    question_count: int


@dataclass(frozen=True)
class Difference:
    """Where what is stored is not what the cells give. `level` is number, unit or scope."""

    level: str
    where: str
    what: str
    stored: str
    recomputed: str


@dataclass(frozen=True)
class Explanation:
    """A reading and everything it is made of."""

    build: Build
    known_on: date
    card: Card
    scope: Scope
    reading: Reading
    total: Total
    units: tuple[UnitSum, ...]
    traces: tuple[Trace, ...]
    milestones: tuple[Milestone, ...]
    lineage: Lineage
    names: dict[str, str]
    differences: tuple[Difference, ...]


def explain_number(connection: psycopg.Connection[Any], asked: Asked) -> Explanation:
    """The reading that is asked for, down to its cells."""
    build = explain_reading.last_build(connection)
    day = explain_reading.day_known(build, asked.known_on)
    explain_reading.check_basis(asked.basis)
    explain_reading.check_indicator(connection, asked.indicator_code)
    period = explain_reading.find_period(connection, asked.indicator_code, asked.period_code, day)
    card = explain_reading.find_card(connection, asked.indicator_code, asked.version, period.end_date, day)
    basis = asked.basis or card.basis
    scope = explain_reading.find_scope(connection, asked.scope, period.end_date)
    window = Window(card, basis, scope.scope_key, period.period_code)
    reading = explain_reading.find_reading(connection, window, day)
    if reading is None:
        raise explain_reading.no_reading(connection, window)
    lineage = read_lineage(connection)
    milestones: tuple[Milestone, ...] = ()
    traces: tuple[Trace, ...] = ()
    found: list[Difference] = []
    if card.method == "none":
        worked_out = NO_METHOD
    elif card.method == "milestones":
        milestones = explain_milestones.read_milestones(connection, window, day)
        worked_out = explain_milestones.total(milestones)
    else:
        traces = read_traces(connection, window, day)
        is_over_frames = any(trace.cell.is_over_frames for trace in traces)
        worked_out = total(card.method, basis, [trace.item for trace in traces], lineage, is_over_frames)
        found += [difference for trace in traces for difference in _number_differences(trace)]
        found += _unit_differences(traces, read_unit_parts(connection, window, day))
    found += _scope_differences(reading, worked_out)
    return Explanation(
        build=build,
        known_on=day,
        card=card,
        scope=scope,
        reading=reading,
        total=worked_out,
        units=_unit_sums(traces),
        traces=traces,
        milestones=milestones,
        lineage=lineage,
        names=dict(connection.execute("select unit_key, name_vi || ' / ' || name_en from marts.dim_unit").fetchall()),
        differences=tuple(found),
    )


def read_lineage(connection: psycopg.Connection[Any]) -> Lineage:
    """Who became whom and came from whom, up to the build's last period."""
    rows = connection.execute(
        "select basis, unit_key, array_agg(member_key) from intermediate.int_lineage group by basis, unit_key"
    ).fetchall()
    found = {(basis, unit_key): frozenset(members) for basis, unit_key, members in rows}
    current, original = (
        {key: members for (each, key), members in found.items() if each == basis} for basis in ("current", "original")
    )
    return Lineage(current, original)


def _unit_sums(traces: Sequence[Trace]) -> tuple[UnitSum, ...]:
    grouped: dict[tuple[str, str], list[Item]] = {}
    for trace in traces:
        grouped.setdefault((trace.item.unit_key, trace.item.place_key), []).append(trace.item)
    return tuple(_unit_sum(items) for items in grouped.values())


def _unit_sum(items: Sequence[Item]) -> UnitSum:
    return UnitSum(
        items[0].unit_key,
        items[0].place_key,
        items[0].is_whole,
        sum((item.numerator or ZERO for item in items), ZERO),
        sum((item.denominator or ZERO for item in items), ZERO),
        sum(item.is_covered for item in items),
        len(items),
        sum(item.is_carried for item in items),
        sum(item.is_questioned for item in items),
    )


def _number_differences(trace: Trace) -> list[Difference]:
    cell, item = trace.cell, trace.item
    where = f"{cell.unit_key} {cell.period_code} {cell.element_code}/{cell.disaggregation_code}"
    pairs: list[tuple[str, object, object]] = [
        ("is_covered", cell.is_covered, item.is_covered),
        ("is_questioned", cell.is_questioned, item.is_questioned),
        ("numerator", cell.numerator if cell.is_counted else None, item.numerator),
    ]
    if cell.denominator_source is not None:
        pairs.append(("denominator", cell.denominator if cell.is_counted else None, item.denominator))
    if item.is_counted and trace.above.submission is not None:
        pairs.append(("submission", str(cell.submission_id), str(trace.above.submission.submission_id)))
    return _differences("number", where, pairs)


def _unit_differences(traces: Sequence[Trace], parts: Sequence[UnitPart]) -> list[Difference]:
    grouped: dict[tuple[str, str, int], list[Item]] = {}
    for trace in traces:
        key = (trace.item.unit_key, trace.item.place_key, trace.cell.pair_no)
        grouped.setdefault(key, []).append(trace.item)
    stored = {(part.unit_key, part.place_key, part.pair_no): part for part in parts}
    found: list[Difference] = []
    for key in sorted(grouped.keys() | stored.keys()):
        part, worked_out = stored.get(key), _unit_sum(grouped[key]) if key in grouped else None
        names = ("numerator", "denominator", "reported_count", "expected_count", "carried_count", "question_count")
        pairs = [(name, getattr(part, name, None), getattr(worked_out, name, None)) for name in names]
        found += _differences("unit", f"{key[0]} ({key[1]}) {key[2]}", pairs)
    return found


def _scope_differences(reading: Reading, worked_out: Total) -> list[Difference]:
    pairs = [(name, getattr(reading, name), getattr(worked_out, name)) for name in FIELDS]
    return _differences("scope", reading.scope_key, pairs)


def _differences(level: str, where: str, pairs: Sequence[tuple[str, object, object]]) -> list[Difference]:
    return [
        Difference(level, where, what, str(stored), str(worked_out))
        for what, stored, worked_out in pairs
        if not _is_equal(stored, worked_out)
    ]


def _is_equal(stored: object, worked_out: object) -> bool:
    if isinstance(stored, Decimal) and isinstance(worked_out, Decimal):
        return is_same(stored, worked_out)
    return stored == worked_out
