"""Keep what a gate found, and tell it.

In: outcomes. Out: rows of ops.validation_result, and a report as a dictionary (for `--json`) or as lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import psycopg

from expectations.engine import Outcome

INSERT = """
insert into ops.validation_result
    (run_id, gate, rule_code, severity, is_success, checked_count, unexpected_count, detail)
values (%s, %s, %s, %s, %s, %s, %s, %s)
"""


def keep(connection: psycopg.Connection[Any], gate: str, run_id: int | None, outcomes: Iterable[Outcome]) -> None:
    """One row a rule, success or not: that a rule was asked is worth knowing too."""
    rows = [
        (
            run_id,
            gate,
            outcome.rule.code,
            outcome.rule.severity,
            outcome.is_success,
            outcome.checked_count,
            outcome.unexpected_count,
            json.dumps(_detail(outcome), ensure_ascii=False, default=str),
        )
        for outcome in outcomes
    ]
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, rows)


def _detail(outcome: Outcome) -> dict[str, Any]:
    rule = outcome.rule
    return {
        "batch": rule.batch,
        "expectation": rule.expect or "unexpected rows",
        "reason": rule.reason,
        "sample": list(outcome.sample),
    }


def report(gate: str, outcomes: Iterable[Outcome], **figures: Any) -> dict[str, Any]:
    """What a program reads."""
    rules = [
        {
            "rule": outcome.rule.code,
            "severity": outcome.rule.severity,
            "success": outcome.is_success,
            "checked": outcome.checked_count,
            "unexpected": outcome.unexpected_count,
        }
        for outcome in outcomes
    ]
    return {"gate": gate, **figures, "rules": rules}


def lines(found: dict[str, Any]) -> list[str]:
    """What a person reads: the figures, then each rule that failed."""
    figures = ", ".join(f"{name} {value}" for name, value in found.items() if name not in ("gate", "rules"))
    failed = [rule for rule in found["rules"] if not rule["success"]]
    told = [f"gate {found['gate']}: {figures}; {len(found['rules'])} rules, {len(failed)} failed"]
    told += [f"  {rule['severity']:<7} {rule['rule']}: {rule['unexpected']} of {rule['checked']}" for rule in failed]
    return told
