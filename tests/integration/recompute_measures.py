"""The measures of the table of indicators from sums: shares by weight, what is in question, and bounds.

In: sums by name (see recompute_behind), one number a row, with is_known, is_cut, and of places sure_places and
high_places; the method of each row, and whether the card stands on frames alone. Out: columns by name.
"""

from __future__ import annotations

import numpy as np

Sums = dict[str, np.ndarray]


def measured(sums: Sums, method: np.ndarray, is_framed: np.ndarray) -> Sums:
    """The columns of the table but the value and the segment."""
    is_ratio = method == "ratio"
    denominator = np.where(sums["is_known"] & is_ratio, sums["denominator"], np.nan)
    lower, upper = bounds(sums, method, is_framed)
    has_value = sums["is_known"] & ~(is_ratio & (denominator == 0))
    told = sums["told"]
    return {
        "numerator": np.where(sums["is_known"], sums["numerator"], np.nan),
        "denominator": denominator,
        "reported_count": sums["covered"],
        "expected_count": sums["owed"],
        "carried_count": sums["carried"],
        "carried_pct": share(sums, "carried"),
        "question_count": sums["question"],
        "question_pct": np.where(has_value, 100 * over(sums["question_top"], told, 0.0), np.nan),
        "coverage_pct": share(sums, "covered"),
        "lower_value": lower,
        "upper_value": upper,
        "is_cut": sums["is_cut"],
    }


def over(above: np.ndarray, below: np.ndarray, otherwise: float = np.nan) -> np.ndarray:
    """A division, with something else where there is nothing below."""
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), otherwise)


def share(sums: Sums, name: str) -> np.ndarray:
    """The share of a kind of numbers in those owed, by weight; what has no weight has the mean of the others'."""
    weighed = sums["owed"] - sums["owed_unweighed"]
    mean = over(sums["owed_weight"], weighed, 0.0)
    owed = sums["owed_weight"] + mean * sums["owed_unweighed"]
    mine = sums[f"{name}_weight"] + mean * sums[f"{name}_unweighed"]
    return 100 * np.where(owed > 0, over(mine, owed), over(sums[name], sums["owed"]))


def bounds(sums: Sums, method: np.ndarray, is_framed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The least and the most that the value could be were all numbers known."""
    is_ratio, is_reach = method == "ratio", np.isin(method, ["reach", "reach_whole"])
    is_open = sums["open"] > 0
    owing = sums["sure_bottom"] + sums["high"]
    low_ratio, high_ratio = (100 * over(sums["sure_top"] + sums[name], owing) for name in ("low", "high"))
    lower = np.select(
        [is_ratio, is_reach], [np.where(is_open, np.nan, low_ratio), sums["sure_places"]], sums["sure_top"]
    )
    upper = np.select(
        [is_ratio, is_reach],
        [np.where(is_open, np.nan, high_ratio), sums["high_places"]],
        np.where(is_open, np.nan, sums["sure_top"] + sums["high"]),
    )
    has_value = sums["is_known"] & ~(is_ratio & (sums["denominator"] == 0))
    is_given = ~sums["is_cut"] & (has_value | (is_ratio & is_framed))
    return np.where(is_given, lower, np.nan), np.where(is_given, upper, np.nan)
