"""Every seed, model and column says what it is: grain first, and a word for each column."""

from __future__ import annotations

import csv
import functools
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[2] / "dbt_project"
SEEDS = sorted((PROJECT / "seeds").glob("*.csv"))
MODELS = sorted((PROJECT / "models").rglob("*.sql"))


@functools.cache
def described(kind: str) -> dict[str, dict[str, Any]]:
    """What the yml files say of seeds or models."""
    found: dict[str, dict[str, Any]] = {}
    for path in (PROJECT / "models").rglob("*.yml"):
        for each in yaml.safe_load(path.read_text()).get(kind, []):
            assert each["name"] == path.stem, f"one yml a {kind[:-1]}: {path}"
            found[each["name"]] = each
    return found


def test_there_is_something_to_look_at() -> None:
    assert len(SEEDS) > 20
    assert len(MODELS) > 15


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_seed_is_described_column_by_column_with_types(path: Path) -> None:
    seed = described("seeds")[path.stem]
    with path.open(encoding="utf-8", newline="") as handle:
        header = next(csv.reader(handle))
    assert seed["description"].startswith("Grain:")
    assert [column["name"] for column in seed["columns"]] == header
    assert all(column["description"] for column in seed["columns"])
    # Without a type a code such as 01 would become a number.
    assert set(seed["config"]["column_types"]) == set(header)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_begins_its_description_with_its_grain(path: Path) -> None:
    model = described("models")[path.stem]
    assert model["description"].strip().startswith("Grain:")
    assert all(column["description"] for column in model["columns"])
