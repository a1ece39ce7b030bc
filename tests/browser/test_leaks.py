"""No unit gets a row of another: by a chart, a download, the cache, SQL Lab, or its own database login.

Everybody asks Superset for the same two tables, counted by whose the rows are, and gets what the own database login
gives; a unit's is itself, its past, its future, and the nation where that is published.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpx
import openpyxl
import psycopg
import pytest

from tests.browser.conftest import Stack
from tiendo.operate import unit_logins
from tiendo.operate.settings import kept
from tiendo.programme import Programme
from tiendo.programme.units import Unit

# The view and its column that says whose a row is.
TABLES = {"fct_indicator": "scope_key", "rpt_compliance": "unit_key"}
PEOPLE = ("engineer", "evaluator", "leader")
ASKERS = ("engineer", "evaluator")
DRAWN = 20
SEED = 1079
Counts = dict[str, int]


@dataclass
class User:
    """Somebody signed in to Superset."""

    name: str
    password: str = field(repr=False)
    database_address: str = field(repr=False)
    superset: str
    number: int
    unit: Unit | None = None

    @cached_property
    def client(self) -> httpx.Client:
        """A session; from an address of its own, since Superset counts the attempts of an address."""
        transport = httpx.HTTPTransport(local_address=f"127.0.1.{self.number + 1}")
        client = httpx.Client(base_url=self.superset, transport=transport, timeout=60)
        token = re.search(
            r'name="csrf_token"[^>]*value="([^"]+)"|csrf_token&#34;: ?&#34;([^&]+)', client.get("/login/").text
        )
        assert token, "the form of /login/ holds no csrf_token"
        client.headers.update({"X-CSRFToken": token[1] or token[2], "Referer": self.superset})
        client.headers["Accept"] = "application/json"
        data = {"username": self.name, "password": self.password, "csrf_token": client.headers["X-CSRFToken"]}
        client.post("/login/", data=data)
        assert client.get("/api/v1/me/").json()["result"]["username"] == self.name
        return client

    def ask(self, dataset: int, columns: list[str], result_format: str = "json", **more: Any) -> httpx.Response:
        """What a chart asks."""
        query = {"columns": columns, "metrics": ["count"], "row_limit": 1000, **more.pop("query", {})}
        source = {"id": dataset, "type": "table"}
        body = {"datasource": source, "queries": [query], "result_format": result_format, "result_type": "full"}
        return self.client.post("/api/v1/chart/data", json={**body, **more})

    def sql(self, text: str) -> httpx.Response:
        """What SQL Lab sends."""
        body = {"database_id": 1, "sql": text, "schema": "published", "runAsync": False, "client_id": f"{time.time()}"}
        return self.client.post("/api/v1/sqllab/execute/", json={**body, "client_id": body["client_id"][-10:]})

    def direct(self, text: str) -> list[tuple[Any, ...]]:
        """The same, by the user's own database login and without Superset."""
        with psycopg.connect(self.database_address) as connection:
            return connection.execute(text.encode()).fetchall()


def counted(view: str) -> str:
    """The query that every way of asking comes down to."""
    return f"select {TABLES[view]}, count(*) from published.{view} group by 1"


def counts_of(answer: httpx.Response, result_format: str, column: str) -> Counts:
    """Rows by whose they are, from an answer in any format."""
    assert answer.status_code == httpx.codes.OK, answer.text[:500]
    if result_format == "json":
        return {row[column]: row["count"] for row in _rows(answer)}
    if result_format == "csv":
        return {
            row[column]: int(row["count"]) for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
        }
    head, *rows = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True).active.iter_rows(values_only=True)
    return {row[head.index(column)]: row[head.index("count")] for row in rows}


@pytest.fixture(scope="module")
def programme(stack: Stack) -> Programme:
    return Programme.read(stack.settings.programme_dir)


@pytest.fixture(scope="module")
def users(stack: Stack, programme: Programme) -> Iterator[dict[str, User]]:
    """Engineer, evaluator, leader, and twenty units drawn by lot."""
    settings = stack.settings
    drawn = {unit_logins.login_of(unit): unit for unit in random.Random(SEED).sample(programme.units, DRAWN)}
    accounts, logins = kept(settings.unit_accounts, drawn), kept(settings.unit_logins, drawn)
    found = {}
    for number, name in enumerate([*PEOPLE, *drawn]):
        address = settings.dsn("reader")
        if name in drawn:
            address = f"postgresql://{name}:{logins[name]}@127.0.0.1:{settings.postgres_port}/{settings.database}"
        password = accounts[name] if name in drawn else settings.secret(name)
        found[name] = User(name, password, address, stack.superset, number, drawn.get(name))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda user: user.client, found.values()))
    yield found
    for user in found.values():
        user.client.close()


@pytest.fixture(scope="module")
def datasets(users: dict[str, User]) -> dict[str, int]:
    """Superset's number of each dataset."""
    answer = users["engineer"].client.get("/api/v1/dataset/?q=(page_size:100)").json()
    return {found["table_name"]: found["id"] for found in answer["result"]}


@pytest.fixture(scope="module")
def units(users: dict[str, User]) -> list[User]:
    return [user for user in users.values() if user.unit]


def visible(programme: Programme, user: User, view: str) -> set[str]:
    """Whose rows a unit may see in a view."""
    assert user.unit
    return set(unit_logins.visible_keys(programme, user.unit)) | ({"nation"} if TABLES[view] == "scope_key" else set())


def test_every_way_gives_a_user_the_rows_of_the_own_login(
    users: dict[str, User], datasets: dict[str, int], programme: Programme
) -> None:
    everything = {view: dict(users["leader"].direct(counted(view))) for view in TABLES}

    def look(user: User) -> list[str]:
        faults = []
        for view, column in TABLES.items():
            expected = dict(user.direct(counted(view)))
            if user.unit is None and expected != everything[view]:
                faults.append(f"{user.name} does not see all of {view}")
            if user.unit and not expected.keys() <= visible(programme, user, view):
                faults.append(f"{user.name}'s login sees too much of {view}: {sorted(expected)}")
            for result_format in ("json", "json", "csv", "xlsx"):
                found = counts_of(user.ask(datasets[view], [column], result_format), result_format, column)
                if found != expected:
                    faults.append(f"{user.name} {view} {result_format}: {sorted(found)} for {sorted(expected)}")
        return faults

    assert all(len(counts) > DRAWN for counts in everything.values())
    with ThreadPoolExecutor(4) as pool:
        assert [fault for faults in pool.map(look, users.values()) for fault in faults] == []


def test_every_connection_is_the_signed_in_users_own(users: dict[str, User], datasets: dict[str, int]) -> None:
    who = {"label": "who", "expressionType": "SQL", "sqlExpression": "current_user"}

    def look(user: User) -> list[str]:
        # Several at once, and no two alike, so that a connection left open by another would be used.
        answers = [
            user.ask(datasets["rpt_compliance"], [], query={"columns": [who], "row_limit": limit})
            for limit in range(1, 4)
        ]
        own = user.name if user.unit else "tiendo_reader"
        return [user.name for answer in answers if {row["who"] for row in _rows(answer)} != {own}]

    with ThreadPoolExecutor(16) as pool:
        assert [fault for faults in pool.map(look, users.values()) for fault in faults] == []


def test_the_cache_keeps_answers_and_gives_them_to_nobody_else(
    users: dict[str, User], datasets: dict[str, int], units: list[User]
) -> None:
    query = {"row_limit": 999}
    for user in (users["engineer"], *units[:3], users["leader"]):
        first, second = (
            user.ask(datasets["rpt_compliance"], ["unit_key"], query=query).json()["result"][0] for _ in range(2)
        )
        assert not first["is_cached"] and second["is_cached"], user.name
        assert first["data"] == second["data"]


def test_supersets_rule_holds_without_the_databases(
    users: dict[str, User], datasets: dict[str, int], units: list[User], programme: Programme
) -> None:
    for user in units[:5]:
        for view, column in TABLES.items():
            made = user.ask(datasets[view], [column], result_type="query").json()["result"][0]["query"]
            rows = users["leader"].direct(made)
            assert {row[0] for row in rows} <= visible(programme, user, view), (user.name, view)
            assert dict(rows) == dict(user.direct(counted(view)))


def test_the_list_of_outstanding_reports_names_the_unit_alone(
    users: dict[str, User], datasets: dict[str, int], units: list[User], programme: Programme
) -> None:
    everything = {row["unit_code"] for row in _outstanding(users["leader"], datasets)}
    assert len(everything) > 1
    for user in units[:10]:
        assert user.unit
        own = {programme.unit_by_key[key].code for key in unit_logins.visible_keys(programme, user.unit)}
        assert {row["unit_code"] for row in _outstanding(user, datasets)} <= own | {None}, user.name
    made = units[0].ask(datasets["outstanding"], ["unit_code"], result_type="query").json()["result"][0]["query"]
    assert units[0].name in made, "Superset's rule does not reach into the dataset's own query"


def _outstanding(user: User, datasets: dict[str, int]) -> list[dict[str, Any]]:
    return _rows(user.ask(datasets["outstanding"], ["unit_code"]))


def _rows(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == httpx.codes.OK, answer.text[:500]
    rows: list[dict[str, Any]] = answer.json()["result"][0]["data"]
    return rows


def test_only_engineers_and_evaluators_ask_in_sql_and_only_what_is_published(users: dict[str, User]) -> None:
    for user in users.values():
        answer = user.sql("select count(*) as count from published.rpt_compliance")
        if user.name in ASKERS:
            assert answer.status_code == httpx.codes.OK, answer.text[:500]
            assert answer.json()["data"] == [{"count": user.direct(str(answer.json()["query"]["executedSql"]))[0][0]}]
            assert user.sql("select 1 from store.rpt_compliance").status_code >= httpx.codes.BAD_REQUEST
        else:
            assert answer.status_code == httpx.codes.FORBIDDEN, user.name


def test_a_unit_neither_asks_in_an_expression_nor_looks_at_what_there_is(
    datasets: dict[str, int], units: list[User]
) -> None:
    user = units[0]
    within = {"label": "n", "expressionType": "SQL", "sqlExpression": "(select count(*) from published.fct_submission)"}
    answer = user.ask(datasets["rpt_compliance"], [], query={"columns": [within]})
    assert answer.status_code >= httpx.codes.BAD_REQUEST
    for path in ("dataset/", "database/", "query/", "saved_query/", "rowlevelsecurity/", "security/users/"):
        assert user.client.get(f"/api/v1/{path}").status_code in (httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND), path
    for page in ("/sqllab/", "/users/list/"):
        assert user.client.get(page).status_code != httpx.codes.OK, page


def test_an_evaluator_keeps_charts_and_nobody_below_does(
    users: dict[str, User], datasets: dict[str, int], units: list[User]
) -> None:
    chart = {
        "slice_name": "of an evaluator",
        "viz_type": "table",
        "datasource_id": datasets["fct_indicator"],
        "datasource_type": "table",
    }
    for user in (users["leader"], units[0]):
        assert user.client.post("/api/v1/chart/", json=chart).status_code == httpx.codes.FORBIDDEN
    kept_by = users["evaluator"].client
    made = kept_by.post("/api/v1/chart/", json=chart)
    assert made.status_code == httpx.codes.CREATED, made.text[:500]
    assert kept_by.delete(f"/api/v1/chart/{made.json()['id']}").status_code == httpx.codes.OK
    ours = kept_by.get("/api/v1/chart/").json()["result"][0]["id"]
    assert kept_by.put(f"/api/v1/chart/{ours}", json={"slice_name": "x"}).status_code == httpx.codes.FORBIDDEN
    dataset = {"database": 1, "schema": "published", "table_name": "dim_period"}
    assert kept_by.post("/api/v1/dataset/", json=dataset).status_code == httpx.codes.FORBIDDEN


def test_a_unit_without_a_login_gets_no_connection_rather_than_the_readers(
    stack: Stack, datasets: dict[str, int], units: list[User]
) -> None:
    path, user = stack.settings.unit_logins, units[0]
    before = path.read_text(encoding="utf-8")
    known = json.loads(before)
    del known[user.name]
    path.write_text(json.dumps(known), encoding="utf-8")
    try:
        answer = user.ask(datasets["rpt_compliance"], ["unit_key"], query={"row_limit": 998})
        assert answer.status_code >= httpx.codes.BAD_REQUEST
        assert "the unit has no database login" in answer.text
    finally:
        path.write_text(before, encoding="utf-8")
    assert user.ask(datasets["rpt_compliance"], ["unit_key"], query={"row_limit": 998}).status_code == httpx.codes.OK


def test_no_password_of_a_unit_is_in_a_log(stack: Stack, users: dict[str, User]) -> None:
    logs = "".join(path.read_text(errors="replace") for path in stack.settings.log.rglob("*.log"))
    assert logs
    secrets = {word for path in (stack.settings.unit_logins, stack.settings.unit_accounts) for word in _words(path)}
    assert len(secrets) == 2 * len(Programme.read(stack.settings.programme_dir).units)
    assert not [word for word in secrets if word in logs]


def _words(path: Any) -> list[str]:
    return list(json.loads(path.read_text(encoding="utf-8")).values())
