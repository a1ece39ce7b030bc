"""The registry: one programme read from its folder of seeds. Knows no other room."""

from tiendo.programme.forms import TOTAL, Element, FormCell, FormRow, ValidationRule
from tiendo.programme.periods import Period
from tiendo.programme.registry import Programme, Term
from tiendo.programme.seeds import SeedError
from tiendo.programme.units import Region, Unit

__all__ = [
    "TOTAL",
    "Element",
    "FormCell",
    "FormRow",
    "Period",
    "Programme",
    "Region",
    "SeedError",
    "Term",
    "Unit",
    "ValidationRule",
]
