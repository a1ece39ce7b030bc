"""What a value rests on: numbers covered, carried and in question, their weights, and how far the rest could move it.

In: `Pairs` of a day. Out: `Parts`: for each indicator's pair, unit and place a row of `keys`, and matrices of keys ×
periods with what its window sums to. Nothing of the package and no SQL.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from tests.integration.recompute_books import Books, seeds
from tests.integration.recompute_cells import Pairs, Parts, owed_cells, pairs_on, presence
from tests.integration.recompute_rules import Rules


@lru_cache(maxsize=1)
def parts_on(books: Books, rules: Rules, folder: Path, known_on: str) -> Parts:
    """What each unit brings to each indicator in each period, as known on a day."""
    keys = owed_cells(rules)[1]
    pairs = pairs_on(books, rules, folder, known_on)
    sums = behind(pairs, rules, folder, known_on)
    weight, is_weighed = weights(books, rules, folder)
    # A history without events would let a missing report of places cost nothing.
    is_weighed = is_weighed & ~keys["method"].isin(["reach", "reach_whole"]).to_numpy()[:, None]
    over_frame = spread(pairs, rules, (pairs.cells["frame"] != "").to_numpy().astype(float)) > 0
    weight = np.where(over_frame, spread(pairs, rules, np.where(np.isnan(pairs.frame), 1.0, pairs.frame)), weight)
    is_weighed = over_frame | is_weighed
    for name in ("covered", "carried", "owed"):
        sums[f"{name}_weight"] = np.where(is_weighed, sums[name] * weight, 0.0)
        sums[f"{name}_unweighed"] = np.where(is_weighed, 0.0, sums[name])
    over = keys["measured_over"].to_numpy()
    for matrix in sums.values():
        matrix[over == "since_start"] = matrix[over == "since_start"].cumsum(axis=1)
        for year in rules.periods["year"].unique():
            within = np.ix_(over == "year", rules.periods["year"] == year)
            matrix[within] = matrix[within].cumsum(axis=1)
    there = presence(rules, keys, spread(pairs, rules, np.ones(len(pairs.cells))) > 0)
    return Parts(keys, {name: np.where(there, matrix, 0.0) for name, matrix in sums.items()}, there)


def spread(pairs: Pairs, rules: Rules, numbers: np.ndarray) -> np.ndarray:
    """Numbers of cells as a matrix of keys × periods, 0 where nothing is owed."""
    matrix = np.zeros((len(owed_cells(rules)[1]), len(rules.periods)))
    matrix[pairs.cells["key"].to_numpy(), pairs.cells["at"].to_numpy()] = numbers
    return matrix


def bound(folder: Path, code: str) -> float:
    """A threshold of the seeds."""
    return float(seeds(folder, "status_threshold").set_index("threshold_code").at[code, "threshold_value"])


@lru_cache(maxsize=4)
def weights(books: Books, rules: Rules, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """The mean of what was counted in the periods before, as known on the due day; and whether there was anything."""
    lags = int(bound(folder, "plausible_periods"))
    shape = (len(owed_cells(rules)[1]), len(rules.periods))
    mean, is_weighed = np.zeros(shape), np.zeros(shape, dtype=bool)
    for at, period in enumerate(rules.periods.itertuples()):
        pairs = pairs_on(books, rules, folder, period.due, at - lags, at)
        amount = np.where(np.isnan(pairs.below), pairs.above, pairs.below)
        count, total = np.zeros(shape[0]), np.zeros(shape[0])
        mine = pairs.cells["key"].to_numpy()[pairs.counts]
        np.add.at(count, mine, 1.0)
        np.add.at(total, mine, amount[pairs.counts])
        is_weighed[:, at] = count > 0
        mean[:, at] = np.round(total / np.where(count > 0, count, 1.0), 10)
    return mean, is_weighed


def before(matrix: np.ndarray, lags: int, *, is_greatest: bool) -> np.ndarray:
    """The greatest, or the latest, of the few periods before; not a number where there is none."""
    found = np.full(matrix.shape, np.nan)
    for lag in range(1, min(lags, matrix.shape[1] - 1) + 1):
        now, then = found[:, lag:], matrix[:, :-lag]
        found[:, lag:] = np.fmax(now, then) if is_greatest else np.where(np.isnan(now), then, now)
    return found


def after(matrix: np.ndarray, lags: int) -> np.ndarray:
    """The first of the few periods after; not a number where there is none."""
    found = np.full(matrix.shape, np.nan)
    for lag in range(1, min(lags, matrix.shape[1] - 1) + 1):
        now = found[:, :-lag]
        found[:, :-lag] = np.where(np.isnan(now), matrix[:, lag:], now)
    return found


def behind(pairs: Pairs, rules: Rules, folder: Path, known_on: str) -> dict[str, np.ndarray]:
    """Of each key and period, 0 where nothing is owed: numerator and denominator of what counts, and how many numbers
    do (counted); numbers owed, covered, carried and in question; numerators and denominators of those covered (sure),
    and numerators of those in question; of the rest, what they could add above at the least (low) and at the most
    (high, for a ratio above and below), and how many of them nobody can bound (open).
    """
    keys, cells = owed_cells(rules)[1], pairs.cells
    is_framed, is_paired = (cells["frame"] != "").to_numpy(), (cells["below"] != "").to_numpy()
    is_sure = pairs.counts & ~pairs.is_asked
    owed = spread(pairs, rules, np.ones(len(cells)))
    top = spread(pairs, rules, np.where(pairs.counts, pairs.above, 0.0))
    bottom = spread(pairs, rules, np.where(pairs.counts & is_paired, pairs.below, 0.0))
    counts, covered, question = (spread(pairs, rules, each) for each in (pairs.counts, is_sure, pairs.is_asked))
    carried, numerator, denominator = carry(rules, folder, owed > 0, counts > 0, top, bottom)
    framed = spread(pairs, rules, is_framed) > 0
    frame = spread(pairs, rules, pairs.frame)
    known_top, known_bottom = np.where(counts > 0, top, np.nan), np.where(counts > 0, bottom, np.nan)
    lags = int(bound(folder, "plausible_periods"))
    is_unsure = (owed > 0) & (covered == 0)
    most = np.fmax(before(known_top, lags, is_greatest=True), np.where(question > 0, top, np.nan))
    most_below = np.fmax(before(known_bottom, lags, is_greatest=True), np.where(question > 0, bottom, np.nan))
    # Who missed the first months has reported all the same; a period enters on its due day.
    is_due = (rules.periods["due"] <= known_on).to_numpy()[None, :]
    most = np.where(np.isnan(most), after(np.where(is_due, known_top, np.nan), lags), most)
    most_below = np.where(np.isnan(most_below), after(np.where(is_due, known_bottom, np.nan), lags), most_below)
    size = np.where(framed, frame, most_below)
    last = before(known_top, lags, is_greatest=False)
    grows = set(rules.cards.query("is_monotone == 'true'")[["indicator_code", "version"]].itertuples(index=False))
    is_monotone = [(code, version) in grows for code, version in zip(keys["indicator"], keys["version"], strict=True)]
    least = np.where(np.array(is_monotone)[:, None] & framed, np.fmin(np.nan_to_num(last), frame), 0.0)
    is_ratio = (keys["method"] == "ratio").to_numpy()[:, None]
    could = np.where(is_ratio, size, most)
    return {
        "numerator": numerator,
        "denominator": denominator,
        "counted": counts + carried,
        "owed": owed,
        "covered": covered,
        "carried": carried,
        "question": question,
        "question_top": top * question,
        "sure_top": top * covered,
        "sure_bottom": bottom * covered,
        "low": np.where(is_unsure & is_ratio, np.nan_to_num(least), 0.0),
        "high": np.where(is_unsure, np.nan_to_num(could), 0.0),
        "open": (is_unsure & np.isnan(could)).astype(float),
    }


def carry(
    rules: Rules, folder: Path, owed: np.ndarray, own: np.ndarray, top: np.ndarray, bottom: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where a point does not count, the pair of the latest of the few periods before, on this side of a break: where it
    is so, and numerators and denominators with it.
    """
    keys = owed_cells(rules)[1]
    breaks = seeds(folder, "frame_break")
    ends = rules.periods["end"]
    passed = {
        frame: np.array([(dates <= end).sum() for end in ends])
        for frame, dates in breaks.groupby("frame_code")["break_date"]
    }
    side = np.array([passed.get(frame, np.zeros(len(ends))) for frame in keys["frame"]])
    is_point = (keys["measured_over"] == "point").to_numpy()[:, None]
    carried, numerator, denominator = np.zeros(top.shape), top.copy(), bottom.copy()
    for lag in range(1, min(int(bound(folder, "carry_periods")), len(ends) - 1) + 1):
        now, then = np.s_[:, lag:], np.s_[:, :-lag]
        takes = is_point & owed[now] & ~own[now] & (carried[now] == 0) & own[then] & (side[now] == side[then])
        numerator[now][takes], denominator[now][takes] = top[then][takes], bottom[then][takes]
        carried[now][takes] = 1.0
    return carried, numerator, denominator
