"""Gate marts: what the open run has built, before anyone may see it.

In: the marts and the seeds beside them. Out: ops.run is 'validated' when no rule of severity error failed; otherwise
it stays unpublished, and dashboards keep showing the last publication. Each outcome is a row of ops.validation_result.
"""

from __future__ import annotations

from typing import Any

import psycopg

from expectations import engine, results
from expectations.errors import NoRunError
from expectations.rules import read_suite
from tiendo.operate.settings import Settings

GATE = "marts"
ROLE = "tiendo_builder"
OPEN = "select run_id from ops.open_run"
# A run that was validated and no longer holds must not be published.
MOVE = "update ops.run set state = %s where run_id = %s and state in ('building', 'validated')"


def run(settings: Settings) -> tuple[dict[str, Any], bool]:
    """Pass the gate; the report, and whether any error was found."""
    dsn = settings.dsn(ROLE)
    with psycopg.connect(dsn) as connection:
        row = connection.execute(OPEN).fetchone()
        connection.rollback()
        if row is None:
            raise NoRunError(
                "không có lượt xây dựng nào đang mở: hãy chạy `tiendo build` trước.\n"
                "        no run is open: gate marts checks what has been built, so start with `tiendo build`."
            )
        run_id = int(row[0])
        outcomes = engine.run(read_suite(GATE), dsn)
        is_faulty = any(outcome.is_error for outcome in outcomes)
        results.keep(connection, GATE, run_id, outcomes)
        connection.execute(MOVE, ("building" if is_faulty else "validated", run_id))
    errors = sum(outcome.is_error for outcome in outcomes)
    warnings = sum(not outcome.is_success and not outcome.rule.is_error for outcome in outcomes)
    return results.report(GATE, outcomes, run=run_id, errors=errors, warnings=warnings), is_faulty
