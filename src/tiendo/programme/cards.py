"""What the programme measures and asks for, as the seeds say it: cards, targets, tasks, milestones, plans, corrections.

Each class is one row of one seed; its fields are named as the columns.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from tiendo.programme.formulas import Formula, FormulaError, parse_formula
from tiendo.programme.seeds import SeedRow

Row = TypeVar("Row")
BOOLEANS = frozenset({"true", "false"})


def read_row(cls: type[Row], row: SeedRow) -> Row:
    """A row of a seed as `cls`, each field read by its type; SeedError where a cell does not fit."""
    return cls(**{field.name: _cell(row, field.name, str(field.type)) for field in fields(cls)})  # type: ignore[arg-type]


def _cell(row: SeedRow, column: str, kind: str) -> Any:
    if kind == "date":
        return row.day(column)
    if kind == "date | None":
        return row.day_or_none(column)
    if kind == "int":
        return row.whole(column)
    if kind == "bool":
        return row.one_of(column, BOOLEANS) == "true"
    if kind == "Decimal | None":
        return row.decimal_or_none(column)
    return row.text(column)


@dataclass(frozen=True)
class Goal:
    """A target of the programme or a group of its tasks (goal_kind target or task_group)."""

    goal_code: str
    goal_kind: str
    name_vi: str
    name_en: str
    official_place_vi: str
    official_place_en: str
    display_order: int
    source_note: str


@dataclass(frozen=True)
class Indicator:
    """A measurement card: one definition version of one indicator."""

    indicator_code: str
    definition_version: str
    valid_from: date
    valid_to: date | None
    known_from: date
    goal_code: str
    name_vi: str
    name_en: str
    reading_vi: str
    reading_en: str
    other_readings_vi: str
    other_readings_en: str
    official_place_vi: str
    official_place_en: str
    result_level: str
    source_type: str
    formula: str
    formula_vi: str
    formula_en: str
    method_vi: str
    method_en: str
    method_gap_vi: str
    method_gap_en: str
    measured_over: str
    basis: str
    frequency: str
    direction: str
    is_strict: bool
    measure_vi: str
    measure_en: str
    decimals: int
    who_counts: str
    break_rule: str
    small_cell_rule: str
    signing_office: str
    approved_on: date | None
    caveat_vi: str
    caveat_en: str
    display_order: int
    is_headline: bool
    gap_kind: str
    is_monotone: bool

    @classmethod
    def from_row(cls, row: SeedRow) -> Indicator:
        """A card from its seed row; SeedError when its formula does not parse."""
        card = read_row(cls, row)
        try:
            _ = card.parsed
        except FormulaError as found:
            raise row.error(str(found)) from found
        return card

    @cached_property
    def parsed(self) -> Formula:
        """The formula, taken apart."""
        return parse_formula(self.formula)

    @property
    def method(self) -> str:
        """How it is computed: ratio, sum, reach, reach_whole, milestones or none."""
        return self.parsed.method


@dataclass(frozen=True)
class Frame:
    """A dated count of what exists."""

    frame_code: str
    name_vi: str
    name_en: str
    measure_vi: str
    measure_en: str
    source_note: str


@dataclass(frozen=True)
class FrameBreak:
    """A legal change of what a frame counts: a new segment begins."""

    frame_code: str
    break_date: date
    name_vi: str
    name_en: str
    source_note: str


@dataclass(frozen=True)
class Finding:
    """What an evaluator signs beside a status, of one indicator, scope and period; it never replaces the status."""

    indicator_code: str
    scope_key: str
    period_code: str
    known_from: date
    office: str
    finding_vi: str
    finding_en: str
    is_synthetic: bool
    source_note: str


@dataclass(frozen=True)
class Task:
    """A task of the programme."""

    task_code: str
    goal_code: str
    name_vi: str
    name_en: str
    rhythm_vi: str
    rhythm_en: str
    official_place_vi: str
    official_place_en: str
    display_order: int
    source_note: str


@dataclass(frozen=True)
class Responsibility:
    """Who leads a task or cooperates in it, by kind or by code; a code passes on to its programme successors."""

    task_code: str
    unit_kind: str
    unit_code: str
    role: str
    valid_from: date
    valid_to: date | None
    source_note: str


@dataclass(frozen=True)
class Milestone:
    """A step of a task, with the evidence that it needs."""

    milestone_code: str
    task_code: str
    name_vi: str
    name_en: str
    evidence_vi: str
    evidence_en: str
    display_order: int
    source_note: str


@dataclass(frozen=True)
class MilestoneState:
    """How far a milestone is from a day on: not_begun, drafting, issued or in_operation, with its document."""

    milestone_code: str
    state: str
    document_number: str
    issuer: str
    document_date: date | None
    valid_from: date
    known_from: date
    is_synthetic: bool
    source_note: str


@dataclass(frozen=True)
class Plan:
    """A unit's own plan: from when on it owes anything."""

    unit_code: str
    unit_valid_from: date
    document_number: str
    issued_on: date | None
    obliged_from: date
    source_note: str

    @property
    def unit_key(self) -> str:
        """code@valid_from of the unit."""
        return f"{self.unit_code}@{self.unit_valid_from}"


@dataclass(frozen=True)
class Correction:
    """A known wrong number and what to use instead, or the decided offset of a restart; decided by an office."""

    correction_kind: str
    unit_code: str
    unit_valid_from: date
    period_code: str
    element_code: str
    disaggregation_code: str
    reported_value: Decimal | None
    corrected_value: Decimal | None
    known_from: date
    decided_by: str
    reason_vi: str
    reason_en: str
    source_note: str


@dataclass(frozen=True)
class Verification:
    """A spot check of one reported number: what an office found instead, on which documents.

    `quarter` is the report quarter whose sample it was drawn in, `inclusion_probability` how likely that was (1 when it
    was certain).
    """

    unit_code: str
    unit_valid_from: date
    period_code: str
    element_code: str
    reported_value: Decimal | None
    found_value: Decimal | None
    evidence_vi: str
    evidence_en: str
    checked_by: str
    checked_on: date
    known_from: date
    quarter: str
    inclusion_probability: Decimal | None
    is_synthetic: bool
    source_note: str

    @property
    def unit_key(self) -> str:
        """code@valid_from of the unit."""
        return f"{self.unit_code}@{self.unit_valid_from}"


@dataclass(frozen=True)
class Disaggregation:
    """One value of one dimension by which a number is asked; a partition's values add up to the total."""

    dimension_code: str
    value_code: str
    dimension_vi: str
    dimension_en: str
    name_vi: str
    name_en: str
    is_partition: bool
    is_about_people: bool
    form_order: int
    source_note: str

    @property
    def code(self) -> str:
        """dimension.value, as it stands in reports: sex.female."""
        return f"{self.dimension_code}.{self.value_code}"


@dataclass(frozen=True)
class Review:
    """A reading of the programme that is frozen: its last period and the day whose knowledge it uses."""

    review_code: str
    review_kind: str
    name_vi: str
    name_en: str
    data_to: str
    known_at: date | None
    source_note: str
