"""The scorecard once more, from the workbooks alone, with pandas: nothing of the package and no SQL.

In: the units' folders and the programme's seeds. Out: one row an indicator at one period for the nation: value,
numbers counted (n), numbers owed (N), target, path and status, on the basis that its card names. It follows the rules
as they are written for people; where it and the warehouse differ, one of them is wrong. (Cells: recompute_indicators.)
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from tests.integration.recompute_books import seeds
from tests.integration.recompute_indicators import NATION, indicators
from tests.integration.recompute_rules import ended, read_rules


def scorecard(doors: Path, folder: Path, period: str) -> pd.DataFrame:
    """The scorecard of the nation at `period` as known now, a row an indicator, indexed by its code."""
    today = datetime.now(UTC).date().isoformat()
    rules = read_rules(folder, period)
    cells = indicators(doors, folder, period, today)
    cells = cells[(cells["period_code"] == period) & (cells["scope_key"] == NATION)]
    cells = cells.set_index(["indicator_code", "definition_version", "basis"])
    cards = rules.cards[(rules.cards["valid_from"] <= rules.end) & (ended(rules.cards["valid_to"]) >= rules.end)]
    cards = cards[cards["is_headline"] == "true"]
    cards = cards.iloc[cards["display_order"].astype(int).argsort()].set_index("indicator_code")
    targets = seeds(folder, "target").query(
        "scope_key == @NATION and valid_from <= @rules.end and known_from <= @today"
    )
    targets = targets.sort_values(["valid_from", "known_from"]).drop_duplicates("indicator_code", keep="last")
    targets = targets.set_index("indicator_code")
    bounds = seeds(folder, "status_threshold").set_index("threshold_code")["threshold_value"].astype(float)
    rows = {}
    for code, card in cards.iterrows():
        cell = cells.loc[(code, card["version"], card["basis"])]
        measured = {
            "value": None if pd.isna(cell["value"]) else float(cell["value"]),
            "reported": cell["reported_count"],
            "expected": cell["expected_count"],
            "coverage": None if pd.isna(cell["coverage_pct"]) else float(cell["coverage_pct"]),
        }
        target = targets.loc[code] if code in targets.index else None
        rows[code] = {**measured, **judge(card, target, measured, period, bounds)}
    return pd.DataFrame.from_dict(rows, orient="index")


def judge(
    card: pd.Series[Any], target: pd.Series[Any] | None, measured: dict[str, Any], period: str, bounds: pd.Series[float]
) -> dict[str, Any]:
    """Path and status of one indicator."""
    value = measured["value"]
    if card["method"] == "none" or target is None:
        return {"path": None, "status": "no_verdict"}
    start, goal = float(target["baseline_value"]), float(target["target_value"])
    high = float(target["target_high"] or goal)
    months = [pd.Period(p, freq="M") for p in (target["baseline_period"], period, target["target_period"])]
    path = start + (goal - start) * min(1.0, (months[1] - months[0]).n / (months[2] - months[0]).n)
    if value is None or measured["coverage"] < bounds["verdict_coverage_pct"]:
        return {"path": path, "status": "no_verdict"}
    up = card["direction"] == "at_least"

    def distance(x: float) -> float:
        if card["direction"] == "band":
            return max(0.0, goal - x, x - high)
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
