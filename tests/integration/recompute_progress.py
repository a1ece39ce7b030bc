"""Every cell of the table of progress, from the workbooks alone, with pandas: nothing of the package and no SQL.

In: the units' folders, the programme's seeds and the last period. Out: one row a basis, scope, period, indicator and
definition version, as known now: for every series with a target in its scope, and of the nation for all. Forecasts,
other readings of the series and sentences are not recomputed. The workbooks are all made up, as the programmes' are:
so made-up checks and findings count.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import isnan, nan, sqrt
from pathlib import Path
from typing import Any

import pandas as pd

from tests.integration.recompute_behind import parts_on
from tests.integration.recompute_books import Books, read_books, seeds
from tests.integration.recompute_cells import known_values
from tests.integration.recompute_indicators import GRAIN, MEASURES, NATION, indicators_of
from tests.integration.recompute_paths import SHAPES, Target, breaks_of, code, month, neutral_starts, targets_on
from tests.integration.recompute_rules import TOTAL, Rules, read_rules
from tests.integration.recompute_verdicts import (
    Card,
    Judgement,
    Point,
    confidence,
    dispersion,
    growths,
    judged,
    rate_achieved,
)

CHECKS = ("check_count", "check_ratio", "check_low", "check_high")
NUMBERS = [
    *(name for name in MEASURES if name != "null_reason"),
    *("baseline_value", "target_value", "path_value", "gap", "headroom", "share_ratio", "pace_ratio"),
    *("growth_expected_count", "shortfall_count", "noise_count", "dispersion", "rate_needed", "rate_achieved"),
    *CHECKS,
]
WORDS = [
    *("scope_kind", "null_reason", "baseline_period", "status_code", "no_verdict_code", "is_provisional", "is_settled"),
    *("status_lower_code", "status_upper_code", *(f"status_{shape}_code" for shape in SHAPES)),
    *("confidence_code", *(f"confidence_{part}_code" for part in ("coverage", "carried", "question", "check"))),
    *("finding_vi", "finding_en", "finding_office", "finding_on", "finding_period_code"),
]
ON_CARD = ("official_place_vi", "reading_vi", "result_level", "source_type", "measured_over", "direction")
ON_CARD = (*ON_CARD, "who_counts", "signing_office")
SERIES = ["basis", "scope_key", "indicator_code", "definition_version"]


def progress(doors: Path, folder: Path, last_period: str) -> pd.DataFrame:
    """All rows as known now, from the workbooks of the units' folders."""
    today = datetime.now(UTC).date().isoformat()
    books, rules = read_books(doors, folder), read_rules(folder, last_period)
    targets, cards = targets_on(folder, rules, today), cards_of(rules)
    cells = indicators_of(books, folder, last_period, today)
    of_scope = pd.MultiIndex.from_frame(cells[["indicator_code", "scope_key"]])
    cells = cells[(cells["scope_key"] == NATION) | of_scope.isin(list(targets))]
    parts = parts_on(books, rules, folder, today)
    starts = neutral_starts(parts, rules, folder, today, {NATION, *(scope for _, scope in targets)})
    cuts, ends = breaks_of(rules, folder), dict(zip(rules.periods["period"], rules.periods["end"], strict=True))
    checks, findings = checks_of(books, rules, folder, today), seeds(folder, "finding").query("known_from <= @today")
    bounds = seeds(folder, "status_threshold").set_index("threshold_code")["threshold_value"].astype(float).to_dict()
    rows = []
    for (basis, scope, name, version), cell in cells.groupby(SERIES):
        card, target = cards[name, version], targets.get((name, scope))
        series = [
            Point(month(r.period_code), r.segment_no, r.value, r.numerator, r.denominator, r.reported_count)
            for r in cell.astype({"numerator": float, "denominator": float}).itertuples()
        ]
        growth = growths(series, card, target) if target else {}
        for row, point in zip(cell.to_dict("records"), series, strict=True):
            check = checks.get((name, version, point.at), {}) if scope == NATION else {}
            mine = None
            if target:
                cut = [day for day in cuts.get((name, version), []) if day <= ends[row["period_code"]]]
                start = starts.get((basis, scope, name, version, cut[-1])) if cut else None
                mine = laid(target, start, series, point) if cut else target
            phi = dispersion(series, point, growth, mine) if mine else nan
            said = told(row, point, card, mine, phi, bounds)
            if mine:
                said["rate_achieved"] = rate_achieved(series, point, card, mine, bounds)
            if card.method != "none" and not isnan(point.value):
                shares = (float(row[f"{part}_pct"]) for part in ("coverage", "carried", "question"))
                said |= confidence(*shares, check.get("check_ratio", nan), bounds)
            rows.append(row | said | check | finding_of(findings, name, scope, row["period_code"]))
    return plain(pd.DataFrame(rows))


def plain(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with numbers as numbers and the rest as texts, so that either side reads the same."""
    rows = rows.reindex(columns=[*GRAIN, *NUMBERS, *WORDS])
    rows[NUMBERS] = rows[NUMBERS].astype(float)
    for name in WORDS:
        rows[name] = rows[name].astype(object).where(rows[name].notna(), "").astype(str)
    return rows.astype({"definition_version": int}).sort_values(GRAIN).reset_index(drop=True)


def cards_of(rules: Rules) -> dict[tuple[str, int], Card]:
    """How each card's value is judged, by indicator and version."""
    return {
        (card.indicator_code, card.version): Card(
            method=card.method,
            measured_over=card.measured_over,
            direction=card.direction,
            is_strict=card.is_strict == "true",
            gap_kind=card.gap_kind,
            is_complete=card.method != "none" and all(getattr(card, name) for name in ON_CARD),
            is_signed=card.approved_on != "",
        )
        for card in rules.cards.itertuples()
    }


def laid(target: Target, start: tuple[int, float] | None, series: list[Point], point: Point) -> Target:
    """The target of a later segment: from the value that the legal change alone leaves, else from its first value."""
    its = (each.value for each in series if each.segment == point.segment and not isnan(each.value))
    at, value = start if start else (target.start, nan)
    return target.since((at, next(its, nan) if isnan(value) else value))


def told(
    row: dict[str, Any], point: Point, card: Card, target: Target | None, phi: float, bounds: dict[str, float]
) -> dict[str, Any]:
    """The verdict of one row with its numbers."""
    found = judged(point.value, target.kind, point, card, target, phi, bounds) if target else Judgement()
    why = silence(row, card, target, found, bounds)
    said: dict[str, Any] = {"status_code": "no_verdict", "no_verdict_code": why, "is_provisional": False}
    if target:
        left = target.by - point.at
        said |= {
            "baseline_value": target.baseline,
            "baseline_period": code(target.start),
            "target_value": target.value,
            "path_value": found.path,
            "gap": found.gap,
            "headroom": found.headroom,
            "share_ratio": found.share,
            "pace_ratio": found.pace,
            "growth_expected_count": found.expected,
            "shortfall_count": found.shortfall,
            "noise_count": found.noise,
            "dispersion": found.dispersion,
            "rate_needed": found.gap / left if left > 0 else nan,
        }
    if not why and target:
        low, high = (
            judged(float(row[f"{end}_value"]), target.kind, point, card, target, phi, bounds).status
            for end in ("lower", "upper")
        )
        shaped = {
            f"status_{name}_code": judged(point.value, target.shape_of(name), point, card, target, phi, bounds).status
            for name in SHAPES
        }
        said |= {
            "status_code": found.status,
            "is_provisional": target.baseline_state == "none"
            or target.path_basis == "assumption"
            or not card.is_signed
            or point.segment > 1,
            "is_settled": low == high == found.status,
            "status_lower_code": low,
            "status_upper_code": high,
            **shaped,
        }
    return said


def silence(row: dict[str, Any], card: Card, target: Target | None, found: Judgement, bounds: dict[str, float]) -> str:
    """Why nothing may be said; '' where something may."""
    reasons = {
        card.gap_kind: card.gap_kind != "",
        "no_target": target is None,
        "card_incomplete": not card.is_complete,
        "border": row["null_reason"] == "border",
        "no_value": isnan(row["value"]),
        "coverage": not row["coverage_pct"] >= bounds["verdict_coverage_pct"] - 1e-9,
        "no_path": isnan(found.path),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def checks_of(books: Books, rules: Rules, folder: Path, known_on: str) -> dict[tuple[str, int, int], dict[str, float]]:
    """What checks on the spot found, by indicator, version and last period of those looked back on."""
    known = known_values(books, rules, folder, known_on)["value"].to_dict()
    at = {period: place for place, period in enumerate(rules.periods["period"])}
    checks = seeds(folder, "verification").query("known_from <= @known_on")
    counting: dict[str, list[tuple[int, float, float, float]]] = {}
    for row in checks.itertuples():
        cell = (f"{row.unit_code}@{row.unit_valid_from}", at.get(row.period_code), row.element_code, TOTAL)
        if known.get(cell) == float(row.reported_value):
            numbers = (float(row.reported_value), float(row.found_value), 1 / float(row.inclusion_probability))
            counting.setdefault(row.element_code, []).append((month(row.period_code), *numbers))
    lags = int(seeds(folder, "status_threshold").set_index("threshold_code").at["rate_periods", "threshold_value"])
    found = {}
    for (name, version), pairs in rules.pairs.groupby(["indicator", "version"]):
        mine = [check for element in set(pairs["code"]) for check in counting.get(element, [])]
        for now in map(month, rules.periods["period"]):
            if lately := [numbers for when, *numbers in mine if now - lags < when <= now]:
                found[name, version, now] = ratio(lately)
    return found


def ratio(checks: list[list[float]]) -> dict[str, float]:
    """Found over reported, each check weighing as many as it was drawn for, with the interval of a linearised ratio."""
    count, reported = len(checks), sum(weight * told for told, _, weight in checks)
    if reported == 0:
        return dict(zip(CHECKS, (count, nan, nan, nan), strict=True))
    share = sum(weight * seen for _, seen, weight in checks) / reported
    if count < 2:
        return dict(zip(CHECKS, (count, share, nan, nan), strict=True))
    squares = sum((weight * (seen - share * told)) ** 2 for told, seen, weight in checks)
    reach = 1.96 * sqrt(count / (count - 1) * squares) / reported
    return dict(zip(CHECKS, (count, share, max(0.0, share - reach), share + reach), strict=True))


def finding_of(findings: pd.DataFrame, name: str, scope: str, period: str) -> dict[str, str]:
    """The latest signed finding up to a period."""
    mine = findings[
        (findings["indicator_code"] == name) & (findings["scope_key"] == scope) & (findings["period_code"] <= period)
    ]
    if mine.empty:
        return {}
    last = mine.sort_values(["period_code", "known_from"]).iloc[-1]
    columns = {"vi": "finding_vi", "en": "finding_en", "office": "office", "on": "known_from"}
    return {f"finding_{to}": last[of] for to, of in {**columns, "period_code": "period_code"}.items()}
