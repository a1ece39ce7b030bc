"""An explanation as one JSON document: everything, each number with its file, sheet and cell; decimals as text.

In: an `Explanation`. Out: nested dicts of text, whole numbers, booleans and None.
"""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from tiendo.review.explain import Explanation
from tiendo.review.explain_bounds import plain
from tiendo.review.explain_sources import Frame, Number
from tiendo.review.explain_traces import Trace

Row = dict[str, Any]


def document(explained: Explanation) -> Row:
    """The whole explanation."""
    reading, total = explained.reading, asdict(explained.total)
    places = total.pop("places")
    return {
        "is_synthetic": explained.build.is_synthetic,
        "run_id": explained.build.run_id,
        "known_on": str(explained.known_on),
        "card": texts(asdict(explained.card)),
        "scope": texts(asdict(explained.scope)),
        "reading": texts(asdict(reading)),
        "recomputed": texts(total),
        "is_equal": not explained.differences,
        "differences": [asdict(difference) for difference in explained.differences],
        "units": [texts(asdict(unit)) for unit in explained.units],
        "numbers": [number_row(trace) for trace in explained.traces],
        "places": places,
        "border": border(explained),
        "milestones": [texts(asdict(milestone)) for milestone in explained.milestones],
    }


def number_row(trace: Trace) -> Row:
    """One number owed: what stands in the value, where it was found, and why the period's own is not there."""
    cell, item = trace.cell, trace.item
    return {
        "unit_key": cell.unit_key,
        "place_key": cell.place_key,
        "is_whole": cell.is_whole,
        "period_code": cell.period_code,
        "carried_from": cell.source_period_code if cell.is_carried else None,
        "pair_no": cell.pair_no,
        "is_counted": item.is_counted,
        "is_covered": item.is_covered,
        "is_questioned": item.is_questioned,
        "weight": text(item.weight),
        "lower": text(item.bounds.lower),
        "upper": text(item.bounds.upper),
        "missing": trace.missing,
        "numerator": number(trace.above, cell.element_code, cell.disaggregation_code),
        "denominator": denominator(trace),
    }


def denominator(trace: Trace) -> Row | None:
    """What stands below the line; None where nothing does."""
    below, cell = trace.below, trace.cell
    if isinstance(below, Frame):
        return {"frame_code": below.frame_code} | texts(
            {"value": below.frame_count, "valid_from": below.valid_from, "known_from": below.known_from}
        )
    if below is None:
        return None if cell.denominator_source is None else {"frame_code": cell.denominator_code, "value": None}
    return number(below, str(cell.denominator_code), str(cell.denominator_part))


def number(found: Number, element_code: str, part: str) -> Row:
    """A number with its way down to the cell."""
    submission, reported, correction = found.submission, found.reported, found.correction
    return {
        "element_code": element_code,
        "disaggregation_code": part,
        "value": text(found.value),
        "state": found.state,
        "mark": found.mark,
        "text": reported.value_text if reported else None,
        "number": text(reported.value_number) if reported else None,
        "cell": reported.value_cell if reported else None,
        "unit_key": submission.unit_key if submission else None,
        "period_code": submission.period_code if submission else None,
        "submission_id": str(submission.submission_id) if submission else None,
        "version": submission.version if submission else None,
        "receipt": submission.receipt if submission else None,
        "file": f"{submission.door_code}/{submission.file_name}" if submission else None,
        "received_on": str(submission.received_on) if submission else None,
        "covers": [str(submission.covers_from), str(submission.covers_to)] if submission else None,
        "correction": texts(asdict(correction)) if correction else None,
        "closing": [number(each, element_code, _part_of(each)) for each in found.closing],
    }


def border(explained: Explanation) -> list[Row]:
    """Whose numbers lie only partly in the scope, and all the units that they belong to in its basis."""
    lineage = explained.lineage
    members = lineage.current if explained.reading.basis == "current" else lineage.original
    return [
        {"unit_key": unit.unit_key, "place_key": unit.place_key, "belongs_to": sorted(members[unit.place_key])}
        for unit in explained.units
        if not unit.is_whole
    ]


def texts(row: Row) -> Row:
    """The row with decimals and dates as text."""
    return {name: text(value) if isinstance(value, Decimal) else _plain(value) for name, value in row.items()}


def text(number: Decimal | None) -> str | None:
    """A number exactly, as text without trailing zeros; None stays None."""
    return None if number is None else f"{plain(number):f}"


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _part_of(found: Number) -> str:
    return found.reported.disaggregation_code if found.reported else ""
