"""A rule, and how it is read from a suite file and from the programme.

In: `suites/<gate>.yml` and the programme's validation rules. Out: `Suite`s of `Rule`s; nothing here touches a database.

A suite names its batches, each a query. A rule belongs to one batch and has either `unexpected`, a select of the rows
that should not be there (it knows the batch as `batch`), or `expect`, an expectation that Great Expectations has by
that name, with its arguments. Every rule gives its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from expectations.errors import SuiteError
from tiendo.programme import ValidationRule

SUITES = Path(__file__).parent / "suites"
SEVERITIES = ("error", "warning")
RULE_KEYS = {"rule", "batch", "severity", "reason", "unexpected", "expect", "arguments", "message_vi", "message_en"}


@dataclass(frozen=True)
class Rule:
    """One expectation: where it looks, what it refuses, how grave that is, and why it is asked."""

    code: str
    batch: str
    severity: str
    reason: str
    unexpected: str = ""
    expect: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    message_vi: str = ""
    message_en: str = ""

    @property
    def is_error(self) -> bool:
        """Whether a failure stops what failed."""
        return self.severity == "error"


@dataclass(frozen=True)
class Suite:
    """The rules of one gate, and for each batch the query behind it."""

    gate: str
    batches: Mapping[str, str]
    rules: tuple[Rule, ...]

    def with_rules(self, more: Iterable[Rule]) -> Suite:
        """The same suite with more rules; a code may stand once only."""
        rules = (*self.rules, *more)
        codes = [rule.code for rule in rules]
        double = sorted({code for code in codes if codes.count(code) > 1})
        if double:
            raise SuiteError(f"gate {self.gate}: rules {double} are there twice; give each its own code")
        return Suite(self.gate, self.batches, rules)

    def select(self, rule: Rule) -> str:
        """The rule's rows as one statement that stands alone: the very rows that the expectation counted."""
        return statement(rule, f"({self.batches[rule.batch]})")


def statement(rule: Rule, source: str) -> str:
    """The rule's select over `source`, which it knows as `batch`."""
    # Suite and programme are the house's own text; values of the programme were quoted where they came in.
    return (
        f"with batch as (select * from {source} as source) "  # noqa: S608
        f"select * from ({rule.unexpected.strip()}) as unexpected"
    )


def read_suite(gate: str, folder: Path = SUITES) -> Suite:
    """The suite of a gate from its files, <gate>*.yml; SuiteError where one says something that cannot be run."""
    suite = Suite(gate, {}, ())
    for path in sorted(folder.glob(f"{gate}*.yml")):
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        batches: dict[str, str] = found["batches"]
        rules = tuple(_rule(row, batches, path.name) for row in found["rules"])
        suite = Suite(gate, {**suite.batches, **batches}, suite.rules).with_rules(rules)
    return suite


def _rule(row: dict[str, Any], batches: Mapping[str, str], where: str) -> Rule:
    name = f"{where}: rule {row.get('rule')!r}"
    if unknown := sorted(set(row) - RULE_KEYS):
        raise SuiteError(f"{name} has {unknown}; known are {sorted(RULE_KEYS)}")
    for key in ("rule", "batch", "severity", "reason"):
        if not row.get(key):
            raise SuiteError(f"{name} has no {key}")
    if row["batch"] not in batches:
        raise SuiteError(f"{name} looks at {row['batch']!r}; batches are {sorted(batches)}")
    if row["severity"] not in SEVERITIES:
        raise SuiteError(f"{name} has severity {row['severity']!r}; it is one of {SEVERITIES}")
    if bool(row.get("unexpected")) == bool(row.get("expect")):
        raise SuiteError(f"{name} needs either `unexpected` or `expect`")
    texts = {key: " ".join(str(row.get(key, "")).split()) for key in ("reason", "message_vi", "message_en")}
    return Rule(
        code=row["rule"],
        batch=row["batch"],
        severity=row["severity"],
        unexpected=row.get("unexpected", ""),
        expect=row.get("expect", ""),
        arguments=row.get("arguments", {}),
        **texts,
    )


# Left and right are of one submission and one breakdown; where either has no number there is nothing to compare.
NOT_ABOVE = """
select
    left_value.submission_id,
    left_value.value_cell as cell,
    left_value.value_text as found,
    '≤ ' || right_value.value_text || ' (' || right_value.value_cell || ')' as expected
from batch as left_value
inner join batch as right_value using (submission_id, disaggregation_code)
where
    left_value.element_code = {left}
    and right_value.element_code = {right}
    and left_value.value_number > right_value.value_number
"""


def programme_rules(rules: Iterable[ValidationRule], gate: str, batch: str) -> tuple[Rule, ...]:
    """The programme's own rules of a gate, over the batch of reported values."""
    return tuple(
        Rule(
            code=rule.code,
            batch=batch,
            severity=rule.severity,
            reason=rule.message_en,
            unexpected=NOT_ABOVE.format(left=_quoted(rule.left_element), right=_quoted(rule.right_element)),
            message_vi=rule.message_vi,
            message_en=rule.message_en,
        )
        for rule in rules
        if rule.gate == gate
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
