"""Synthetic series with known ends: what a forecaster is asked about, made without knowing it.

In: a family, a count and a seed. Out: `Drawn`: the numbers of 72 months of each series, and a target that a planner set
6, 12 or 24 months before its date, from what had been reported by then and a factor. Families marked held out were
never looked at while a forecaster was chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MONTHS = 72
HORIZONS = (6, 12, 24)
# Least history at an origin, so that no target date lies nearer to the start than both together.
HISTORY = 24
SEASON = np.array([7.0] * 10 + [15.0] * 2)
Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Drawn:
    """Series of one family, a row each: numbers of the months, the frame of each (0 for counts), whether it knows its
    season, the month of its target's date (1 is the first) and the target: a total, or so many of the frame.
    """

    family: str
    numbers: Whole
    frame: Whole
    is_seasonal: npt.NDArray[np.bool_]
    end: Whole
    target: Whole

    @property
    def known(self) -> Whole:
        """What is known after each month: the total so far, or the number of the month over a frame."""
        return self.numbers if self.frame.any() else np.cumsum(self.numbers, axis=1)

    def at(self, month: Whole) -> Whole:
        """What is known after a month of each series."""
        return self.known[np.arange(len(month)), month - 1]

    @property
    def has_arrived(self) -> npt.NDArray[np.bool_]:
        """Whether the target was met at its date."""
        return self.at(self.end) >= self.target


def _even(chance: np.random.Generator, n: int) -> Numbers:
    return np.ones((n, MONTHS))


def _drift(chance: np.random.Generator, n: int) -> Numbers:
    steps = chance.normal(0, 1, (n, MONTHS)) * chance.uniform(0.02, 0.10, (n, 1))
    return np.exp(np.cumsum(steps, axis=1))


def _growth(chance: np.random.Generator, n: int) -> Numbers:
    """Grows and saturates, or tires; along a curve, or a line."""
    month, sign = np.arange(MONTHS), np.where(chance.random((n, 1)) < 0.5, 1, -1)
    low = chance.uniform(0.2, 0.8, (n, 1))
    steepness = sign * (month - chance.uniform(10, 60, (n, 1))) / chance.uniform(6, 18, (n, 1))
    curve = low + (1 - low) / (1 + np.exp(-steepness))
    line = 1 + chance.uniform(0, 1.2, (n, 1)) * np.where(sign > 0, month, MONTHS - month) / MONTHS
    return np.where(chance.random((n, 1)) < 0.5, curve, line)


def _break(chance: np.random.Generator, n: int) -> Numbers:
    after = np.arange(MONTHS) >= chance.integers(6, 70, (n, 1))
    return np.where(after, np.exp(chance.normal(0, 0.6, (n, 1))), 1.0)


def _bursts(chance: np.random.Generator, n: int) -> Numbers:
    """Campaigns at no fixed time."""
    is_on = chance.random((n, MONTHS)) < chance.uniform(0.08, 0.25, (n, 1))
    return 1 + is_on * chance.uniform(2, 8, (n, 1)) * chance.gamma(2, 0.5, (n, MONTHS))


def _budget(chance: np.random.Generator, n: int) -> Numbers:
    """Each year has a level of its own."""
    years = np.exp(chance.normal(0, 1, (n, MONTHS // 12)) * chance.uniform(0.1, 0.35, (n, 1)))
    return np.repeat(years, 12, axis=1)


def _logit_drift(chance: np.random.Generator, n: int) -> Numbers:
    steps = chance.normal(0, 1, (n, MONTHS)) * chance.uniform(0.02, 0.12, (n, 1)) + chance.normal(0, 0.03, (n, 1))
    return _share(chance.uniform(-3, 1, (n, 1)) + np.cumsum(steps, axis=1))


def _approach(chance: np.random.Generator, n: int) -> Numbers:
    """Nears a ceiling of its own, ever more slowly."""
    first, top = _share(chance.uniform(-3, 1, (n, 1))), chance.uniform(0.3, 0.97, (n, 1))
    share = first + (top - first) * (1 - np.exp(-np.arange(MONTHS) / chance.uniform(10, 60, (n, 1))))
    return _share(np.log(share / (1 - share)) + np.cumsum(chance.normal(0, 0.02, (n, MONTHS)), axis=1))


def _share(logit: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float64)


# Family: how its level goes, and the bounds of its dispersion (1 is Poisson).
COUNTS: dict[str, tuple[Callable[[np.random.Generator, int], Numbers], tuple[float, float]]] = {
    "poisson": (_even, (1, 1)),
    "overdispersed": (_even, (2, 8)),
    "drift": (_drift, (1, 2)),
    "growth": (_growth, (1, 3)),
    "break": (_break, (1, 3)),
    "bursts": (_bursts, (1, 1)),
    "budget": (_budget, (1, 3)),
}
RATIOS = {"ratio_drift": _logit_drift, "ratio_approach": _approach}
HELD_OUT = ("bursts", "budget")
FAMILIES = (*COUNTS, *RATIOS)


def draw(family: str, count: int, seed: int) -> Drawn:
    """So many series of a family."""
    chance = np.random.default_rng([seed, FAMILIES.index(family)])
    return _draw_ratios(family, count, chance) if family in RATIOS else _draw_counts(family, count, chance)


def _draw_counts(family: str, n: int, chance: np.random.Generator) -> Drawn:
    level, (least, most) = COUNTS[family]
    rate = np.exp(chance.uniform(np.log(2), np.log(150), (n, 1)))
    is_seasonal = chance.random(n) < 0.5
    told = np.where(is_seasonal[:, None], 12 * SEASON / SEASON.sum(), 1.0)
    # The season is never quite what the seed says.
    real = told * np.exp(chance.normal(0, 0.15, (n, 12)))
    mean = rate * level(chance, n) * np.tile(12 * real / real.sum(axis=1, keepdims=True), MONTHS // 12)
    numbers = _dispersed(chance, mean, chance.uniform(least, most, (n, 1)))
    end, since = _dates(n, chance)
    season = np.tile(told, MONTHS // 12)
    month, row = np.arange(MONTHS), np.arange(n)
    is_past = month < (end - since)[:, None]
    # Half of the planners look at the last year alone.
    is_seen = is_past & ((chance.random((n, 1)) < 0.5) | (month >= (end - since - 12)[:, None]))
    seen = (numbers * is_seen).sum(axis=1) / (season * is_seen).sum(axis=1)
    ahead = (season * (~is_past & (month < end[:, None]))).sum(axis=1)
    asked = np.round(seen * ahead * np.exp(chance.normal(0, 1, n) * chance.uniform(0.03, 0.5, n)))
    so_far = np.cumsum(numbers, axis=1)[row, end - since - 1]
    target = so_far + np.maximum(1, asked).astype(np.int64)
    return Drawn(family, numbers, np.zeros(n, np.int64), is_seasonal, end, target)


def _draw_ratios(family: str, n: int, chance: np.random.Generator) -> Drawn:
    frame = np.round(np.exp(chance.uniform(np.log(50), np.log(5000), n))).astype(np.int64)
    numbers = np.round(RATIOS[family](chance, n) * frame[:, None]).astype(np.int64)
    end, since = _dates(n, chance)
    row = np.arange(n)
    logit = np.log((numbers + 0.5) / (frame[:, None] - numbers + 0.5))
    now, year_ago = logit[row, end - since - 1], logit[row, end - since - 13]
    # Some ask to keep what there is, some for as much again as last year, some for half of it.
    wish = now + chance.choice([0, 0.5, 1], n) * (now - year_ago) * since / 12
    share = _share(wish + chance.normal(0, 1, n) * chance.uniform(0.05, 0.7, n))
    target = np.clip(np.ceil(share * frame), 1, frame).astype(np.int64)
    return Drawn(family, numbers, frame, np.zeros(n, np.bool_), end, target)


def _dates(n: int, chance: np.random.Generator) -> tuple[Whole, Whole]:
    """The month of the target's date, and how many months before it the target was set."""
    end = chance.integers(HISTORY + max(HORIZONS), MONTHS + 1, n)
    return end, chance.choice(np.array(HORIZONS), n)


def _dispersed(chance: np.random.Generator, mean: Numbers, dispersion: Numbers) -> Whole:
    """Counts whose variance is `dispersion` times their mean."""
    more = np.maximum(dispersion - 1, 1e-9)
    mixed = np.where(dispersion > 1, chance.gamma(mean / more, more), mean)
    return chance.poisson(mixed).astype(np.int64)
