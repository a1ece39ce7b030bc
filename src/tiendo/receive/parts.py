"""Checks parts against their total: women and men are never more than all, and together they are all.

In: the values of one form. Out: problems at the cells of the parts. What is not given is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from tiendo.programme import Disaggregation, Programme
from tiendo.receive.numbers import format_vi
from tiendo.receive.problems import Problem, make
from tiendo.receive.reading import Value

Number = tuple[Value, Decimal]


def part_problems(programme: Programme, values: Iterable[Value]) -> Iterator[Problem]:
    """An error for each part above its total; a warning where all parts of a partition do not add up to it."""
    known = {part.code: part for part in programme.disaggregations}
    totals: dict[str, list[Value]] = {}
    parts: dict[tuple[str, str], list[tuple[Disaggregation, Value]]] = {}
    for value in values:
        part = known.get(value.disaggregation_code)
        if part is None:
            totals.setdefault(value.element_code, []).append(value)
        else:
            parts.setdefault((value.element_code, part.dimension_code), []).append((part, value))
    for (element_code, dimension_code), found in parts.items():
        whole = _numbers(totals.get(element_code, []))
        given = _numbers([value for _, value in found])
        if len(whole) == len(totals.get(element_code, [])) > 0:
            is_whole = found[0][0].is_partition and len(given) == len(programme.parts_of(dimension_code))
            yield from _judged(whole, given, is_whole)


def _numbers(values: list[Value]) -> list[Number]:
    return [(value, value.value_number) for value in values if value.value_number is not None]


def _judged(whole: list[Number], given: list[Number], is_whole: bool) -> Iterator[Problem]:
    total = sum(number for _, number in whole)
    above = [(value, number) for value, number in given if number > total]
    for value, number in above:
        cells = _cells([(value, number), *whole])
        yield make("part_above_total", value.value_cell, value.value_text, format_vi(Decimal(total)), cells=cells)
    together = sum(number for _, number in given)
    if is_whole and not above and together != total:
        shown = format_vi(Decimal(together)), format_vi(Decimal(total))
        yield make("parts_do_not_sum", given[0][0].value_cell, *shown, cells=_cells(given))


def _cells(numbers: list[Number]) -> str:
    return ", ".join(value.value_cell.rpartition("!")[2] for value, _ in numbers)
