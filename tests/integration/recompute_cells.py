"""Numerators and denominators as known on a day, per unit and place, with numpy: nothing of the package and no SQL.

In: `Books`, `Rules`, the seeds and a day. Out: `Parts`: for each indicator's pair, unit and place a row of `keys`, and
matrices of keys × periods with what its window sums to.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from tests.integration.recompute_books import Books, seeds
from tests.integration.recompute_rules import TOTAL, Rules, ended

KEY = ["indicator", "version", "pair", "unit", "place"]
CELL = ["unit", "at", "element", "part"]


@dataclass(frozen=True, eq=False)
class Parts:
    """keys: indicator, version, pair, unit, place, method. Of each key and period: numerator and denominator (0 where
    nothing counts), numbers counted, covered, carried and owed, weight of those covered and owed, and whether the part
    is there at all.
    """

    keys: pd.DataFrame
    numerator: np.ndarray
    denominator: np.ndarray
    counted: np.ndarray
    covered: np.ndarray
    carried: np.ndarray
    owed: np.ndarray
    covered_weight: np.ndarray
    owed_weight: np.ndarray
    is_there: np.ndarray


@lru_cache(maxsize=8)
def placed_reports(books: Books, rules: Rules, zone: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Reports with their dated unit, period and day of arrival; numbers with their element and part."""
    periods = rules.periods.reset_index(names="at")
    reports = books.reports.merge(periods, on="period")
    reports["covers_to"] = reports["covers_to"].where(reports["covers_to"] != "", reports["end"])
    reports["covers_from"] = reports["covers_from"].where(reports["covers_from"] != "", reports["start"])
    reports = reports.merge(rules.units[["unit", "unit_code", "begins", "ends"]], on="unit_code")
    is_its = (reports["begins"] <= reports["covers_to"]) & (reports["covers_to"] <= reports["ends"])
    reports = reports[is_its].copy()
    came = pd.to_datetime(reports["received"], unit="s", utc=True).dt.tz_convert(zone)
    reports["known"] = came.dt.strftime("%Y-%m-%d")
    reports["is_closing"] = reports["ends"] < reports["end"]
    numbers = books.numbers.merge(reports[["report", "unit", "at"]], on="report")
    split = numbers["code"].str.partition("/")
    former = {(key, each.split("@")[0]): each for key, several in rules.predecessors.items() for each in several}
    numbers["element"] = split[0]
    numbers["part"] = [
        TOTAL if not tail else tail if "." in tail else former.get((unit, tail), "")
        for unit, tail in zip(numbers["unit"], split[2], strict=True)
    ]
    return reports, numbers[["report", *CELL, "value"]]


def known_values(books: Books, rules: Rules, folder: Path, known_on: str) -> pd.Series[float]:
    """The numbers known on a day, by unit, position of the period, element and part."""
    zone = seeds(folder, "programme")["time_zone"].iloc[0]
    reports, numbers = placed_reports(books, rules, zone)
    here = reports[reports["known"] <= known_on].sort_values(["received", "report"])
    here = here.drop_duplicates(["unit", "at"], keep="last")
    values = numbers.merge(here[["report", "is_closing", "covers_from", "covers_to"]], on="report")
    fixes = seeds(folder, "correction").query("correction_kind == 'value' and known_from <= @known_on")
    fixes = fixes.sort_values("known_from").assign(
        unit=fixes["unit_code"] + "@" + fixes["unit_valid_from"],
        at=fixes["period_code"].map({code: at for at, code in enumerate(rules.periods["period"])}),
    )
    for fix in fixes.itertuples():
        wrong = (
            (values["unit"] == fix.unit)
            & (values["at"] == fix.at)
            & (values["element"] == fix.element_code)
            & (values["part"] == fix.disaggregation_code)
            & (values["value"] == float(fix.reported_value))
        )
        values.loc[wrong, "corrected"] = float(fix.corrected_value)
    if "corrected" in values:
        values["value"] = values["corrected"].fillna(values["value"])
    own = values[~values["is_closing"]].set_index(CELL)
    return with_closings(own, values[values["is_closing"]], rules, folder)


def with_closings(own: pd.DataFrame, closings: pd.DataFrame, rules: Rules, folder: Path) -> pd.Series[float]:
    """The successors' numbers with what closing reports add; none where the two speak of the same days."""
    elements = seeds(folder, "element")
    stocks = set(elements.loc[elements["time_rule"] == "stock", "element_code"])
    value = own["value"].copy()
    places = set(own.index)
    for row in closings.itertuples():
        if row.element in stocks:
            continue
        heirs = [heir for heir, former in rules.predecessors.items() if row.unit in former]
        parts = {row.part, row.unit} if row.part == TOTAL else {row.part}
        for cell in [(heir, row.at, row.element, part) for heir in heirs for part in parts]:
            if cell in places:
                starts = own.at[cell, "covers_from"]
                value[cell] = np.nan if starts <= row.covers_to else value[cell] + row.value
    return value


def frames_on(rules: Rules, folder: Path, known_on: str) -> pd.Series[float]:
    """The frames' counts known on a day, by frame, unit and position of the period."""
    rows = seeds(folder, "frame_value").query("known_from <= @known_on").sort_values(["valid_from", "known_from"])
    rows["unit"] = rows["unit_code"] + "@" + rows["unit_valid_from"]
    rows = rows.drop_duplicates(["frame_code", "unit", "valid_from"], keep="last")
    rows["valid_to"] = ended(rows["valid_to"])
    each = rows.merge(rules.periods[["end"]].reset_index(names="at"), how="cross")
    each = each[(each["valid_from"] <= each["end"]) & (each["end"] <= each["valid_to"])]
    each = each.drop_duplicates(["frame_code", "unit", "at"], keep="last")
    return each.set_index(["frame_code", "unit", "at"])["frame_count"].astype(float)


@lru_cache(maxsize=4)
def owed_cells(rules: Rules) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The numbers owed for each pair of each indicator, with their key's number, and the keys."""
    cells = rules.owed.merge(rules.pairs.rename(columns={"part": "wanted"}), left_on="element", right_on="code")
    is_value = (cells["part"] != TOTAL) & ~cells["part"].str.contains("@", regex=False)
    is_asked = ((cells["wanted"] == "") & ~is_value) | (cells["wanted"] == cells["part"])
    cells = cells[is_asked].copy()
    # Below a part stands its own part or the total; below a former unit's number that former unit's.
    same = cells["part"].where(cells["wanted"] == "", TOTAL)
    cells["below_part"] = cells["below_part"].where(cells["below_part"] != "", same)
    cells["key"] = cells.groupby(KEY, sort=False).ngroup()
    keys = cells.drop_duplicates("key").sort_values("key")[[*KEY, "frame"]].reset_index(drop=True)
    cards = rules.cards[["indicator_code", "version", "method", "measured_over"]]
    keys = keys.merge(cards, left_on=["indicator", "version"], right_on=["indicator_code", "version"], how="left")
    return cells, keys.merge(rules.units[["unit", "last"]], on="unit", how="left")


def parts_on(books: Books, rules: Rules, folder: Path, known_on: str) -> Parts:
    """What each unit brings to each indicator in each period, as known on a day."""
    cells, keys = owed_cells(rules)
    values, frames = known_values(books, rules, folder, known_on), frames_on(rules, folder, known_on)
    above = look_up(values, cells, CELL)
    below = look_up(values, cells, ["unit", "at", "below", "below_part"])
    frame = look_up(frames, cells, ["frame", "unit", "at"])
    is_framed, is_paired = (cells["frame"] != "").to_numpy(), (cells["below"] != "").to_numpy()
    below = np.where(is_framed, frame, below)
    counts = ~np.isnan(above) & (~is_paired | ~np.isnan(below))
    weight = np.where(is_framed & ~np.isnan(frame), frame, 1.0)

    shape = (len(keys), len(rules.periods))
    where = (cells["key"].to_numpy(), cells["at"].to_numpy())

    def spread(numbers: np.ndarray) -> np.ndarray:
        matrix = np.zeros(shape)
        matrix[where] = numbers
        return matrix

    numerator = spread(np.where(counts, above, 0.0))
    denominator = spread(np.where(counts & is_paired, below, 0.0))
    covered, owed = spread(counts.astype(float)), spread(np.ones(len(cells)))
    carried = np.zeros(shape)
    carry(rules, folder, keys, owed > 0, covered > 0, numerator, denominator, carried)
    weights = spread(weight)
    matrices = [numerator, denominator, covered + carried, covered, carried, owed, covered * weights, weights]
    over = keys["measured_over"].to_numpy()
    for matrix in matrices:
        matrix[over == "since_start"] = matrix[over == "since_start"].cumsum(axis=1)
        for year in rules.periods["year"].unique():
            within = np.ix_(over == "year", rules.periods["year"] == year)
            matrix[within] = matrix[within].cumsum(axis=1)
    there = presence(rules, keys, owed > 0)
    return Parts(keys, *(np.where(there, matrix, 0.0) for matrix in matrices), there)


def look_up(found: pd.Series[float], cells: pd.DataFrame, names: list[str]) -> np.ndarray:
    """The number of each cell, not a number where there is none."""
    left = cells[names].reset_index(drop=True)
    right = found.rename("found").rename_axis(names).reset_index()
    return left.merge(right, on=names, how="left")["found"].to_numpy()


def carry(
    rules: Rules,
    folder: Path,
    keys: pd.DataFrame,
    owed: np.ndarray,
    own: np.ndarray,
    numerator: np.ndarray,
    denominator: np.ndarray,
    carried: np.ndarray,
) -> None:
    """Where a point does not count, the pair of the latest of the few periods before, on this side of a break."""
    bounds = seeds(folder, "status_threshold").set_index("threshold_code")["threshold_value"]
    breaks = seeds(folder, "frame_break")
    ends = rules.periods["end"]
    passed = {
        frame: np.array([(dates <= end).sum() for end in ends])
        for frame, dates in breaks.groupby("frame_code")["break_date"]
    }
    side = np.array([passed.get(frame, np.zeros(len(ends))) for frame in keys["frame"]])
    is_point = (keys["measured_over"] == "point").to_numpy()[:, None]
    top, bottom = numerator.copy(), denominator.copy()
    for lag in range(1, min(int(bounds["carry_periods"]), len(ends) - 1) + 1):
        now, then = np.s_[:, lag:], np.s_[:, :-lag]
        takes = is_point & owed[now] & ~own[now] & (carried[now] == 0) & own[then] & (side[now] == side[then])
        numerator[now][takes], denominator[now][takes] = top[then][takes], bottom[then][takes]
        carried[now][takes] = 1.0


def presence(rules: Rules, keys: pd.DataFrame, owed: np.ndarray) -> np.ndarray:
    """Whether a part is there: from its first number on, and after the unit's end by the window's rule."""
    over = keys["measured_over"].to_numpy()[:, None]
    last = keys["last"].to_numpy()
    years = rules.periods["year"].to_numpy()
    begun = np.maximum.accumulate(owed, axis=1)
    lives = np.arange(owed.shape[1])[None, :] <= last[:, None]
    same_year = years[None, :] == years[last][:, None]
    by_window = np.where(over == "since_start", True, (over == "year") & (lives | same_year))
    return np.where(np.isin(over, ["point", "period"]), owed, begun & by_window.astype(bool))
