"""What the seeds ask for, worked out with pandas: nothing of the package and no SQL.

In: the seeds and the last period. Out: `Rules`: periods with their due days, dated units with their regions, who became
whom, every number owed, and the cards' formulas taken apart. Dates are texts as 2024-01-31; an open end is 9999-12-31.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import pandas as pd

from tests.integration.recompute_books import seeds

OPEN = "9999-12-31"
TOTAL = "total"
METHODS = {"sum": "sum", "places": "reach", "places_whole": "reach_whole", "milestones": "milestones"}
Line = dict[str, frozenset[str]]


@dataclass(frozen=True, eq=False)
class Rules:
    """periods: period, start, end, due, year, by their order from 0.

    units: unit, unit_code, begins, ends, kind, region, first, last (positions in periods, -1 for none).
    became, came_from: the current and the first units of each unit. owed: unit, at (position), element, part, place.
    pairs: indicator, version, pair, code, part, below, below_part, frame.
    """

    periods: pd.DataFrame
    units: pd.DataFrame
    predecessors: Line
    became: Line
    came_from: Line
    owed: pd.DataFrame
    cards: pd.DataFrame
    pairs: pd.DataFrame

    @property
    def end(self) -> str:
        """The last day of the last period."""
        return str(self.periods["end"].iloc[-1])


def ended(texts: pd.Series[str]) -> pd.Series[str]:
    """Ends with the open ones far away."""
    return texts.where(texts != "", OPEN)


def calendar(folder: Path, last: str) -> pd.DataFrame:
    """The periods up to `last`."""
    programme = seeds(folder, "programme").iloc[0]
    rule = seeds(folder, "calendar_rule").set_index("calendar_rule_code").loc[programme["calendar_rule_code"]]
    days_off = set(seeds(folder, "holiday")["holiday_date"])
    starts, ends, dues = (int(rule[name]) for name in ("start_day", "end_day", "due_day"))
    rows = []
    for month in pd.period_range(programme["first_period"], last, freq="M"):
        before = month - 1 if starts > ends else month
        after = month + 1 if dues < ends else month
        due = date(after.year, after.month, min(dues, after.days_in_month))
        while rule["due_shift"] == "next_working_day" and (due.weekday() >= 5 or due.isoformat() in days_off):
            due += timedelta(days=1)
        rows.append(
            {
                "period": str(month),
                "start": date(before.year, before.month, starts).isoformat(),
                "end": date(month.year, month.month, min(ends, monthrange(month.year, month.month)[1])).isoformat(),
                "due": due.isoformat(),
                "year": month.year,
            }
        )
    return pd.DataFrame(rows)


def dated_units(folder: Path, periods: pd.DataFrame) -> pd.DataFrame:
    """The units by code and first day, with the region of that day and the first and last period they are in force."""
    units, regions = seeds(folder, "unit"), seeds(folder, "region")
    rows = []
    for unit in units.itertuples():
        ends = unit.valid_to or OPEN
        lies = regions[
            (regions["region_code"] == unit.region_code)
            & (regions["valid_from"] <= unit.valid_from)
            & (ended(regions["valid_to"]) >= unit.valid_from)
        ]
        lives = periods.index[(periods["end"] >= unit.valid_from) & (periods["end"] <= ends)]
        rows.append(
            {
                "unit": f"{unit.unit_code}@{unit.valid_from}",
                "unit_code": unit.unit_code,
                "begins": unit.valid_from,
                "ends": ends,
                "kind": unit.unit_kind,
                "region": f"{unit.region_code}@{lies['valid_from'].iloc[0]}" if unit.region_code else "",
                "first": lives.min() if len(lives) else -1,
                "last": lives.max() if len(lives) else -1,
            }
        )
    return pd.DataFrame(rows)


def succession(folder: Path, until: str) -> tuple[Line, Line]:
    """The programme's successors and predecessors of each unit, of the re-organisations up to a day."""
    rows = seeds(folder, "unit_successor")
    rows = rows[(rows["succession_kind"] != "legal") & (rows["effective_date"] <= until)]
    older = rows["unit_code"] + "@" + rows["valid_from"]
    newer = rows["successor_code"] + "@" + rows["successor_valid_from"]
    after = {key: frozenset(newer[older == key]) for key in older.unique()}
    before = {key: frozenset(older[newer == key]) for key in newer.unique()}
    return after, before


def ends_of_line(units: pd.Series[str], steps: Line) -> Line:
    """For each unit those reached by steps from which no step leads on; a unit without steps is its own."""

    def follow(key: str) -> frozenset[str]:
        return frozenset().union(*(follow(each) for each in steps[key])) if key in steps else frozenset({key})

    return {key: follow(key) for key in units}


def heirs(key: str, since: str, steps: dict[str, list[tuple[str, str]]]) -> dict[str, str]:
    """A unit and all who took the programme over from it, each with the day from which its duties are theirs."""
    found = {key: since}
    for heir, effective in steps.get(key, []):
        for each, day in heirs(heir, max(since, effective), steps).items():
            found[each] = min(day, found.get(each, OPEN))
    return found


def obligations(folder: Path, periods: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Every number owed: unit, at, element, part (total, a former unit, dimension.value), place it speaks of."""
    asked, plans, parts = (seeds(folder, name) for name in ("element_applicability", "plan", "disaggregation"))
    before = succession(folder, OPEN)[1]
    steps: dict[str, list[tuple[str, str]]] = {}
    for step in seeds(folder, "unit_successor").query("succession_kind != 'legal'").itertuples():
        heir = f"{step.successor_code}@{step.successor_valid_from}"
        steps.setdefault(f"{step.unit_code}@{step.valid_from}", []).append((heir, step.effective_date))
    rows = []
    for rule in asked.itertuples():
        if rule.unit_kind:
            bound = dict.fromkeys(units.loc[units["kind"] == rule.unit_kind, "unit"], rule.valid_from)
        else:
            there = (units["begins"] <= rule.valid_from) & (units["ends"] >= rule.valid_from)
            named = units.loc[there & (units["unit_code"] == rule.unit_code), "unit"]
            bound = {heir: day for key in named for heir, day in heirs(key, rule.valid_from, steps).items()}
        rows += [(key, rule.element_code, rule.breakdown, since, rule.valid_to or OPEN) for key, since in bound.items()]
    rules = pd.DataFrame(rows, columns=["unit", "element", "breakdown", "valid_from", "valid_to"])
    begun = dict(zip(plans["unit_code"] + "@" + plans["unit_valid_from"], plans["obliged_from"], strict=True))
    lives = units[["unit", "begins", "ends"]].merge(periods[["end"]].reset_index(names="at"), how="cross")
    lives = lives[(lives["begins"] <= lives["end"]) & (lives["end"] <= lives["ends"])]
    lives = lives[lives["end"] >= lives["unit"].map(lambda unit: begun.get(unit, ""))]
    owed = lives.merge(rules, on="unit")
    owed = owed[(owed["valid_from"] <= owed["end"]) & (owed["end"] <= owed["valid_to"])]
    owed = owed.drop_duplicates(["unit", "at", "element", "breakdown"])
    former = pd.DataFrame(
        [(key, "predecessor", each, each) for key, several in before.items() for each in sorted(several)],
        columns=["unit", "breakdown", "part", "place"],
    )
    by_former = owed.merge(former, on=["unit", "breakdown"])
    is_total = (owed["breakdown"] == "none") | ((owed["breakdown"] == "predecessor") & ~owed["unit"].isin(before))
    totals = owed[is_total].assign(part=TOTAL)
    values = parts.assign(breakdown=parts["dimension_code"], part=parts["dimension_code"] + "." + parts["value_code"])
    by_value = owed.merge(values[["breakdown", "part"]], on="breakdown")
    found = pd.concat([totals, by_value, by_former])
    found["place"] = found["place"].fillna(found["unit"])
    return found[["unit", "at", "element", "part", "place"]].reset_index(drop=True)


def side(text: str) -> tuple[str, list[tuple[str, str]]]:
    """One side of a formula: the function and its codes, each with the part named after a colon or ''."""
    found = re.fullmatch(r"\s*(\w+)\s*\(([^()]*)\)\s*", text)
    if found is None or found[1] not in METHODS:
        raise ValueError(text)
    codes = [code.strip().partition(":") for code in found[2].split(",")]
    return found[1], [(code, part) for code, _, part in codes]


def formulas(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cards with their method, and the pairs of their formulas."""
    cards = seeds(folder, "indicator").sort_values("known_from", kind="stable")
    cards = cards.drop_duplicates(["indicator_code", "definition_version"], keep="last").sort_index()
    frames = set(seeds(folder, "frame")["frame_code"])
    methods, rows = [], []
    for card in cards.itertuples():
        above, _, below = card.formula.partition("/")
        if not card.formula:
            methods.append("none")
            continue
        name, tops = side(above)
        bottoms = side(below)[1] if below else [("", "")] * len(tops)
        methods.append("ratio" if below else METHODS[name])
        rows += [
            {
                "indicator": card.indicator_code,
                "version": int(card.definition_version),
                "pair": pair,
                "code": code,
                "part": part,
                "below": under,
                "below_part": under_part,
                "frame": under if under in frames else "",
            }
            for pair, ((code, part), (under, under_part)) in enumerate(zip(tops, bottoms, strict=True), 1)
        ]
    return cards.assign(method=methods, version=cards["definition_version"].astype(int)), pd.DataFrame(rows)


def read_rules(folder: Path, last: str) -> Rules:
    """The rules of a folder of seeds up to a period; worked out once as long as no seed changes."""
    return _read_rules(folder, last, tuple((path.name, path.stat().st_mtime_ns) for path in sorted(folder.iterdir())))


@lru_cache(maxsize=4)
def _read_rules(folder: Path, last: str, _: object) -> Rules:
    periods = calendar(folder, last)
    units = dated_units(folder, periods)
    after, before = succession(folder, periods["end"].iloc[-1])
    cards, pairs = formulas(folder)
    return Rules(
        periods=periods,
        units=units,
        predecessors=succession(folder, OPEN)[1],
        became=ends_of_line(units["unit"], after),
        came_from=ends_of_line(units["unit"], before),
        owed=obligations(folder, periods, units),
        cards=cards,
        pairs=pairs,
    )
