"""From reports to a publication: **open run → dbt → gate marts → publish**.

Starts on accepted reports, at 06:00 of the day after each due date (silence becomes a missing report), and on a start
with other code or seeds. One dbt process does the work; each model is a task that shows how it went, data tests inside.

**When it fails**, dashboards keep showing the last publication.
- `open_run`: nothing that is due has been accepted yet, or a param names no period or unit of the programme.
- `dbt`: the log of `dbt_producer_watcher` has dbt's own error; a model after it is red too. Mend it and trigger the DAG
  again: a new run abandons the one that failed. Clearing a single model is of no use.
- `gate_marts`: the log names each expectation and how many rows broke it; `ops.validation_result` keeps some of them.
- `publish`: one transaction, so clear it and it is tried again.

**To build a part only** trigger it with `period` (from that month on) or `unit`, or both.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pendulum
import steps
from airflow.sdk import Asset, AssetOrTimeSchedule, Param, dag, task

# Not the one of airflow.sdk: Airflow 3.3 cannot read back what it writes of that one.
from airflow.timetables.events import EventsTimetable
from model_group import model_group

from tiendo.operate.settings import Settings
from tiendo.programme import Programme

SETTINGS = Settings.read()
PROGRAMME = Programme.read(SETTINGS.programme_dir)
MORNINGS_AFTER = [
    pendulum.instance(datetime.combine(period.due + timedelta(days=1), time(6), PROGRAMME.time_zone))
    for period in PROGRAMME.periods
]


@dag(
    schedule=AssetOrTimeSchedule(timetable=EventsTimetable(MORNINGS_AFTER), assets=[Asset("tiendo_reports")]),
    start_date=datetime.combine(PROGRAMME.start_date, time(), PROGRAMME.time_zone),
    catchup=False,
    max_active_runs=1,
    params={
        "period": Param(None, type=["null", "string"], pattern=r"^\d{4}-\d{2}$", description="From this month on"),
        "unit": Param(None, type=["null", "string"], description="What this unit's numbers reach"),
    },
    default_args={"retries": 1, "retry_delay": timedelta(minutes=1)},
    doc_md=__doc__,
    tags=["tiendo", "build"],
)
def build_indicators() -> None:
    """Raw to published."""

    @task
    def open_run(params: dict[str, Any] | None = None) -> dict[str, Any]:
        """What is built, to which period, as known at which moment."""
        wish = [
            word
            for name, option in (("period", "--from"), ("unit", "--unit"))
            if (told := (params or {}).get(name))
            for word in (option, told)
        ]
        return steps.tiendo("build", "--open", *(wish or ["--changed"]))

    @task
    def gate_marts() -> dict[str, Any]:
        """Whether what was built may be shown."""
        return steps.expectations("marts")

    @task
    def publish() -> dict[str, Any]:
        """The next publication, and the pointer on it."""
        return steps.tiendo("publish")

    open_run() >> model_group(SETTINGS) >> gate_marts() >> publish()


build_indicators()
