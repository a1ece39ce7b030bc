"""How long the database takes for what charts ask, when eleven million rows of indicators are published.

In: a warehouse in which the sample is published. Out: the 95th percentile over all charts' queries, as a reader asks
them, with the choices that a page opens with; and that of a series as known on a day in the past. The sample's rows are
there thirteen times over: copies of its indicators under other codes, in the same scopes, periods and ranges of days.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import jinja2
import psycopg
import yaml

from benchmarks.figures import Figure
from benchmarks.installation import Installation
from tiendo.operate.settings import Settings

COPIES = 12
ROUNDS = 5
NOW_MS, PAST_MS = 100, 150
FIGURES = ("query_now", "query_past")
COPIED = ("fct_indicator", "fct_progress", "dim_indicator", "dim_target")
PAST_FILTER = "known_text"
Asset = dict[str, Any]


def measure(installation: Installation) -> list[Figure]:
    """Multiply what is published, then ask what every chart of every page asks."""
    settings = installation.settings
    row_count = _multiply(settings)
    with tempfile.TemporaryDirectory() as folder:
        script = settings.checkout / "superset" / "generate.py"
        subprocess.run([sys.executable, str(script), folder], check=True, capture_output=True)
        pages = [_page(path, Path(folder)) for path in sorted((Path(folder) / "dashboards").glob("*.yaml"))]
    seconds: dict[str, list[float]] = {}
    past: list[float] = []
    with psycopg.connect(settings.dsn("reader"), autocommit=True) as connection:
        for page in pages:
            chosen = {each.column: each.first(connection) for each in page.filters}
            for name, query in page.queries.items():
                seconds[name] = [_ask(connection, query, chosen) for _ in range(ROUNDS)]
                if PAST_FILTER in chosen:
                    days = [row[0] for row in connection.execute("select due_date::text from published.dim_period")]
                    earlier = chosen | {PAST_FILTER: sorted(days)[len(days) // 3]}
                    past += [_ask(connection, query, earlier) for _ in range(ROUNDS)]
    every = [1000 * each for times in seconds.values() for each in times]
    slowest = sorted(((1000 * statistics.median(times), name) for name, times in seconds.items()), reverse=True)[:5]
    note = f"{row_count:,} rows; {len(seconds)} queries; " + ", ".join(f"{name} {ms:.0f}" for ms, name in slowest)
    return [
        Figure("query_now", _p95(every), unit="ms", limit=NOW_MS, note=note, detail={"seconds": seconds}),
        Figure("query_past", _p95([1000 * each for each in past]), unit="ms", limit=PAST_MS),
    ]


def _multiply(settings: Settings) -> int:
    with psycopg.connect(settings.dsn("postgres", settings.database), autocommit=True) as connection:
        for table in COPIED:
            columns = [
                row[0]
                for row in connection.execute(
                    "select column_name from information_schema.columns where table_schema = 'store' "
                    "and table_name = %s order by ordinal_position",
                    (table,),
                )
            ]
            # A copy is no headline: the pages of headlines stay as they are.
            values = {"indicator_code": "t.indicator_code || '~' || copy.no", "is_headline": "false"}
            told = ", ".join(values.get(column, f"t.{column}") for column in columns)
            connection.execute(
                f"insert into store.{table} ({', '.join(columns)}) select {told} from store.{table} as t "
                f"cross join generate_series(1, {COPIES}) as copy (no)".encode()
            )
        connection.execute("vacuum analyze")
        row = connection.execute("select count(*) from store.fct_indicator").fetchone()
        assert row is not None
        return int(row[0])


class Choice:
    """A filter of a page and the value that the page opens with."""

    def __init__(self, asked: dict[str, Any], sql: str, metrics: dict[str, str]) -> None:
        self.column: str = asked["targets"][0]["column"]["name"]
        self._given = asked["defaultDataMask"]["filterState"].get("value")
        controls = asked["controlValues"]
        order = metrics.get(controls.get("sortMetric") or "", f"min({self.column})")
        only = [f"{each['subject']} = '{each['comparator']}'" for each in asked["adhoc_filters"]]
        where = " and ".join([f"{self.column} is not null", *only])
        turn = "" if controls["sortAscending"] else " desc"
        self._first = f"select {self.column} from ({sql}) as v where {where} group by 1 order by {order}{turn} limit 1"

    def first(self, connection: psycopg.Connection[Any]) -> str:
        """The given value, or the first."""
        if self._given:
            return str(self._given[0])
        row = connection.execute(_filled(self._first, {}).encode()).fetchone()
        return str(row[0]) if row else ""


class Asked:
    """What a page asks: its filters and a query a chart."""

    def __init__(self, filters: list[Choice], queries: dict[str, Asset]) -> None:
        self.filters, self.queries = filters, queries


def _page(path: Path, folder: Path) -> Asked:
    dashboard = yaml.safe_load(path.read_text(encoding="utf-8"))
    assets = {kind: _by_uuid(folder / kind) for kind in ("charts", "datasets")}
    parts = dashboard["position"].values()
    charts = [
        assets["charts"][part["meta"]["uuid"]] for part in parts if isinstance(part, dict) and part["type"] == "CHART"
    ]
    filters = []
    for asked in dashboard["metadata"]["native_filter_configuration"]:
        dataset = assets["datasets"][asked["targets"][0]["datasetUuid"]]
        metrics = {metric["metric_name"]: metric["expression"] for metric in dataset["metrics"]}
        filters.append(Choice(asked, _sql(dataset), metrics))
    queries = {}
    for chart in charts:
        dataset = assets["datasets"][chart["dataset_uuid"]]
        queries[f"{dashboard['slug']}/{chart['slice_name']}"] = {
            "sql": _sql(dataset),
            "columns": {column["column_name"] for column in dataset["columns"]},
            "wanted": chart["params"].get("all_columns") or ["*"],
            "only": {each["subject"]: each["comparator"] for each in chart["params"]["adhoc_filters"]},
        }
    return Asked(filters, queries)


def _by_uuid(folder: Path) -> dict[str, Asset]:
    found = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in folder.glob("*.yaml"))
    return {asset["uuid"]: asset for asset in found}


def _sql(dataset: Asset) -> str:
    return dataset["sql"] or f"select * from published.{dataset['table_name']}"


def _ask(connection: psycopg.Connection[Any], query: Asset, chosen: dict[str, str]) -> float:
    wanted = {**query["only"], **{name: value for name, value in chosen.items() if name in query["columns"]}}
    where = " and ".join(f"{name} = {_quoted(value)}" for name, value in wanted.items()) or "true"
    text = f"select {', '.join(query['wanted'])} from ({_filled(query['sql'], chosen)}) as v where {where} limit 5000"
    started = time.perf_counter()
    connection.execute(text.encode()).fetchall()
    return time.perf_counter() - started


def _filled(sql: str, chosen: dict[str, str]) -> str:
    """What Superset's own templating makes of a query."""
    environment = jinja2.Environment(autoescape=False)
    environment.filters["where_in"] = lambda values: f"({', '.join(_quoted(value) for value in values)})"

    def filter_values(column: str, default: str | None = None) -> list[str]:
        value = chosen.get(column, default)
        return [] if value is None else [value]

    return environment.from_string(sql).render(filter_values=filter_values)


def _quoted(text: str) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _p95(found: list[float]) -> float:
    return statistics.quantiles(found, n=20)[-1]
