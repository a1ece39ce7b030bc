"""Great Expectations over PostgreSQL: whether each rule of a suite holds, and how many rows break it.

In: a suite and a data source name. Out: one `Outcome` a rule. The context is ephemeral and silent: nothing is written
to disk, nothing is sent anywhere. Importing the library costs seconds, so it happens here, once, when there is work.
"""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from expectations.errors import RuleBrokenError, SuiteError
from expectations.rules import Rule, Suite, statement

SAMPLE_ROWS = 20
SEVERITY = {"error": "critical", "warning": "warning"}
# Asked of every batch beside its rules: a rule that looked at no row has said nothing.
ROW_COUNT = Rule(
    code="row_count",
    batch="",
    severity="warning",
    reason="how many rows the batch has",
    expect="expect_table_row_count_to_be_between",
)


@dataclass(frozen=True)
class Outcome:
    """What became of one rule. `checked_count` is the rows looked at; `sample` the first rows that broke it."""

    rule: Rule
    is_success: bool
    checked_count: int
    unexpected_count: int
    sample: tuple[Any, ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether it failed, and gravely."""
        return not self.is_success and self.rule.is_error


def run(suite: Suite, dsn: str) -> list[Outcome]:
    """Evaluate every rule, batch by batch; RuleBrokenError when one cannot be evaluated at all."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx  # noqa: PLC0415 - seconds of import, paid only when there is something to check
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    # A bar for each of fifty queries tells nobody anything.
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_postgres(
        "warehouse", connection_string=dsn.replace("postgresql://", "postgresql+psycopg://", 1)
    )
    outcomes: list[Outcome] = []
    try:
        for name, rules in groupby(sorted(suite.rules, key=lambda rule: rule.batch), key=lambda rule: rule.batch):
            asset = source.add_query_asset(name, query=suite.batches[name])
            batch = asset.add_batch_definition_whole_table("all").get_batch()
            asked = [replace(ROW_COUNT, batch=name), *rules]
            expectations = [_expectation(rule) for rule in asked]
            results = batch.validate(gx.ExpectationSuite(name, expectations), result_format="COMPLETE").results
            found: dict[str, Any] = {_rule_code(result): result for result in results}
            checked = int(found[ROW_COUNT.code].result["observed_value"])
            outcomes += [_outcome(rule, found[rule.code], checked) for rule in asked[1:]]
    finally:
        source.get_execution_engine().close()
    order = {rule.code: place for place, rule in enumerate(suite.rules)}
    return sorted(outcomes, key=lambda outcome: order[outcome.rule.code])


def _rule_code(result: Any) -> str:
    return str(result.expectation_config.meta["rule"])


def _expectation(rule: Rule) -> Any:
    known = importlib.import_module("great_expectations.expectations")
    common: dict[str, Any] = {"meta": {"rule": rule.code}, "severity": SEVERITY[rule.severity]}
    if rule.unexpected:
        # {batch} is filled in by the library; every other brace is the rule's own.
        query = statement(rule, "BATCH").replace("{", "{{").replace("}", "}}").replace("BATCH as source", "{batch}")
        return known.UnexpectedRowsExpectation(unexpected_rows_query=query, **common)
    name = "".join(word.capitalize() for word in rule.expect.split("_"))
    kind = getattr(known, name, None)
    if kind is None:
        raise SuiteError(f"rule {rule.code!r} expects {rule.expect!r}, which Great Expectations does not know")
    try:
        return kind(**rule.arguments, **common)
    except ValueError as error:
        raise SuiteError(f"rule {rule.code!r}: {rule.expect} refuses {dict(rule.arguments)}: {error}") from error


def _outcome(rule: Rule, found: Any, checked: int) -> Outcome:
    if broken := _exception(found.exception_info):
        raise RuleBrokenError(f"rule {rule.code!r} over {rule.batch} could not be evaluated: {broken}")
    result = found.result
    if rule.unexpected:
        sample = (result.get("details") or {}).get("unexpected_rows") or []
        return Outcome(rule, bool(found.success), checked, int(result["observed_value"]), tuple(sample[:SAMPLE_ROWS]))
    sample = result.get("partial_unexpected_list") or []
    # A rule about the whole batch counts no rows, and over an empty batch none does.
    count = result.get("unexpected_count") or int(not found.success)
    return Outcome(rule, bool(found.success), checked, int(count), tuple(sample[:SAMPLE_ROWS]))


def _exception(info: dict[str, Any]) -> str:
    # One entry, or one a metric when a metric raised.
    entries = [info] if "raised_exception" in info else list(info.values())
    said = [str(entry["exception_message"]).splitlines()[0] for entry in entries if entry.get("raised_exception")]
    return said[0] if said else ""
