"""Readings as lines of PostgreSQL's COPY text format, made where the reading is done: workers hand over bytes.

In: a submission and its `Reading`. Out: `Block`, ready to be written into raw.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tiendo.receive.problems import Problem
from tiendo.receive.reading import Header, Reading

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": " "})


@dataclass(frozen=True)
class Block:
    """One reading, ready to load: header, problems, and the lines of its values and texts."""

    submission_id: UUID
    header: Header
    problems: tuple[Problem, ...]
    values: bytes
    texts: bytes
    value_count: int


def block_of(submission_id: UUID, reading: Reading) -> Block:
    """The block of one reading."""
    identity = str(submission_id)
    values = b"".join(
        line(
            identity,
            value.element_code,
            value.disaggregation_code,
            value.value_text,
            value.value_number,
            value.value_state,
            value.value_cell,
            value.year_cumulative_number,
            value.programme_cumulative_number,
        )
        for value in reading.values
    )
    texts = b"".join(line(identity, text.theme, text.body, text.cell) for text in reading.texts)
    return Block(submission_id, reading.header, reading.problems, values, texts, len(reading.values))


def problem_line(submission_id: UUID, problem: Problem) -> bytes:
    """One row of raw.problem."""
    return line(
        submission_id,
        problem.rule_code,
        problem.cell,
        problem.severity,
        problem.found,
        problem.expected,
        problem.message_vi,
        problem.message_en,
    )


def line(*cells: object) -> bytes:
    """One line of COPY text; None is null. What UTF-8 cannot carry becomes a question mark."""
    # What is not a string (a number, a date, an identity) has nothing to escape.
    texts = [
        r"\N" if cell is None else cell.translate(_ESCAPES) if isinstance(cell, str) else str(cell) for cell in cells
    ]
    return ("\t".join(texts) + "\n").encode("utf-8", "replace")
