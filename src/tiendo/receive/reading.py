"""What reading one submission gives: header, values, narrative texts and problems. Plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tiendo.receive.problems import ERROR, Problem


@dataclass(frozen=True)
class Header:
    """Who reports for when, as far as it could be established; None where it could not.

    The days covered are None, too, when they are the whole period.
    """

    form_version: str | None = None
    unit_code: str | None = None
    unit_valid_from: date | None = None
    period_code: str | None = None
    covers_from: date | None = None
    covers_to: date | None = None
    is_synthetic: bool | None = None


@dataclass(frozen=True)
class Value:
    """One element (and breakdown): text as found, number as read, state, cell, and the reported cumulatives."""

    element_code: str
    disaggregation_code: str
    value_text: str | None
    value_number: Decimal | None
    value_state: str
    value_cell: str
    year_cumulative_number: Decimal | None = None
    programme_cumulative_number: Decimal | None = None


@dataclass(frozen=True)
class Text:
    """One narrative part. Data only: never interpreted."""

    theme: str
    body: str
    cell: str


@dataclass(frozen=True)
class Reading:
    """All that one submission says and all that is wrong with it."""

    header: Header = field(default_factory=Header)
    values: tuple[Value, ...] = ()
    texts: tuple[Text, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether the submission must wait in quarantine."""
        return any(problem.severity == ERROR for problem in self.problems)
