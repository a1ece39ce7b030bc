"""Ask Airflow to run a DAG, and wait for the run: the only place that speaks its REST API.

In: the engineer's password. Out: the outcome of a run, and of the runs that its asset events start; when a run fails,
an error that names the task, where its log is and what it said last.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from tiendo.operate import airflow_settings
from tiendo.operate.errors import RunFailedError, ServiceError
from tiendo.operate.progress import News
from tiendo.operate.settings import Settings

POLL_SECONDS = 1.0
PARSE_SECONDS = 180
RUN_SECONDS = 3600
EVENT_SECONDS = 120
PAGE = 100
FAILED = ("failed", "upstream_failed")
FINISHED = ("success", "skipped", "removed", *FAILED)


@dataclass(frozen=True)
class Run:
    """One run of one DAG."""

    dag_id: str
    run_id: str
    state: str

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen in it."""
        return self.state in ("success", "failed")


class Airflow:
    """A signed-in client; `with Airflow(settings) as airflow`."""

    def __init__(self, settings: Settings) -> None:
        self._log = settings.log / "airflow"
        # The API server restarts by itself when it falls over: a wait of minutes should outlive that.
        transport = httpx.HTTPTransport(retries=8)
        self._client = httpx.Client(base_url=airflow_settings.address(settings), timeout=60, transport=transport)
        self._credentials = {
            "username": airflow_settings.ENGINEER,
            "password": settings.secret(airflow_settings.ENGINEER),
        }

    def __enter__(self) -> Self:
        answer = self._client.post("/auth/token", json=self._credentials)
        answer.raise_for_status()
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def wait_for_dag(self, dag_id: str) -> None:
        """Return when the DAG is known and can be triggered; raise when its file cannot be imported."""
        deadline = time.monotonic() + PARSE_SECONDS
        while True:
            answer = self._client.get(f"/api/v2/dags/{dag_id}")
            if answer.is_success and not answer.json().get("is_stale"):
                return
            faults = self._get("/api/v2/importErrors")["import_errors"]
            if faults:
                told = "\n".join(f"    {fault['filename']}: {fault['stack_trace']}" for fault in faults)
                raise ServiceError(f"Airflow không đọc được DAG / could not read a DAG file:\n{told}")
            if time.monotonic() > deadline:
                raise ServiceError(
                    f"Airflow chưa thấy DAG {dag_id} sau {PARSE_SECONDS} giây, xem log/airflow-dag-processor.log.\n"
                    f"        Airflow has not found the DAG {dag_id} within {PARSE_SECONDS} seconds, see its log."
                )
            time.sleep(POLL_SECONDS)

    def trigger(self, dag_id: str, conf: dict[str, Any]) -> Run:
        """Start a run now."""
        answer = self._client.post(f"/api/v2/dags/{dag_id}/dagRuns", json={"logical_date": None, "conf": conf})
        if not answer.is_success:
            raise ServiceError(f"Airflow không nhận / refused {dag_id}: {answer.status_code} {answer.text[:500]}")
        return _run(answer.json())

    def last_run(self, dag_id: str) -> Run | None:
        """The newest run of a DAG."""
        found = self._get(f"/api/v2/dags/{dag_id}/dagRuns", limit=1, order_by="-run_after")["dag_runs"]
        return _run(found[0]) if found else None

    def started_by(self, run: Run, dag_id: str) -> Run:
        """The run of `dag_id` that an asset event of `run` started; waits for the scheduler to make it."""
        deadline = time.monotonic() + EVENT_SECONDS
        query = {"source_dag_id": run.dag_id, "source_run_id": run.run_id}
        while time.monotonic() < deadline:
            for event in self._get("/api/v2/assets/events", **query)["asset_events"]:
                for made in event["created_dagruns"]:
                    if made["dag_id"] == dag_id:
                        return _run({**made, "dag_run_id": made["run_id"]})
            time.sleep(POLL_SECONDS)
        raise ServiceError(
            f"{run.dag_id} đã báo có dữ liệu mới nhưng {dag_id} không được khởi động sau {EVENT_SECONDS} giây.\n"
            f"        {run.dag_id} announced new data, but {dag_id} was not started within {EVENT_SECONDS} seconds."
        )

    def task_states(self, run: Run) -> dict[str, str]:
        """State of every task of a run; a task that has not been looked at yet is 'none'."""
        return {task["task_id"]: task["state"] or "none" for task in self._tasks(run)}

    def wait(self, run: Run, news: News) -> Run:
        """Return when the run has succeeded, raise when it has failed; tells how many tasks are done of how many."""
        deadline = time.monotonic() + RUN_SECONDS
        path = f"/api/v2/dags/{run.dag_id}/dagRuns/{run.run_id}"
        while True:
            now = _run(self._get(path))
            states = self.task_states(now)
            counted = Counter(states.values())
            done = sum(counted[state] for state in FINISHED)
            busy = sorted(task for task, state in states.items() if state in ("running", "deferred"))
            news(f"{done}/{len(states)} {', '.join(busy[:2])}")
            if now.state == "failed":
                raise RunFailedError(self._post_mortem(now))
            if now.is_over:
                return now
            if time.monotonic() > deadline:
                raise ServiceError(f"{run.dag_id} vẫn chưa xong sau / is not done after {RUN_SECONDS} s: {counted}")
            time.sleep(POLL_SECONDS)

    def _post_mortem(self, run: Run) -> str:
        lines = [f"{run.dag_id} thất bại / failed ({run.run_id})"]
        for task in self._tasks(run):
            if task["state"] == "failed":
                path = self._log_of(run, task)
                lines += [f"  {task['task_id']}: xem / see {path}", *last_words(path)]
        return "\n".join(lines)

    def _log_of(self, run: Run, task: dict[str, Any]) -> Path:
        folder = self._log / f"dag_id={run.dag_id}" / f"run_id={run.run_id}" / f"task_id={task['task_id']}"
        if task["map_index"] >= 0:
            folder /= f"map_index={task['map_index']}"
        return folder / f"attempt={task['try_number']}.log"

    def _tasks(self, run: Run) -> Iterator[dict[str, Any]]:
        path = f"/api/v2/dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances"
        offset, total = 0, 1
        while offset < total:
            page = self._get(path, limit=PAGE, offset=offset)
            yield from page["task_instances"]
            total = page["total_entries"]
            offset += PAGE

    def _get(self, path: str, **query: Any) -> dict[str, Any]:
        answer = self._client.get(path, params=query)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def last_words(path: Path, lines: int = 15) -> list[str]:
    """The last lines of a task's log, which Airflow keeps as one JSON object a line."""
    if not path.exists():
        return []
    told: list[str] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            told.append(line)
            continue
        told.append(str(entry.get("event", line)))
        told += [f"{fault.get('exc_type')}: {fault.get('exc_value')}" for fault in entry.get("error_detail") or []]
    return [f"    {line}" for line in "\n".join(told).splitlines()[-lines:]]


def _run(found: dict[str, Any]) -> Run:
    return Run(dag_id=found["dag_id"], run_id=found["dag_run_id"], state=found["state"] or "queued")
