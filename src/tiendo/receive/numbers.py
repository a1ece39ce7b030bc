"""Reads one cell as a number the way Vietnamese offices write them; never guesses.

In: the raw cell and the table of words. Out: a `Number`. '1.234,5' is 1234.5, '1.234' is 1234, '02' is 2; '12.5',
'12o' and 'gần 150' are problems.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tiendo.receive.package import Lost
from tiendo.receive.problems import clean

# Dots part groups of three and a comma starts the decimals; 0.123 could be read two ways, so it is not read.
_VIETNAMESE = re.compile(r"(?P<sign>[-−]?)(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,(?P<part>[0-9]+))?")
# No office counts a hundred million of anything, while a telephone or identity number read as a count is larger.
LARGEST = 10**8
MOST_DIGITS = 40
# What somebody typed in place of a number is repeated in the answer only when it looks like one: a name, an address or
# the number of a person is not copied into tables and logs.
TRIED = re.compile(r"(?=.*[0-9])(?!(?:.*[0-9]){9})(?!.*@).{1,24}")


@dataclass(frozen=True)
class Number:
    """What a cell says: the text as found, the number as read, its state, and the rule it breaks, if any."""

    text: str | None
    number: Decimal | None
    state: str
    rule_code: str | None = None


BLANK = Number(None, None, "missing")


def read_number(cell: object, words: Mapping[str, str], *, is_count: bool) -> Number:
    """The number in a cell. States: reported, zero, and those of the words table; blank is missing."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _numeric(cell, is_count=is_count)
    if not isinstance(cell, str):
        return Number(clean(str(cell)), None, "missing", "number_unreadable")
    text = clean(cell) if cell else ""
    if not text:
        return BLANK
    state = words.get(text.casefold())
    if state is not None:
        return Number(text, Decimal(0) if state == "nil" else None, state)
    match = _VIETNAMESE.fullmatch(text) if len(text) <= MOST_DIGITS else None
    if match is None:
        is_lost = isinstance(cell, Lost)
        told, rule = (text, "cell_broken") if is_lost else (_reticent(text), "number_unreadable")
        return Number(told, None, "missing", rule)
    sign = "-" if match["sign"] else ""
    return _judge(text, Decimal(f"{sign}{match['whole'].replace('.', '')}.{match['part'] or 0}"), is_count=is_count)


def _numeric(cell: float, *, is_count: bool) -> Number:
    if isinstance(cell, float) and cell.is_integer() and 0 <= cell <= LARGEST:
        # A plain count needs no judging, and nearly every cell holds one.
        whole = int(cell)
        return Number(str(whole), Decimal(whole), "reported" if whole else "zero")
    return _judge(_written(cell), Decimal(repr(cell)), is_count=is_count)


def _judge(text: str, number: Decimal, *, is_count: bool) -> Number:
    rule: str | None = None
    if not number.is_finite():
        rule = "number_unreadable"
    elif is_count and number != number.to_integral_value():
        rule = "count_not_whole"
    elif number < 0:
        rule = "number_negative"
    elif number > LARGEST:
        rule = "number_too_large"
    if rule is not None:
        return Number(_reticent(text), None, "missing", rule)
    if number == (whole := int(number)):
        number = Decimal(whole)
    return Number(text, number, "reported" if number else "zero")


def _reticent(text: str) -> str:
    """The text when it looks like a number gone wrong, else only how long it is."""
    return text if TRIED.fullmatch(text) else f"({len(text)} ký tự / characters)"


def _written(cell: float) -> str:
    """A numeric cell as text: 12 for 12.0."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15 else str(cell)


def format_vi(number: Decimal) -> str:
    """A number as Vietnamese offices write it: 1.234,5."""
    text = f"{number:,f}".translate(str.maketrans(",.", ".,"))
    return text.rstrip("0").rstrip(",") if "," in text else text
