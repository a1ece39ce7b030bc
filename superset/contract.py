"""Which columns the published views have, and which a dataset's SQL gives.

In: the contracts of the marts (dbt_project/models/marts/**/*.yml), SQL text. Out: columns with type and description.
Needs no server: a column that was renamed in dbt stops the generator here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

SCHEMA = "published"
READS = re.compile(rf"\b{SCHEMA}\.([a-z_]+)")
QUALIFIED = re.compile(r"\b([a-z_]+)\.([a-z_][a-z0-9_]*)\b")
ALIAS = re.compile(r"\bas ([a-z_][a-z0-9_]*)")
# Comments, texts, and what Superset fills in when it asks.
NOT_CODE = re.compile(r"--[^\n]*|'[^']*'|\{\{.*?\}\}")
# Made by migrations, not by dbt.
MIGRATED = {
    "publication": {
        "publication_no": ("integer", "The number of the publication shown."),
        "published_at": ("timestamp with time zone", "When it was published."),
        "known_at": ("timestamp with time zone", "The moment whose knowledge is used."),
        "code_version": ("text", "The version of the code that built it."),
        "run_id": ("bigint", "The run that built it."),
    },
    "unit_login": {
        "login": ("text", "The login of a unit."),
        "unit_key": ("text", "A unit that it may see; who is no unit's login sees those of all."),
    },
}


class ContractError(Exception):
    """An asset uses a column that the published views do not have."""


@dataclass(frozen=True)
class Column:
    """One column: its PostgreSQL type in lower case, and what it means."""

    name: str
    data_type: str
    description: str = ""

    @property
    def is_time(self) -> bool:
        """True for dates and timestamps."""
        return self.data_type.startswith(("date", "timestamp"))


Views = Mapping[str, Mapping[str, Column]]


def published_views(marts: Path) -> Views:
    """Every published view by name, from the contracts of the marts."""
    views = {view: {name: Column(name, *rest) for name, rest in columns.items()} for view, columns in MIGRATED.items()}
    for path in sorted(marts.rglob("*.yml")):
        for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models", []):
            views[model["name"]] = {
                column["name"]: Column(column["name"], column["data_type"].lower(), column.get("description", ""))
                for column in model.get("columns", [])
                if "data_type" in column
            }
    if len(views) == len(MIGRATED):
        raise ContractError(f"{marts} holds no contract of a mart")
    return views


def columns_of_view(view: str, names: list[str], views: Views) -> list[Column]:
    """The named columns of a view, all of which must be in its contract."""
    if view not in views:
        raise ContractError(f"{SCHEMA}.{view} is no mart; there are: {', '.join(sorted(views))}")
    unknown = sorted(set(names) - set(views[view]))
    if unknown:
        raise ContractError(f"{SCHEMA}.{view} has no {', '.join(unknown)}; it has: {', '.join(sorted(views[view]))}")
    return [views[view][name] for name in names]


def columns_of_sql(sql: str, names: list[str], computed: Mapping[str, str], views: Views) -> list[Column]:
    """The columns that a query gives: `names` come from the views it reads, `computed` (name: type) from the query.

    The query qualifies every column that it reads, so that each can be looked up here.
    """
    code = NOT_CODE.sub("", sql)
    reads = sorted(set(READS.findall(code)))
    known: dict[str, Column] = {}
    for view in reads:
        known |= {column.name: column for column in columns_of_view(view, list(views.get(view, {})), views)}
    made = set(ALIAS.findall(code))
    read = {column for table, column in QUALIFIED.findall(code) if table != SCHEMA}
    if unknown := sorted((read | set(names)) - set(known) - made):
        raise ContractError(f"{', '.join(unknown)}: not in {', '.join(reads)}; there are: {', '.join(sorted(known))}")
    if absent := sorted(set(computed) - made):
        raise ContractError(f"{', '.join(absent)}: the query does not make it")
    return [
        *(known[name] for name in names),
        *(Column(name, data_type) for name, data_type in computed.items()),
    ]
