"""Suites are read strictly, and the programme's rules become selects."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from expectations.errors import SuiteError
from expectations.rules import SEVERITIES, SUITES, programme_rules, read_suite, statement
from tiendo.programme import ValidationRule

RULE = {"rule": "r", "batch": "b", "severity": "error", "reason": "because", "unexpected": "select 1 from batch"}


def suite_of(folder: Path, *rules: dict[str, object]) -> Path:
    (folder / "g.yml").write_text(yaml.safe_dump({"batches": {"b": "select 1 as x"}, "rules": list(rules)}))
    return folder


@pytest.mark.parametrize("gate", ["raw", "marts"])
def test_every_rule_of_the_house_has_a_reason_and_a_severity(gate: str) -> None:
    rules = read_suite(gate).rules

    assert rules
    assert all(len(rule.reason) > 20 and rule.severity in SEVERITIES for rule in rules)


def test_a_problem_of_gate_raw_can_be_told_to_the_unit_in_both_languages() -> None:
    assert all(rule.message_vi and rule.message_en for rule in read_suite("raw").rules)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": ""}, "no reason"),
        ({"severity": "fatal"}, "severity 'fatal'"),
        ({"batch": "elsewhere"}, "elsewhere"),
        ({"unexpected": ""}, "either"),
        ({"expect": "expect_column_to_exist"}, "either"),
        ({"resaon": "typing error"}, "resaon"),
    ],
)
def test_a_rule_that_cannot_be_run_is_refused_by_name(tmp_path: Path, change: dict[str, str], said: str) -> None:
    with pytest.raises(SuiteError, match=said) as refused:
        read_suite("g", suite_of(tmp_path, {**RULE, **change}))
    assert "'r'" in str(refused.value)


def test_a_code_stands_once(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="twice"):
        read_suite("g", suite_of(tmp_path, RULE, RULE))


def test_only_the_rules_of_the_gate_are_taken_and_names_are_quoted() -> None:
    rules = [
        ValidationRule("here", "raw", "error", "not_above", "L'1", "R", "vi", "en"),
        ValidationRule("there", "marts", "error", "not_above", "L", "R", "vi", "en"),
    ]
    (rule,) = programme_rules(rules, "raw", "values")

    assert (rule.code, rule.batch, rule.message_vi) == ("here", "values", "vi")
    assert "'L''1'" in rule.unexpected


def test_the_rule_knows_its_source_as_batch(tmp_path: Path) -> None:
    (rule,) = read_suite("g", suite_of(tmp_path, RULE)).rules

    assert statement(rule, "t") == (
        "with batch as (select * from t as source) select * from (select 1 from batch) as unexpected"
    )


def test_suites_hold_nothing_of_one_programme(pytestconfig: pytest.Config) -> None:
    seeds = pytestconfig.rootpath / "dbt_project" / "seeds"
    codes = {line.partition(",")[0] for line in (seeds / "element.csv").read_text(encoding="utf-8").splitlines()[1:]}
    text = "".join(path.read_text(encoding="utf-8") for path in SUITES.glob("*.yml"))

    assert codes
    assert not [code for code in codes if code in text]
