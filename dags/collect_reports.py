"""Take new reports from the units' doors into the warehouse: **collect → load → gate raw**, every day at 05:00.

Reports with an error wait in quarantine with their problems and stop nobody else's; the task stays green and its XCom
says how many. When anything was checked, the asset `tiendo_reports` is updated and `build_indicators` starts; when
nothing new came, the last task is skipped and nothing is built.

**When it fails**: the system is at fault, never the data. Read the log of the red task: its last lines are those of the
program itself (a door that cannot be reached, the database down, the disk full). Mend that and clear the task: every
step takes up what the one before left, so nothing is read twice and nothing is lost. `tiendo status` says what waits.

**For a load of the past** trigger it with `historical`: knowledge then counts from the time of each file.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import steps
from airflow.sdk import Asset, CronTriggerTimetable, Param, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from tiendo.operate.settings import Settings
from tiendo.programme import Programme

REPORTS = Asset("tiendo_reports")
ZONE = str(Programme.read(Settings.read().programme_dir).time_zone)


@dag(
    # With a start date the tick of the morning before would run as soon as the DAG is first seen; without one, and
    # without the last word here, so it would within a tenth of a day, and take for new what is loaded as of the past.
    schedule=CronTriggerTimetable("0 5 * * *", timezone=ZONE, run_immediately=timedelta()),
    catchup=False,
    max_active_runs=1,
    params={"historical": Param(False, type="boolean", description="Knowledge counts from the files' own times")},
    default_args={"retries": 2, "retry_delay": timedelta(minutes=1)},
    doc_md=__doc__,
    tags=["tiendo", "receive"],
)
def collect_reports() -> None:
    """Doors to raw."""

    @task
    def collect(params: dict[str, Any] | None = None) -> dict[str, Any]:
        """New files into the landing store."""
        return steps.tiendo("collect", *(["--historical"] if (params or {}).get("historical") else []), goes_on=True)

    @task
    def load() -> dict[str, Any]:
        """Files into values, each with its cell."""
        return steps.tiendo("load", goes_on=True)

    @task
    def gate_raw() -> dict[str, Any]:
        """Each report as a whole: accepted or quarantined."""
        return steps.expectations("raw", goes_on=True)

    @task(outlets=[REPORTS])
    def reports_updated(checked: dict[str, Any]) -> None:
        """Announce that there is something to build."""
        if not checked["checked"]:
            raise AirflowSkipException("no new report: nothing to build")

    gate = gate_raw()
    collect() >> load() >> gate >> reports_updated(gate)


collect_reports()
