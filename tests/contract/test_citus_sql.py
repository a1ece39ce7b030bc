"""What Citus refuses over distributed tables stands nowhere in our SQL, and what is spread is spread by its unit.

SQL is looked for where it is written: models, macros and tests of dbt, the texts inside Python, the datasets and saved
questions of the dashboards. Words in comments and quotes are none of it. An excuse names its file and says why.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlfluff.core import FluffConfig
from sqlfluff.core.parser import Lexer

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "dbt_project" / "models"
NO_WORDS = ("comment", "whitespace", "newline", "quote", "end_of_file")
# Over a distributed table; the first word of a call or clause is enough where nothing else is called so.
FORBIDDEN = {
    ("merge", "into"): "MERGE",
    ("with", "recursive"): "recursive CTE",
    ("grouping", "sets"): "GROUPING SETS",
    ("rollup", "("): "ROLLUP",
    ("cube", "("): "CUBE",
}
NUMBERED = {"serial", "bigserial", "smallserial", "identity", "nextval"}
IN_ROOMS = ("raw", "store")
COORDINATOR = "raw is keyed by submission and lies on the coordinator; its tables are never distributed"
EXCUSED = {
    ("int_lineage.sql", "recursive CTE"): "over dim_unit and a seed, which every node has whole",
    ("int_expected_value.sql", "recursive CTE"): "over dim_unit and seeds, which every node has whole",
    ("0001_raw_and_ops.py", "foreign key of raw"): COORDINATOR,
    ("0003_door_file.py", "foreign key of raw"): COORDINATOR,
}


def refused(text: str) -> set[str]:
    """What of a text of SQL, Jinja or not, Citus would refuse."""
    found: set[str] = set()
    words = list(words_of(text, lambda body: found.update(refused(body))))
    found |= {name for start, name in FORBIDDEN.items() if start in set(itertools.pairwise(words))}
    for statement in statements(words):
        found |= set(of_function(statement)) | set(of_table(statement))
    return found


def words_of(text: str, on_body: Callable[[str], None]) -> Iterator[str]:
    """Words and signs in small letters, without comments and quotes; bodies between dollars are handed on."""
    for token in LEXER.lex(text)[0]:
        kind = token.get_type()
        if kind == "dollar_quote":
            tag = token.raw[: token.raw.index("$", 1) + 1]
            on_body(token.raw[len(tag) : -len(tag)])
        elif not any(part in kind for part in NO_WORDS):
            yield token.raw.lower()


LEXER = Lexer(config=FluffConfig(overrides={"dialect": "postgres"}))


def statements(words: list[str]) -> Iterator[list[str]]:
    for is_end, group in itertools.groupby(words, lambda word: word == ";"):
        if not is_end:
            yield list(group)


def of_function(words: list[str]) -> Iterator[str]:
    """A function in SQL with parameters: Citus cannot inline it over shards."""
    if words[:1] == ["create"] and "function" in words[:4] and ("language", "sql") in set(itertools.pairwise(words)):
        opened = words.index("(") if "(" in words else len(words)
        if words[opened + 1 : opened + 2] != [")"]:
            yield "SQL function with parameters"


def of_table(words: list[str]) -> Iterator[str]:
    """Keys that a distributed table may not have: numbers drawn from a sequence, and the keys of other tables."""
    if words[:1] not in (["create"], ["alter"]) or "table" not in words[:3]:
        return
    rooms = [room for room, dot in itertools.pairwise(words[:10]) if dot == "." and room in IN_ROOMS]
    for room in rooms[:1]:
        if NUMBERED & set(words):
            yield f"numbered key of {room}"
        if "references" in words:
            yield f"foreign key of {room}"


def texts() -> Iterator[tuple[Path, str]]:
    """Every text that is or may be SQL, with its file."""
    for path in sorted([*(ROOT / "dbt_project").rglob("*.sql"), *(ROOT / "superset" / "templates").rglob("*.sql")]):
        yield path, path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "superset" / "templates" / "questions").glob("*.yml")):
        yield from ((path, text) for text in strings_of_yaml(yaml.safe_load(path.read_text(encoding="utf-8"))))
    for room in ("src", "expectations", "superset"):
        for path in sorted((ROOT / room).rglob("*.py")):
            yield from ((path, text) for text in strings_of_python(path.read_text(encoding="utf-8")))


def strings_of_yaml(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings_of_yaml(each)


def strings_of_python(source: str) -> Iterator[str]:
    """Strings, with a name where something is filled in; no docstrings."""
    parts: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr):
            parts.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            parts |= {id(each) for each in node.values}
            yield "".join(str(e.value) if isinstance(e, ast.Constant) else "filled" for e in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def test_nothing_that_citus_refuses_is_written_anywhere() -> None:
    found = {(path.name, name): path for path, text in texts() for name in refused(text)}
    assert found.keys() - EXCUSED.keys() == set()
    # An excuse that is needed no longer would cover the next one.
    assert EXCUSED.keys() - found.keys() == set()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("merge into store.fct_indicator as s using m on true when matched then delete", "MERGE"),
        ("{% if x %}with recursive a as (select 1) select * from a{% endif %}", "recursive CTE"),
        ("select a from {{ ref('t') }} group by grouping sets ((a), ())", "GROUPING SETS"),
        ("select a from t group by rollup (a)", "ROLLUP"),
        ("select a from t group by Cube(a)", "CUBE"),
        (
            "create or replace function f(a int) language sql as $$select a$$",
            "SQL function with parameters",
        ),
        ("create function f(a int) returns int as $$select a$$ language sql;", "SQL function with parameters"),
        ("select 1; create table store.t (id bigserial)", "numbered key of store"),
        ("create table raw.t (id bigint generated always as identity)", "numbered key of raw"),
        ("alter table store.t add column id bigint default nextval('s')", "numbered key of store"),
        ("create table if not exists store.t (a text references store.u)", "foreign key of store"),
        ("do $$ begin merge into t using s on true when matched then do nothing; end $$", "MERGE"),
    ],
)
def test_each_rule_finds_what_it_is_for(text: str, name: str) -> None:
    assert refused(text) == {name}


@pytest.mark.parametrize(
    "text",
    [
        "-- merge into, with recursive\nselect 'rollup (a)', \"cube\" from t /* grouping sets */",
        "create function f() returns int language sql as $$select 1$$",
        "create function f(a int) returns int language plpgsql as $$begin return a; end$$",
        "create table ops.run (id bigint generated always as identity references ops.other)",
        "create table store.t (a text); create table ops.u (id serial)",
    ],
)
def test_what_is_allowed_is_not_found(text: str) -> None:
    assert refused(text) == set()


def test_sql_inside_python_and_yaml_is_found() -> None:
    source = '"""with recursive"""\nA = f"with {x} select 1 group by rollup (a)"\nB = "merge " "into t"'
    assert {name for text in strings_of_python(source) for name in refused(text)} == {"ROLLUP", "MERGE"}
    assert list(strings_of_yaml({"a": [{"sql": "select 1"}], "b": 2})) == ["select 1"]


def models() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(MODELS.rglob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            yield path.stem, model


def test_a_distributed_table_is_spread_by_its_unit() -> None:
    keys = {name: model.get("config", {}).get("meta", {}).get("distributed_by") for name, model in models()}
    spread = {name: key for name, key in keys.items() if key not in (None, "local")}
    assert spread
    for name, model in models():
        if name not in spread:
            continue
        assert spread[name] in ("unit_key", "scope_key"), name
        written = (next(MODELS.rglob(f"{name}.sql"))).read_text(encoding="utf-8")
        assert spread[name] in written, name
        assert "materialized='view'" not in written, name
        assert model.get("description"), name
