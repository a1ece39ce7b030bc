"""Programmes drawn at random: units that merge, merge again and change their names, and the reports they send.

In: a seed for the draw. Out: a `RandomProgramme`: its units, frames and reports, these as rows of raw and as the frames
that `recompute_indicators` reads. (Its folder of seeds: random_seeds.)
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd

from tests.integration.raw_rows import Sent
from tests.integration.recompute_books import Books

# Ten months, the 21st to the 20th; the second merger falls into the last of them.
PERIODS = [*(f"2023-{month:02d}" for month in (9, 10, 11, 12)), *(f"2024-{month:02d}" for month in range(1, 7))]
BEFORE, LAST = PERIODS[-2], PERIODS[-1]
BIRTH, MERGERS = date(2023, 1, 1), (date(2023, 11, 30), date(2024, 6, 3))


@dataclass
class Body:
    """A unit with its life, its region and whom it came from; generation 0 is there from the beginning."""

    code: str
    begins: date
    region: str
    parents: tuple[str, ...] = ()
    ends: date | None = None
    generation: int = 0

    @property
    def key(self) -> str:
        """code@first day."""
        return f"{self.code}@{self.begins}"

    def in_force(self, on: date) -> bool:
        """Whether it exists on a day."""
        return self.begins <= on and (self.ends is None or on <= self.ends)


@dataclass
class RandomProgramme:
    """What one draw gives. `bodies` are all units; `reports` what they send, in no order; `frames` the makers each has,
    and from which day that is known; `plans` from which day a unit owes; `corrections` what a number of a report should
    be, and from which day.
    """

    draw: int
    bodies: list[Body] = field(default_factory=list)
    reports: list[Sent] = field(default_factory=list)
    frames: list[tuple[Body, date, int]] = field(default_factory=list)
    plans: list[tuple[Body, date]] = field(default_factory=list)
    corrections: list[tuple[Sent, tuple[str, str], int, date]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.draw)
        self._born()
        for generation, day in enumerate(MERGERS, 1):
            self._merge(day, generation)
        self._count()
        self._report()
        self._decide()

    def _born(self) -> None:
        count = self.chance.randint(6, 8)
        self.bodies = [Body(f"{n:02d}", BIRTH, self.chance.choice(["EA", "WE"])) for n in range(1, count + 1)]

    def _merge(self, day: date, generation: int) -> None:
        there = [body for body in self.bodies if body.ends is None]
        self.chance.shuffle(there)
        size = self.chance.choice([2, 3])
        for parts in (there[:size], there[size : size + 1]):
            seat = self.chance.choice(parts)
            # Some take over the seat's code, which then means another unit.
            code = seat.code if self.chance.random() < 0.5 else f"{generation}{seat.code}"
            for part in parts:
                part.ends = day - timedelta(days=1)
            keys = tuple(part.key for part in parts)
            self.bodies.append(Body(code, day, seat.region, keys, generation=generation))

    def _count(self) -> None:
        for body in self.bodies:
            size = self.chance.randint(30, 60)
            later = max(date(2024, 2, 15), body.begins + timedelta(days=10))
            days = [body.begins, *([later] if self.chance.random() < 0.3 else [])]
            self.frames += [(body, day, size + at) for at, day in enumerate(days)]

    def _decide(self) -> None:
        """A few units begin later; of a few numbers an office decides later that they were wrong."""
        self.plans = [(body, date(2023, 10, 5)) for body in self.chance.sample(self.bodies[:6], 2)]
        for report in self.chance.sample(self.reports, 6):
            known = [cell for cell, value in report.numbers.items() if value is not None and cell[0] != "E4"]
            if known:
                day = report.received_at.date() + timedelta(days=self.chance.randint(-10, 40))
                self.corrections.append((report, self.chance.choice(known), self.chance.randint(0, 20), day))

    def _report(self) -> None:
        for period in PERIODS:
            end = date(int(period[:4]), int(period[5:]), 20)
            for body in self.bodies:
                if body.in_force(end) and self.chance.random() < 0.88:
                    self._versions(body, period, end)
                # A few close their books; their heir may or may not tell of the days after them alone.
                if body.ends and end - timedelta(days=28) < body.ends < end and self.chance.random() < 0.6:
                    came = self._moment(end)
                    self.reports.append(self._sent(body, period, came, covers_to=body.ends))

    def _versions(self, body: Body, period: str, end: date) -> None:
        came = self._moment(end)
        for _ in range(self.chance.choice([1, 1, 1, 2])):
            is_cut = body.parents and end - timedelta(days=28) < body.begins and self.chance.random() < 0.6
            self.reports.append(self._sent(body, period, came, covers_from=body.begins if is_cut else None))
            came += timedelta(days=self.chance.randint(1, 30), minutes=self.chance.randint(0, 59))

    def _moment(self, end: date) -> datetime:
        late = timedelta(days=self.chance.randint(1, 35), seconds=self.chance.randint(0, 80_000))
        return datetime(end.year, end.month, end.day, tzinfo=UTC) + late

    def _sent(
        self, body: Body, period: str, came: datetime, covers_from: date | None = None, covers_to: date | None = None
    ) -> Sent:
        pick = self.chance.randint
        women, men = pick(0, 9), pick(0, 9)
        numbers: dict[tuple[str, str], int | None] = {
            ("E1", "total"): pick(0, 20),
            ("E3", "total"): pick(0, 30),
            ("E4", "total"): women + men,
            ("E4", "sex.female"): women,
            ("E4", "sex.male"): men,
        }
        # Events are told by former unit from the first merger on.
        parts = body.parents if body.parents else ("total",)
        numbers |= {("E2", part): self.chance.choice([0, 0, 0, 1, 2]) for part in parts}
        for cell in numbers:
            if self.chance.random() < 0.06:
                numbers[cell] = None
        return Sent(body.code, body.begins, period, came, numbers, covers_from, covers_to)

    def again(self, report: Sent, days: int) -> Sent:
        """A later version of a report with other numbers."""
        changed = {cell: None if value is None else (value * 3 + 1) % 17 for cell, value in report.numbers.items()}
        if changed[("E4", "sex.female")] is not None and changed[("E4", "sex.male")] is not None:
            changed["E4", "total"] = changed["E4", "sex.female"] + changed["E4", "sex.male"]
        return replace(report, received_at=report.received_at + timedelta(days=days, seconds=7), numbers=changed)

    def books(self, reports: Iterable[Sent]) -> Books:
        """The reports as the frames that workbooks are read into."""
        rows, numbers = [], []
        for each in reports:
            rows.append(
                {
                    "report": each.digest,
                    "unit_code": each.unit_code,
                    "period": each.period,
                    "covers_from": str(each.covers_from or ""),
                    "covers_to": str(each.covers_to or ""),
                    "received": each.received_at.timestamp(),
                }
            )
            numbers += [
                {"report": each.digest, "code": _form_code(element, part), "value": float(value), "is_asked": False}
                for (element, part), value in each.numbers.items()
                if value is not None
            ]
        return Books(pd.DataFrame(rows), pd.DataFrame(numbers))


def _form_code(element: str, part: str) -> str:
    return element if part == "total" else f"{element}/{part.partition('@')[0]}"
