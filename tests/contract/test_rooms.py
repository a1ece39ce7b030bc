"""Rooms that are no packages keep to their arrows too, and nothing but dags knows the scheduler."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = {"tiendo", "expectations", "dags", "benchmarks", "tests"}
# The room, and what of the house it may import. Its own modules lie beside each other.
ARROWS = {"superset": {"tiendo.programme"}, "dags": {"tiendo"}}


def imported(path: Path) -> set[str]:
    """The modules a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("room", ARROWS)
def test_a_room_imports_what_its_arrows_allow(room: str) -> None:
    files = sorted((ROOT / room).glob("*.py"))
    assert files
    for path in files:
        for module in imported(path):
            if module.split(".")[0] in OURS:
                allowed = any(module == arrow or module.startswith(f"{arrow}.") for arrow in ARROWS[room])
                assert allowed, f"{path.name} imports {module}"


def test_superset_is_no_package() -> None:
    # It would shadow the installed one.
    assert not (ROOT / "superset" / "__init__.py").exists()


@pytest.mark.parametrize("room", ["src", "expectations", "superset", "benchmarks"])
def test_only_the_dags_know_the_scheduler(room: str) -> None:
    for path in (ROOT / room).rglob("*.py"):
        assert not {module.split(".")[0] for module in imported(path)} & {"airflow", "cosmos", "dags"}, path
