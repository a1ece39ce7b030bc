"""Every cell of the table of indicators, from the workbooks alone, with pandas: nothing of the package and no SQL.

In: the units' folders, the programme's seeds, the last period and a day. Out: one row a basis, scope, period, indicator
and definition version, as known on that day, with the columns of `MEASURES` as the table has them. Where it and the
warehouse differ, one of them is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from tests.integration.recompute_behind import parts_on
from tests.integration.recompute_books import Books, read_books, seeds
from tests.integration.recompute_cells import Parts
from tests.integration.recompute_measures import measured
from tests.integration.recompute_rules import Rules, read_rules

NATION = "nation"
BASES = ("as_reported", "current", "original")
GRAIN = ["basis", "scope_key", "period_code", "indicator_code", "definition_version"]
MEASURES = [
    *("numerator", "denominator", "value", "null_reason", "reported_count", "expected_count", "carried_count"),
    *("carried_pct", "question_count", "question_pct", "coverage_pct", "lower_value", "upper_value", "segment_no"),
]
COLUMNS = [GRAIN[0], "scope_kind", *GRAIN[1:], *MEASURES]
DONE = ("issued", "in_operation")


def indicators(doors: Path, folder: Path, data_to: str, known_on: str) -> pd.DataFrame:
    """All rows as known on a day, from the workbooks of the units' folders."""
    return indicators_of(read_books(doors, folder), folder, data_to, known_on)


def indicators_of(books: Books, folder: Path, data_to: str, known_on: str) -> pd.DataFrame:
    """All rows as known on a day, from workbooks already read."""
    rules = read_rules(folder, data_to)
    parts = parts_on(books, rules, folder, known_on)
    summed_up = [summed(parts, rules, basis) for basis in BASES]
    without = [milestones(rules, folder, known_on), unmeasured(rules)]
    for_all = [pd.concat(without).assign(basis=basis, scope_kind=NATION, scope_key=NATION) for basis in BASES]
    rows = pd.concat([*summed_up, *for_all], ignore_index=True)
    rows = rows[rules.periods["due"].to_numpy()[rows["at"].astype(int)] <= known_on]
    return finished(rows, rules, folder)


def scopes(rules: Rules, basis: str) -> pd.DataFrame:
    """The scopes of a basis and the units that make them up: scope_kind, scope_key, member.

    Of the current basis only units that are there in the end are scopes, and their regions; what a unit brought in that
    ended and that nobody followed stays in its region.
    """
    units = rules.units
    if basis != "as_reported":
        line = rules.became if basis == "current" else rules.came_from
        units = units[np.array([line[key] == {key} for key in units["unit"]])]
    here = units[units["ends"] >= rules.end] if basis == "current" else units
    whole = pd.DataFrame({"scope_kind": NATION, "scope_key": NATION, "member": rules.units["unit"]})
    lying = units[units["region"].isin(here["region"]) & (units["region"] != "")]
    regions = lying.assign(scope_kind="region", member=lying["unit"], scope_key=lying["region"])
    alone = here.assign(scope_kind="unit", member=here["unit"], scope_key=here["unit"])
    return pd.concat([whole, regions, alone])[["scope_kind", "scope_key", "member"]]


def belongs(parts: Parts, rules: Rules, basis: str) -> pd.DataFrame:
    """Which parts lie in which scopes: scope_kind, scope_key, row (of the keys), is_whole."""
    inside = scopes(rules, basis)
    if basis == "as_reported":
        rows = parts.keys[["unit"]].reset_index(names="row").merge(inside, left_on="unit", right_on="member")
        return rows.assign(is_whole=True)[["scope_kind", "scope_key", "row", "is_whole"]]
    line = rules.became if basis == "current" else rules.came_from
    members = inside.groupby(["scope_kind", "scope_key"])["member"].agg(frozenset)
    found = [
        (kind, key, place, line[place] <= several)
        for (kind, key), several in members.items()
        for place in parts.keys["place"].unique()
        if line[place] & several or kind == NATION
    ]
    by_place = pd.DataFrame(found, columns=["scope_kind", "scope_key", "place", "is_whole"])
    rows = parts.keys[["place"]].reset_index(names="row").merge(by_place, on="place")
    rows["is_whole"] |= rows["scope_kind"] == NATION
    return rows[["scope_kind", "scope_key", "row", "is_whole"]]


def summed(parts: Parts, rules: Rules, basis: str) -> pd.DataFrame:
    """The rows of a basis for what is summed or reached."""
    held = belongs(parts, rules, basis).merge(
        parts.keys[["indicator", "version", "method", "place"]], left_on="row", right_index=True
    )
    held["group"] = held.groupby(["scope_kind", "scope_key", "indicator", "version"], sort=False).ngroup()
    held = held.sort_values("group", kind="stable").reset_index(drop=True)
    groups = held.drop_duplicates("group").reset_index(drop=True)
    starts = held.index[~held["group"].duplicated()].to_numpy()
    row, whole = held["row"].to_numpy(), held["is_whole"].to_numpy()[:, None]

    def total(name: str) -> np.ndarray:
        return np.add.reduceat(np.where(whole, parts.sums[name][row], 0.0), starts, axis=0)

    sums = {name: total(name) for name in parts.sums}
    sums["told"] = sums["numerator"]
    cut = np.add.reduceat(parts.is_there[row] & ~whole, starts, axis=0) > 0
    begun = np.add.reduceat(parts.is_there[row].astype(int), starts, axis=0) > 0
    if basis == "as_reported":
        begun &= lives(groups, rules)
    sure = parts.sums["sure_top"]
    for name, matrix in (
        ("numerator", parts.sums["numerator"]),
        ("sure_places", sure),
        ("high_places", sure + parts.sums["high"] + parts.sums["open"]),
    ):
        sums[name] = sums.get(name, sums["numerator"]).copy()
        for group, count in reached(parts, matrix, rules, basis, held, groups):
            sums[name][group] = count
    sums["is_known"], sums["is_cut"] = (sums["counted"] > 0) & ~cut, cut
    at_group, at_period = np.nonzero(begun)
    found = groups.loc[at_group, ["scope_kind", "scope_key", "indicator", "version", "method"]].reset_index(drop=True)
    one = {name: matrix[at_group, at_period] for name, matrix in sums.items()}
    framed = (
        rules.pairs.assign(is_framed=rules.pairs["frame"] != "").groupby(["indicator", "version"])["is_framed"].all()
    )
    is_framed = framed.reindex(pd.MultiIndex.from_frame(found[["indicator", "version"]])).to_numpy()
    return found.assign(basis=basis, at=at_period, **measured(one, found["method"].to_numpy(), is_framed))


def lives(groups: pd.DataFrame, rules: Rules) -> np.ndarray:
    """As reported, a unit has rows while it is in force."""
    span = rules.units.set_index("unit")[["first", "last"]].reindex(groups["scope_key"])
    at = np.arange(len(rules.periods))[None, :]
    is_unit = (groups["scope_kind"] == "unit").to_numpy()[:, None]
    return ~is_unit | ((at >= span["first"].to_numpy()[:, None]) & (at <= span["last"].to_numpy()[:, None]))


def reached(
    parts: Parts, matrix: np.ndarray, rules: Rules, basis: str, held: pd.DataFrame, groups: pd.DataFrame
) -> Iterator[tuple[int, np.ndarray]]:
    """The number of places where what happened adds up to one or more, by group and period."""
    soil = {
        key: next(iter(rules.came_from[key])) if len(rules.came_from[key]) == 1 else key
        for key in parts.keys["place"].unique()
    }
    counting = held[held["method"].isin(["reach", "reach_whole"]) & held["is_whole"]]
    counting = counting.assign(soil=counting["place"].map(soil))
    for group, rows in counting.groupby("group"):
        happened = {place: matrix[one["row"].to_numpy()].sum(axis=0) >= 1 for place, one in rows.groupby("soil")}
        if basis != "current":
            yield group, np.sum(list(happened.values()), axis=0)
            continue
        never = np.zeros(len(rules.periods), dtype=bool)
        count = np.zeros(len(rules.periods))
        for now in {key for place in happened for key in rules.became[place]}:
            if groups.loc[group, "method"] == "reach":
                mine = [reach for place, reach in happened.items() if now in rules.became[place]]
                count += np.any(mine, axis=0)
            else:
                count += np.all([happened.get(place, never) for place in rules.came_from[now]], axis=0)
        yield group, count


def milestones(rules: Rules, folder: Path, known_on: str) -> pd.DataFrame:
    """Milestones issued or in operation, of the tasks that the formula names."""
    steps = seeds(folder, "milestone")
    states = seeds(folder, "milestone_state").query("known_from <= @known_on").sort_values(["valid_from", "known_from"])
    rows = []
    for card in rules.cards[rules.cards["method"] == "milestones"].itertuples():
        tasks = rules.pairs.query("indicator == @card.indicator_code and version == @card.version")["code"]
        mine = steps.loc[steps["task_code"].isin(tasks), "milestone_code"]
        for period in rules.periods.itertuples():
            last = states[states["milestone_code"].isin(mine) & (states["valid_from"] <= period.end)]
            last = last.drop_duplicates("milestone_code", keep="last")
            rows.append(
                {
                    "indicator": card.indicator_code,
                    "version": card.version,
                    "method": "milestones",
                    "at": period.Index,
                    "numerator": float(last["state"].isin(DONE).sum()) if len(last) else np.nan,
                    "reported_count": len(last),
                    "expected_count": len(mine),
                    "coverage_pct": 100 * len(last) / len(mine),
                    "carried_pct": 0.0,
                    "question_pct": 0.0 if len(last) else np.nan,
                    "lower_value": float(last["state"].isin(DONE).sum()) if len(last) else np.nan,
                    "upper_value": float(last["state"].isin(DONE).sum() + len(mine) - len(last))
                    if len(last)
                    else np.nan,
                }
            )
    return pd.DataFrame(rows)


def unmeasured(rules: Rules) -> pd.DataFrame:
    """A row a period for what has no method, so that it is seen to have no value."""
    cards = rules.cards.query("method == 'none'")[["indicator_code", "version", "method"]]
    cards = cards.rename(columns={"indicator_code": "indicator"})
    return cards.merge(pd.DataFrame({"at": range(len(rules.periods))}), how="cross")


def finished(rows: pd.DataFrame, rules: Rules, folder: Path) -> pd.DataFrame:
    """Values, reasons and segments, under the names of the table."""
    rows = rows.rename(columns={"indicator": "indicator_code", "version": "definition_version"})
    rows["period_code"] = rules.periods["period"].to_numpy()[rows["at"].astype(int)]
    is_ratio = rows["method"] == "ratio"
    below = rows["denominator"].astype(float).where(rows["denominator"] != 0)
    rows["value"] = np.where(is_ratio, 100 * rows["numerator"].astype(float) / below, rows["numerator"].astype(float))
    is_cut = rows["is_cut"].fillna(value=False).astype(bool) if "is_cut" in rows else False
    rows["null_reason"] = np.select(
        [rows["method"] == "none", is_cut, rows["value"].isna()], ["no_method", "border", "nothing_known"], ""
    )
    for name in ("reported_count", "expected_count", "carried_count", "question_count"):
        rows[name] = rows[name].fillna(0).astype(int)
    breaks = seeds(folder, "frame_break").merge(
        rules.pairs.drop_duplicates(["indicator", "version", "frame"]), left_on="frame_code", right_on="frame"
    )
    parting = set(rules.cards.query("break_rule == 'segment'")[["indicator_code", "version"]].itertuples(index=False))
    segments = {
        (card, version, period.period): 1 + mine.loc[mine["break_date"] <= period.end, "break_date"].nunique()
        for (card, version), mine in breaks.groupby(["indicator", "version"])
        if (card, version) in parting
        for period in rules.periods.itertuples()
    }
    keys = zip(rows["indicator_code"], rows["definition_version"], rows["period_code"], strict=True)
    rows["segment_no"] = [segments.get(key, 1) for key in keys]
    return rows[COLUMNS].sort_values(GRAIN).reset_index(drop=True)
