"""One installation for all tests, apart from any other: its own home, ports and PostgreSQL server, stopped at the end.

`database` gives each test a fresh, migrated warehouse of its own, copied from a template in the time of a file copy.
With TIENDO_CITUS_DSN, an administrator's address, all of that happens on the server it names, in databases made for the
run; where that server has Citus, tables are spread. The roles of the design get new passwords there: it is for tests.
With TIENDO_NO_SKIP=1 a skipped test fails the run: what was not tried is not known to work.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tiendo.operate import migrate, postgres, roles, unit_logins
from tiendo.operate.settings import LOGIN_ROLES, Settings

PORTS = ("TIENDO_POSTGRES_PORT", "TIENDO_AIRFLOW_PORT", "TIENDO_SUPERSET_PORT")
GIVEN = ("TIENDO_POSTGRES_HOST", "TIENDO_POSTGRES_PASSWORD", "TIENDO_DATABASE", "TIENDO_CITUS")


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Warehouse:
    """A migrated warehouse and how to reach it."""

    settings: Settings

    def connect(self, role: str) -> psycopg.Connection[Any]:
        """A connection as one of the design's roles: loader, builder, publisher, reader, owner."""
        return psycopg.connect(self.settings.dsn(role))

    def rows(self, query: str, role: str = "publisher") -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.connect(role) as connection:
            return connection.execute(query.encode()).fetchall()

    def environment(self) -> dict[str, str]:
        """The environment for a process that works on this warehouse."""
        return self.settings.child_environment()


def given_server(dsn: str) -> dict[str, str]:
    """The settings that lead to the server of a data source name, and to a database of this run's; none without one."""
    if not dsn:
        return {}
    with psycopg.connect(dsn) as administrator:
        given = administrator.info
        assert given.user == postgres.SUPERUSER, f"TIENDO_CITUS_DSN: {postgres.SUPERUSER} is wanted, not {given.user}"
        preloaded = administrator.execute("select current_setting('shared_preload_libraries')").fetchone() or ("",)
        return {
            "TIENDO_POSTGRES_HOST": given.host,
            "TIENDO_POSTGRES_PORT": str(given.port),
            "TIENDO_POSTGRES_PASSWORD": given.password,
            "TIENDO_DATABASE": f"tiendo_{uuid.uuid4().hex}",
            "TIENDO_CITUS": str(int("citus" in preloaded[0])),
        }


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """The installation's folder; open to the user that runs PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="tiendo-test-"))
    folder.chmod(0o755)
    before = {name: os.environ.get(name) for name in ("TIENDO_HOME", "TIENDO_PROGRAMME", *PORTS, *GIVEN)}
    os.environ["TIENDO_HOME"] = str(folder)
    os.environ.pop("TIENDO_PROGRAMME", None)
    for name in PORTS:
        os.environ[name] = str(free_port())
    os.environ.update(given_server(os.environ.get("TIENDO_CITUS_DSN", "")))
    yield folder
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def settings(home: Path) -> Settings:
    """The settings of the tests' installation."""
    return Settings.read()


@pytest.fixture(scope="session")
def server(settings: Settings) -> Iterator[Settings]:
    """A real PostgreSQL with the roles of the design and a migrated warehouse."""
    with contextlib.nullcontext() if os.environ.get("TIENDO_CITUS_DSN") else postgres.running(settings):
        roles.prepare(settings)
        migrate.migrate(settings.dsn("owner"))
        unit_logins.prepare(settings)
        yield settings
        if os.environ.get("TIENDO_CITUS_DSN"):
            with postgres.connect(settings) as administrator:
                drop(administrator, settings.database)


@pytest.fixture
def database(server: Settings) -> Iterator[Warehouse]:
    """A warehouse of the test's own, with nothing in it."""
    with copied(server) as warehouse:
        yield warehouse


@contextlib.contextmanager
def copied(template: Settings) -> Iterator[Warehouse]:
    """A copy of a warehouse, dropped at the end of the `with` block; nobody may be connected to the template."""
    name = f"test_{uuid.uuid4().hex}"
    with postgres.connect(template) as administrator, left_alone(administrator, template):
        administrator.execute(
            sql.SQL("create database {} template {} owner tiendo_owner").format(
                sql.Identifier(name), sql.Identifier(template.database)
            )
        )
        for role in LOGIN_ROLES:
            administrator.execute(
                sql.SQL("grant connect on database {} to {}").format(
                    sql.Identifier(name), sql.Identifier(f"tiendo_{role}")
                )
            )
        for role in roles.WORKERS:
            administrator.execute(
                sql.SQL("grant temporary on database {} to {}").format(sql.Identifier(name), sql.Identifier(role))
            )
        # A copy takes over what is in a database and not who may enter it.
        administrator.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
        administrator.execute(
            sql.SQL("grant connect on database {} to {}").format(sql.Identifier(name), sql.Identifier(roles.UNIT_ROLE))
        )
    yield Warehouse(replace(template, database=name))
    with postgres.connect(template) as administrator:
        drop(administrator, name)


def drop(administrator: psycopg.Connection[Any], name: str) -> None:
    """Drop a database, whoever is connected; nobody comes back in between, as Citus's own process would."""
    administrator.execute(sql.SQL("alter database {} allow_connections false").format(sql.Identifier(name)))
    # `with (force)` alone gives them five seconds.
    administrator.execute("select pg_terminate_backend(pid, 60000) from pg_stat_activity where datname = %s", (name,))
    administrator.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@contextlib.contextmanager
def left_alone(administrator: psycopg.Connection[Any], template: Settings) -> Iterator[None]:
    """Keep Citus's own process out of a template, which is copied only when nobody is connected to it."""
    if not template.citus:
        yield
        return
    allow = sql.SQL("alter database {} allow_connections {}")
    name = sql.Identifier(template.database)
    administrator.execute(allow.format(name, sql.SQL("false")))
    administrator.execute(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s", (template.database,)
    )
    yield
    administrator.execute(allow.format(name, sql.SQL("true")))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail on a skip where nothing may be skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", [])) if reporter else 0
    if skipped and os.environ.get("TIENDO_NO_SKIP") == "1" and exitstatus == 0:
        reporter.write_line(f"TIENDO_NO_SKIP=1: {skipped} skipped / bị bỏ qua", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
