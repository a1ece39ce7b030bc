"""The registry: one programme read from its folder of seeds. Knows no other room."""

from tiendo.programme.cards import (
    Correction,
    Disaggregation,
    Finding,
    Frame,
    FrameBreak,
    Goal,
    Indicator,
    Milestone,
    MilestoneState,
    Plan,
    Responsibility,
    Review,
    Task,
    Verification,
)
from tiendo.programme.forms import TOTAL, Element, FormCell, FormRow, ValidationRule
from tiendo.programme.formulas import Formula, FormulaTerm
from tiendo.programme.periods import Period
from tiendo.programme.personal import personal_data
from tiendo.programme.registry import Programme, Term
from tiendo.programme.seeds import SeedError
from tiendo.programme.targets import PathPoint, Season, Target, month_number, path_of
from tiendo.programme.units import Region, Unit

__all__ = [
    "TOTAL",
    "Correction",
    "Disaggregation",
    "Element",
    "Finding",
    "FormCell",
    "FormRow",
    "Formula",
    "FormulaTerm",
    "Frame",
    "FrameBreak",
    "Goal",
    "Indicator",
    "Milestone",
    "MilestoneState",
    "PathPoint",
    "Period",
    "Plan",
    "Programme",
    "Region",
    "Responsibility",
    "Review",
    "Season",
    "SeedError",
    "Target",
    "Task",
    "Term",
    "Unit",
    "ValidationRule",
    "Verification",
    "month_number",
    "path_of",
    "personal_data",
]
