"""The DAGs as Airflow sees them, read once for all tests of this folder in an installation that never ran."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tiendo.operate.settings import Settings

# Airflow reads its settings when it is first imported and never again, so the DAGs are described by a process of its
# own; what is asked of them here is in its answer.
DESCRIBE = """
import json, sys
from airflow.dag_processing.dagbag import BundleDagBag
from airflow.serialization.serialized_objects import DagSerialization
from pathlib import Path
import pendulum
from airflow.timetables.base import TimeRestriction

folder = Path(sys.argv[1])
bag = BundleDagBag(dag_folder=folder, bundle_path=folder, bundle_name="dags-folder")
dags = {}
for dag in bag.dags.values():
    kept = DagSerialization.from_dict(DagSerialization.to_dict(dag))
    started = kept.start_date and pendulum.instance(kept.start_date)
    asked = TimeRestriction(earliest=started, latest=None, catchup=False)
    following = kept.timetable.next_dagrun_info(last_automated_data_interval=None, restriction=asked)
    inner = getattr(kept.timetable, "timetable", None)
    dags[dag.dag_id] = {
        "file": dag.fileloc, "doc": dag.doc_md, "tags": sorted(dag.tags), "max_active_runs": dag.max_active_runs,
        "catchup": dag.catchup, "params": {name: dag.params[name] for name in dag.params},
        "schedule": kept.timetable.summary, "next": following and following.run_after.isoformat(),
        "events": [event.isoformat() for event in getattr(inner, "event_dates", [])],
        "tasks": {
            task.task_id: {
                "retries": task.retries,
                "upstream": sorted(task.upstream_task_ids),
                "outlets": [outlet.name for outlet in task.outlets],
            }
            for task in dag.tasks
        },
    }
print("DAGS" + json.dumps({"import_errors": bag.import_errors, "dags": dags}, default=str))
"""


@pytest.fixture(scope="session")
def bag(home: Path, settings: Settings) -> Iterator[dict[str, Any]]:
    """{'import_errors': …, 'dags': {dag_id: …}} of the folder dags/."""
    environment = {
        **os.environ,
        **settings.child_environment(),
        "AIRFLOW_HOME": str(home / "airflow-of-dag-tests"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow-of-dag-tests.db'}",
    }
    subprocess.run(
        [Path(sys.executable).parent / "dbt", "parse", "--quiet"],
        cwd=settings.checkout,
        env=environment,
        check=True,
        capture_output=True,
    )
    done = subprocess.run(
        [sys.executable, "-c", DESCRIBE, str(settings.checkout / "dags")],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in done.stdout.splitlines() if line.startswith("DAGS")]
    assert told, done.stdout[-2000:] + done.stderr[-4000:]
    found: dict[str, Any] = json.loads(told[0].removeprefix("DAGS"))
    yield found
