"""What stands where in a checker's form, and the seal that shows whether its protected part was changed."""

from __future__ import annotations

import hashlib

from tiendo.programme import Programme

SHEET = "Kiểm chứng"
# Rows and columns count from 0, as the writer and the reader count them.
PROGRAMME_CELL, QUARTER_CELL, COUNT_CELL, MARK_CELL, SEAL_CELL = (3, 2), (4, 2), (5, 2), (0, 0), (6, 2)
HEAD_ROW, FIRST_ROW = 8, 9
EVIDENCE = "evidence."
NAMES = (
    "order", "unit_key", "unit", "period_code", "element_code", "element", "measure", "reported_value",
    "file_name", "value_cell", "inclusion_probability", "found_value", "evidence_kind", "document", "checked_by",
    "checked_on", "seal",
)  # fmt: skip
COLUMNS = {name: number for number, name in enumerate(NAMES)}
INPUTS = ("found_value", "evidence_kind", "document", "checked_by", "checked_on")
NEEDED = tuple(name for name in INPUTS if name != "document")
# What a row of the seed is made of; names and measures are for the eye.
SEALED = ("order", "unit_key", "period_code", "element_code", "reported_value", "inclusion_probability")


def seal(*parts: object) -> str:
    """Twelve digits over what must stay as it was written. It finds slips, not a forger: the build compares again."""
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()[:12]


def address(row: int, column: int) -> str:
    """'Kiểm chứng!L10'."""
    return f"{SHEET}!{chr(ord('A') + column)}{row + 1}"


def evidence_kinds(programme: Programme) -> dict[str, tuple[str, str]]:
    """Kinds of evidence by their Vietnamese name: {vi: (vi, en)}."""
    return {term.vi: (term.vi, term.en) for code, term in programme.terms.items() if code.startswith(EVIDENCE)}
