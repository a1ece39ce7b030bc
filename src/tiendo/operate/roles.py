"""Databases, roles, schemas and who may do what: made once, and the same when made again.

In: a running server and the secrets. Out: the databases tiendo, airflow and superset; the roles of the design, each
with its own generated password; empty schemas with their owners. Tables and grants on them belong to the migrations;
what dbt makes anew at every build is covered here by default privileges, or nobody could read what it rebuilt.
"""

from __future__ import annotations

from typing import Any, cast

import psycopg
from psycopg import sql

from tiendo.operate import citus, postgres
from tiendo.operate.errors import WrongPasswordError
from tiendo.operate.settings import LOGIN_ROLES, OWN_DATABASES, POSTGRES_BEFORE, Settings, forget_secret

# The lock keeps two starts from making the same role at the same moment.
LOCK = 7406_0001
VIEW_ROLE = "tiendo_view"
# The group of the units' logins, which `unit_logins.py` makes.
UNIT_ROLE = "tiendo_unit"
OWNED: dict[str, tuple[str, ...]] = {
    "tiendo_owner": ("raw", "ops", "store", "published"),
    "tiendo_builder": ("seeds", "staging", "intermediate", "marts", "asof"),
}
USAGE: dict[str, tuple[str, ...]] = {
    "tiendo_loader": ("raw", "ops"),
    "tiendo_builder": ("raw", "ops"),
    "tiendo_publisher": ("raw", "ops", "store", "published", "seeds", "staging", "intermediate", "marts", "asof"),
    "tiendo_view": ("raw", "ops", "store", "published"),
    "tiendo_reader": ("published",),
    UNIT_ROLE: ("published",),
}
READS_BUILDS = "tiendo_publisher"
# What a process of those who only look may write down to sort or join: Airflow's and Superset's databases are on the
# same disk. Only a superuser may raise it.
TEMP_FILES = "1GB"
# Those who work here, as against those who only look: they may make temporary tables and take locks.
WORKERS = ("tiendo_owner", "tiendo_loader", "tiendo_builder", "tiendo_publisher")


def change_superuser(settings: Settings) -> None:
    """Have the server take the superuser's password that was changed since: its image looks at it only once."""
    if not settings.has_secret(POSTGRES_BEFORE):
        return
    try:
        postgres.wait_ready(settings)
    except WrongPasswordError as wrong:
        try:
            connection = postgres.connect(settings, secret=POSTGRES_BEFORE)
        except psycopg.OperationalError:
            raise wrong from None
        with connection:
            _login(connection, postgres.SUPERUSER, settings.secret(postgres.SUPERUSER))
    forget_secret(settings.secrets_folder / "secrets.json", POSTGRES_BEFORE)


def prepare(settings: Settings) -> None:
    """Bring roles, databases, schemas and privileges to what this module says."""
    with postgres.connect(settings) as connection:
        connection.execute("select pg_advisory_lock(%s)", (LOCK,))
        for short in LOGIN_ROLES:
            _login(connection, f"tiendo_{short}", settings.secret(short))
        for name in OWN_DATABASES:
            _login(connection, name, settings.secret(name))
        _role(connection, VIEW_ROLE)
        _role(connection, UNIT_ROLE)
        # The owner's migrations hand the published views over to the view role and change them later.
        _do(connection, "grant {} to {} with inherit true, set true", VIEW_ROLE, "tiendo_owner")
        _do(connection, "alter role {} set default_transaction_read_only = on", "tiendo_reader")
        _do(connection, f"alter role {{}} set temp_file_limit = '{TEMP_FILES}'", "tiendo_reader")
        # Models sort and sum millions of rows; the server's own 4 MB would do it on disk.
        _do(connection, "alter role {} set work_mem = '64MB'", "tiendo_builder")
        _database(connection, settings.database, "tiendo_owner")
        for name in OWN_DATABASES:
            _database(connection, name, name)
        for name in ("postgres", "template1"):
            _do(connection, "revoke all on database {} from public", name)
        for short in LOGIN_ROLES:
            _do(connection, "grant connect on database {} to {}", settings.database, f"tiendo_{short}")
        _do(connection, "grant connect on database {} to {}", settings.database, UNIT_ROLE)
        for role in WORKERS:
            _do(connection, "grant temporary on database {} to {}", settings.database, role)
    with postgres.connect(settings, settings.database) as connection:
        if settings.citus:
            citus.enable(connection, settings)
        _schemas(connection)


def _schemas(connection: psycopg.Connection[Any]) -> None:
    connection.execute("select pg_advisory_lock(%s)", (LOCK,))
    connection.execute("revoke all on schema public from public")
    _close_functions(connection)
    for owner, schemas in OWNED.items():
        for schema in schemas:
            _do(connection, "create schema if not exists {} authorization {}", schema, owner)
    for role, schemas in USAGE.items():
        for schema in schemas:
            _do(connection, "grant usage on schema {} to {}", schema, role)
    # To own a view a role must be allowed to make one in its schema.
    _do(connection, "grant create on schema {} to {}", "published", VIEW_ROLE)
    for schema in OWNED["tiendo_builder"]:
        _do(
            connection,
            "alter default privileges for role {} in schema {} grant select on tables to {}",
            "tiendo_builder",
            schema,
            READS_BUILDS,
        )
    for owner in OWNED:
        _do(connection, "alter default privileges for role {} revoke execute on functions from public", owner)


def _close_functions(connection: psycopg.Connection[Any]) -> None:
    """Take from everybody the functions by which one who may write nowhere still fills the disk or stops others."""
    # Large objects, and words written into the log of changes.
    _revoke(connection, "^lo_(creat|create|from_bytea|import|put|truncate|truncate64)$|^pg_logical_emit_message$", ())
    # Our starts, loads and publications wait for each other by numbers that anybody can read in this source: a reader
    # who holds one of them would stop them all.
    _revoke(connection, "^pg_(try_)?advisory_", WORKERS)


def _revoke(connection: psycopg.Connection[Any], pattern: str, kept_by: tuple[str, ...]) -> None:
    found = connection.execute(
        "select format('%%I.%%I(%%s)', 'pg_catalog', proname, pg_get_function_identity_arguments(oid)) from pg_proc "
        "where pronamespace = 'pg_catalog'::regnamespace and proname ~ %s",
        (pattern,),
    ).fetchall()
    functions = sql.SQL(", ").join(sql.SQL(cast("Any", name)) for (name,) in found)
    connection.execute(sql.SQL("revoke execute on function {} from public").format(functions))
    for role in kept_by:
        connection.execute(sql.SQL("grant execute on function {} to {}").format(functions, sql.Identifier(role)))


def _login(connection: psycopg.Connection[Any], name: str, password: str) -> None:
    _role(connection, name)
    # Hashed here, so that the password itself is in no statement and hence in no log.
    hashed = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL("alter role {} login password {}").format(sql.Identifier(name), sql.Literal(hashed)))


def _role(connection: psycopg.Connection[Any], name: str) -> None:
    if not connection.execute("select 1 from pg_roles where rolname = %s", (name,)).fetchone():
        _do(connection, "create role {} nologin nosuperuser nocreatedb nocreaterole", name)


def _database(connection: psycopg.Connection[Any], name: str, owner: str) -> None:
    if not connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
        _do(connection, "create database {} owner {}", name, owner)
    _do(connection, "revoke all on database {} from public", name)


def _do(connection: psycopg.Connection[Any], statement: str, *names: str) -> None:
    # The statements are this module's own words; only names vary, and those are quoted.
    text = sql.SQL(cast("Any", statement))
    connection.execute(text.format(*(sql.Identifier(name) for name in names)))
