"""Draws the numbers to check: systematic, with probability proportional to size, the same draw from the same numbers.

In: numbers reported, how many to draw, a seed. Out: the numbers drawn, each with its inclusion probability.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, order=True)
class Cell:
    """A reported number that may be drawn, in its element's unit of measure, with the file and cell it came from."""

    unit_key: str
    period_code: str
    element_code: str
    value: Fraction
    file_name: str = ""
    value_cell: str = ""
    is_synthetic: bool = False


@dataclass(frozen=True)
class Drawn:
    """A number drawn and how likely that was; 1 where it was certain."""

    cell: Cell
    probability: Fraction


def draw(cells: Iterable[Cell], count: int, seed: str) -> tuple[Drawn, ...]:
    """`count` of the numbers, or all that are above 0 where there are no more, in the order of their keys.

    The order in which they are given changes nothing.
    """
    ordered = sorted(cell for cell in cells if cell.value > 0)
    chances = inclusion_probabilities(ordered, count)
    start = Fraction(random.Random(seed).random())  # noqa: S311  a sample that can be drawn again, not a secret
    drawn, passed = [], Fraction(0)
    for cell in ordered:
        chance = chances[cell]
        if chance == 1:
            drawn.append(Drawn(cell, chance))
            continue
        # A ruler with marks at start, start + 1, …: a number is drawn when a mark lies on its stretch.
        if _marks(passed + chance, start) > _marks(passed, start):
            drawn.append(Drawn(cell, chance))
        passed += chance
    return tuple(drawn)


def _marks(until: Fraction, start: Fraction) -> int:
    """Marks before `until`."""
    return max(0, -((start - until) // 1)) if until > start else 0


def inclusion_probabilities(cells: Iterable[Cell], count: int) -> dict[Cell, Fraction]:
    """How likely each number is to be drawn; they add up to `count`. What is as large as a step is certain.

    The size of a number is its share of what its element adds up to: people and agencies are not weighed against each
    other, and within an element the chance goes with the number reported.
    """
    totals: dict[str, Fraction] = defaultdict(Fraction)
    listed = list(cells)
    for cell in listed:
        totals[cell.element_code] += cell.value
    sizes = {cell: cell.value / totals[cell.element_code] for cell in listed}
    certain: set[Cell] = set()
    while True:
        rest = [cell for cell in listed if cell not in certain]
        left = count - len(certain)
        if left <= 0 or not rest:
            return {cell: Fraction(cell in certain) for cell in listed}
        step = sum((sizes[cell] for cell in rest), Fraction(0)) / left
        above = {cell for cell in rest if sizes[cell] >= step}
        if not above:
            return {cell: Fraction(1) if cell in certain else sizes[cell] / step for cell in listed}
        certain |= above
