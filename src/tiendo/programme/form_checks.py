"""What forms and their parts must hold: versions in turn, rules between known elements, one way to ask for a total.

In: a programme. Out: nothing, or a SeedError with file, row and reason in both languages.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from tiendo.programme.checks import OPEN, Span, no_overlap, one_of_known, span, unknown
from tiendo.programme.forms import TOTAL, TOTAL_BREAKDOWNS, Applicability
from tiendo.programme.seeds import SeedError, SeedRow, check_unique

if TYPE_CHECKING:
    from tiendo.programme.registry import Programme
    from tiendo.programme.units import Unit

OF_A_DIMENSION = ("dimension_vi", "dimension_en", "is_partition", "is_about_people")
SPLIT = "sample_split"


def check_forms(programme: Programme) -> None:
    """Raise SeedError at the first row that does not hold."""
    for rule in (_versions, _cells, _rules, _codes, _dimensions, _totals, _split):
        rule(programme)


def _versions(programme: Programme) -> None:
    for name, key in (("form_version", ()), ("region", ("region_code",))):
        spans: dict[tuple[str, ...], list[tuple[Span, SeedRow]]] = defaultdict(list)
        for row in programme.table(name):
            spans[name, *(row.text(column) for column in key)].append((span(row), row))
        no_overlap(spans)


def _cells(programme: Programme) -> None:
    versions = {version.code for version in programme.form_versions}
    for row in programme.table("form_cell"):
        one_of_known(row, "form_version", versions)


def _rules(programme: Programme) -> None:
    for row in programme.table("validation_rule"):
        for column in ("left_element", "right_element"):
            one_of_known(row, column, set(programme.elements))


def _codes(programme: Programme) -> None:
    """Below the line of a formula a code is an element or a frame: never both."""
    for row in programme.table("frame"):
        if row.required("frame_code") in programme.elements:
            code = row.text("frame_code")
            raise row.error(f"{code} cũng là mã trong element.csv / {code} is a code of element.csv, too")


def _dimensions(programme: Programme) -> None:
    first: dict[str, SeedRow] = {}
    for row in programme.table("disaggregation"):
        code = row.required("dimension_code")
        if code in TOTAL_BREAKDOWNS or code == TOTAL:
            raise row.error(f"{code!r} không thể là tên phân tổ / {code!r} cannot name a dimension")
        same = first.setdefault(code, row)
        for column in OF_A_DIMENSION:
            if row.text(column) != same.text(column):
                raise row.error(
                    f"{column} của {code} khác dòng {same.line} / {column} of {code} is not as in row {same.line}"
                )


def _totals(programme: Programme) -> None:
    """Nobody is asked for one total in two ways at once, by its kind and by its code."""
    rules: dict[str, list[tuple[Applicability, SeedRow]]] = defaultdict(list)
    for row, rule in zip(programme.table("element_applicability"), programme.applicabilities, strict=True):
        if rule.breakdown in TOTAL_BREAKDOWNS:
            rules[rule.element_code].append((rule, row))
    for found in rules.values():
        for (one, _), (other, row) in itertools.combinations(found, 2):
            if one.breakdown != other.breakdown:
                _apart(programme, one, other, row)


def _apart(programme: Programme, one: Applicability, other: Applicability, row: SeedRow) -> None:
    first = max(one.valid_from, other.valid_from)
    last = min(one.valid_to or OPEN, other.valid_to or OPEN)
    days = {first, *(s.effective for s in programme.successions), *(unit.valid_from for unit in programme.units)}

    def both(unit: Unit, on: date) -> bool:
        held = (programme.holds(rule.unit_kind, rule.unit_code, rule.valid_from, unit, on) for rule in (one, other))
        return unit.in_force(on) and all(held)

    for on in sorted(day for day in days if first <= day <= last):
        unit = next((unit for unit in programme.units if both(unit, on)), None)
        if unit:
            raise row.error(
                f"{unit.key} được hỏi tổng số của {one.element_code} theo hai cách vào ngày {on} / "
                f"{unit.key} is asked for the total of {one.element_code} in two ways on {on}"
            )


def _split(programme: Programme) -> None:
    """The sample's shares: of known parts, and of a partition all of them, together one. A programme may have none."""
    if not (programme.folder / f"{SPLIT}.csv").exists():
        return
    rows = list(programme.table(SPLIT))
    check_unique(rows, "dimension_code", "value_code")
    parts = {part.code: part for part in programme.disaggregations}
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for row in rows:
        code = f"{row.required('dimension_code')}.{row.required('value_code')}"
        if code not in parts:
            raise row.error(unknown("value_code", code, set(parts)))
        share = row.number("share")
        if not 0 <= share <= 1:
            raise row.error(f"share {share} không từ 0 đến 1 / is not from 0 to 1")
        shares[row.text("dimension_code")][code] = share
    for dimension, found in shares.items():
        known = programme.parts_of(dimension)
        together = sum(found.values())
        if known[0].is_partition and not (len(found) == len(known) and math.isclose(together, 1)):
            raise SeedError(
                f"{SPLIT}.csv",
                max(row.line for row in rows if row.text("dimension_code") == dimension),
                f"{len(found)}/{len(known)} phần của {dimension} cộng lại là {together:g}, cần đủ và bằng 1 / "
                f"{len(found)} of {len(known)} parts of {dimension} add up to {together:g}; all, and 1, are needed",
            )
