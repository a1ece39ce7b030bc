"""A reading from its numbers, in exact decimals: the rules of evaluation, section 2, once more outside the database.

In: `Item`s, one a number owed, and the lineage of places. Out: `Total`. Ratios are ratios of sums; a place counts once
whoever tells of it; a number that only partly belongs to the scope takes the value away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal

REACH = ("reach", "reach_whole")
DONE = ("issued", "in_operation")
# Quotients are kept to ten decimals, as in the models.
STEP = Decimal("1e-10")
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Item:
    """A number owed, as it enters a sum: None where it is not known."""

    unit_key: str
    place_key: str
    is_whole: bool
    numerator: Decimal | None
    denominator: Decimal | None
    is_covered: bool
    weight: Decimal

    @property
    def is_counted(self) -> bool:
        """Whether it is in the value; where it is not, nothing stands for it."""
        return self.numerator is not None


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
    coverage_pct: Decimal | None = None
    places: tuple[Place, ...] = field(default=())


NO_METHOD = Total(None, None, None, "no_method")


def total(method: str, basis: str, items: Sequence[Item], lineage: Lineage) -> Total:
    """The reading of a scope from its numbers."""
    whole = [item for item in items if item.is_whole]
    counted = [item for item in whole if item.is_counted]
    is_cut = len(whole) < len(items)
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    places: tuple[Place, ...] = ()
    if method in REACH:
        places = reached_places(method, basis, whole, lineage)
    if counted and not is_cut:
        numerator = sum((item.numerator or ZERO for item in counted), ZERO)
        if method in REACH:
            numerator = Decimal(sum(place.is_reached for place in places))
        if method == "ratio":
            denominator = sum((item.denominator or ZERO for item in counted), ZERO)
    value = percent(numerator, denominator) if method == "ratio" else numerator
    covered = [item for item in whole if item.is_covered]
    return Total(
        numerator,
        denominator,
        value,
        "border" if is_cut else None if value is not None else "nothing_known",
        len(covered),
        len(whole),
        len(counted) - len(covered),
        percent(sum((item.weight for item in covered), ZERO), sum((item.weight for item in whole), ZERO)),
        places,
    )


def reached_places(method: str, basis: str, whole: Sequence[Item], lineage: Lineage) -> tuple[Place, ...]:
    """The places that are told of, by key, with those of their originals that have at least one."""
    told: dict[str, Decimal] = defaultdict(Decimal)
    for item in whole:
        told[lineage.soil(item.place_key)] += item.numerator or ZERO
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
    reason = None if known else "nothing_known"
    coverage = percent(Decimal(len(known)), Decimal(len(states)))
    return Total(done, None, done, reason, len(known), len(states), 0, coverage)


def percent(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    """100 × above ÷ below to ten decimals; None when either is not known or there is nothing below."""
    if above is None or not below:
        return None
    return plain(EXACT.divide(100 * above, below).quantize(STEP, context=EXACT))


def plain(number: Decimal) -> Decimal:
    """The number without trailing zeros and without an exponent: 60, not 6E+1 or 60.00."""
    short = number.normalize(EXACT)
    return short.quantize(Decimal(1), context=EXACT) if short == short.to_integral_value() else short


def is_same(one: Decimal | None, other: Decimal | None) -> bool:
    """Whether two numbers are equal, but for the last of the ten decimals that a quotient is rounded to."""
    if one is None or other is None:
        return one is other
    return abs(one - other) <= STEP


def _only(keys: frozenset[str], otherwise: str) -> str:
    return next(iter(keys)) if len(keys) == 1 else otherwise
