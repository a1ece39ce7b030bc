"""The numbers behind a difference in knowledge: which were known then and read otherwise now, which came later.

In: a window and two days. Out: the reading in which only what was known then is known, as it is known now, and a
`Change` for each number that became another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg

from tiendo.review.explain import read_lineage
from tiendo.review.explain_bounds import Bounds, Item
from tiendo.review.explain_cells import Cell, read_cells
from tiendo.review.explain_count import Total, milestones_total, total
from tiendo.review.explain_milestones import read_milestones
from tiendo.review.explain_reading import Window

CORRECTION, LATE = "correction", "late_report"
Amount = tuple[Decimal | None, Decimal | None]
NOTHING: Amount = (None, None)
Key = tuple[str, str]

# Known is what was reported; a frame that was counted later mends the number and does not make it late.
KNOWN = """
select pair_key, period_code
from intermediate.int_pair
where
    pair_key = any(%(pairs)s)
    and known_from <= %(day)s
    and known_to > %(day)s
    and numerator is not null
    and (denominator is not null or denominator_source is distinct from 'element')
"""

SOURCES = """
select pair_key, period_code, numerator, denominator
from intermediate.int_cell
where pair_key = any(%(pairs)s) and period_code = any(%(periods)s) and known_from <= %(day)s and known_to > %(day)s
    and (is_covered or is_questioned)
"""


@dataclass(frozen=True)
class Change:
    """A number that became another: numerator and denominator before and after, None where it did not count."""

    cause: str
    unit_key: str
    place_key: str
    period_code: str
    code: str
    before: Amount
    after: Amount


def corrected_total(
    connection: psycopg.Connection[Any], window: Window, then: date, now: date
) -> tuple[Total, tuple[Change, ...]]:
    """The reading of what was known then as it is known now, and all that changed between."""
    old = {_key(cell): cell for cell in read_cells(connection, window, then)}
    new = {_key(cell): cell for cell in read_cells(connection, window, now)}
    asked: dict[str, Any] = {"pairs": sorted({cell.pair_key for cell in old.values()}), "day": then}
    known = {(row[0], row[1]) for row in connection.execute(KNOWN, asked)}
    carried = [cell for key, cell in old.items() if key not in known and cell.is_carried]
    asked = {
        "pairs": sorted({cell.pair_key for cell in carried}),
        "periods": sorted({cell.source_period_code for cell in carried}),
        "day": now,
    }
    sources = {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(SOURCES, asked)}
    middle = {key: _corrected(cell, old[key], key in known, sources) for key, cell in new.items()}
    items = [
        Item(
            cell.unit_key,
            cell.place_key,
            cell.is_whole,
            *middle[key],
            cell.is_covered,
            cell.is_questioned,
            cell.weight,
            Bounds(cell.lower_numerator, cell.upper_numerator, cell.bound_denominator),
        )
        for key, cell in new.items()
    ]
    reading = total(window.card.method, window.basis, items, read_lineage(connection))
    changes = [
        Change(cause, cell.unit_key, cell.place_key, cell.period_code, _code(cell), before, after)
        for key, cell in new.items()
        for cause, before, after in (
            (CORRECTION, _amount(old[key]), middle[key]),
            (LATE, middle[key], _amount(cell)),
        )
        if cell.is_whole and before != after
    ]
    return reading, tuple(changes)


def milestone_changes(
    connection: psycopg.Connection[Any], window: Window, then: date, now: date
) -> tuple[Total, tuple[Change, ...]]:
    """The same of milestones: a state known then is read as now, a milestone first heard of later is late."""
    old = {each.milestone_code: each.state for each in read_milestones(connection, window, then)}
    new = {each.milestone_code: each.state for each in read_milestones(connection, window, now)}
    middle = {code: state if old.get(code) else None for code, state in new.items()}
    changes = [
        Change(cause, window.scope_key, code, window.period_code, code, _done(before), _done(after))
        for code, state in new.items()
        for cause, before, after in ((CORRECTION, old.get(code), middle[code]), (LATE, middle[code], state))
        if before != after
    ]
    return milestones_total(list(middle.values())), tuple(changes)


def _corrected(now: Cell, then: Cell, was_known: bool, sources: Mapping[Key, Amount]) -> Amount:
    if was_known:
        return _amount(now)
    if then.is_carried:
        source = sources.get((then.pair_key, then.source_period_code))
        # Its source may have been taken back; then what is carried instead mends it, and what was reported is late.
        return source or (_amount(now) if now.is_carried else NOTHING)
    return NOTHING


def _amount(cell: Cell) -> Amount:
    if not cell.is_counted:
        return NOTHING
    return cell.numerator, cell.denominator


def _done(state: str | None) -> Amount:
    return NOTHING if state is None else (milestones_total([state]).numerator, None)


def _key(cell: Cell) -> Key:
    return cell.pair_key, cell.period_code


def _code(cell: Cell) -> str:
    parts: Sequence[str] = (cell.element_code, cell.disaggregation_code)
    return cell.element_code if cell.disaggregation_code == "total" else "/".join(parts)
