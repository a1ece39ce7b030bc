"""Nothing secret is where it may be read: logs, files, command lines, what Airflow and Superset keep of a run.

After everything that the tests of this folder did: a whole run, people who signed in, questions, downloads.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.browser.conftest import Stack
from tiendo.operate import postgres, programs
from tiendo.operate.settings import Settings
from tiendo.operate.supervisor import Supervisor

KEPT_IN = ("secrets.json", "unit_logins.json", "unit_accounts.json", "airflow/passwords.json")
# A token of Airflow's: whoever has it is who it says, until it ends.
TOKEN = re.compile(rb"eyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}")
HEAD = 16
PLANTED = "tiendo-planted-secret"


@pytest.fixture(scope="module")
def secrets(stack: Stack) -> set[str]:
    """Every secret of the house, as it is and as it stands in an address."""
    words = {word for name in KEPT_IN for word in json.loads((stack.settings.home / name).read_text()).values()}
    assert len(words) > 300
    assert all(len(word) > 15 for word in words)
    return words


def holding(content: bytes, secrets: set[str]) -> bool:
    """Whether some text holds one of the secrets, also within a longer word, or a token."""
    # By their beginnings: 600 searches of every file would take minutes.
    beginnings = {secret[:HEAD] for secret in secrets}
    words = {word.decode() for word in re.findall(rb"[\w-]{%d,}" % HEAD, content)}
    return bool(TOKEN.search(content)) or any(
        word[place : place + HEAD] in beginnings for word in words for place in range(len(word) - HEAD + 1)
    )


def files(settings: Settings) -> Iterator[Path]:
    """All files of the home but those that are there to keep secrets, and the cluster, which is the database's."""
    for folder, names, found in os.walk(settings.home):
        names[:] = [name for name in names if Path(folder, name) not in (settings.home / "postgres", settings.landing)]
        yield from (
            Path(folder, name) for name in found if str(Path(folder, name).relative_to(settings.home)) not in KEPT_IN
        )


def leaks(settings: Settings, secrets: set[str]) -> list[str]:
    return [
        str(path.relative_to(settings.home))
        for path in files(settings)
        if path.is_file() and not path.is_socket() and holding(path.read_bytes(), secrets)
    ]


def test_no_file_holds_a_secret_but_those_that_keep_them(stack: Stack, secrets: set[str]) -> None:
    assert sum(path.suffix == ".log" for path in files(stack.settings)) > 50
    planted = stack.settings.log / "planted.log"
    planted.write_text(f"postgresql://tiendo_builder:{stack.settings.secret('builder')}@127.0.0.1/tiendo\n")
    try:
        assert leaks(stack.settings, secrets) == ["log/planted.log"]
        planted.write_text(f"x-{stack.settings.secret('builder')}-y")
        assert leaks(stack.settings, secrets) == ["log/planted.log"]
    finally:
        planted.unlink()


def test_what_keeps_secrets_is_the_owners_alone(stack: Stack) -> None:
    home = stack.settings.home
    for name in (*KEPT_IN, "supervisor.conf"):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600, name
    for name in ("airflow", "superset", "doors", "landing", "log", "postgres"):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o700, name
    assert stat.S_IMODE(Supervisor(stack.settings).socket.stat().st_mode) == 0o700


def test_no_command_line_holds_a_secret(secrets: set[str]) -> None:
    def told() -> list[str]:
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                content = path.read_bytes()
            except OSError:
                continue
            if holding(content, secrets):
                found.append(content.replace(b"\0", b" ").decode()[:60])
        return found

    assert told() == []
    word = next(iter(secrets))
    with subprocess.Popen([sys.executable, "-c", "input()", word], stdin=subprocess.PIPE) as planted:
        assert len(told()) == 1
        planted.communicate(b"\n")


@pytest.mark.parametrize("database", ["airflow", "superset", "tiendo"])
def test_no_table_holds_a_secret(stack: Stack, secrets: set[str], database: str) -> None:
    """XComs, rendered templates, the graphs, Superset's log of what users did and asked, what ran and why it failed."""
    with postgres.connect(stack.settings, database) as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema', "
            "'store', 'marts', 'intermediate', 'seeds') and (schemaname, tablename) <> ('raw', 'reported_value')"
        ).fetchall()
        assert len(tables) > 10
        rows = 0
        for schema, name in tables:
            # Keyed by name: Superset's own table of accounts holds hashes, which are no passwords.
            query = sql.SQL("select t::text from {} as t").format(sql.Identifier(schema, name))
            cursor = connection.execute(query)
            while texts := [text for (text,) in cursor.fetchmany(1000)]:
                rows += len(texts)
                assert not holding("\n".join(texts).encode(), secrets), f"{database}.{schema}.{name}"
    assert rows > 100


def test_airflow_shows_neither_its_settings_nor_a_secret_in_what_it_ran(stack: Stack, secrets: set[str]) -> None:
    told = httpx.post(
        f"{stack.airflow}/auth/token",
        json={"username": "engineer", "password": stack.settings.secret("engineer")},
    ).json()["access_token"]
    client = httpx.Client(base_url=f"{stack.airflow}/api/v2", headers={"Authorization": f"Bearer {told}"}, timeout=60)
    assert client.get("/config").status_code == httpx.codes.FORBIDDEN
    assert client.get("/connections").json()["total_entries"] == 0
    assert client.get("/variables").json()["total_entries"] == 0
    runs = client.get("/dags/~/dagRuns").json()["dag_runs"]
    assert runs
    for run in runs:
        address = f"/dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}/taskInstances"
        for task in client.get(address, params={"limit": 200}).json()["task_instances"]:
            assert not holding(json.dumps(task.get("rendered_fields") or {}).encode(), secrets), task["task_id"]
        entries = client.get(f"{address}/~/xcomEntries", params={"limit": 200})
        assert not holding(entries.content, secrets)


def test_superset_is_handed_nothing_that_writes_to_the_warehouse(stack: Stack) -> None:
    pid = next(
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if str(stack.settings.superset_port).encode() in path.read_bytes() and b"gunicorn" in path.read_bytes()
    )
    handed = Path(f"/proc/{pid}/environ").read_bytes()
    for name in ("builder", "loader", "publisher", "owner", "postgres", "airflow", "engineer", "airflow_jwt_key"):
        assert stack.settings.secret(name).encode() not in handed, name
    assert stack.settings.secret("reader").encode() in handed
    names = {word.partition(b"=")[0].decode() for word in handed.split(b"\0")}
    assert names.isdisjoint(programs.NOT_FOR_SUPERSET)


def test_a_login_that_fails_is_logged_without_what_was_typed(stack: Stack) -> None:
    dsn = stack.settings.dsn("reader").replace(stack.settings.secret("reader"), PLANTED)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(dsn)
    page = httpx.get(f"{stack.superset}/login/")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"|csrf_token&#34;: ?&#34;([^&]+)', page.text)
    assert token
    data = {"username": "leader", "password": PLANTED, "csrf_token": token[1] or token[2]}
    httpx.post(f"{stack.superset}/login/", data=data, cookies=page.cookies, headers={"Referer": stack.superset})
    httpx.post(f"{stack.airflow}/auth/token", json={"username": "engineer", "password": PLANTED})
    logs = "".join(path.read_text(errors="replace") for path in stack.settings.log.rglob("*.log"))
    assert "password authentication failed" in logs
    assert PLANTED not in logs
