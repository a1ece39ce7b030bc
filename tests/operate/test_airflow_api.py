"""Waiting for Airflow, against an API that is played back: no server is started here."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tiendo.operate import airflow_api
from tiendo.operate.airflow_api import Airflow, Run
from tiendo.operate.errors import RunFailedError, ServiceError
from tiendo.operate.settings import Settings

RUN = Run("collect_reports", "manual__1", "queued")
PATH = "/api/v2/dags/collect_reports/dagRuns/manual__1"

Play = Callable[[dict[str, list[Any]]], Airflow]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Play:
    """Answers by path, one after the other; the last one stays."""
    monkeypatch.setattr(airflow_api, "POLL_SECONDS", 0)
    settings = dataclasses.replace(Settings.read(), home=tmp_path)

    def client(answers: dict[str, list[Any]]) -> Airflow:
        def answer(request: httpx.Request) -> httpx.Response:
            queue = answers[request.url.path]
            found = queue.pop(0) if len(queue) > 1 else queue[0]
            return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

        airflow = Airflow(settings)
        transport = httpx.MockTransport(answer)
        monkeypatch.setattr(airflow, "_client", httpx.Client(base_url="http://airflow", transport=transport))
        return airflow

    return client


def state(of_run: str) -> dict[str, Any]:
    return {"dag_id": RUN.dag_id, "dag_run_id": RUN.run_id, "state": of_run}


def tasks(**states: str | None) -> dict[str, Any]:
    found = [{"task_id": name, "state": value, "map_index": -1, "try_number": 1} for name, value in states.items()]
    return {"task_instances": found, "total_entries": len(found)}


def test_it_tells_how_many_tasks_are_done_of_how_many(play: Play) -> None:
    airflow = play(
        {
            PATH: [state("queued"), state("running"), state("success")],
            f"{PATH}/taskInstances": [
                tasks(collect=None, load=None),
                tasks(collect="success", load="running"),
                tasks(collect="success", load="skipped"),
            ],
        }
    )
    told: list[str] = []
    assert airflow.wait(RUN, told.append).state == "success"
    assert [line.strip() for line in told] == ["0/2", "1/2 load", "2/2"]


def test_a_failure_names_the_task_its_log_and_its_last_words(play: Play, tmp_path: Path) -> None:
    airflow = play(
        {
            PATH: [state("failed")],
            f"{PATH}/taskInstances": [tasks(collect="success", load="failed", announce="upstream_failed")],
        }
    )
    folder = tmp_path / "log/airflow/dag_id=collect_reports/run_id=manual__1/task_id=load"
    folder.mkdir(parents=True)
    fault = {"event": "Task failed", "error_detail": [{"exc_type": "LoadError", "exc_value": "ba tệp hỏng"}]}
    (folder / "attempt=1.log").write_text(json.dumps(fault) + "\n", encoding="utf-8")
    with pytest.raises(RunFailedError) as caught:
        airflow.wait(RUN, lambda _: None)
    told = str(caught.value)
    assert caught.value.exit_code == 1
    assert "load: " in told
    assert "announce: " not in told
    assert str(folder / "attempt=1.log") in told
    assert "LoadError: ba tệp hỏng" in told


def test_the_run_that_an_event_started_is_found(play: Play) -> None:
    made = {"dag_id": "build_indicators", "run_id": "asset_triggered__1", "state": "queued"}
    other = {"dag_id": "another", "run_id": "asset_triggered__0", "state": "queued"}
    airflow = play(
        {
            "/api/v2/assets/events": [
                {"asset_events": []},
                {"asset_events": [{"created_dagruns": []}]},
                {"asset_events": [{"created_dagruns": [other, made]}]},
            ]
        }
    )
    assert airflow.started_by(RUN, "build_indicators") == Run("build_indicators", "asset_triggered__1", "queued")


def test_an_event_that_starts_nothing_is_an_error(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow_api, "EVENT_SECONDS", 0.05)
    airflow = play({"/api/v2/assets/events": [{"asset_events": []}]})
    with pytest.raises(ServiceError, match="build_indicators was not started"):
        airflow.started_by(RUN, "build_indicators")


def test_a_dag_file_that_cannot_be_read_is_told_at_once(play: Play) -> None:
    fault = {"filename": "collect_reports.py", "stack_trace": "ModuleNotFoundError: No module named 'tiendo'"}
    airflow = play(
        {
            "/api/v2/dags/collect_reports": [httpx.Response(404)],
            "/api/v2/importErrors": [{"import_errors": [fault]}],
        }
    )
    with pytest.raises(ServiceError, match="No module named 'tiendo'"):
        airflow.wait_for_dag("collect_reports")


def test_more_tasks_than_one_page_are_all_counted(play: Play) -> None:
    first = tasks(**{f"model_{number}": "success" for number in range(100)})
    second = tasks(last="running")
    for page in (first, second):
        page["total_entries"] = 101
    airflow = play({f"{PATH}/taskInstances": [first, second]})
    assert len(airflow.task_states(RUN)) == 101
