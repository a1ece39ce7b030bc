"""What seeds must hold beyond each cell's form, so that a bad one stops everything before anything is touched.

In: a programme. Out: nothing, or a SeedError with file, row and reason in both languages.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from tiendo.programme.forms import TOTAL_BREAKDOWNS
from tiendo.programme.seeds import SeedError, SeedRow, check_unique

if TYPE_CHECKING:
    from tiendo.programme.registry import Programme

KEYS: dict[str, tuple[str, ...]] = {
    "goal": ("goal_code",),
    "frame": ("frame_code",),
    "indicator": ("indicator_code", "definition_version"),
    "target": ("indicator_code", "scope_key", "valid_from", "known_from"),
    "path_point": ("indicator_code", "scope_key", "valid_from", "period_code"),
    "season": ("season_code", "month_no"),
    "finding": ("indicator_code", "scope_key", "period_code", "known_from"),
    "frame_value": ("frame_code", "unit_code", "unit_valid_from", "valid_from", "known_from"),
    "frame_break": ("frame_code", "break_date"),
    "element_applicability": ("element_code", "unit_kind", "unit_code", "valid_from", "breakdown"),
    "disaggregation": ("dimension_code", "value_code"),
    "task": ("task_code",),
    "responsibility": ("task_code", "unit_kind", "unit_code", "role", "valid_from"),
    "milestone": ("milestone_code",),
    "milestone_state": ("milestone_code", "valid_from", "known_from"),
    "correction": (
        "correction_kind", "unit_code", "unit_valid_from", "period_code", "element_code", "disaggregation_code",
        "known_from",
    ),
    "verification": ("unit_code", "unit_valid_from", "period_code", "element_code", "checked_on"),
    "review": ("review_code",),
    "region": ("region_code", "valid_from"),
    "tile": ("unit_code", "valid_from", "tile_no"),
    "element_group": ("group_code",),
    "form_version": ("form_version",),
    "validation_rule": ("rule_code",),
    "holiday": ("holiday_date",),
    "value_word": ("word",),
    "status_threshold": ("threshold_code",),
    "term": ("term_code",),
}  # fmt: skip
THRESHOLDS = frozenset(
    {
        *("on_track_pace_ratio", "at_risk_pace_ratio", "verdict_coverage_pct", "carry_periods", "noise_deviations"),
        *("least_growth_count", "plausible_periods", "rate_periods", "forecast_periods"),
        *("confidence_a_coverage_pct", "confidence_b_coverage_pct", "confidence_c_coverage_pct"),
        *("confidence_b_carried_pct", "confidence_a_question_pct", "confidence_b_question_pct"),
        *("confidence_a_check_pct", "confidence_b_check_pct", "confidence_c_check_pct"),
    }
)
OPEN = date.max
Span = tuple[date, date]


def check(programme: Programme) -> None:
    """Raise SeedError at the first row that does not hold."""
    # Tables are read when first asked for; these are asked here.
    _ = programme.plans, programme.frame_breaks, programme.milestone_states, programme.corrections, programme.reviews
    for rule in (
        _keys,
        _successions,
        _applicabilities,
        _frames,
        _thresholds,
        _responsibilities,
        _milestones,
        _corrections,
        _reviews,
    ):
        rule(programme)


def _keys(programme: Programme) -> None:
    for name, columns in KEYS.items():
        check_unique(list(programme.table(name)), *columns)


def _successions(programme: Programme) -> None:
    for row, succession in zip(programme.table("unit_successor"), programme.successions, strict=True):
        unit, heir = (programme.unit_by_key[key] for key in (succession.unit_key, succession.successor_key))
        if succession.effective < heir.valid_from or not heir.in_force(succession.effective):
            raise row.error(
                f"đơn vị kế thừa {heir.key} chưa có vào ngày {succession.effective} / "
                f"successor {heir.key} does not exist on {succession.effective}"
            )
        if unit.valid_from >= succession.effective:
            raise row.error(
                f"{unit.key} chưa có trước ngày {succession.effective} / "
                f"{unit.key} does not exist before {succession.effective}"
            )
        if succession.kind != "legal" and (unit.valid_to or OPEN) >= succession.effective:
            raise row.error(
                f"{unit.key} còn hiệu lực vào ngày có đơn vị làm tiếp, {succession.effective} / "
                f"{unit.key} is still in force on the day it is followed, {succession.effective}"
            )
        if unit in programme.descendants(heir) or unit == heir:
            raise row.error(
                f"kế thừa thành vòng: {unit.key} → {heir.key} → {unit.key} / "
                f"a cycle of successors: {unit.key} → {heir.key} → {unit.key}"
            )


def _applicabilities(programme: Programme) -> None:
    totals: set[str] = set()
    parts: dict[str, SeedRow] = {}
    spans: dict[tuple[str, ...], list[tuple[Span, SeedRow]]] = defaultdict(list)
    for row, rule in zip(programme.table("element_applicability"), programme.applicabilities, strict=True):
        _known_bearer(programme, row, rule.unit_kind, rule.unit_code, rule.valid_from)
        if rule.breakdown in TOTAL_BREAKDOWNS:
            totals.add(rule.element_code)
        elif programme.parts_of(rule.breakdown):
            parts.setdefault(rule.element_code, row)
        else:
            raise row.error(
                unknown("breakdown", rule.breakdown, {part.dimension_code for part in programme.disaggregations})
            )
        key = (rule.element_code, rule.unit_kind, rule.unit_code, _asked_as(rule.breakdown))
        spans[key].append(((rule.valid_from, rule.valid_to or OPEN), row))
    no_overlap(spans)
    for code, row in parts.items():
        if code not in totals:
            raise row.error(
                f"{code} chỉ hỏi theo phân tổ, không hỏi tổng / {code} is asked by parts and never as a total"
            )


def _asked_as(breakdown: str) -> str:
    return "total" if breakdown in TOTAL_BREAKDOWNS else breakdown


def _frames(programme: Programme) -> None:
    codes = {frame.frame_code for frame in programme.frames}
    spans: dict[tuple[str, ...], list[tuple[Span, SeedRow]]] = defaultdict(list)
    for row in programme.table("frame_value"):
        one_of_known(row, "frame_code", codes)
        _known_unit(programme, row)
        columns = ("frame_code", "unit_code", "unit_valid_from", "known_from")
        spans[tuple(row.text(column) for column in columns)].append((span(row), row))
    no_overlap(spans)
    for row in programme.table("frame_break"):
        one_of_known(row, "frame_code", codes)


def _thresholds(programme: Programme) -> None:
    found = {row.required("threshold_code") for row in programme.table("status_threshold")}
    if missing := sorted(THRESHOLDS - found):
        raise SeedError(
            "status_threshold.csv",
            None,
            f"thiếu ngưỡng {missing} / thresholds {missing} are missing; found {sorted(found)}",
        )


def _responsibilities(programme: Programme) -> None:
    tasks = {task.task_code for task in programme.tasks}
    goals = {goal.goal_code for goal in programme.goals}
    for row in programme.table("task"):
        one_of_known(row, "goal_code", goals)
    for row, duty in zip(programme.table("responsibility"), programme.responsibilities, strict=True):
        one_of_known(row, "task_code", tasks)
        row.one_of("role", frozenset({"lead", "cooperate"}))
        _known_bearer(programme, row, duty.unit_kind, duty.unit_code, duty.valid_from)


def _milestones(programme: Programme) -> None:
    tasks = {task.task_code for task in programme.tasks}
    for row in programme.table("milestone"):
        one_of_known(row, "task_code", tasks)
    codes = {milestone.milestone_code for milestone in programme.milestones}
    for row in programme.table("milestone_state"):
        one_of_known(row, "milestone_code", codes)
        row.one_of("state", frozenset({"not_begun", "drafting", "issued", "in_operation"}))


def _corrections(programme: Programme) -> None:
    parts = {part.code for part in programme.disaggregations}
    for row in programme.table("correction"):
        row.one_of("correction_kind", frozenset({"value", "offset"}))
        _known_unit(programme, row)
        one_of_known(row, "element_code", set(programme.elements))
        known_period(programme, row, "period_code")
        known_parts = {"total"} | parts | set(programme.unit_by_key)
        if row.required("disaggregation_code") not in known_parts:
            raise row.error(unknown("disaggregation_code", row.text("disaggregation_code"), {"total"} | parts))
        for column in ("corrected_value", "decided_by", "reason_vi", "reason_en"):
            row.required(column)
        if row.text("correction_kind") == "value":
            row.required("reported_value")


def _known_unit(programme: Programme, row: SeedRow) -> None:
    key = f"{row.required('unit_code')}@{row.day('unit_valid_from')}"
    if key not in programme.unit_by_key:
        raise row.error(f"không có đơn vị {key} / there is no unit {key}")


def _known_bearer(programme: Programme, row: SeedRow, kind: str, code: str, since: date) -> None:
    if bool(kind) == bool(code):
        raise row.error(
            "điền đúng một trong unit_kind và unit_code / exactly one of unit_kind and unit_code must be filled in"
        )
    kinds = {unit.kind for unit in programme.units}
    if kind and kind not in kinds:
        raise row.error(unknown("unit_kind", kind, kinds))
    if code and programme.unit_at(code, since) is None:
        raise row.error(f"không có đơn vị {code} vào ngày {since} / there is no unit {code} on {since}")


def _reviews(programme: Programme) -> None:
    for row in programme.table("review"):
        known_period(programme, row, "data_to")


def known_period(programme: Programme, row: SeedRow, column: str) -> None:
    """The cell names a period of the programme."""
    if programme.period(row.required(column)) is None:
        first, last = programme.periods[0].code, programme.periods[-1].code
        raise row.error(
            f"{column} {row.text(column)!r} không phải kỳ từ {first} đến {last} / is no period from {first} to {last}"
        )


def one_of_known(row: SeedRow, column: str, known: set[str]) -> None:
    """The cell is one of the codes that another seed has."""
    if row.required(column) not in known:
        raise row.error(unknown(column, row.text(column), known))


def unknown(column: str, found: str, known: set[str]) -> str:
    """The sentence for a code that nobody has."""
    listed = ", ".join(sorted(known)) or "–"
    return f"{column} {found!r} không có; đã biết: {listed} / {column} {found!r} is unknown; known are {listed}"


def span(row: SeedRow) -> Span:
    """First and last day in force."""
    return row.day("valid_from"), row.day_or_none("valid_to") or OPEN


def no_overlap(spans: dict[tuple[str, ...], list[tuple[Span, SeedRow]]]) -> None:
    """No two rows of one key are in force on one day, and none ends before it begins."""
    for key, found in spans.items():
        for (first, last), row in found:
            if last < first:
                raise row.error(f"valid_to {last} trước valid_from {first} / lies before valid_from {first}")
        ordered = sorted(found, key=lambda each: each[0])
        for ((_, last), _), ((first, _), row) in itertools.pairwise(ordered):
            if first <= last:
                named = " · ".join(key)
                raise row.error(
                    f"{named}: hiệu lực chồng nhau, dòng trước còn đến {last} / "
                    f"validity overlaps: an earlier row is in force until {last}"
                )
