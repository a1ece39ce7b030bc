"""Frames: dated counts of what exists, by unit, and which element is measured against which. In: the seeds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tiendo.programme.cards import Frame, Indicator, read_row
from tiendo.programme.seeds import SeedFolder
from tiendo.programme.units import Unit


@dataclass(frozen=True, eq=False)
class FrameTables(SeedFolder):
    """How many there are of what reports count."""

    @cached_property
    def _frame_values(self) -> dict[tuple[str, str], list[tuple[date, date, int]]]:
        # The count known last comes first, and replaces the ones known before that begin on the same day.
        found: dict[tuple[str, str], dict[date, tuple[date, date, int]]] = defaultdict(dict)
        for row in sorted(self.table("frame_value"), key=lambda row: row.day("known_from"), reverse=True):
            unit_key = f"{row.required('unit_code')}@{row.day('unit_valid_from')}"
            first, last = row.day("valid_from"), row.day_or_none("valid_to") or date.max
            count = (first, last, row.whole("frame_count"))
            found[row.required("frame_code"), unit_key].setdefault(first, count)
        return {key: list(counts.values()) for key, counts in found.items()}

    def frame_count(self, frame_code: str, unit: Unit, on: date) -> int | None:
        """How many there are in `unit` on that day, as known last; None when nobody counted."""
        for first, last, count in self._frame_values.get((frame_code, unit.key), ()):
            if first <= on <= last:
                return count
        return None

    def frames_of(self, unit: Unit, on: date) -> dict[str, int]:
        """How many there are in `unit` on that day of what each stock counts: {element code: count}.

        A flow may well bring in more than its frame in one period: two conferences where one was due.
        """
        stocks = {row.required("element_code") for row in self.table("element") if row.text("time_rule") == "stock"}
        counts = {
            code: self.frame_count(frame, unit, on) for code, frame in self.frame_of_element.items() if code in stocks
        }
        return {code: count for code, count in counts.items() if count is not None}

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """The frames, in the order of their file."""
        return tuple(read_row(Frame, row) for row in self.table("frame"))

    @cached_property
    def frame_of_element(self) -> dict[str, str]:
        """The frame that an element is divided by in an indicator: {element code: frame code}."""
        frames = {frame.frame_code for frame in self.frames}
        return {
            above.code: below.code
            for card in (Indicator.from_row(row) for row in self.table("indicator"))
            for above, below in zip(card.parsed.numerators, card.parsed.denominators, strict=False)
            if below.code in frames and not above.part
        }
