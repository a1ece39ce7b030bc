"""A number owed and what was found at its cells, worked out again from them.

In: a window and a day of knowledge. Out: `Trace`s. What a number that stands on no frame weighs and could be, by the
periods before it, is taken from the models.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg

from tiendo.review.explain_bounds import Bounds, Item
from tiendo.review.explain_cells import Cell, read_cells
from tiendo.review.explain_reading import Window
from tiendo.review.explain_sources import Books, Frame, Number, open_books


@dataclass(frozen=True)
class Trace:
    """One number owed with what was found at its cells.

    `above` and `below` are what stands in the value, of an earlier period where it is carried; `own` and `own_below`
    are what the period itself has.
    """

    cell: Cell
    own: Number
    own_below: Number | Frame | None
    above: Number
    below: Number | Frame | None
    item: Item

    @property
    def missing(self) -> str | None:
        """Why the period's own pair does not count; None when it does."""
        if self.item.is_covered or self.item.is_questioned:
            return None
        if self.own.value is None:
            return self.own.state
        return self.own_below.state if isinstance(self.own_below, Number) else "no_frame"

    @property
    def is_odd(self) -> bool:
        """Whether a reader would ask about it: carried, missing, in question, corrected, or more than its
        report."""
        marks = {each.mark for each in (self.above, self.below) if isinstance(each, Number)}
        return not self.item.is_covered or bool(marks & {"corrected", "closing_added"})


def read_traces(connection: psycopg.Connection[Any], window: Window, day: date) -> tuple[Trace, ...]:
    """Every number owed in the window, found again at its cells."""
    cells = read_cells(connection, window, day)
    periods = {code for cell in cells for code in (cell.period_code, cell.source_period_code)}
    codes = {code for cell in cells for code in (cell.element_code, cell.denominator_code) if code}
    books = open_books(connection, {cell.unit_key for cell in cells}, periods, codes, day)
    return tuple(_trace(books, cell) for cell in cells)


def _trace(books: Books, cell: Cell) -> Trace:
    own, own_below = _pair(books, cell, cell.period_code)
    is_known = _counts(cell, own, own_below)
    asked = own.is_questioned or (isinstance(own_below, Number) and own_below.is_questioned)
    above, below = (own, own_below) if is_known else _pair(books, cell, cell.source_period_code)
    is_counted = _counts(cell, above, below)
    # What stands on no frame is weighed and bounded by the periods before, which the models looked at.
    weight, bounds = cell.weight, Bounds(cell.lower_numerator, cell.upper_numerator, cell.bound_denominator)
    if cell.denominator_source == "frame":
        frame = _amount(own_below)
        weight = Decimal(1) if frame is None else frame
        bounds = Bounds(cell.lower_numerator, frame, frame)
    if is_known and not asked and own.value is not None:
        bounds = Bounds(own.value, own.value, _amount(own_below))
    item = Item(
        cell.unit_key,
        cell.place_key,
        cell.is_whole,
        above.value if is_counted else None,
        _amount(below) if is_counted else None,
        is_known and not asked,
        is_known and asked,
        weight,
        bounds,
    )
    return Trace(cell, own, own_below, above, below, item)


def _pair(books: Books, cell: Cell, period_code: str) -> tuple[Number, Number | Frame | None]:
    above = books.number((cell.unit_key, period_code, cell.element_code, cell.disaggregation_code))
    if cell.denominator_source == "frame":
        return above, books.frame(str(cell.denominator_code), cell.unit_key, period_code)
    if cell.denominator_source == "element":
        key = (cell.unit_key, period_code, str(cell.denominator_code), str(cell.denominator_part))
        return above, books.number(key)
    return above, None


def _counts(cell: Cell, above: Number, below: Number | Frame | None) -> bool:
    return above.value is not None and (cell.denominator_source is None or _amount(below) is not None)


def _amount(below: Number | Frame | None) -> Decimal | None:
    return below.frame_count if isinstance(below, Frame) else below.value if below else None
