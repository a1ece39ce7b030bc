"""What the runbooks name is there: seeds, rules of the gates, commands, targets of make; they speak both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
OWN = {"add-an-indicator", "correct-a-number", "reorganise-units", "spot-checks", "unit-accounts"}
OWN |= {"production", "single-sign-on"}


def test_the_runbooks_are_there() -> None:
    # A page that is not named here would be held by no rule.
    assert {path.stem for path in RUNBOOKS} == OWN


@pytest.mark.parametrize("name", sorted(OWN))
def test_a_runbook_names_what_exists(name: str) -> None:
    text = (ROOT / "docs" / "runbooks" / f"{name}.md").read_text(encoding="utf-8")
    assert "\n## In English\n" in text
    seeds = set(re.findall(r"`([a-z_]+)\.csv`", text))
    assert seeds
    for seed in seeds:
        assert (ROOT / "dbt_project" / "seeds" / f"{seed}.csv").exists(), seed
    rules = (ROOT / "expectations" / "suites" / "marts.yml").read_text(encoding="utf-8")
    for rule in re.findall(r"`((?:a|nothing|no)_[a-z_]+)`", text):
        assert f"- rule: {rule}\n" in rules, rule
    commands = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "tiendo").glob("cli*.py"))
    for command in set(re.findall(r"\btiendo ([a-z-]+)", text)):
        assert f"def {command.replace('-', '_')}(" in commands, command
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake ([a-z-]+)", text)):
        assert f"\n{target}:" in targets, target


@pytest.mark.parametrize("name", sorted(OWN))
def test_a_runbook_is_one_page(name: str) -> None:
    assert len((ROOT / "docs" / "runbooks" / f"{name}.md").read_text(encoding="utf-8").splitlines()) <= 60
