"""Numbers owed and what is known of them on a day, with numpy: nothing of the package and no SQL.

In: `Books`, `Rules`, the seeds and a day. Out: `Pairs`, a row a number owed, and the keys (indicator's pair, unit and
place) that they belong to; `Parts` is what recompute_behind makes of them.
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
    """keys: indicator, version, pair, unit, place, method. sums: matrices of each key and period by name, see `behind`
    in recompute_behind. is_there: whether the part is there at all.
    """

    keys: pd.DataFrame
    sums: dict[str, np.ndarray]
    is_there: np.ndarray


@dataclass(frozen=True, eq=False)
class Pairs:
    """Of each number owed (a row of `cells`): what stands above and below, the frame's count, not a number where it is
    not known; whether it counts, and whether it is asked about though it counts.
    """

    cells: pd.DataFrame
    above: np.ndarray
    below: np.ndarray
    frame: np.ndarray
    counts: np.ndarray
    is_asked: np.ndarray


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
    return reports, numbers[["report", *CELL, "value", "is_asked"]]


def known_values(books: Books, rules: Rules, folder: Path, known_on: str) -> pd.DataFrame:
    """The numbers known on a day (value) and whether they are asked about, by unit, position of the period, element and
    part; what somebody decided is not asked any more.
    """
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
        values["is_asked"] &= values["corrected"].isna()
        values["value"] = values["corrected"].fillna(values["value"])
    own = values[~values["is_closing"]].set_index(CELL)
    return with_closings(own, values[values["is_closing"]], rules, folder)


def with_closings(own: pd.DataFrame, closings: pd.DataFrame, rules: Rules, folder: Path) -> pd.DataFrame:
    """The successors' numbers with what closing reports add; none where the two speak of the same days."""
    elements = seeds(folder, "element")
    stocks = set(elements.loc[elements["time_rule"] == "stock", "element_code"])
    value, is_asked = own["value"].copy(), own["is_asked"].astype(bool).copy()
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
                is_asked[cell] |= row.is_asked
    return pd.DataFrame({"value": value, "is_asked": is_asked & value.notna()})


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


def pairs_on(books: Books, rules: Rules, folder: Path, known_on: str, since: int = 0, until: int = 9999) -> Pairs:
    """The numbers owed from one period to another with what is known of them on a day."""
    cells = owed_cells(rules)[0]
    cells = cells[(since <= cells["at"]) & (cells["at"] < until)]
    known = known_values(books, rules, folder, known_on)
    frames = frames_on(rules, folder, known_on)
    under = ["unit", "at", "below", "below_part"]
    above, frame = look_up(known["value"], cells, CELL), look_up(frames, cells, ["frame", "unit", "at"])
    is_framed, is_paired = (cells["frame"] != "").to_numpy(), (cells["below"] != "").to_numpy()
    below = np.where(is_framed, frame, look_up(known["value"], cells, under))
    counts = ~np.isnan(above) & (~is_paired | ~np.isnan(below))
    asked = known["is_asked"].astype(float)
    is_asked = (look_up(asked, cells, CELL) == 1) | (~is_framed & (look_up(asked, cells, under) == 1))
    return Pairs(cells, above, np.where(is_paired, below, np.nan), frame, counts, counts & is_asked)


def look_up(found: pd.Series[float], cells: pd.DataFrame, names: list[str]) -> np.ndarray:
    """The number of each cell, not a number where there is none."""
    left = cells[names].reset_index(drop=True)
    right = found.rename("found").rename_axis(names).reset_index()
    return left.merge(right, on=names, how="left")["found"].to_numpy()


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
