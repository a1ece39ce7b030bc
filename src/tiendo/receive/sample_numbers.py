"""The numbers of the synthetic programme: what each unit would have reported, made from the sample_* seeds.

In: the programme, a seed. Out: a value for any unit, period and row. Each is drawn from a generator of its own, so it
does not depend on which others are drawn, nor on their order.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from random import Random

from tiendo.programme import FormRow, Period, Programme, SeedError, Unit
from tiendo.programme.seeds import SeedRow
from tiendo.receive.sample_parts import SampleParts

MODELS = frozenset({"share_of_frame", "count", "amount", "for_each", "part_of"})
MANY = 50.0


@dataclass(frozen=True)
class Profile:
    """How one element is drawn for some units. What a model does not use is 0."""

    model: str
    of_element: str
    start_share: float
    finish_share: float
    mean_value: float
    spread: float
    low_value: float
    high_value: float
    season_code: str

    @classmethod
    def from_row(cls, row: SeedRow) -> Profile:
        """A profile from its seed row."""

        def number(column: str, otherwise: float = 0.0) -> float:
            return row.number(column) if row.text(column) else otherwise

        return cls(
            row.one_of("model", MODELS),
            row.text("of_element"),
            number("start_share"),
            number("finish_share"),
            number("mean_value"),
            number("spread"),
            number("low_value"),
            number("high_value", math.inf),
            row.text("season_code"),
        )


@dataclass(frozen=True, eq=False)
class SampleNumbers:
    """All numbers of the synthetic programme for one seed."""

    programme: Programme
    seed: int

    def values(self, unit: Unit, period: Period) -> dict[str, float]:
        """{form code: true value} of one report."""
        key = (unit.key, period.code)
        if key not in self._values:
            rows = self.programme.form_rows(unit, period)
            totals = {row.form_code: row for row in rows if not row.is_part}
            drawn: dict[str, float] = {}
            for row in totals.values():
                self._value(unit, period, row, totals, drawn)
            self._values[key] = drawn | self._parts.values(unit, period, rows, drawn)
        return self._values[key]

    def cumulatives(self, unit: Unit, period: Period) -> dict[str, tuple[float, float]]:
        """{form code: (sum since the start of the year, since the start of the programme)} of what adds up."""
        key = (unit.key, period.code)
        if key not in self._sums:
            before = self._before(unit, period)
            sums: dict[str, tuple[float, float]] = {}
            values = self.values(unit, period)
            for row in self.programme.form_rows(unit, period):
                if row.element.is_stock:
                    continue
                year, total = before.get(row.form_code, (0.0, 0.0))
                value = values[row.form_code]
                sums[row.form_code] = (year + value, total + value)
            self._sums[key] = sums
        return self._sums[key]

    def _before(self, unit: Unit, period: Period) -> dict[str, tuple[float, float]]:
        """The cumulatives that a unit carries into a period: its own, or those of the units it follows."""
        if period.ordinal == 1:
            return {}
        last = self.programme.periods[period.ordinal - 2]
        same_year = last.report_year == period.report_year
        carried: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        if unit.in_force(last.end):
            parts = [self.cumulatives(unit, last)] if self.programme.is_obliged(unit, last.end) else []
        else:
            parts = [
                self._by_former_unit(former, self.cumulatives(former, last))
                for former in self.programme.predecessors(unit)
                if former.in_force(last.end) and self.programme.is_obliged(former, last.end)
            ]
        for part in parts:
            for code, (year, total) in part.items():
                known_year, known_total = carried[code]
                carried[code] = (known_year + (year if same_year else 0.0), known_total + total)
        return dict(carried)

    @staticmethod
    def _by_former_unit(former: Unit, sums: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        """Sums of a former unit under the form codes of its successor: the breakdown asks for it by its code."""
        return {**sums, **{f"{code}/{former.code}": both for code, both in sums.items() if "/" not in code}}

    @cached_property
    def _parts(self) -> SampleParts:
        return SampleParts(self.programme, self.random)

    @cached_property
    def _values(self) -> dict[tuple[str, str], dict[str, float]]:
        return {}

    @cached_property
    def _sums(self) -> dict[tuple[str, str], dict[str, tuple[float, float]]]:
        return {}

    @cached_property
    def _profiles(self) -> dict[tuple[str, str, str], Profile]:
        return {
            (row.required("element_code"), row.text("unit_kind"), row.text("unit_code")): Profile.from_row(row)
            for row in self.programme.table("sample_profile")
        }

    @cached_property
    def _seasons(self) -> dict[str, tuple[float, ...]]:
        rows = self.programme.table("sample_season")
        months = range(1, 13)
        return {row.required("season_code"): tuple(row.number(f"month_{m:02d}") for m in months) for row in rows}

    def _profile(self, element_code: str, unit: Unit) -> Profile:
        for kind, code in (("", unit.code), (unit.kind, ""), ("", "")):
            if profile := self._profiles.get((element_code, kind, code)):
                return profile
        reason = (
            f"không có cách sinh số của {element_code} cho {unit.key} / no profile of {element_code} for {unit.key}"
        )
        raise SeedError("sample_profile.csv", None, reason)

    def random(self, *words: str) -> Random:
        """A generator that depends on the seed and these words alone."""
        return Random("|".join((str(self.seed), *words)))  # noqa: S311  numbers of a sample, not secrets

    def _value(
        self, unit: Unit, period: Period, row: FormRow, rows: dict[str, FormRow], drawn: dict[str, float]
    ) -> float:
        if row.form_code in drawn:
            return drawn[row.form_code]
        profile, element = self._profile(row.element.code, unit), row.element
        # A breakdown is drawn by the former unit it is about, whoever reports it.
        about = unit.key if row.form_code == element.code else row.disaggregation_code
        random = self.random(about, period.code, element.code)
        of = 0.0
        if profile.of_element in rows:
            of = self._value(unit, period, rows[profile.of_element], rows, drawn)
        size = math.exp(self.random(about, element.code).gauss(0, profile.spread))
        mean = profile.mean_value * size * self._season(profile, period)
        match profile.model:
            case "share_of_frame":
                value = self._share_of_frame(unit, period, element.code, profile)
            case "for_each":
                value = sum(_clipped(profile, random) for _ in range(int(of)))
            case "part_of":
                share = min(max(profile.mean_value * random.gauss(1, profile.spread), profile.low_value), 1.0)
                value = min(math.floor(of * min(share, profile.high_value) + random.random()), of)
            case "amount":
                value = round(mean * math.exp(random.gauss(0, profile.spread / 2)), 1)
            case _:
                value = _poisson(random, mean * math.exp(random.gauss(0, profile.spread / 2)))
        drawn[row.form_code] = value
        return value

    def _season(self, profile: Profile, period: Period) -> float:
        if not profile.season_code:
            return 1.0
        return self._seasons[profile.season_code][period.month - 1]

    def _share_of_frame(self, unit: Unit, period: Period, element_code: str, profile: Profile) -> float:
        frame_code = self.programme.frame_of_element.get(element_code, "")
        frame = self.programme.frame_count(frame_code, unit, period.end)
        if frame is None:
            return 0.0
        rounding = self.random(unit.key, element_code, "rounding").random()
        return min(math.floor(frame * self._share(unit, period, element_code, profile) + rounding), frame)

    def _share(self, unit: Unit, period: Period, element_code: str, profile: Profile) -> float:
        """The share reached, rising all the time; a merged unit goes on from the shares of its parts."""
        parts = self.programme.predecessors(unit)
        if parts:
            frame = self.programme.frame_of_element.get(element_code, "")
            weights = [self.programme.frame_count(frame, part, part.valid_to or period.end) or 0 for part in parts]
            if sum(weights):
                shares = (self._share(part, period, element_code, profile) for part in parts)
                return sum(w * share for w, share in zip(weights, shares, strict=True)) / sum(weights)
        factor = 1 + profile.spread * (2 * self.random(unit.key, element_code, "pace").random() - 1)
        along = (period.ordinal - 1) / max(len(self.programme.periods) - 1, 1)
        share = profile.start_share + (profile.finish_share - profile.start_share) * along
        return min(share * factor, 1.0)


def _clipped(profile: Profile, random: Random) -> int:
    drawn = profile.mean_value * math.exp(random.gauss(0, profile.spread))
    return round(min(max(drawn, profile.low_value), profile.high_value))


def _poisson(random: Random, mean: float) -> int:
    """A count with this mean: exact for small means, rounded normal for large ones."""
    if mean > MANY:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count
