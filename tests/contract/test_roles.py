"""What each role of the database may not do, tried as that role: on what others own, on the server, on its files.

What a role may do is said once, in MAY, and compared with the whole database: a new grant that nobody decided fails.
The tries run in the template itself (all of them are refused), because a copy takes over no right on a database.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.conftest import Warehouse
from tiendo.operate import postgres, unit_logins
from tiendo.operate.roles import OWNED, TEMP_FILES, UNIT_ROLE, VIEW_ROLE, WORKERS
from tiendo.operate.settings import OWN_DATABASES, Settings, kept
from tiendo.programme import Programme

DESIGNED = ("loader", "builder", "publisher", "reader")
OTHERS = ("unit", *OWN_DATABASES)
EVERYBODY = (*DESIGNED, *OTHERS)
# By relation, or by a whole schema (raw.*); `maintain` is the right to count rows anew (analyze).
MAY: dict[str, dict[str, set[str]]] = {
    "tiendo_loader": {
        "select": {"raw.*", "ops.*"},
        "insert": {"raw.*", "ops.validation_result"},
        "update": {"raw.*"},
        "delete": {"raw.*"},
        "maintain": {"raw.submission", "raw.reported_value"},
    },
    "tiendo_builder": {
        "select": {"raw.*", "ops.*"},
        "insert": {"ops.run", "ops.run_pair", "ops.seed_file", "ops.validation_result"},
        "update": {"ops.run"},
        "delete": {"ops.run_pair"},
        "maintain": {"ops.run_pair"},
    },
    "tiendo_publisher": {
        "select": {"raw.*", "ops.*", "store.*"},
        "insert": {"ops.publication", "ops.shown", "store.*"},
        "update": {"ops.publication", "ops.run", "ops.shown", "store.*"},
        "delete": {"ops.publication", "ops.shown", "store.*"},
        "maintain": {"ops.shown"},
    },
    "tiendo_reader": {"select": {"published.*"}},
    UNIT_ROLE: {"select": {"published.*"}},
    **{name: {} for name in OWN_DATABASES},
}
# Of what a role has a whole schema of, these are left out.
BUT = {
    "tiendo_loader": {"ops.seed_file", "ops.unit_login"},
    "tiendo_builder": {"raw.door_file", "ops.unit_login"},
    "tiendo_publisher": {"raw.door_file", "ops.unit_login"},
}
CREATES = {"tiendo_builder": set(OWNED["tiendo_builder"]), VIEW_ROLE: {"published"}}

# Refused to everybody: the server, its files, its other roles and what belongs to all.
NOBODY_MAY = (
    "select * from pg_authid",
    "select * from pg_shadow",
    "select pg_read_file('/etc/hostname')",
    "select pg_read_binary_file('postgresql.conf')",
    "select pg_ls_dir('.')",
    "select pg_stat_file('/etc/hostname')",
    "select lo_import('/etc/hostname')",
    "create temporary table words (line text); copy words from program 'true'",
    "copy (select 1) to program 'true'",
    "copy (select 1) to '/dev/null'",
    "create extension dblink schema information_schema",
    "create extension postgres_fdw schema information_schema",
    "create extension file_fdw schema information_schema",
    "load 'auto_explain'",
    "create role another",
    "create database another",
    "alter system set archive_command = 'true'",
    "alter role tiendo_owner password 'x'",
    "alter role current_user superuser",
    "set temp_file_limit = -1",
    "alter role current_user set temp_file_limit = -1",
    "grant pg_read_all_data to current_user",
    "grant pg_execute_server_program to current_user",
    "set session_preload_libraries = 'x'",
    "select pg_reload_conf()",
    "select pg_switch_wal()",
    "create function pg_temp.f() returns int language c as 'x', 'y'",
    "create foreign data wrapper another",
    "create publication another for all tables",
    "create event trigger another on ddl_command_end execute function pg_catalog.suppress_redundant_updates_trigger()",
    "comment on database template1 is 'x'",
)
# Refused to all who have a login in the warehouse: rooms that are not theirs to build in, and the procedure of rules.
NOT_IN_THE_WAREHOUSE = (
    # Airflow and Superset own a database each, and may fill that.
    "select lo_create(0)",
    "select lo_from_bytea(0, 'x')",
    "select pg_logical_emit_message(false, 'x', 'x')",
    "create extension pg_trgm schema information_schema",
    "create table public.another (text text)",
    "create function public.another() returns int language sql as 'select 1'",
    "create schema another",
    "create table raw.another (text text)",
    "create table ops.another (text text)",
    "create table store.another (text text)",
    "create table published.another (text text)",
    "create trigger another before insert on raw.submission execute function suppress_redundant_updates_trigger()",
    "create policy another on store.fct_submission using (true)",
    "alter table store.fct_submission disable row level security",
    "drop view published.fct_submission",
    "create or replace view published.dim_unit as select 1",
    "truncate raw.submission",
    "delete from ops.alembic_version",
    "call ops.set_row_rules()",
)
# What the design keeps apart, role by role.
NOT_FOR = {
    "loader": (
        "insert into ops.run (state, is_full, data_to_period, known_at, code_version, seeds_hash) "
        "values ('building', true, 'x', now(), 'x', 'x')",
        "update ops.shown set publication_no = 1",
        "select * from store.fct_submission",
        "select * from published.fct_submission",
        "select * from marts.fct_submission",
        "create table staging.another (text text)",
    ),
    "builder": (
        "insert into raw.problem (submission_id, rule_code, cell, severity, message_vi, message_en) "
        "select submission_id, 'x', 'x', 'error', 'x', 'x' from raw.submission",
        "update raw.reported_value set value_number = 1",
        "delete from raw.submission",
        "select * from raw.door_file",
        "update ops.shown set publication_no = 1",
        "delete from ops.run",
        "insert into store.dim_period (period_code, pub_from) values ('x', 1)",
        "select * from store.dim_period",
        "select * from published.dim_period",
    ),
    "publisher": (
        "update raw.reported_value set value_number = 1",
        "delete from raw.submission",
        "insert into ops.unit_login values ('x', 'x')",
        "select * from ops.unit_login",
        "create table marts.another (text text)",
        "truncate store.dim_period",
    ),
    "reader": (
        "select * from raw.submission",
        "select * from ops.run",
        "select * from store.dim_period",
        "select * from marts.dim_period",
        "create temporary table another (text text)",
    ),
    "unit": ("select * from ops.unit_login", "create temporary table another (text text)"),
    "airflow": (),
    "superset": (),
}
TRIED = [
    (who, statement)
    for who in EVERYBODY
    for statement in (
        *NOBODY_MAY,
        *(NOT_IN_THE_WAREHOUSE if who not in OWN_DATABASES else ()),
        *NOT_FOR[who],
    )
]


def address(settings: Settings, who: str, database: str | None = None) -> str:
    """The address of a database with the login of a role; a unit's is that of the first unit."""
    if who != "unit":
        return settings.dsn(who, database)
    login = unit_logins.login_of(Programme.read(settings.programme_dir).units[0])
    password = kept(settings.unit_logins, (login,))[login]
    return f"postgresql://{login}:{password}@{settings.host}:{settings.postgres_port}/{database or settings.database}"


def connect(settings: Settings, who: str, database: str | None = None) -> psycopg.Connection[Any]:
    return psycopg.connect(address(settings, who, database), connect_timeout=5)


@pytest.fixture
def administrator(server: Settings) -> Iterator[psycopg.Connection[Any]]:
    with postgres.connect(server, server.database) as connection:
        yield connection


@pytest.mark.parametrize(("who", "statement"), TRIED, ids=[f"{who}-{text[:60]}" for who, text in TRIED])
def test_it_may_not(server: Settings, who: str, statement: str) -> None:
    with connect(server, who) as connection:
        connection.autocommit = True
        # Reading only is where some sessions start; they may switch it off and must gain nothing by it.
        connection.execute("set default_transaction_read_only = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())


def test_what_is_tried_is_what_the_administrator_could_do(administrator: psycopg.Connection[Any]) -> None:
    """Every try would go through if it were allowed: a misspelt one would be refused for the wrong reason."""
    tried = {
        text for _, text in TRIED if not text.startswith(("create extension", "load", "create database", "alter s"))
    }
    refused = []
    for statement in sorted(tried):
        try:
            with administrator.transaction(force_rollback=True):
                administrator.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege as found:
            refused.append(f"{statement}: {found}")
        except (psycopg.errors.SyntaxError, psycopg.errors.UndefinedObject, psycopg.errors.UndefinedTable) as found:
            # Marts are made by dbt, which has not run here; everything else has to be there.
            if "marts." not in statement:
                refused.append(f"{statement}: {found}")
        except psycopg.Error:
            pass
    assert refused == []


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_becomes_nobody_else(server: Settings, administrator: psycopg.Connection[Any], who: str) -> None:
    with connect(server, who) as connection:
        own = connection.execute("select current_user").fetchone()
        others = administrator.execute(
            "select rolname from pg_roles where rolname <> %s and rolname !~ '^tiendo_unit_' order by 1", own
        ).fetchall()
        # Who owns a database is that member within it, by PostgreSQL's own rule.
        implied = {"pg_database_owner"} if who in OWN_DATABASES else set()
        assert len(others) > 20
        for other in {name for (name,) in others} - implied:
            for statement in ("set local role {}", "set local session authorization {}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                    connection.execute(sql.SQL(statement).format(sql.Identifier(other)))


@pytest.mark.parametrize("who", EVERYBODY)
def test_it_enters_no_database_but_its_own(server: Settings, who: str) -> None:
    own = who if who in OWN_DATABASES else server.database
    for database in {server.database, *OWN_DATABASES, "postgres", "template1", "template0"} - {own}:
        with pytest.raises(psycopg.OperationalError, match=r"permission denied|not currently accepting"):
            connect(server, who, database).close()
    connect(server, who, own).close()


def test_it_may_do_what_was_decided_and_no_more(server: Settings, administrator: psycopg.Connection[Any]) -> None:
    rights = ("select", "insert", "update", "delete", "truncate", "references", "trigger", "maintain")
    relations = administrator.execute(
        "select oid, relnamespace::regnamespace::text || '.' || relname from pg_class "
        "where relkind in ('r', 'p', 'v', 'm', 'f') "
        "and relnamespace::regnamespace::text in ('raw', 'ops', 'store', 'published', 'public')"
    ).fetchall()
    assert len(relations) > 60
    for role, may in MAY.items():
        for right in rights:
            has = {
                name
                for oid, name in relations
                if administrator.execute("select has_table_privilege(%s, %s::oid, %s)", (role, oid, right)).fetchone()
                == (True,)
            }
            wanted = may.get(right, set())
            should = {
                name
                for _, name in relations
                if name in wanted or (f"{name.partition('.')[0]}.*" in wanted and name not in BUT.get(role, ()))
            }
            assert has == should, f"{role} {right}: {sorted(has ^ should)}"


def test_it_builds_only_in_its_own_rooms(administrator: psycopg.Connection[Any]) -> None:
    found: dict[str, set[str]] = {}
    for role, schema in administrator.execute(
        "select r.rolname, n.nspname from pg_roles as r, pg_namespace as n where has_schema_privilege(r.oid, n.oid, "
        "'create') and not r.rolsuper and r.rolname !~ '^pg_' and r.rolname <> 'tiendo_owner'"
    ):
        found.setdefault(role, set()).add(schema)
    assert found == CREATES


def test_nobody_but_the_administrator_is_above_the_rules(administrator: psycopg.Connection[Any]) -> None:
    above = administrator.execute(
        "select rolname from pg_roles where rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls"
    ).fetchall()
    assert above == [("postgres",)]
    members = administrator.execute(
        "select distinct member::regrole::text, roleid::regrole::text from pg_auth_members "
        "where member::regrole::text !~ '^(tiendo_unit_|pg_)'"
    ).fetchall()
    assert members == [("tiendo_owner", VIEW_ROLE)]
    assert administrator.execute("select rolcanlogin from pg_roles where rolname = %s", (VIEW_ROLE,)).fetchone() == (
        False,
    )


def test_no_function_lends_its_owners_rights(administrator: psycopg.Connection[Any]) -> None:
    """One that did would have to fix its search path, or the caller would choose what it calls.

    Citus's own lie in schemas that are closed but to those who build.
    """
    lent = administrator.execute(
        "select oid::regprocedure::text from pg_proc where pronamespace::regnamespace::text !~ '^(pg_|information_)' "
        "and (prosecdef or has_function_privilege('public', oid, 'execute')) and not exists ("
        "select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e' "
        "and not has_schema_privilege('public', pronamespace, 'usage'))"
    ).fetchall()
    assert lent == []


def test_only_those_who_work_here_hold_others_up(server: Settings, administrator: psycopg.Connection[Any]) -> None:
    """A reader that held the publication's lock would stop it for as long as it liked."""
    for who in ("reader", "unit"):
        with connect(server, who) as connection:
            for name in ("pg_advisory_lock", "pg_try_advisory_lock", "pg_advisory_xact_lock_shared"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                    connection.execute(f"select {name}(74060003)".encode())
            with connect(server, "loader") as at_work, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("select pg_terminate_backend(%s)", (at_work.info.backend_pid,))
    may = administrator.execute(
        "select rolname from pg_roles where has_function_privilege(oid, 'pg_advisory_lock(bigint)', 'execute') "
        "and not rolsuper and rolname !~ '^pg_'"
    ).fetchall()
    assert {name for (name,) in may} == set(WORKERS)


@pytest.mark.parametrize("who", ["reader", "unit"])
def test_who_only_looks_fills_no_disk(server: Settings, administrator: psycopg.Connection[Any], who: str) -> None:
    """What a query writes down to sort ends at a limit that its session starts with and cannot raise."""
    with connect(server, who) as connection:
        name = connection.info.user
        assert connection.execute("show temp_file_limit").fetchone() == (TEMP_FILES,)
        connection.execute("set transaction read write")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("alter role current_user reset temp_file_limit")
        # Takes back all that is one's own to set.
        connection.execute("alter role current_user reset all")
        kept_for_it = connection.execute("select rolconfig from pg_roles where rolname = current_user").fetchone()
        assert kept_for_it == ([f"temp_file_limit={TEMP_FILES}"],)
        connection.rollback()
    administrator.execute("set temp_file_limit = '1MB'")
    administrator.execute(sql.SQL("set session authorization {}").format(sql.Identifier(name)))
    with pytest.raises(psycopg.errors.ConfigurationLimitExceeded, match="temp_file_limit"):
        administrator.execute("set work_mem = '64kB'; select n from generate_series(1, 300000) as n order by -n")


def test_a_start_gives_a_unit_back_what_its_sessions_start_with(
    server: Settings, administrator: psycopg.Connection[Any]
) -> None:
    with connect(server, "unit") as connection:
        name = connection.info.user
    administrator.execute(sql.SQL("alter role {} reset all").format(sql.Identifier(name)))
    unit_logins.prepare(server)
    found = administrator.execute("select rolconfig from pg_roles where rolname = %s", (name,)).fetchone()
    assert found == ([f"{setting}={value}" for setting, value in unit_logins.SETTINGS.items()],)


def test_the_administrator_calls_nothing_of_the_owners(
    database: Warehouse,
) -> None:
    """A start runs as administrator in a database that is another's: a function laid there in wait is not found."""
    with database.connect("owner") as connection:
        connection.execute(
            "create function public.pg_advisory_lock(text) returns text language sql as 'select current_user::text'"
        )
    with postgres.connect(database.settings, database.settings.database) as connection:
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("select pg_advisory_lock('x')")
        assert connection.execute("show search_path").fetchone() == ("pg_catalog,pg_temp",)
