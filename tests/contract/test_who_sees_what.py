"""Who sees what: each unit its own rows and the nation's, readers all, and nobody more than the decision says.

Every table of the store is filled for three units that have nothing to do with each other (and one that came from one
of them), and read through every published view by each unit's own database login.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from tests.conftest import Warehouse, copied
from tiendo.operate import postgres, unit_logins
from tiendo.operate.errors import ServiceError
from tiendo.operate.roles import UNIT_ROLE
from tiendo.operate.settings import Settings, kept
from tiendo.programme import Programme
from tiendo.programme.units import Unit

DECISION = Path(__file__).parents[2] / "docs" / "decisions" / "0012-who-sees-what.md"
# Not in the store: over raw, where the rule of fct_submission is theirs, and over ops.
NOT_STORED = {"fct_value": "by_unit", "fct_narrative": "by_unit", "unit_login": "by_login", "publication": "open"}
SAMPLES = {
    "text": "x",
    "integer": 1,
    "bigint": 1,
    "numeric": 1,
    "boolean": True,
    "date": "2026-01-01",
    "timestamp with time zone": "2026-01-01",
}
FOREIGN = "region@2022-09-14"


def units_of(programme: Programme) -> list[Unit]:
    """A unit with a past, the unit it came from, and two that have nothing to do with either."""
    heir = next(unit for unit in programme.units if programme.ancestors(unit))
    alone = [unit for unit in programme.units if not programme.ancestors(unit) and not programme.descendants(unit)]
    return [heir, programme.ancestors(heir)[0], *alone[:2]]


def submission_of(key: str) -> uuid.UUID:
    """The one submission of a unit."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, key)


def fill(database: Warehouse, units: list[Unit]) -> None:
    """One row a unit (and one of the nation, and one of a region) in every table of the store, and their reports."""
    keys = [unit.key for unit in units]
    with database.connect("owner") as connection:
        connection.execute(
            "with r as (insert into ops.run (state, is_full, data_to_period, known_at, code_version, seeds_hash) "
            "values ('published', true, '2026-01', now(), 'x', 'x') returning run_id), "
            "p as (insert into ops.publication (publication_no, run_id, known_at, data_to_period, code_version, "
            "seeds_hash, row_counts) select 1, run_id, now(), '2026-01', 'x', 'x', '{}' from r returning 1) "
            "select * from p"
        )
        connection.execute("insert into ops.shown (publication_no) values (1)")
        for unit in units:
            connection.execute(
                "insert into raw.submission (submission_id, sha256, door_code, file_name, byte_count, received_at, "
                "collected_at, is_historical, state) values (%s, %s, 'x', 'x', 1, now(), now(), true, 'collected')",
                (submission_of(unit.key), submission_of(unit.key).hex * 2),
            )
            connection.execute(
                "insert into raw.reported_value (submission_id, element_code, disaggregation_code, value_number, "
                "value_state, value_cell) values (%s, 'x', 'total', 1, 'reported', 'x')",
                (submission_of(unit.key),),
            )
            connection.execute(
                "insert into raw.reported_text (submission_id, theme, body, cell) values (%s, 'result', 'x', 'x')",
                (submission_of(unit.key),),
            )
        for table, columns in columns_of(connection).items():
            for key in [*keys, "nation", FOREIGN]:
                row = {name: value(name, data_type, key) for name, data_type in columns.items()}
                connection.execute(
                    sql.SQL("insert into store.{} ({}) values ({}) on conflict do nothing").format(
                        sql.Identifier(table),
                        sql.SQL(", ").join(map(sql.Identifier, row)),
                        sql.SQL(", ").join(map(sql.Literal, row.values())),
                    )
                )


def value(column: str, data_type: str, key: str) -> Any:
    """What a row of a unit holds in a column: in the first texts of every table the unit, so that rows can be told."""
    if column in ("unit_key", "scope_key"):
        return key
    if column == "state":
        return "accepted"
    if data_type == "uuid":
        return submission_of(key)
    return SAMPLES[data_type]


def columns_of(connection: psycopg.Connection[Any]) -> dict[str, dict[str, str]]:
    """The columns of each table of the store, with their types."""
    found: dict[str, dict[str, str]] = {}
    for table, column, data_type in connection.execute(
        "select table_name, column_name, data_type from information_schema.columns "
        "where table_schema = 'store' and column_name <> 'pub_to' order by table_name, ordinal_position"
    ):
        found.setdefault(table, {})[column] = data_type
    return found


def rules(database: Warehouse) -> dict[str, str]:
    """The rule of each published view, as it is in the database."""
    found = database.rows(
        "select c.relname, p.policyname from pg_class as c left join pg_policies as p on p.schemaname = 'store' "
        "and p.tablename = c.relname and p.roles = '{tiendo_view}' and c.relrowsecurity "
        "where c.relnamespace = 'store'::regnamespace and c.relkind in ('r', 'p')"
    )
    return {**dict(found), **NOT_STORED}


def connect_as(database: Warehouse, login: str) -> psycopg.Connection[Any]:
    """A session of a unit's own login."""
    settings = database.settings
    password = quote(kept(settings.unit_logins, (login,))[login], safe="")
    address = f"{settings.host}:{settings.postgres_port}/{settings.database}"
    return psycopg.connect(f"postgresql://{login}:{password}@{address}", autocommit=True)


@pytest.fixture(scope="module")
def programme(server: Settings) -> Programme:
    return Programme.read(server.programme_dir)


@pytest.fixture(scope="module")
def units(programme: Programme) -> list[Unit]:
    return units_of(programme)


@pytest.fixture(scope="module")
def filled(server: Settings, units: list[Unit]) -> Iterator[Warehouse]:
    with copied(server) as warehouse:
        fill(warehouse, units)
        yield warehouse


@pytest.fixture
def unit_session(filled: Warehouse, units: list[Unit]) -> Iterator[psycopg.Connection[Any]]:
    """A session of a unit that has nothing to do with the others."""
    with connect_as(filled, unit_logins.login_of(units[-1])) as connection:
        yield connection


def test_every_table_has_the_rule_that_was_decided(database: Warehouse) -> None:
    decided = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", DECISION.read_text(encoding="utf-8"), re.MULTILINE))
    assert rules(database) == decided


def test_every_view_stands_on_a_rule(database: Warehouse) -> None:
    views = database.rows("select viewname from pg_views where schemaname = 'published'")
    assert {name for (name,) in views} == set(rules(database))


def test_no_unit_sees_a_row_of_another_and_readers_see_all(
    filled: Warehouse, programme: Programme, units: list[Unit]
) -> None:
    told = {"by_unit": "unit_key", "by_scope": "scope_key", "by_submission": "submission_id", "by_login": "login"}
    everything = rules(filled)
    assert {"open", "by_unit", "by_scope"} <= set(everything.values())
    stored = dict.fromkeys(everything, 0)
    for view in everything:
        stored[view] = filled.rows(f"select count(*) from published.{view}", "reader")[0][0]
    assert all(stored.values())
    for unit in units:
        own = set(unit_logins.visible_keys(programme, unit))
        login = unit_logins.login_of(unit)
        seen = {
            "by_unit": own,
            "by_scope": own | {"nation"},
            "by_submission": {submission_of(key) for key in own},
            "by_login": {login},
        }
        with connect_as(filled, login) as connection:
            for view, rule in everything.items():
                if rule in told:
                    query = f"select {told[rule]} from published.{view}"
                    there = {row[0] for row in filled.rows(query, "reader")}
                    assert there - seen[rule], f"{view} holds nothing that could leak"
                    found = {row[0] for row in connection.execute(query.encode())}
                    assert found == there & seen[rule], (unit.key, view)
                else:
                    count = connection.execute(f"select count(*) from published.{view}".encode()).fetchone()
                    assert count == ((stored[view] if rule == "open" else 0),), (unit.key, view)


def test_a_unit_sees_itself_its_past_and_its_future(programme: Programme, units: list[Unit]) -> None:
    heir, former, *others = units
    assert former.key in unit_logins.visible_keys(programme, heir)
    assert heir.key in unit_logins.visible_keys(programme, former)
    for other in others:
        assert unit_logins.visible_keys(programme, other) == [other.key]


def test_what_several_became_is_shown_to_none_of_them(programme: Programme) -> None:
    """The successor's sums, less one's own rows, would be the others'."""
    merged = next(unit for unit in programme.units if len(programme.ancestors(unit)) > 1)
    parts = programme.ancestors(merged)
    assert {part.key for part in parts} < set(unit_logins.visible_keys(programme, merged))
    for part in parts:
        assert unit_logins.visible_keys(programme, part) == [part.key]


@pytest.mark.parametrize(
    "statement",
    [
        "select 1 from store.fct_submission",
        "select 1 from raw.submission",
        "select 1 from ops.unit_login",
        "select 1 from ops.publication",
        "select 1 from pg_authid",
        "create table marts.a (b int)",
        "insert into store.dim_period (period_code, pub_from) values ('x', 1)",
        "create temporary table a (b int)",
        "create table published.a (b int)",
        "create table public.a (b int)",
        "select lo_create(0)",
        "select pg_read_file('/etc/hostname')",
        "copy (select 1) to program 'true'",
        "call ops.set_row_rules()",
    ],
)
def test_a_unit_reads_the_published_views_and_does_nothing_else(
    unit_session: psycopg.Connection[Any], statement: str
) -> None:
    # Reading only is where a session starts; that it may be switched off must gain nothing.
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        unit_session.execute("create table published.a (b int)")
    unit_session.execute("set default_transaction_read_only = off")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        unit_session.execute(statement.encode())


def test_a_unit_may_write_to_no_relation(unit_session: psycopg.Connection[Any]) -> None:
    # Writing to pg_settings is another way to say SET.
    writes = unit_session.execute(
        "select oid::regclass::text from pg_class where has_table_privilege(oid, 'insert, update, delete, truncate') "
        "and oid <> 'pg_settings'::regclass"
    ).fetchall()
    assert writes == []


def test_no_room_but_published_is_open_to_a_unit(unit_session: psycopg.Connection[Any]) -> None:
    rows = unit_session.execute(
        "select nspname from pg_namespace where has_schema_privilege(oid, 'usage') and nspname !~ '^pg_'"
    ).fetchall()
    assert {name for (name,) in rows} == {"published", "information_schema"}


@pytest.mark.parametrize(
    "role", ["tiendo_reader", "tiendo_view", "tiendo_owner", "tiendo_publisher", "postgres", UNIT_ROLE, "another unit"]
)
def test_a_unit_becomes_nobody_else(unit_session: psycopg.Connection[Any], units: list[Unit], role: str) -> None:
    wanted = unit_logins.login_of(units[0]) if role == "another unit" else role
    for statement in ("set role {}", "set session authorization {}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            unit_session.execute(sql.SQL(statement).format(sql.Identifier(wanted)))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        unit_session.execute("select set_config('role', %s, false)", (wanted,))


def test_a_login_that_the_table_does_not_know_sees_no_unit_rather_than_all(
    database: Warehouse, units: list[Unit]
) -> None:
    fill(database, units)
    with database.connect("owner") as connection:
        connection.execute("delete from ops.unit_login")
    with connect_as(database, unit_logins.login_of(units[0])) as connection:
        assert connection.execute("select count(*) from published.rpt_compliance").fetchone() == (0,)
        assert connection.execute("select distinct scope_key from published.fct_indicator").fetchall() == [("nation",)]


def test_a_table_without_a_decision_is_hidden_from_units(database: Warehouse, units: list[Unit]) -> None:
    with database.connect("owner") as connection:
        connection.execute("create table store.rpt_new (text text); insert into store.rpt_new values ('x')")
        connection.execute("create view published.rpt_new with (security_barrier) as select text from store.rpt_new")
        connection.execute("alter view published.rpt_new owner to tiendo_view")
        connection.execute("grant select on store.rpt_new to tiendo_view")
        connection.execute("grant select on published.rpt_new to tiendo_reader")
        connection.execute("call ops.set_row_rules()")
    assert rules(database)["rpt_new"] == "hidden"
    assert database.rows("select * from published.rpt_new", "reader") == [("x",)]
    with connect_as(database, unit_logins.login_of(units[0])) as connection:
        assert connection.execute("select * from published.rpt_new").fetchall() == []


def test_logins_are_made_once_and_the_rest_is_left_alone(server: Settings) -> None:
    stored = "select rolname, rolpassword, oid from pg_authid where rolname like 'tiendo_unit_%' order by rolname"
    with postgres.connect(server) as connection:
        before = connection.execute(stored.encode()).fetchall()
        started = time.monotonic()
        unit_logins.prepare(server)
        assert time.monotonic() - started < 3
        assert connection.execute(stored.encode()).fetchall() == before
    assert len(before) == len(Programme.read(server.programme_dir).units)
    assert server.unit_logins.stat().st_mode & 0o777 == 0o600
    assert server.unit_accounts.stat().st_mode & 0o777 == 0o600


def test_a_units_login_is_bound_to_reading_a_little_at_a_time(server: Settings) -> None:
    with postgres.connect(server) as connection:
        bounds = connection.execute(
            "select distinct rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolconnlimit, rolconfig from pg_roles "
            "where rolname like 'tiendo_unit_%'"
        ).fetchall()
    assert bounds == [
        (
            *(False, False, False, False, 20),
            ["default_transaction_read_only=on", "statement_timeout=30s", "temp_file_limit=1GB"],
        ),
    ]


def test_units_that_the_seeds_no_longer_have_cannot_come_in_until_they_are_back(
    database: Warehouse, units: list[Unit]
) -> None:
    settings = database.settings
    other = replace(settings, programme_dir=settings.checkout / "tests" / "programmes" / "lantern")
    try:
        unit_logins.prepare(other)
        with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
            connect_as(database, unit_logins.login_of(units[0]))
        known = {login for (login,) in database.rows("select distinct login from ops.unit_login", "owner")}
        assert known == {unit_logins.login_of(unit) for unit in Programme.read(other.programme_dir).units}
    finally:
        unit_logins.prepare(settings)
    connect_as(database, unit_logins.login_of(units[0])).close()


@pytest.mark.parametrize(
    ("code", "is_fine"),
    [("51", True), ("BCA", True), ("A" * 42, True), ("A" * 43, False), ("Á", False), ("a-b", False)],
)
def test_a_login_says_code_and_first_day(units: list[Unit], code: str, is_fine: bool) -> None:
    unit = replace(units[0], code=code, valid_from=date(2025, 7, 1))
    if is_fine:
        assert unit_logins.login_of(unit) == f"tiendo_unit_{code.lower()}_20250701"
    else:
        with pytest.raises(ServiceError, match="its code makes no login"):
            unit_logins.login_of(unit)
