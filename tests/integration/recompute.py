"""The scorecard once more, from the workbooks alone, with pandas: nothing of the package and no SQL.

In: the units' folders and the programme's seeds. Out: one row an indicator at one period for the nation: value,
numbers counted (n), numbers owed (N), target, path and status. It judges by itself which workbooks are good, and
follows the rules as they are written for people; where it and the warehouse differ, one of them is wrong.
"""

from __future__ import annotations

import re
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd

NIL = {"-", "–", "không", "không có", "không phát sinh"}
ABSENT = {"chưa có số liệu", "chưa có", "không cung cấp", "x"}


class UnreadableError(Exception):
    """A cell or a workbook that no careful person would count."""


def seeds(folder: Path, name: str) -> pd.DataFrame:
    """A seed as text; empty cells are empty strings."""
    return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)


def number(cell: Any, is_count: bool) -> float | None:
    """The number a person reads in a cell; None where none is given."""
    if cell is None or (isinstance(cell, float) and pd.isna(cell)):
        return None
    if isinstance(cell, str):
        text = cell.strip()
        if text == "" or text.lower() in ABSENT:
            return None
        if text.lower() in NIL:
            return 0.0
        if not re.fullmatch(r"\d+(,\d+)?|\d{1,3}(\.\d{3})+(,\d+)?", text):
            raise UnreadableError(text)
        cell = float(text.replace(".", "").replace(",", "."))
    if cell < 0 or (is_count and cell != int(cell)):
        raise UnreadableError(str(cell))
    return float(cell)


def read_book(path: Path, kinds: dict[str, str]) -> tuple[str, str, dict[str, float | None]]:
    """Unit, period and numbers of one workbook, found by the words on the sheet."""
    try:
        sheet = pd.read_excel(path, sheet_name="Số liệu", header=None, dtype=object)
    except (ValueError, KeyError, OSError) as problem:
        raise UnreadableError(str(problem)) from problem
    head = {str(row[0]).strip(): str(row[2]).strip() for row in sheet.head(8).itertuples(index=False)}
    top = sheet.index[sheet[1].astype(str).str.strip() == "Mã số"][0]
    column = next(c for c in sheet if sheet.loc[top : top + 1, c].astype(str).str.strip().eq("Trong kỳ").any())
    rows: dict[str, float | None] = {}
    for row in range(top + 1, len(sheet)):
        code = str(sheet.at[row, 1]).strip()
        element = code.split("/")[0]
        if element in kinds:
            rows[code] = number(sheet.at[row, column], kinds[element] == "count")
    return head["Mã đơn vị"].zfill(2), head["Kỳ báo cáo"], rows


def try_book(path: Path, kinds: dict[str, str]) -> tuple[str, str, dict[str, float | None]] | None:
    """A workbook, or None when no careful person would count it."""
    try:
        return read_book(path, kinds)
    except UnreadableError:
        return None


def read_books(doors: Path, folder: Path) -> pd.DataFrame:
    """The numbers of the good workbooks, the last one received for each unit and period, by code as printed."""
    elements = seeds(folder, "element")
    kinds = dict(zip(elements["element_code"], elements["number_kind"], strict=True))
    rules = seeds(folder, "validation_rule").query("severity == 'error' and rule_kind == 'not_above'")
    paths = sorted(doors.rglob("*.xlsx"))
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        books = list(pool.map(partial(try_book, kinds=kinds), paths, chunksize=64))
    found: dict[tuple[str, str], tuple[float, dict[str, float | None]]] = {}
    for path, book in zip(paths, books, strict=True):
        if book is None:
            continue
        unit, period, rows = book
        parts = [(rows.get(rule.left_element), rows.get(rule.right_element)) for rule in rules.itertuples()]
        if any(left is not None and right is not None and left > right for left, right in parts):
            continue
        received = path.stat().st_mtime
        if (unit, period) not in found or received > found[unit, period][0]:
            found[unit, period] = (received, rows)
    return pd.DataFrame(
        [
            {"unit_code": unit, "period": period, "code": code, "value": value}
            for (unit, period), (_, rows) in found.items()
            for code, value in rows.items()
            if value is not None
        ],
        columns=["unit_code", "period", "code", "value"],
    )


def period_ends(folder: Path, last: str) -> dict[str, str]:
    """The last day of each period up to `last`."""
    programme = seeds(folder, "programme").iloc[0]
    rule = seeds(folder, "calendar_rule").set_index("calendar_rule_code").loc[programme["calendar_rule_code"]]
    months = pd.period_range(programme["first_period"], last, freq="M")
    return {str(m): f"{m}-{min(int(rule['end_day']), m.days_in_month):02d}" for m in months}


def owed_numbers(folder: Path, ends: dict[str, str]) -> pd.DataFrame:
    """Every number owed: unit, period, element, the code printed on the form, and the place it speaks of."""
    units, rules, heirs = (seeds(folder, name) for name in ("unit", "element_applicability", "unit_successor"))
    pair = ["unit_code", "valid_from", "successor_code", "successor_valid_from"]
    former = heirs[heirs["succession_kind"] != "legal"].drop_duplicates(pair)
    rows = []
    for period, end in ends.items():
        in_force = units[(units["valid_from"] <= end) & ((units["valid_to"] == "") | (units["valid_to"] >= end))]
        asked = rules[(rules["valid_from"] <= end) & ((rules["valid_to"] == "") | (rules["valid_to"] >= end))]
        for unit in in_force.itertuples():
            mine = asked[(asked["unit_kind"] == unit.unit_kind) | (asked["unit_code"] == unit.unit_code)]
            for rule in mine.drop_duplicates(["element_code", "breakdown"]).itertuples():
                places = [("", f"{unit.unit_code}@{unit.valid_from}")]
                if rule.breakdown == "predecessor":
                    parts = former[
                        (former["successor_code"] == unit.unit_code)
                        & (former["successor_valid_from"] == unit.valid_from)
                    ]
                    split = [(f"/{p.unit_code}", f"{p.unit_code}@{p.valid_from}") for p in parts.itertuples()]
                    places = split or places
                rows += [
                    (unit.unit_code, unit.valid_from, period, rule.element_code, rule.element_code + tail, place)
                    for tail, place in places
                ]
    return pd.DataFrame(rows, columns=["unit_code", "valid_from", "period", "element", "code", "place"])


def scorecard(doors: Path, folder: Path, period: str) -> pd.DataFrame:
    """The scorecard of the nation at `period`, a row an indicator, indexed by its code."""
    ends = period_ends(folder, period)
    books = read_books(doors, folder)
    owed = owed_numbers(folder, ends)
    told = owed.merge(books, on=["unit_code", "period", "code"], how="left", validate="one_to_one")
    cards = seeds(folder, "indicator").set_index("indicator_code")
    parts = seeds(folder, "indicator_component")
    targets = seeds(folder, "target").query("scope_key == 'nation'").set_index("indicator_code")
    bounds = seeds(folder, "status_threshold").set_index("threshold_code")["threshold_value"].astype(float)
    rows = {}
    for code, card in cards.iterrows():
        mine = parts[parts["indicator_code"] == code]
        measured = measure(card, mine, told, folder, period, ends[period])
        target = targets.loc[code] if code in targets.index else None
        rows[code] = {**measured, **judge(card, target, measured, period, bounds)}
    return pd.DataFrame.from_dict(rows, orient="index")


def measure(
    card: pd.Series[Any], parts: pd.DataFrame, told: pd.DataFrame, folder: Path, period: str, end: str
) -> dict[str, Any]:
    """Value, n, N and coverage of one indicator."""
    frames = seeds(folder, "frame_value")
    pieces = []
    for top in parts[parts["role"] == "numerator"].itertuples():
        piece = told[told["element"] == top.component_code].copy()
        if card["measured_over"] == "point":
            piece = piece[piece["period"] == period]
        below = parts[(parts["role"] == "denominator") & (parts["pair_no"] == top.pair_no)]
        piece["below"], piece["weight"] = float("nan"), 1.0
        if len(below) and below.iloc[0]["source"] == "frame":
            frame = frames[
                (frames["frame_code"] == below.iloc[0]["component_code"])
                & (frames["valid_from"] <= end)
                & ((frames["valid_to"] == "") | (frames["valid_to"] >= end))
            ].set_index(["unit_code", "unit_valid_from"])["frame_count"]
            keys = zip(piece["unit_code"], piece["valid_from"], strict=True)
            piece["below"] = [float(frame.get(key, "nan")) for key in keys]
            piece["weight"] = piece["below"]
        elif len(below):
            other = told[told["code"] == below.iloc[0]["component_code"]][["unit_code", "period", "value"]]
            piece = piece.drop(columns="below").merge(
                other.rename(columns={"value": "below"}), on=["unit_code", "period"], how="left"
            )
        piece["is_counted"] = piece["value"].notna() & (piece["below"].notna() if len(below) else True)
        pieces.append(piece)
    if not pieces:
        return {"value": None, "reported": 0, "expected": 0, "coverage": None}
    cells = pd.concat(pieces)
    good = cells[cells["is_counted"]]
    value: float | None = None
    if len(good) and card["method"] == "ratio" and good["below"].sum():
        value = 100 * good["value"].sum() / good["below"].sum()
    elif len(good) and card["method"] == "sum":
        value = good["value"].sum()
    elif len(good) and card["method"] == "reach":
        value = float((good.groupby("place")["value"].sum() >= 1).sum())
    return {
        "value": value,
        "reported": len(good),
        "expected": len(cells),
        "coverage": 100 * good["weight"].sum() / cells["weight"].sum(),
    }


def judge(
    card: pd.Series[Any], target: pd.Series[Any] | None, measured: dict[str, Any], period: str, bounds: pd.Series[float]
) -> dict[str, Any]:
    """Path and status of one indicator."""
    value = measured["value"]
    if card["method"] == "none":
        return {"path": None, "status": "no_verdict"}
    if target is None:
        return {"path": None, "status": "no_verdict"}
    start, goal = float(target["baseline_value"]), float(target["target_value"])
    months = [pd.Period(p, freq="M") for p in (target["baseline_period"], period, target["target_period"])]
    path = start + (goal - start) * min(1.0, (months[1] - months[0]).n / (months[2] - months[0]).n)
    if value is None or measured["coverage"] < bounds["verdict_coverage_pct"]:
        return {"path": path, "status": "no_verdict"}
    up = card["direction"] == "at_least"

    def distance(x: float) -> float:
        return max(0.0, goal - x if up else x - goal)

    strict = card["is_strict"] == "true"
    is_met = (value > goal if up else value < goal) if strict else distance(value) == 0
    if period >= target["target_period"]:
        return {"path": path, "status": "achieved" if is_met else "missed"}
    if distance(start) == 0:
        return {"path": path, "status": "held" if is_met else "lost"}
    if is_met:
        return {"path": path, "status": "met_now" if card["method"] == "ratio" else "reached"}
    way, way_by_now = distance(start) - distance(value), distance(start) - distance(path)
    if way < 0:
        return {"path": path, "status": "moving_away"}
    if way_by_now == 0:
        return {"path": path, "status": "not_due"}
    pace = way / way_by_now
    if pace >= bounds["on_track_pace_ratio"]:
        return {"path": path, "status": "on_track"}
    return {"path": path, "status": "at_risk" if pace >= bounds["at_risk_pace_ratio"] else "off_track"}
