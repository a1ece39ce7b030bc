"""What cards and targets must hold: complete, with a formula of known codes, and targets after their baselines.

In: a programme. Out: nothing, or a SeedError with file, row and reason in both languages.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from tiendo.programme.cards import Indicator
from tiendo.programme.checks import Span, known_period, no_overlap, one_of_known, span, unknown
from tiendo.programme.periods import split_code
from tiendo.programme.seeds import SeedRow
from tiendo.programme.targets import Target

if TYPE_CHECKING:
    from tiendo.programme.registry import Programme

CHOICES: dict[str, frozenset[str]] = {
    "result_level": frozenset({"output", "outcome"}),
    "source_type": frozenset({"administrative", "survey", "test", "media_sample"}),
    "measured_over": frozenset({"point", "period", "year", "since_start"}),
    "basis": frozenset({"as_reported", "current", "original"}),
    "frequency": frozenset({"month"}),
    "direction": frozenset({"at_least", "at_most", "band"}),
    "break_rule": frozenset({"segment", "none"}),
    "small_cell_rule": frozenset({"none", "under_5"}),
}
# A card that lacks one of these cannot be read, redone or signed.
REQUIRED = (
    "name_vi", "name_en", "reading_vi", "reading_en", "official_place_vi", "official_place_en", "measure_vi",
    "measure_en", "signing_office",
)  # fmt: skip
WITH_FORMULA = ("formula_vi", "formula_en", "who_counts")
WITHOUT_FORMULA = ("method_gap_vi", "method_gap_en", "gap_kind")
GAP_KINDS = frozenset({"no_method", "not_assessable"})
PATH_KINDS = frozenset({"linear", "stepped", "seasonal", "keep"})


def check_cards(programme: Programme) -> None:
    """Raise SeedError at the first card or target that does not hold."""
    goals = {goal.goal_code for goal in programme.goals}
    spans: dict[tuple[str, ...], list[tuple[Span, SeedRow]]] = defaultdict(list)
    for row, card in zip(programme.table("indicator"), programme.indicators, strict=True):
        one_of_known(row, "goal_code", goals)
        _complete(row)
        _formula(programme, row, card)
        spans[card.indicator_code,].append((span(row), row))
    no_overlap(spans)
    for row, target in zip(programme.table("target"), programme.targets, strict=True):
        _target(programme, row, target)
    _seasons(programme)
    _path_points(programme)
    _findings(programme)


def _complete(row: SeedRow) -> None:
    for column, allowed in CHOICES.items():
        row.one_of(column, allowed)
    needed = WITH_FORMULA if row.text("formula") else WITHOUT_FORMULA
    empty = [column for column in (*REQUIRED, *needed) if not row.text(column)]
    if empty:
        named = ", ".join(empty)
        raise row.error(f"phiếu chỉ số chưa đầy đủ, thiếu {named} / the card is incomplete: {named} empty")
    if row.text("formula") and row.text("method_gap_vi"):
        raise row.error(
            "phiếu có công thức thì không thể còn thiếu phương pháp / a card with a formula has no gap in its method"
        )
    if not row.text("formula"):
        row.one_of("gap_kind", GAP_KINDS)


def _formula(programme: Programme, row: SeedRow, card: Indicator) -> None:
    formula = card.parsed
    elements, frames = set(programme.elements), {frame.frame_code for frame in programme.frames}
    parts = {part.code for part in programme.disaggregations}
    asked = {(rule.element_code, rule.breakdown) for rule in programme.applicabilities}
    above = {task.task_code for task in programme.tasks} if formula.function == "milestones" else elements
    for terms, known in ((formula.numerators, above), (formula.denominators, elements | frames)):
        for term in terms:
            if term.code not in known:
                raise row.error(unknown("formula", term.code, known))
            if term.part and (term.part not in parts or term.code not in elements):
                raise row.error(unknown("formula", f"{term.code}:{term.part}", parts))
            dimension = term.part.partition(".")[0]
            if dimension and (term.code, dimension) not in asked:
                raise row.error(
                    f"không đơn vị nào được hỏi {term.code} theo {dimension} / "
                    f"no unit is asked for {term.code} by {dimension}"
                )


def _target(programme: Programme, row: SeedRow, target: Target) -> None:
    one_of_known(row, "indicator_code", {card.indicator_code for card in programme.indicators})
    row.one_of("scope_kind", frozenset({"nation", "region", "unit"}))
    regions = {region.key for region in programme.regions}
    scopes = {"nation": {"nation"}, "region": regions, "unit": set(programme.unit_by_key)}[target.scope_kind]
    one_of_known(row, "scope_key", scopes)
    row.one_of("baseline_state", frozenset({"measured", "by_construction", "none"}))
    row.required("target_value")
    for column in ("baseline_period", "target_period"):
        try:
            split_code(row.required(column))
        except ValueError as found:
            raise row.error(f"{column}: {found}") from found
    if target.target_period <= target.baseline_period:
        raise row.error(
            f"mục tiêu {target.target_period} không sau giá trị gốc {target.baseline_period} / "
            f"the target {target.target_period} is not after its baseline {target.baseline_period}"
        )
    cards = [card for card in programme.indicators if card.indicator_code == target.indicator_code]
    if target.target_high is None and any(card.direction == "band" for card in cards):
        raise row.error("khoảng cần có target_high / a band needs target_high")
    if target.target_high is not None and target.target_value is not None and target.target_high < target.target_value:
        raise row.error(
            f"target_high {target.target_high} nhỏ hơn target_value / is below target_value {target.target_value}"
        )
    if target.path_kind and target.baseline_value is None:
        raise row.error("có lộ trình mà không có giá trị gốc / a path without a baseline value")
    if target.path_kind:
        row.one_of("path_kind", PATH_KINDS)
        row.one_of("path_basis", frozenset({"decision", "plan", "assumption"}))
    if target.season_code or target.path_kind == "seasonal":
        one_of_known(row, "season_code", {season.season_code for season in programme.seasons})


def _seasons(programme: Programme) -> None:
    shares: dict[str, dict[int, Decimal]] = defaultdict(dict)
    rows = programme.table("season")
    for row, season in zip(rows, programme.seasons, strict=True):
        row.required("share_pct")
        shares[season.season_code][season.month_no] = season.share_pct or Decimal(0)
    for row in rows:
        months = shares[row.text("season_code")]
        if sorted(months) != list(range(1, 13)) or sum(months.values()) != 100 or min(months.values()) < 0:
            raise row.error(
                f"mùa cần 12 tháng, không âm, cộng lại 100; đang có {len(months)} tháng, cộng {sum(months.values())} / "
                f"a season needs 12 months, none below 0, that add up to 100; {len(months)} add up to "
                f"{sum(months.values())}"
            )


def _path_points(programme: Programme) -> None:
    targets = {(each.indicator_code, each.scope_key, each.valid_from): each for each in programme.targets}
    for row, point in zip(programme.table("path_point"), programme.path_points, strict=True):
        target = targets.get((point.indicator_code, point.scope_key, point.valid_from))
        if target is None:
            raise row.error(
                f"không có mục tiêu {point.indicator_code} {point.scope_key} từ ngày {point.valid_from} / "
                f"there is no target {point.indicator_code} {point.scope_key} from {point.valid_from}"
            )
        row.required("path_value")
        known_period(programme, row, "period_code")
        if not target.baseline_period < point.period_code < target.target_period:
            raise row.error(
                f"kỳ {point.period_code} không nằm giữa {target.baseline_period} và {target.target_period} / "
                f"period {point.period_code} does not lie between {target.baseline_period} and {target.target_period}"
            )


def _findings(programme: Programme) -> None:
    scopes = {"nation", *programme.unit_by_key, *(region.key for region in programme.regions)}
    for row in programme.table("finding"):
        one_of_known(row, "indicator_code", {card.indicator_code for card in programme.indicators})
        one_of_known(row, "scope_key", scopes)
        known_period(programme, row, "period_code")
        for column in ("office", "finding_vi", "finding_en"):
            row.required(column)
    _ = programme.findings
