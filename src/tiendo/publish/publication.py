"""From marts to a numbered publication, and back.

In: a connection as tiendo_publisher and a validated run. Out: rows of `store` that open or close with the new number,
one row of `ops.publication`, and the pointer `ops.shown` moved, all in one transaction. What is published is what
`store` has a table for; a table's key is its primary key without `pub_from`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from tiendo.publish.errors import PublishError

OPEN = 9223372036854775807
KEPT = 10
LOCK = 7406_0003
PAIR = {"period_code", "scope_key"}


@dataclass(frozen=True)
class Publication:
    """One published state: its number, the knowledge and last period it shows, and the rows it opened and closed."""

    publication_no: int
    run_id: int
    known_at: datetime
    data_to_period: str
    row_counts: dict[str, dict[str, int]]


@dataclass(frozen=True)
class Table:
    """A table of the store: its mart's columns in order, and its key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


def publish(connection: psycopg.Connection[Any]) -> Publication:
    """Publish the open, validated run. Raises PublishError when there is none; then nothing has moved."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        run = connection.execute(
            "select run_id, is_full, known_at, data_to_period, code_version, seeds_hash from ops.run "
            "where state = 'validated'"
        ).fetchone()
        if run is None:
            raise PublishError(
                "không có lần dựng nào đã qua kiểm tra; hãy chạy tiendo build rồi tiendo validate --gate marts."
                "\n        no build has passed its checks; run tiendo build, then tiendo validate --gate marts."
            )
        run_id, is_full, known_at, data_to_period, code_version, seeds_hash = run
        number: int = _one(connection, "select coalesce(max(publication_no), 0) + 1 from ops.publication")
        stored = tables(connection)
        _require_plain(connection, stored)
        counts = {table.name: _move(connection, table, number, run_id, is_full) for table in stored}
        connection.execute(
            "insert into ops.publication (publication_no, run_id, known_at, data_to_period, code_version, seeds_hash, "
            "row_counts) values (%s, %s, %s, %s, %s, %s, %s)",
            (number, run_id, known_at, data_to_period, code_version, seeds_hash, Jsonb(counts)),
        )
        connection.execute(
            "insert into ops.shown (publication_no) values (%s) "
            "on conflict (only_row) do update set publication_no = excluded.publication_no",
            (number,),
        )
        # Every view joins the pointer: a table never looked at is taken for thousands of rows, and each plan with it.
        connection.execute("analyze ops.shown")
        connection.execute(
            "update ops.run set state = 'published', finished_at = clock_timestamp() where run_id = %s", (run_id,)
        )
    return Publication(number, run_id, known_at, data_to_period, counts)


def rollback(connection: psycopg.Connection[Any]) -> int:
    """Show the publication before the one shown; its number. Raises PublishError when none is kept."""
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        earlier = connection.execute(
            "select max(p.publication_no) from ops.publication as p, ops.shown as s "
            "where p.publication_no < s.publication_no "
            "and p.publication_no > (select max(publication_no) from ops.publication) - %s",
            (KEPT,),
        ).fetchone()
        if earlier is None or earlier[0] is None:
            raise PublishError(
                f"không còn lần công bố nào trước đó ({KEPT} lần gần nhất được giữ). / "
                f"no earlier publication is kept (the last {KEPT} are)."
            )
        connection.execute("update ops.shown set publication_no = %s", (earlier[0],))
    number: int = earlier[0]
    return number


def tables(connection: psycopg.Connection[Any]) -> list[Table]:
    """What is published: the tables of the store with their columns and keys."""
    rows = connection.execute(
        "select c.relname, a.attname, coalesce(a.attnum = any(i.indkey), false) "
        "from pg_class as c inner join pg_namespace as n on n.oid = c.relnamespace "
        "inner join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped "
        "inner join pg_index as i on i.indrelid = c.oid and i.indisprimary "
        "where n.nspname = 'store' and c.relkind in ('r', 'p') and a.attname not in ('pub_from', 'pub_to') "
        "order by c.relname, a.attnum"
    ).fetchall()
    names = dict.fromkeys(name for name, _, _ in rows)
    return [
        Table(
            name,
            tuple(column for table, column, _ in rows if table == name),
            tuple(column for table, column, is_key in rows if table == name and is_key),
        )
        for name in names
    ]


def _require_plain(connection: psycopg.Connection[Any], stored: Sequence[Table]) -> None:
    """Raise unless the marts are plain tables of PostgreSQL's own types, and keep them so until the end.

    A view, a rule of rows or a type with its own cast would run the builder's functions with the publisher's rights.
    """
    names = [table.name for table in stored]
    for name in names:
        connection.execute(sql.SQL("lock table {} in access share mode").format(sql.Identifier("marts", name)))
    odd = connection.execute(
        "select 'marts.' || c.relname from pg_class as c "
        "where c.relnamespace = 'marts'::regnamespace and c.relname = any(%s) "
        "and (c.relkind not in ('r', 'p') or c.relrowsecurity or exists (select 1 from pg_attribute as a "
        "inner join pg_type as t on t.oid = a.atttypid where a.attrelid = c.oid and a.attnum > 0 "
        "and not a.attisdropped and t.typnamespace <> 'pg_catalog'::regnamespace)) order by 1",
        (names,),
    ).fetchall()
    if odd:
        shown = ", ".join(name for (name,) in odd)
        raise PublishError(
            f"{shown}: không phải là bảng thường, nên không công bố; hãy dựng lại bằng tiendo build."
            f"\n        {shown}: no plain table, so nothing is published; build it again with tiendo build."
        )


def _move(connection: psycopg.Connection[Any], table: Table, number: int, run_id: int, is_full: bool) -> dict[str, int]:
    """Close what changed or went, open what is new; in a narrowed run only among its (period, scope) pairs."""
    is_narrowed = not is_full and set(table.columns) >= PAIR
    names = {
        "store": sql.Identifier("store", table.name),
        "mart": sql.Identifier("marts", table.name),
        "columns": sql.SQL(", ").join(sql.Identifier("m", column) for column in table.columns),
        "into": sql.SQL(", ").join(sql.Identifier(column) for column in table.columns),
        "key": sql.SQL(", ").join(sql.Identifier("s", column) for column in table.key),
        "first": sql.Identifier(table.key[0]),
        "same_key": _all(table.key, "="),
        "same_row": _all([c for c in table.columns if c not in table.key], "is not distinct from"),
    }
    pairs = sql.SQL(
        " and ({side}.period_code, {side}.scope_key) in"
        " (select p.period_code, p.scope_key from ops.run_pair as p where p.run_id = %(run)s)"
    )
    values = {"number": number, "open": OPEN, "run": run_id, "keep_from": number - KEPT + 1}
    # Found first, closed then: Citus changes no table of the coordinator in a statement that reads a distributed one.
    connection.execute(
        sql.SQL(
            "create temporary table closing on commit drop as select {key} from {store} as s"
            " left join {mart} as m on {same_key} and {same_row} where s.pub_to = %(open)s and m.{first} is null"
        ).format(**names)
        + (pairs.format(side=sql.Identifier("s")) if is_narrowed else sql.SQL("")),
        values,
    )
    closed = connection.execute(
        sql.SQL(
            "update {store} as s set pub_to = %(number)s from closing as m where s.pub_to = %(open)s and {same_key}"
        ).format(**names),
        values,
    ).rowcount
    connection.execute("drop table closing")
    opened = connection.execute(
        sql.SQL(
            "insert into {store} ({into}, pub_from) select {columns}, %(number)s from {mart} as m"
            " left join {store} as s on s.pub_to = %(open)s and {same_key} where s.{first} is null"
        ).format(**names)
        + (pairs.format(side=sql.Identifier("m")) if is_narrowed else sql.SQL("")),
        values,
    ).rowcount
    connection.execute(sql.SQL("delete from {store} where pub_to <= %(keep_from)s").format(**names), values)
    return {"opened": opened, "closed": closed}


def _all(columns: Sequence[str], comparison: str) -> sql.Composable:
    if not columns:
        return sql.SQL("true")
    return sql.SQL(" and ").join(
        sql.SQL("m.{0} " + comparison + " s.{0}").format(sql.Identifier(column)) for column in columns
    )


def _one(connection: psycopg.Connection[Any], statement: str) -> Any:
    row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None
