"""`make up` on a machine that has nothing, `make up` again, and the full build inside the Airflow that it started.

In: this checkout. Out: three figures, and those of the pages. The home is new and empty, the installer's caches are
empty, the ports are free ones; whatever index and proxy the machine is set to are used. The build inside Airflow is one
more run of its DAG, when the services have come to rest; its time is Airflow's own, from start to end of the run.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx

from benchmarks import pages
from benchmarks.figures import Figure
from benchmarks.installation import Installation, fresh_home
from tiendo.operate import airflow_settings
from tiendo.operate.airflow_api import Airflow
from tiendo.operate.settings import Settings

FRESH_SECONDS, AGAIN_SECONDS = 600, 90
TIMES_OUTSIDE = 2
BUILD = "build_indicators"
OF_THE_CALLER = ("VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")


def measure(build_seconds: float | None) -> list[Figure]:
    """Up, up again, build, pages, down. `build_seconds` is that of the full build outside Airflow, where known."""
    with _untouched() as machine:
        try:
            fresh = machine.run(["make", "up"])
            again = machine.run(["make", "up"])
            in_make_up = _seconds(machine.settings, None)
            with Airflow(machine.settings) as airflow:
                run = airflow.wait(airflow.trigger(BUILD, {}), lambda _: None)
            inside = _seconds(machine.settings, run.run_id)
            seen = pages.measure(machine.settings)
        finally:
            machine.run(["make", "down"], allowed=range(256))
    return [
        Figure("up_fresh", fresh.seconds, limit=FRESH_SECONDS),
        Figure("up_again", again.seconds, limit=AGAIN_SECONDS),
        Figure(
            "build_inside",
            inside,
            limit=TIMES_OUTSIDE * build_seconds if build_seconds else None,
            note=f"during the fresh make up, beside what else was starting: {in_make_up:.1f} s",
            detail={"in_make_up_seconds": in_make_up},
        ),
        *seen,
    ]


@contextlib.contextmanager
def _untouched() -> Iterator[Installation]:
    """A home with nothing in it, and an environment in which nothing of ours is active."""
    with fresh_home() as installation:
        environment = {name: value for name, value in installation.environment.items() if name not in OF_THE_CALLER}
        own = Path(sys.prefix) / "bin"
        folders = [folder for folder in os.get_exec_path(environment) if Path(folder) != own]
        cache = installation.settings.home / "cache"
        environment |= {"PATH": os.pathsep.join(folders), "UV_CACHE_DIR": str(cache), "PIP_NO_CACHE_DIR": "1"}
        yield replace(installation, environment=environment)


def _seconds(settings: Settings, run_id: str | None) -> float:
    """How long a run of the build took by Airflow's own clock; the newest that succeeded when none is named."""
    with httpx.Client(base_url=airflow_settings.address(settings), timeout=60) as client:
        name = airflow_settings.ENGINEER
        answer = client.post("/auth/token", json={"username": name, "password": settings.secret(name)})
        client.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"
        query = {"state": "success", "order_by": "-run_after", "limit": "20"}
        runs = client.get(f"/api/v2/dags/{BUILD}/dagRuns", params=query).raise_for_status().json()["dag_runs"]
    run = next(each for each in runs if run_id in (None, each["dag_run_id"]))
    return (datetime.fromisoformat(run["end_date"]) - datetime.fromisoformat(run["start_date"])).total_seconds()
