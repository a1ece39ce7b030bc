"""A comparison as a person reads it, and as one JSON document with exact decimals as text.

In: a `Comparison`. Out: facts and tables of text in both languages, or nested dicts.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tiendo.review.compare import PARTS, Comparison, Point
from tiendo.review.compare_cells import Amount, Change
from tiendo.review.explain_rows import text, texts
from tiendo.review.explain_text import Block, Facts, measure
from tiendo.review.explain_words import both, heads

SHOWN = 40
NAMES = {part: "border_step" if part == "border" else part for part in PARTS}
READINGS = ("then", *PARTS)


def facts(compared: Comparison) -> Facts:
    """What is compared."""
    card, scope = compared.points[-1].window.card, compared.scope
    return [
        (card.indicator_code, f"{card.name_vi} / {card.name_en}"),
        (both("scope"), f"{scope.scope_key}: {scope.name_vi} / {scope.name_en}"),
        (both("value"), measure(card.measure_vi, card.measure_en)),
    ]


def blocks(compared: Comparison) -> list[Block]:
    """The two readings, the parts of their difference, and the numbers behind correction and late report."""
    found = [_sides(compared), _parts(compared), _changes(compared)]
    return [block for block in found if block.rows]


def document(compared: Comparison) -> dict[str, Any]:
    """The whole comparison."""
    card = compared.points[-1].window.card
    readings = zip(READINGS, compared.points, strict=True)
    return {
        "is_synthetic": compared.build.is_synthetic,
        "run_id": compared.build.run_id,
        "indicator_code": card.indicator_code,
        "name_vi": card.name_vi,
        "name_en": card.name_en,
        "scope": texts(compared.scope.__dict__),
        "readings": [{"after": name} | _reading(point) for name, point in readings],
        "difference": text(compared.difference),
        "parts": {part: text(value) for part, value in compared.parts.items()},
        "changes": [_change(change) for change in compared.changes],
    }


def _reading(point: Point) -> dict[str, Any]:
    return {
        "definition_version": point.window.card.definition_version,
        "basis": point.window.basis,
        "period_code": point.window.period_code,
        "known_on": str(point.day),
        "numerator": text(point.numerator),
        "denominator": text(point.denominator),
        "value": text(point.value),
        "null_reason": point.null_reason,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "cause": change.cause,
        "unit_key": change.unit_key,
        "place_key": change.place_key,
        "period_code": change.period_code,
        "code": change.code,
        "before": [text(number) for number in change.before],
        "after": [text(number) for number in change.after],
    }


def _sides(compared: Comparison) -> Block:
    old, new = compared.points[0], compared.points[-1]
    rows = [
        (both("day"), str(old.day), str(new.day)),
        (both("period_of"), old.window.period_code, new.window.period_code),
        (
            both("basis"),
            f"{old.window.basis}: {both(old.window.basis)}",
            f"{new.window.basis}: {both(new.window.basis)}",
        ),
        (both("version_of"), old.window.card.definition_version, new.window.card.definition_version),
        (both("value"), _value(old), _value(new)),
    ]
    return Block(both("two_readings"), ("", *heads("then", "now")), rows)


def _parts(compared: Comparison) -> Block:
    """One row a cause; where a reading on the way has no value, the reason stands in its place."""
    counts = {
        cause: sum(change.cause == cause for change in compared.changes) for cause in ("correction", "late_report")
    }
    steps = list(zip(compared.points[:-1], compared.points[1:], strict=True))
    (old, new) = (compared.points[0], compared.points[-1])
    made_of = (
        _turn(steps[0][0].window.card.definition_version, steps[0][1].window.card.definition_version),
        _turn(steps[1][0].window.basis, steps[1][1].window.basis),
        f"{counts['correction']} {both('numbers_changed')}" if counts["correction"] else "",
        f"{counts['late_report']} {both('numbers_late')}" if counts["late_report"] else "",
        _turn(old.window.period_code, new.window.period_code),
    )
    rows = [(both("then"), "", _value(old), "")]
    for (part, added), (_, after), because in zip(compared.parts.items(), steps, made_of, strict=True):
        rows.append((both(NAMES[part]), signed(added), _value(after), because))
    note = both("cannot_split") if None in compared.parts.values() else ""
    rows.append((both("total"), signed(compared.difference), _value(new), ""))
    return Block(both("difference"), heads("part", "difference", "after", "because"), rows, note)


def _changes(compared: Comparison) -> Block:
    rows = [
        (
            both(change.cause),
            change.unit_key if change.place_key == change.unit_key else f"{change.unit_key} ({change.place_key})",
            change.period_code,
            change.code,
            _turn(_amount(change.before), _amount(change.after)),
        )
        for change in compared.changes[:SHOWN]
    ]
    left = len(compared.changes) - len(rows)
    note = both("more_json", count=left) if left else ""
    return Block(both("numbers_behind"), heads("part", "unit", "period_of", "number_of", "value"), rows, note)


def signed(number: Decimal | None) -> str:
    """+3, −2 or 0; a dash where it cannot be had."""
    if number is None:
        return "—"
    return f"+{text(number)}" if number > 0 else str(text(number)).replace("-", "−")


def _value(point: Point) -> str:
    return str(text(point.value)) if point.value is not None else f"— ({both(str(point.null_reason))})"


def _turn(before: str, after: str) -> str:
    return "" if before == after else f"{before} → {after}"


def _amount(amount: Amount) -> str:
    above, below = amount
    if above is None:
        return "—"
    return str(text(above)) if below is None else f"{text(above)} / {text(below)}"
