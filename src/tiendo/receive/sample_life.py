"""The ordinary life of the synthetic reports: when each arrives, what is typed oddly, what is wrong, what is mended.

In: true numbers and the sample_rate and sample_text seeds. Out: the files of one unit and period, as `Arrival`s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from random import Random

from tiendo.programme import FormRow, Period, Programme, Unit
from tiendo.receive.form import Content
from tiendo.receive.numbers import format_vi
from tiendo.receive.sample_numbers import SampleNumbers

Numbers = dict[str, dict[str, float | str]]
FIRST_HOUR, LAST_HOUR = 8, 17


@dataclass(frozen=True)
class Arrival:
    """One file as it arrived: its number within the unit and period, its content, its time."""

    number: int
    content: Content
    received_at: datetime


@dataclass(frozen=True, eq=False)
class SampleLife:
    """What happens to the reports of a programme until a last day."""

    programme: Programme
    numbers: SampleNumbers
    until: date

    @cached_property
    def rates(self) -> dict[str, float]:
        """How often things happen."""
        return {row.required("rate_code"): row.number("rate_value") for row in self.programme.table("sample_rate")}

    @cached_property
    def phrases(self) -> dict[str, list[str]]:
        """Narrative sentences by theme."""
        found: dict[str, list[str]] = {}
        for row in self.programme.table("sample_text"):
            found.setdefault(row.required("theme"), []).append(row.required("text_vi"))
        return found

    def arrivals(self, unit: Unit, period: Period) -> list[Arrival]:
        """The files of one unit and period: none when it never reported, two when one was corrected."""
        random, rates = self.numbers.random(unit.key, period.code, "life"), self.rates
        if random.random() < rates["missing"]:
            return []
        received = self._received(random, period)
        rows = self.programme.form_rows(unit, period)
        numbers = self._typed(random, unit, period, rows)
        texts = {theme: random.choice(phrases) for theme, phrases in self.phrases.items() if random.random() < 0.6}

        def content(filled: Numbers, day: datetime) -> Content:
            return Content(filled, texts, is_synthetic=True, signed_on=day.date())

        draw, mended = random.random(), random.random() < rates["mistake_mended"]
        later = self._later(random, received)
        if draw < rates["mistake"]:
            wrong = self._mistaken(random, numbers, rows)
            first = Arrival(1, content(wrong, received), received)
            return [first, Arrival(2, content(numbers, later), later)] if mended and later <= self._end else [first]
        first = Arrival(1, content(numbers, received), received)
        if draw < rates["mistake"] + rates["corrected"] and later <= self._end:
            changed = self._changed(random, numbers, rows)
            return [first, Arrival(2, content(changed, later), later)]
        return [first]

    @property
    def _end(self) -> datetime:
        return datetime.combine(self.until, time(LAST_HOUR), self.programme.time_zone)

    def _received(self, random: Random, period: Period) -> datetime:
        if random.random() < self.rates["late"]:
            shift = 1 + round(random.random() * (self.rates["late_days"] - 1))
        else:
            shift = -round(random.random() * self.rates["early_days"])
        day = max(period.due + timedelta(days=shift), period.end + timedelta(days=1))
        return min(self._at(random, day), self._end)

    def _later(self, random: Random, received: datetime) -> datetime:
        days = 1 + int(random.random() * self.rates["corrected_days"])
        return self._at(random, received.date() + timedelta(days=days))

    def _at(self, random: Random, day: date) -> datetime:
        clock = time(random.randrange(FIRST_HOUR, LAST_HOUR), random.randrange(60), random.randrange(60))
        return datetime.combine(day, clock, self.programme.time_zone)

    def _typed(self, random: Random, unit: Unit, period: Period, rows: tuple[FormRow, ...]) -> Numbers:
        """The true numbers as somebody typed them in: some blank, some as text, some zeros as a word."""
        values, sums = self.numbers.values(unit, period), self.numbers.cumulatives(unit, period)
        words = [word for word, state in self.programme.words.items() if state == "nil"]
        numbers: Numbers = {}
        for row in rows:
            value = values[row.form_code]
            cells: dict[str, float | str] = {"value": value}
            if row.form_code in sums:
                cells["year_cumulative"], cells["programme_cumulative"] = (round(x, 1) for x in sums[row.form_code])
            draw = random.random()
            if draw < self.rates["blank_value"]:
                del cells["value"]
            elif not value and random.random() < self.rates["zero_word"]:
                cells["value"] = random.choice(words)
            elif value and draw > 1 - self.rates["text_number"]:
                cells["value"] = _as_text(value)
            numbers[row.form_code] = cells
        return numbers

    def _changed(self, random: Random, numbers: Numbers, rows: tuple[FormRow, ...]) -> Numbers:
        """The same report with one number raised, where that breaks no relation."""
        parts = {rule.left_element for rule in self.programme.rules}
        parts |= {row.element.code for row in rows if row.is_part}
        free = [row.form_code for row in rows if not row.element.is_stock and row.element.code not in parts]
        code = random.choice([each for each in free if isinstance(numbers[each].get("value"), float | int)] or free)
        added = 1 + random.randrange(5)
        cells = {column: cell + added for column, cell in numbers[code].items() if not isinstance(cell, str)}
        return {**numbers, code: {**numbers[code], **cells}}

    def _mistaken(self, random: Random, numbers: Numbers, rows: tuple[FormRow, ...]) -> Numbers:
        """The same report with one plain mistake in it, of a kind that must end in quarantine."""
        counted = [row.form_code for row in rows if row.element.is_count]
        kinds: list[Callable[[float], float | str]] = [
            lambda value: -value - 1,
            lambda value: f"{value + 10:.0f}o",
            lambda value: f"gần {value + 10:.0f}",
            lambda value: f"{value:.0f},5",
        ]
        relations = [
            rule
            for rule in self.programme.rules
            if rule.severity == "error"
            and all(isinstance(self._value(numbers, code), float) for code in (rule.left_element, rule.right_element))
        ]
        choice = random.randrange(len(kinds) + 1)
        if choice == len(kinds) and relations:
            rule = random.choice(relations)
            above = (self._value(numbers, rule.right_element) or 0.0) + 1 + random.randrange(9)
            return {**numbers, rule.left_element: {**numbers[rule.left_element], "value": above}}
        code = random.choice(counted)
        wrong = kinds[choice % len(kinds)](self._value(numbers, code) or 0.0)
        return {**numbers, code: {**numbers[code], "value": wrong}}

    @staticmethod
    def _value(numbers: Numbers, code: str) -> float | None:
        found = numbers.get(code, {}).get("value")
        return None if found is None or isinstance(found, str) else float(found)


def _as_text(value: float) -> str:
    """A number typed as text: 1.234,5, or 02 for a small count."""
    return f"{value:02.0f}" if value < 10 and value == int(value) else format_vi(Decimal(str(value)))
