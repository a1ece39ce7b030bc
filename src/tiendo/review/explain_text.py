"""An explanation as a person reads it: facts above, then units, numbers with their cells, gaps and decisions as tables.

In: an `Explanation`. Out: `Facts` and `Block`s of text, Vietnamese and English beside each other. Of many numbers only
the first, the last and those that a reader would ask about are shown, unless all are wanted; sums are always of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tiendo.programme.formulas import FormulaTerm, parse_formula
from tiendo.review.explain import Explanation
from tiendo.review.explain_count import REACH
from tiendo.review.explain_rows import border, text
from tiendo.review.explain_sources import Correction, Frame, Number
from tiendo.review.explain_traces import Trace
from tiendo.review.explain_words import both, heads

SHOWN = 40
EDGE = 3
Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class Block:
    """A table with a title; a row has as many texts as there are heads."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""


def facts(explained: Explanation) -> Facts:
    """What is asked, the value, and whether the cells give it again."""
    card, reading, scope = explained.card, explained.reading, explained.scope
    found: Facts = [
        (f"{card.indicator_code}", f"{card.name_vi} / {card.name_en} ({both('version_of')} {card.definition_version})"),
        (both("scope"), f"{scope.scope_key}: {scope.name_vi} / {scope.name_en}"),
        (both("period_of"), reading.period_code),
        (both("basis"), f"{reading.basis}: {both(reading.basis)}"),
        (both("known_on"), f"{explained.known_on} (run {explained.build.run_id})"),
    ]
    if card.formula:
        found += [
            (both("formula"), f"{card.formula_vi} / {card.formula_en}"),
            ("", symbols(card.indicator_code, card.formula)),
            (both("window"), f"{card.measured_over}: {both(card.measured_over)}"),
        ]
    if reading.value is None:
        gap = f": {card.method_gap_vi} / {card.method_gap_en}" if card.method == "none" else ""
        found += [(both("value"), "—"), (both("why_none"), both(str(reading.null_reason)) + gap)]
    else:
        found += [(both("value"), f"{text(reading.value)} {measure(card.measure_vi, card.measure_en)}")]
    n_of_n = f"{reading.reported_count} / {reading.expected_count}"
    for word, count, pct in (
        ("carried", reading.carried_count, reading.carried_pct),
        ("asked", reading.question_count, reading.question_pct),
    ):
        if count:
            n_of_n += f", {both(word)}: {count} ({text(pct) or '—'} %)"
    coverage = "—" if reading.coverage_pct is None else f"{text(reading.coverage_pct)} %"
    verdict = both("not_equal") if explained.differences else both("equal")
    found += [
        (both("numbers"), n_of_n),
        (both("coverage"), coverage),
        (both("bounds"), f"{text(reading.lower_value) or '—'} … {text(reading.upper_value) or '—'}"),
        (both("recomputed"), f"{worked_out(explained)}: {verdict}"),
    ]
    return found


def worked_out(explained: Explanation) -> str:
    """The last step of the computation with its numbers: 100 × 36 ÷ 60 = 60."""
    total, method = explained.total, explained.card.method
    value = text(total.value) or "—"
    if method == "ratio" and total.numerator is not None:
        return f"100 × {text(total.numerator)} ÷ {text(total.denominator)} = {value}"
    return value


def symbols(indicator_code: str, formula: str) -> str:
    """The formula as it is written in mathematics: C = 100 × Σ (A + B) ÷ Σ (C + D)."""
    parsed = parse_formula(formula)
    above = _sum(parsed.numerators)
    if parsed.denominators:
        return f"{indicator_code} = 100 × Σ {above} ÷ Σ {_sum(parsed.denominators)}"
    if parsed.method in REACH:
        return f"{indicator_code} = #{{ p : Σ {above} ≥ 1 }}"
    if parsed.method == "milestones":
        return f"{indicator_code} = #{{ m ∈ {', '.join(term.code for term in parsed.numerators)} : {both('done')} }}"
    return f"{indicator_code} = Σ {above}"


def measure(vi: str, en: str) -> str:
    """A unit of measure in both languages, once where they are the same."""
    return vi if vi == en else f"{vi} / {en}"


def blocks(explained: Explanation, show_all: bool = False) -> list[Block]:
    """The tables that have rows, in the order of reading."""
    found = [
        _differences(explained),
        _cut(explained),
        _units(explained),
        _places(explained),
        _milestones(explained),
        _gaps(explained),
        _corrections(explained),
        _cells(explained, show_all),
    ]
    return [block for block in found if block.rows]


def _sum(terms: Sequence[FormulaTerm]) -> str:
    joined = " + ".join(f"{term.code}:{term.part}" if term.part else term.code for term in terms)
    return f"({joined})" if len(terms) > 1 else joined


def _differences(explained: Explanation) -> Block:
    rows = [(each.where, each.what, f"{each.stored} / {each.recomputed}") for each in explained.differences]
    return Block(both("differences"), ("", "", ""), rows)


def _unit(explained: Explanation, unit_key: str, place_key: str) -> str:
    name = f"{unit_key} {explained.names.get(unit_key, '')}".strip()
    return name if place_key == unit_key else f"{name} ({place_key})"


def _units(explained: Explanation) -> Block:
    is_ratio = explained.card.method == "ratio"
    rows = [
        (
            _unit(explained, unit.unit_key, unit.place_key),
            text(unit.numerator) or "",
            (text(unit.denominator) or "") if is_ratio else "",
            f"{unit.reported_count} / {unit.expected_count}",
            str(unit.carried_count or ""),
        )
        for unit in explained.units
    ]
    return Block(both("by_unit"), heads("unit", "numerator", "denominator", "covered", "carried"), rows)


def _places(explained: Explanation) -> Block:
    rows = [
        (f"{place.place_key} {explained.names.get(place.place_key, '')}", ", ".join(place.reached_keys))
        for place in explained.total.places
        if place.is_reached
    ]
    return Block(both("places"), heads("place", "because"), rows)


def _milestones(explained: Explanation) -> Block:
    rows = [
        (
            f"{each.milestone_code} {each.name_vi} / {each.name_en}",
            both(each.state or "unknown"),
            f"{each.document_number or ''} {each.issuer or ''}".strip(),
            str(each.valid_from or ""),
        )
        for each in explained.milestones
    ]
    return Block(both("milestones"), heads("milestones", "state", "document", "day"), rows)


def _cut(explained: Explanation) -> Block:
    rows = [
        (_unit(explained, row["unit_key"], row["place_key"]), ", ".join(row["belongs_to"])) for row in border(explained)
    ]
    return Block(both("cut"), heads("unit", "belongs_to"), rows)


def _gaps(explained: Explanation) -> Block:
    """What is missing, the periods of one unit and cause in one row."""
    grouped: dict[tuple[str, str, str, str], list[str]] = {}
    for trace in explained.traces:
        if trace.missing is None:
            continue
        absent = trace.own if trace.own.value is None else trace.own_below
        why = both(trace.missing)
        if trace.cell.is_carried:
            why += f"; {both('carried')} {trace.cell.source_period_code}"
        cell = trace.cell
        code = _code(cell.element_code, cell.disaggregation_code)
        if trace.own.value is not None:
            code = _code(str(cell.denominator_code), cell.denominator_part or "total")
        file = _file(absent) if isinstance(absent, Number) else ""
        key = (_unit(explained, cell.unit_key, cell.place_key), code, why, file)
        grouped.setdefault(key, []).append(cell.period_code)
    rows = [(unit, code, _span(periods), why, file) for (unit, code, why, file), periods in grouped.items()]
    return Block(both("gaps"), heads("unit", "number_of", "period_of", "why", "file"), rows)


def _span(periods: list[str]) -> str:
    few = ", ".join(periods) if len(periods) <= EDGE else f"{periods[0]} … {periods[-1]}"
    return few if len(periods) == 1 else f"{few} ({len(periods)})"


def _corrections(explained: Explanation) -> Block:
    decided: dict[Correction, None] = {}
    for trace in explained.traces:
        for found in (trace.above, trace.below):
            if isinstance(found, Number):
                decided |= {each.correction: None for each in (found, *found.closing) if each.correction}
    rows = [
        (
            _unit(explained, each.unit_key, each.unit_key),
            f"{each.period_code} {_code(each.element_code, each.disaggregation_code)}",
            f"{text(each.reported_value)} → {text(each.corrected_value)}",
            str(each.known_from),
            each.decided_by,
            f"{each.reason_vi} / {each.reason_en}",
        )
        for each in decided
    ]
    columns = heads("unit", "number_of", "value", "known_on", "office", "reason")
    return Block(both("corrections"), columns, rows)


def _cells(explained: Explanation, show_all: bool) -> Block:
    """The numbers in the value, each with its cell; what is missing has a table of its own."""
    counted = [trace for trace in explained.traces if trace.item.is_counted]
    shown = counted
    if not show_all and len(counted) > SHOWN:
        middle = counted[EDGE:-EDGE]
        shown = [*counted[:EDGE], *(trace for trace in middle if trace.is_odd), *counted[-EDGE:]]
    left = len(counted) - len(shown)
    rows = [row for trace in shown for row in _trace_rows(explained, trace)]
    columns = heads("unit", "period_of", "number_of", "value", "mark", "report", "file", "received")
    return Block(both("cells"), columns, rows, both("more", count=left) if left else "")


def _trace_rows(explained: Explanation, trace: Trace) -> list[tuple[str, ...]]:
    cell = trace.cell
    unit = _unit(explained, cell.unit_key, cell.place_key)
    period = f"{cell.period_code} ← {cell.source_period_code}" if cell.is_carried else cell.period_code
    rows = _number_rows(unit, period, _code(cell.element_code, cell.disaggregation_code), trace.above)
    if isinstance(trace.below, Number):
        rows += _number_rows(unit, period, _code(str(cell.denominator_code), cell.denominator_part), trace.below)
    if isinstance(trace.below, Frame):
        since = str(trace.below.known_from)
        row = (unit, period, trace.below.frame_code, _amount(trace.below.frame_count), both("frame"), "", "", since)
        rows.append(row)
    return rows


def _number_rows(unit: str, period: str, code: str, found: Number) -> list[tuple[str, ...]]:
    submission, reported = found.submission, found.reported
    if submission is None or reported is None:
        return []
    mark = found.mark if found.mark != "reported" else found.state
    if found.is_questioned:
        mark = "asked"
    said = _amount(found.value)
    if found.mark in ("corrected", "closing_added"):
        said = f"{said} ← {reported.value_text}"
    own = (
        unit,
        period,
        code,
        said,
        both(str(mark)),
        f"v{submission.version} {submission.receipt}",
        _file(found),
        str(submission.received_on),
    )
    added = [row for each in found.closing for row in _number_rows(f"+ {submission_unit(each)}", period, code, each)]
    return [own, *added]


def submission_unit(found: Number) -> str:
    """The unit whose report a number stands in; empty when none was found."""
    return found.submission.unit_key if found.submission else ""


def _file(found: Number) -> str:
    """Door, file, sheet and cell, as far as they are known."""
    if found.submission is None:
        return ""
    cell = f" {found.reported.value_cell}" if found.reported else ""
    return f"{found.submission.door_code}/{found.submission.file_name}{cell}"


def _code(code: str, part: str | None) -> str:
    return code if part in (None, "", "total") else f"{code}/{part}"


def _amount(number: Decimal | None) -> str:
    return text(number) or "—"
