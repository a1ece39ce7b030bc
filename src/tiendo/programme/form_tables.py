"""Elements, form layouts and rules of one programme, linked and checked. In: the seeds. Out: look-ups by code."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tiendo.programme import seeds
from tiendo.programme.forms import Applicability, Element, ElementGroup, FormCell, FormVersion, ValidationRule
from tiendo.programme.periods import Period
from tiendo.programme.seeds import SeedFolder


@dataclass(frozen=True, eq=False)
class FormTables(SeedFolder):
    """What is asked, of whom, and where it stands in the form."""

    @cached_property
    def groups(self) -> dict[str, ElementGroup]:
        """Headings of the form by code."""
        names = ("group_code", "roman", "name_vi", "name_en")
        rows = self.table("element_group")
        return {row.required("group_code"): ElementGroup(*(row.required(name) for name in names)) for row in rows}

    @cached_property
    def elements(self) -> dict[str, Element]:
        """Elements by code, in the order of the form."""
        rows = list(self.table("element"))
        seeds.check_unique(rows, "element_code")
        found = []
        for row in rows:
            element = Element.from_row(row)
            if element.group_code not in self.groups:
                raise row.error(_absent("group_code", element.group_code, "element_group.csv"))
            found.append(element)
        return {element.code: element for element in sorted(found, key=lambda element: element.form_order)}

    @cached_property
    def applicabilities(self) -> tuple[Applicability, ...]:
        """Which units report what, and when."""
        found = []
        for row in self.table("element_applicability"):
            rule = Applicability.from_row(row)
            if rule.element_code not in self.elements:
                raise row.error(_absent("element_code", rule.element_code, "element.csv"))
            found.append(rule)
        return tuple(found)

    @cached_property
    def form_versions(self) -> tuple[FormVersion, ...]:
        """Versions of the form."""
        names = ("description_vi", "description_en")
        return tuple(
            FormVersion(
                row.required("form_version"),
                row.day("valid_from"),
                row.day_or_none("valid_to"),
                *(row.text(name) for name in names),
            )
            for row in self.table("form_version")
        )

    def form_version(self, period: Period) -> FormVersion | None:
        """The version of the form in force on a period's last day."""
        for version in self.form_versions:
            if version.valid_from <= period.end <= (version.valid_to or date.max):
                return version
        return None

    @cached_property
    def form_cells(self) -> dict[str, dict[str, FormCell]]:
        """Cells of each version of the form: {version: {item: cell}}."""
        rows = list(self.table("form_cell"))
        seeds.check_unique(rows, "form_version", "item")
        found: dict[str, dict[str, FormCell]] = defaultdict(dict)
        for row in rows:
            cell = FormCell.from_row(row)
            found[cell.version][cell.item] = cell
        return dict(found)

    @cached_property
    def rules(self) -> tuple[ValidationRule, ...]:
        """Relations that the numbers of one report must keep."""
        return tuple(ValidationRule.from_row(row) for row in self.table("validation_rule"))


def _absent(column: str, code: str, file: str) -> str:
    return f"{column} {code!r} không có trong {file} / {column} {code!r} is not in {file}"
