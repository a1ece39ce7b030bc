"""How much is behind a reading and what it could be: coverage by weight, questions, and the lowest and highest value.

In: `Item`s, one a number owed. Out: percentages (0 to 100) and bounds in the reading's own measure, None where there
are none. (Rules of evaluation, section 4, once more outside the database.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

# Quotients are kept to ten decimals, as in the models.
STEP = Decimal("1e-10")
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Bounds:
    """What a number owed brings at least and at most, and what then stands below it; None where nothing bounds it."""

    lower: Decimal
    upper: Decimal | None
    below: Decimal | None


@dataclass(frozen=True)
class Item:
    """A number owed, as it enters a sum: None where it is not known; `weight` None where nothing weighs it."""

    unit_key: str
    place_key: str
    is_whole: bool
    numerator: Decimal | None
    denominator: Decimal | None
    is_covered: bool
    is_questioned: bool
    weight: Decimal | None
    bounds: Bounds

    @property
    def is_counted(self) -> bool:
        """Whether it is in the value; where it is not, nothing stands for it."""
        return self.numerator is not None

    @property
    def is_carried(self) -> bool:
        """Whether an earlier period's number stands here."""
        return self.is_counted and not self.is_covered and not self.is_questioned


def share(part: Sequence[Item], owed: Sequence[Item]) -> Decimal | None:
    """The share of what is owed, by weight; what has no weight takes the mean of the others', or all weigh the same."""
    weights = [item.weight for item in owed if item.weight is not None]
    total = sum(weights, ZERO)
    if total == 0:
        return percent(Decimal(len(part)), Decimal(len(owed)))
    # Times the number of the weighed, so that the mean itself need not be rounded.
    times = Decimal(len(weights))
    above = sum((total if item.weight is None else item.weight * times for item in part), ZERO)
    return percent(above, total * len(owed))


def question_pct(whole: Sequence[Item]) -> Decimal | None:
    """The share of what was counted that is in question."""
    asked = sum((item.numerator or ZERO for item in whole if item.is_questioned), ZERO)
    return percent(asked, sum((item.numerator or ZERO for item in whole), ZERO)) if asked else ZERO


def sum_bounds(whole: Sequence[Item]) -> tuple[Decimal | None, Decimal | None]:
    """The known sum, and with all that is plausible."""
    upper = [item.bounds.upper for item in whole if item.bounds.upper is not None]
    is_bounded = len(upper) == len(whole)
    return sum((item.bounds.lower for item in whole), ZERO), sum(upper, ZERO) if is_bounded else None


def ratio_bounds(whole: Sequence[Item]) -> tuple[Decimal | None, Decimal | None]:
    """With nothing, or the last known, above the line for all that is not covered; and with all of it."""
    lower, upper = sum_bounds(whole)
    below = sum((item.bounds.below or ZERO for item in whole), ZERO)
    return (None, None) if upper is None else (percent(lower, below), percent(upper, below))


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
