"""The formula of a card, parsed: `sum(a, b) / sum(c, d)`, `sum(a)`, `places(a)`, `places_whole(a)`, `milestones(t)`.

In: text of a card. Out: a frozen `Formula`. A code may name one part of a disaggregation, as in element:sex.female.
What is below the line is tied in order to what is above it: the n-th above counts only where the n-th below is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

METHODS = {"sum": "sum", "places": "reach", "places_whole": "reach_whole", "milestones": "milestones"}
_SIDE = re.compile(r"\s*([a-z_]+)\s*\(([^()]*)\)\s*")
_CODE = re.compile(r"([A-Za-z0-9_]+)(?::([A-Za-z0-9_]+\.[A-Za-z0-9_]+))?")
EXPECTED = "sum(a, b) / sum(c, d), sum(a), places(a), places_whole(a), milestones(t)"


class FormulaError(ValueError):
    """A formula that does not parse: found, where, and what is expected, in both languages."""

    def __init__(self, text: str, at: str, reason_vi: str, reason_en: str) -> None:
        super().__init__(
            f"công thức {text!r}: {reason_vi} ở {at!r}; dạng đúng: {EXPECTED} / "
            f"formula {text!r}: {reason_en} at {at!r}; expected {EXPECTED}"
        )


@dataclass(frozen=True)
class FormulaTerm:
    """An element, frame or task by its code; `part` is one part of a disaggregation, or empty."""

    code: str
    part: str = ""


@dataclass(frozen=True)
class Formula:
    """What is added up above the line and, for a ratio, below it. Without numerators there is no method."""

    function: str
    numerators: tuple[FormulaTerm, ...]
    denominators: tuple[FormulaTerm, ...]

    @property
    def method(self) -> str:
        """How it is computed: ratio, sum, reach, reach_whole, milestones or none."""
        if self.denominators:
            return "ratio"
        return METHODS[self.function] if self.function else "none"


def parse_formula(text: str) -> Formula:
    """The formula of a card; an empty one has no method. Raises FormulaError."""
    if not text.strip():
        return Formula("", (), ())
    above, line, below = text.partition("/")
    function, numerators = _side(text, above)
    if not line:
        return Formula(function, numerators, ())
    below_function, denominators = _side(text, below)
    if (function, below_function) != ("sum", "sum"):
        raise FormulaError(text, below.strip(), "tỷ số chỉ gồm hai tổng", "a ratio is of two sums")
    if len(numerators) != len(denominators):
        found = f"{len(numerators)} / {len(denominators)}"
        raise FormulaError(text, found, "số mục trên và dưới khác nhau", "not as many below as above")
    return Formula(function, numerators, denominators)


def _side(text: str, side: str) -> tuple[str, tuple[FormulaTerm, ...]]:
    matched = _SIDE.fullmatch(side)
    if matched is None or matched[1] not in METHODS:
        raise FormulaError(text, side.strip(), "không đọc được", "not understood")
    terms = []
    for word in matched[2].split(","):
        code = _CODE.fullmatch(word.strip())
        if code is None:
            raise FormulaError(text, word.strip(), "mã không hợp lệ", "not a code")
        terms.append(FormulaTerm(code[1], code[2] or ""))
    return matched[1], tuple(terms)
