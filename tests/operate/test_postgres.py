"""The embedded server: which engine it is, and who may not do what in it."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, ReadOnlySqlTransaction

from tests.conftest import free_port
from tiendo.operate import first_start, postgres, roles
from tiendo.operate.errors import ServiceError, WrongPasswordError
from tiendo.operate.migrate import migrate
from tiendo.operate.settings import Settings


def run(settings: Settings, role: str, statement: str, database: str | None = None) -> list[tuple[object, ...]]:
    with psycopg.connect(settings.dsn(role, database)) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def built(server: Settings) -> Settings:
    migrate(server.dsn("tiendo_owner"))
    run(server, "tiendo_builder", "create table if not exists marts.dim_unit as select 1 as unit_code")
    return server


def test_it_orders_and_hashes_as_in_production(server: Settings) -> None:
    locale = (
        "select datlocprovider::text, datlocale, pg_encoding_to_char(encoding) from pg_database where datname = '{}'"
    )
    assert run(server, "tiendo_owner", locale.format(server.database)) == [("b", "C.UTF-8", "UTF8")]


def test_a_wrong_password_does_not_come_in(server: Settings) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.dsn("tiendo_reader").replace(server.secret("reader"), "guessed"))


def test_it_listens_on_this_machine_alone(server: Settings) -> None:
    assert "listen_addresses=127.0.0.1" in postgres.command(server)
    assert "unix_socket_directories=" in postgres.command(server)


def test_citus_is_loaded_where_it_is_asked_for(server: Settings) -> None:
    asked = dataclasses.replace(server, citus=True)
    assert "shared_preload_libraries=citus" in postgres.command(asked)
    assert not [word for word in postgres.command(server) if "citus" in word]


def test_preparing_again_changes_nothing(server: Settings) -> None:
    grants = """
        select nspname::text, nspowner::regrole::text, nspacl::text from pg_namespace
        union all
        select rolname::text, rolcanlogin::text, rolsuper::text from pg_roles
        union all
        select defaclrole::regrole::text, defaclnamespace::regnamespace::text, defaclacl::text from pg_default_acl
        order by 1, 2, 3
    """
    before = run(server, "tiendo_owner", grants)
    roles.prepare(server)
    assert run(server, "tiendo_owner", grants) == before


def test_migrating_again_changes_nothing(built: Settings) -> None:
    assert migrate(built.dsn("tiendo_owner")) == migrate(built.dsn("tiendo_owner"))


def test_what_the_builder_makes_anew_the_publisher_can_read(built: Settings) -> None:
    run(built, "tiendo_builder", "drop table marts.dim_unit")
    run(built, "tiendo_builder", "create table marts.dim_unit as select 1 as unit_code")
    assert run(built, "tiendo_publisher", "select * from marts.dim_unit") == [(1,)]


def test_the_owner_gives_published_views_to_the_view_role(built: Settings) -> None:
    run(
        built,
        "tiendo_owner",
        """
        create view published.probe as select 1 as one;
        alter view published.probe owner to tiendo_view;
        grant select on published.probe to tiendo_reader;
        """,
    )
    assert run(built, "tiendo_reader", "select * from published.probe") == [(1,)]
    run(built, "tiendo_owner", "drop view published.probe")


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("tiendo_reader", "select * from marts.dim_unit"),
        ("tiendo_reader", "select * from raw.submission"),
        ("tiendo_reader", "select * from ops.publication"),
        ("tiendo_loader", "select * from marts.dim_unit"),
        ("tiendo_loader", "create table raw.mine (a integer)"),
        ("tiendo_loader", "insert into ops.publication default values"),
        ("tiendo_builder", "delete from raw.submission"),
        ("tiendo_builder", "create table store.mine (a integer)"),
        ("tiendo_builder", "create table published.mine (a integer)"),
        ("tiendo_builder", "create schema mine"),
        ("tiendo_builder", "delete from ops.shown"),
        ("tiendo_publisher", "delete from marts.dim_unit"),
        ("tiendo_publisher", "update raw.reported_value set value_number = 0"),
        ("tiendo_publisher", "create table store.mine (a integer)"),
        ("tiendo_owner", "create table marts.mine (a integer)"),
        ("tiendo_owner", "create role mine"),
        ("tiendo_loader", "create table public.mine (a integer)"),
    ],
)
def test_nobody_steps_out_of_their_room(built: Settings, role: str, statement: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        run(built, role, statement)


def test_the_reader_writes_nothing_not_even_temporary_tables(built: Settings) -> None:
    with pytest.raises((InsufficientPrivilege, ReadOnlySqlTransaction)):
        run(built, "tiendo_reader", "create temporary table mine (a integer)")


@pytest.mark.parametrize(
    ("role", "database"),
    [("tiendo_reader", "airflow"), ("tiendo_builder", "superset"), ("airflow", "superset"), ("superset", "tiendo")],
)
def test_nobody_enters_a_database_of_others(built: Settings, role: str, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        run(built, role, "select 1", database)


def test_the_view_role_cannot_log_in(built: Settings) -> None:
    found = run(built, "tiendo_owner", "select rolcanlogin from pg_roles where rolname = 'tiendo_view'")
    assert found == [(False,)]


@pytest.fixture
def kept(server: Settings, tmp_path: Path) -> Iterator[tuple[Settings, Path]]:
    """A container's secrets over that server, which has its own password again afterwards."""
    path = tmp_path / "secrets.json"
    first_start.make(path, {"postgres": server.secret("postgres")})
    yield dataclasses.replace(server, given_secrets=tmp_path), path
    here = dataclasses.replace(server, given_secrets=tmp_path)
    settings_file(path, {"postgres": server.secret("postgres"), "postgres_before": here.secret("postgres")})
    roles.change_superuser(here)
    postgres.wait_ready(server)


def settings_file(path: Path, changes: dict[str, str]) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}), encoding="utf-8")


def test_the_superusers_password_may_be_changed(kept: tuple[Settings, Path]) -> None:
    here, path = kept
    before = here.secret("postgres")
    # Twice, with no start between them: the server knows nothing of the first.
    for chosen in ("mot-cau-rieng-dai", "mot-cau-khac-dai"):
        assert first_start.make(path, {"postgres": chosen})["postgres"] == chosen
    assert here.secret("postgres_before") == before
    with pytest.raises(WrongPasswordError, match="older than secrets-all"):
        postgres.wait_ready(here)
    roles.change_superuser(here)
    postgres.wait_ready(here)
    assert not here.has_secret("postgres_before")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(here.dsn("postgres", "postgres"), password=before)
    # Again, and where the server was told but the file was not: nothing is left to do.
    settings_file(path, {"postgres_before": before})
    roles.change_superuser(here)
    assert not here.has_secret("postgres_before")


def test_a_server_that_is_older_than_its_secrets_is_told_from_one_that_does_not_answer(
    server: Settings, tmp_path: Path
) -> None:
    here = dataclasses.replace(server, given_secrets=tmp_path)
    (tmp_path / "secrets.json").write_text(json.dumps({"postgres": "of-later", "postgres_before": "of-later-too"}))
    for tried in (postgres.wait_ready, roles.change_superuser):
        with pytest.raises(WrongPasswordError, match="restore a backup into an empty house"):
            tried(here)
    assert here.has_secret("postgres_before")
    nowhere = dataclasses.replace(here, postgres_port=free_port())
    with pytest.raises(ServiceError, match="does not answer"):
        postgres.wait_ready(nowhere, seconds=0)
