"""Parts of the synthetic numbers: women and men of all, by the shares of the sample_split seed.

In: the totals of one report. Out: a number a part. Parts of a partition add up to the total; of a dimension whose
values overlap, each is at most the total.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

from tiendo.programme import FormRow, Period, Programme, SeedError, Unit

# How far a unit's share may lie from the usual one, of that share.
SPREAD = 0.2


@dataclass(frozen=True, eq=False)
class SampleParts:
    """The parts of one programme; `random` makes a generator from words."""

    programme: Programme
    random: Callable[..., Random]
    _unit_shares: dict[tuple[str, str, str], float] = field(default_factory=dict)

    @cached_property
    def shares(self) -> dict[str, float]:
        """The usual share of each part: {'sex.female': 0.4}."""
        rows = self.programme.table("sample_split")
        return {f"{row.required('dimension_code')}.{row.required('value_code')}": row.number("share") for row in rows}

    @cached_property
    def _partitions(self) -> frozenset[str]:
        return frozenset(part.dimension_code for part in self.programme.disaggregations if part.is_partition)

    def values(self, unit: Unit, period: Period, rows: Sequence[FormRow], totals: dict[str, float]) -> dict[str, float]:
        """{form code: number} of the parts that a form asks for, from the totals by form code."""
        found: dict[str, float] = {}
        for (element, dimension), same in itertools.groupby(rows, key=lambda row: (row.element, row.dimension_code)):
            parts = list(same)
            if dimension:
                wholes = (row.form_code for row in rows if row.element is element and not row.is_part)
                total = sum(totals[code] for code in wholes)
                # The parts of a stock are rounded alike in every month, so that they only rise with it.
                month = "stock" if element.is_stock else period.code
                steps = 1 if element.is_count else 10
                split = self._split(unit, month, parts, round(total * steps))
                found |= {row.form_code: number / steps for row, number in zip(parts, split, strict=True)}
        return found

    def _split(self, unit: Unit, month: str, rows: Sequence[FormRow], total: int) -> list[int]:
        rounding = self.random(unit.key, month, rows[0].element.code, rows[0].dimension_code, "parts")
        shares = [self._share(unit, row) for row in rows]
        if rows[0].dimension_code not in self._partitions:
            return [min(math.floor(total * share + rounding.random()), total) for share in shares]
        # One part after the other takes its share of what is left, so that nothing is lost or given twice.
        numbers, left, left_share = [], total, sum(shares)
        for share in shares[:-1]:
            number = min(math.floor(left * share / left_share + rounding.random()), left)
            numbers.append(number)
            left, left_share = left - number, left_share - share
        return [*numbers, left]

    def _share(self, unit: Unit, row: FormRow) -> float:
        key = (unit.key, row.element.code, row.disaggregation_code)
        if key not in self._unit_shares:
            usual = self.shares.get(row.disaggregation_code)
            if usual is None:
                part = row.disaggregation_code
                raise SeedError("sample_split.csv", None, f"không có tỷ phần của {part} / there is no share of {part}")
            size = 1 + SPREAD * (2 * self.random(*key, "share").random() - 1)
            self._unit_shares[key] = min(usual * size, 1.0)
        return self._unit_shares[key]
