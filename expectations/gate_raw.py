"""Gate raw: the submissions just read, each as a whole.

In: raw.submission in state 'loaded' with its values. Out: problems by cell, and every one of those submissions
'accepted' or 'quarantined'; the outcome of each rule in ops.validation_result. Great Expectations says whether and how
much; the rows of a failed rule become problems by the very select that was counted.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from expectations import engine, results
from expectations.engine import Outcome
from expectations.rules import Suite, programme_rules, read_suite
from tiendo.operate.settings import Settings
from tiendo.programme import Programme

GATE = "raw"
ROLE = "tiendo_loader"
VALUES = "loaded_value"
# Only what was there before the rules ran is moved: a report that is read meanwhile waits for the next time.
PIN = "select submission_id from raw.submission where state = 'loaded'"
PROBLEMS = """
insert into raw.problem (submission_id, rule_code, cell, severity, found, expected, message_vi, message_en)
select distinct on (rows.submission_id, rows.cell)
    rows.submission_id, {rule_code}, rows.cell, {severity}, rows.found, rows.expected, {message_vi}, {message_en}
from ({rows}) as rows
where rows.submission_id = any({pinned})
order by rows.submission_id, rows.cell
on conflict (submission_id, rule_code, cell) do update set found = excluded.found, expected = excluded.expected
"""
QUARANTINE = """
update raw.submission set state = 'quarantined'
where
    submission_id = any(%(pinned)s)
    and state = 'loaded'
    and submission_id in (select submission_id from raw.problem where rule_code = any(%(rules)s))
"""
ACCEPT = "update raw.submission set state = 'accepted' where submission_id = any(%(pinned)s) and state = 'loaded'"


def suite(settings: Settings) -> Suite:
    """The house's own rules and the programme's."""
    programme = Programme.read(settings.programme_dir)
    return read_suite(GATE).with_rules(programme_rules(programme.rules, GATE, VALUES))


def run(settings: Settings) -> tuple[dict[str, Any], bool]:
    """Pass the gate; the report, and whether any error was found."""
    rules = suite(settings)
    dsn = settings.dsn(ROLE)
    with psycopg.connect(dsn) as connection:
        pinned = [row[0] for row in connection.execute(PIN)]
        connection.rollback()
        if not pinned:
            return results.report(GATE, [], checked=0, accepted=0, quarantined=0, problems=0), False
        outcomes = engine.run(rules, dsn)
        failed = [outcome for outcome in outcomes if not outcome.is_success]
        problems = sum(_write_problems(connection, rules, outcome, pinned) for outcome in failed)
        errors = [outcome.rule.code for outcome in failed if outcome.rule.is_error]
        quarantined = connection.execute(QUARANTINE, {"pinned": pinned, "rules": errors}).rowcount
        accepted = connection.execute(ACCEPT, {"pinned": pinned}).rowcount
        results.keep(connection, GATE, None, outcomes)
    figures = {"checked": len(pinned), "accepted": accepted, "quarantined": quarantined, "problems": problems}
    return results.report(GATE, outcomes, **figures), quarantined > 0


def _write_problems(connection: psycopg.Connection[Any], rules: Suite, outcome: Outcome, pinned: list[Any]) -> int:
    rule = outcome.rule
    statement = sql.SQL(PROBLEMS).format(
        rule_code=sql.Literal(rule.code),
        severity=sql.Literal(rule.severity),
        message_vi=sql.Literal(rule.message_vi),
        message_en=sql.Literal(rule.message_en),
        # The rule's text is the suite's and the programme's own, quoted where it was made.
        rows=sql.SQL(rules.select(rule)),
        pinned=sql.Literal(pinned),
    )
    return connection.execute(statement).rowcount
