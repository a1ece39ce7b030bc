"""Whether claims come true: by tenth of the claim, by family, and beside the base rate.

In: `Cases`, one row each. Out: shares, gaps and scores; no chance is rounded before it is judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

TENTHS = 10
Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cases:
    """What was claimed of a series at an origin, and what came: chance from 0 to 1, the 80 % interval, the truth."""

    family: npt.NDArray[np.str_]
    horizon: npt.NDArray[np.int64]
    chance: Reals
    has_arrived: Flags
    is_inside: Flags

    def __len__(self) -> int:
        return len(self.chance)


@dataclass(frozen=True)
class Tenth:
    """Claims between two tenths: how many, what they claimed on average, and the share that arrived; 0 to 1."""

    count: int
    claimed: float
    arrived: float

    @property
    def gap(self) -> float:
        """Arrived less claimed, in points of 100."""
        return 100 * (self.arrived - self.claimed)


def tenths(cases: Cases) -> list[Tenth]:
    """The ten of them, from the least claims to the greatest; a claim of exactly 1 belongs to the last."""
    at = np.minimum(TENTHS - 1, (cases.chance * TENTHS).astype(int))
    return [
        Tenth(int((at == k).sum()), _mean(cases.chance[at == k]), _mean(cases.has_arrived[at == k]))
        for k in range(TENTHS)
    ]


def brier(cases: Cases) -> tuple[float, float]:
    """Mean squared error of the claims, and that of claiming the share that arrived of every case."""
    came = cases.has_arrived.astype(float)
    return float(np.mean((cases.chance - came) ** 2)), float(np.mean((came.mean() - came) ** 2))


def held(cases: Cases, horizon: int, family: str | None = None) -> float:
    """Percent of the cases of a horizon, and of a family, whose value came to lie in the interval."""
    is_meant = cases.horizon == horizon
    if family is not None:
        is_meant &= cases.family == family
    return 100 * _mean(cases.is_inside[is_meant])


def _mean(values: npt.NDArray[np.float64] | Flags) -> float:
    return float(values.mean()) if len(values) else float("nan")
