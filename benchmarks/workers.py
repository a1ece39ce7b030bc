"""One Celery worker and two, on an installed demo of containers: `python -m benchmarks.workers`.

In: the installation of docker/stack, its sample published. Out: how long the main job takes with each number of
workers, as a table and in build/workers.json, and how many tasks each worker did. Every run builds all of it anew.
Workers share the cores of this one machine: what a second one adds here is places for tasks that wait, and where two
cores are all there is, nothing to dbt.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks.figures import machine
from tiendo.operate.settings import CHECKOUT, Settings
from tiendo.programme import Programme

STACK = CHECKOUT / "docker" / "stack"
DAG = "build_indicators"
COUNTS = (1, 2)
RUNS = 2
SECONDS = 1800
RESULT = CHECKOUT / "build" / "workers.json"


@dataclass(frozen=True)
class Timed:
    """One run of the main job."""

    workers: int
    seconds: float
    tasks: dict[str, int]


def main() -> int:
    """Scale, run, tell; one run after another, since each would take the other's cores."""
    console = Console(highlight=False)
    timed = []
    for workers in COUNTS:
        scale(workers)
        with signed_in() as airflow:
            for _ in range(RUNS):
                console.print(f"{workers} worker …")
                timed.append(run(airflow, workers))
    table = Table("workers", "s", "tasks by worker")
    for each in timed:
        table.add_row(str(each.workers), f"{each.seconds:.0f}", " + ".join(map(str, each.tasks.values())))
    console.print(table)
    console.print(f"{os.cpu_count()} cores")
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps({"machine": machine(), "runs": [asdict(each) for each in timed]}, indent=1))
    return 0


def scale(workers: int) -> None:
    """That many workers, all of them well."""
    stack("workers", str(workers))


def run(airflow: httpx.Client, workers: int) -> Timed:
    """The main job, from the wish to its end."""
    # Everything is built, whatever changed.
    period = {"period": Programme.read(Settings.read().programme_dir).periods[0].code}
    began = time.monotonic()
    answer = airflow.post(f"/api/v2/dags/{DAG}/dagRuns", json={"logical_date": None, "conf": period})
    answer.raise_for_status()
    path = f"/api/v2/dags/{DAG}/dagRuns/{answer.json()['dag_run_id']}"
    state = ""
    while state not in ("success", "failed"):
        if time.monotonic() - began > SECONDS:
            sys.exit(f"{DAG}: không xong sau / not done after {SECONDS} s")
        time.sleep(1)
        state = airflow.get(path).json()["state"]
    seconds = time.monotonic() - began
    if state == "failed":
        sys.exit(f"{DAG}: thất bại / failed")
    tasks: list[dict[str, Any]] = airflow.get(f"{path}/taskInstances", params={"limit": 100}).json()["task_instances"]
    return Timed(workers, seconds, dict(Counter(task["hostname"] for task in tasks if task["hostname"])))


@contextlib.contextmanager
def signed_in() -> Iterator[httpx.Client]:
    """Airflow's API behind the proxy; the certificate may be of our own making."""
    told = stack("accounts").split()
    address = next(word for word in stack("address").split() if word.startswith("https://"))
    with httpx.Client(base_url=address, verify=False, timeout=60) as client:
        answer = client.post("/auth/token", json={"username": "engineer", "password": told[told.index("engineer") + 1]})
        answer.raise_for_status()
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


def stack(*words: str) -> str:
    """What docker/stack says."""
    done = subprocess.run([str(STACK), *words], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
