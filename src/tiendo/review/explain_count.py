"""A reading from its numbers, in exact decimals: the rules of evaluation, section 2, once more outside the database.

In: `Item`s, one a number owed, and the lineage of places. Out: `Total`. Ratios are ratios of sums; a place counts once
whoever tells of it; a number that only partly belongs to the scope takes the value away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tiendo.review.explain_bounds import ZERO, Item, percent, question_pct, ratio_bounds, share, sum_bounds

REACH = ("reach", "reach_whole")
DONE = ("issued", "in_operation")


@dataclass(frozen=True)
class Lineage:
    """Who became whom (current) and came from whom (original): {unit key: keys}."""

    current: Mapping[str, frozenset[str]]
    original: Mapping[str, frozenset[str]]

    def soil(self, place_key: str) -> str:
        """The one original of a place, else the place itself."""
        return _only(self.original.get(place_key, frozenset()), place_key)

    def now(self, soil_key: str) -> str:
        """The one unit that a place became, else the place itself."""
        return _only(self.current.get(soil_key, frozenset()), soil_key)


@dataclass(frozen=True)
class Place:
    """A place that may be reached: which of its originals are, and how many must be."""

    place_key: str
    needed_count: int
    reached_keys: tuple[str, ...]

    @property
    def is_reached(self) -> bool:
        """Whether it counts."""
        return len(self.reached_keys) >= self.needed_count


@dataclass(frozen=True)
class Total:
    """A reading: percent for a ratio, a count otherwise; None with its reason."""

    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    null_reason: str | None
    reported_count: int = 0
    expected_count: int = 0
    carried_count: int = 0
    carried_pct: Decimal | None = None
    question_count: int = 0
    question_pct: Decimal | None = None
    coverage_pct: Decimal | None = None
    lower_value: Decimal | None = None
    upper_value: Decimal | None = None
    places: tuple[Place, ...] = field(default=())


NO_METHOD = Total(None, None, None, "no_method")


def total(method: str, basis: str, items: Sequence[Item], lineage: Lineage, is_over_frames: bool = False) -> Total:
    """The reading of a scope from its numbers; over frames alone there are bounds even where nothing is known."""
    whole = [item for item in items if item.is_whole]
    counted = [item for item in whole if item.is_counted]
    is_cut = len(whole) < len(items)
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    places: tuple[Place, ...] = ()
    if method in REACH:
        places = reached_places(method, basis, _told(whole), lineage)
    if counted and not is_cut:
        numerator = sum((item.numerator or ZERO for item in counted), ZERO)
        if method in REACH:
            numerator = Decimal(sum(place.is_reached for place in places))
        if method == "ratio":
            denominator = sum((item.denominator or ZERO for item in counted), ZERO)
    value = percent(numerator, denominator) if method == "ratio" else numerator
    has_bounds = bool(whole) and not is_cut and (value is not None or is_over_frames)
    lower, upper = _bounds(method, basis, whole, lineage) if has_bounds else (None, None)
    covered = [item for item in whole if item.is_covered]
    carried = [item for item in whole if item.is_carried]
    return Total(
        numerator,
        denominator,
        value,
        "border" if is_cut else None if value is not None else "nothing_known",
        len(covered),
        len(whole),
        len(carried),
        share(carried, whole),
        sum(item.is_questioned for item in whole),
        question_pct(whole) if value is not None else None,
        share(covered, whole),
        lower,
        upper,
        places,
    )


def _bounds(method: str, basis: str, whole: Sequence[Item], lineage: Lineage) -> tuple[Decimal | None, Decimal | None]:
    if method == "ratio":
        return ratio_bounds(whole)
    if method not in REACH:
        return sum_bounds(whole)
    lowest = [(item.place_key, item.bounds.lower) for item in whole]
    # What nothing bounds could reach its place.
    highest = [(item.place_key, Decimal(1) if item.bounds.upper is None else item.bounds.upper) for item in whole]
    reached = [
        sum(place.is_reached for place in reached_places(method, basis, told, lineage)) for told in (lowest, highest)
    ]
    return Decimal(reached[0]), Decimal(reached[1])


def _told(whole: Sequence[Item]) -> list[tuple[str, Decimal]]:
    return [(item.place_key, item.numerator or ZERO) for item in whole]


def reached_places(
    method: str, basis: str, numbers: Sequence[tuple[str, Decimal]], lineage: Lineage
) -> tuple[Place, ...]:
    """The places that are told of, by key, with those of their originals that have at least one."""
    told: dict[str, Decimal] = defaultdict(Decimal)
    for place_key, number in numbers:
        told[lineage.soil(place_key)] += number
    soils: dict[str, list[str]] = defaultdict(list)
    for soil in sorted(told):
        soils[lineage.now(soil) if basis == "current" else soil].append(soil)
    return tuple(
        Place(
            place,
            len(lineage.original.get(place, (place,))) if (basis, method) == ("current", "reach_whole") else 1,
            tuple(soil for soil in inside if told[soil] >= 1),
        )
        for place, inside in sorted(soils.items())
    )


def milestones_total(states: Sequence[str | None]) -> Total:
    """The reading of milestones from the last known state of each; None where no state is known."""
    known = [state for state in states if state is not None]
    done = Decimal(sum(state in DONE for state in known)) if known else None
    return Total(
        done,
        None,
        done,
        None if known else "nothing_known",
        len(known),
        len(states),
        0,
        ZERO if states else None,
        0,
        ZERO if known else None,
        percent(Decimal(len(known)), Decimal(len(states))),
        done,
        None if done is None else done + len(states) - len(known),
    )


def _only(keys: frozenset[str], otherwise: str) -> str:
    return next(iter(keys)) if len(keys) == 1 else otherwise
