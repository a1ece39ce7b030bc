"""The store holds the columns of the marts, in their types and keys: what is built can be published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Warehouse
from tiendo.publish.publication import tables

MARTS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts"
# Views over raw and the published submissions: never copied.
NOT_COPIED = {"fct_value", "fct_narrative"}


def contracts() -> dict[str, dict[str, Any]]:
    """The contract of each mart, from its yml."""
    models = [yaml.safe_load(path.read_text())["models"][0] for path in sorted(MARTS.rglob("*.yml"))]
    return {model["name"]: model for model in models}


def test_each_mart_has_its_table_with_its_columns_and_types(database: Warehouse) -> None:
    with database.connect("publisher") as connection:
        stored = {table.name: table for table in tables(connection)}
        types = {
            (row[0], row[1]): row[2]
            for row in connection.execute(
                "select table_name, column_name, data_type from information_schema.columns where table_schema = 'store'"
            )
        }
    marts = contracts()
    assert set(stored) == set(marts) - NOT_COPIED
    for name, table in stored.items():
        assert table.columns == tuple(column["name"] for column in marts[name]["columns"]), name
        for column in marts[name]["columns"]:
            assert types[name, column["name"]] == column["data_type"], (name, column["name"])


def test_the_key_of_a_table_is_the_grain_of_its_mart(database: Warehouse) -> None:
    with database.connect("publisher") as connection:
        stored = {table.name: table for table in tables(connection)}
    for name, mart in contracts().items():
        if name in NOT_COPIED:
            continue
        several = [test["unique_combination"]["arguments"]["columns"] for test in mart.get("data_tests", [])]
        single = [c["name"] for c in mart["columns"] if "unique" in c.get("data_tests", [])]
        grain = several[0] if several else single
        assert sorted(stored[name].key) == sorted(grain), name


@pytest.mark.parametrize("mart", sorted(NOT_COPIED))
def test_what_is_not_copied_has_the_columns_of_its_mart(database: Warehouse, mart: str) -> None:
    shown = database.rows(
        f"select attname from pg_attribute where attrelid = 'published.{mart}'::regclass and attnum > 0 order by attnum"
    )
    assert [row[0] for row in shown] == [column["name"] for column in contracts()[mart]["columns"]]


@pytest.mark.parametrize("relation", ["store", "published"])
def test_nobody_but_their_owner_can_change_them(database: Warehouse, relation: str) -> None:
    rows = database.rows(
        "select grantee, privilege_type from information_schema.role_table_grants "
        f"where table_schema = '{relation}' and privilege_type <> 'SELECT' and grantee not in "
        "('tiendo_owner', 'tiendo_view', 'tiendo_publisher')",
        "owner",
    )
    assert rows == []
