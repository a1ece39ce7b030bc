"""What every DAG keeps to, whatever it does; and what these two are for."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tiendo.operate.settings import CHECKOUT
from tiendo.programme import Programme

DAGS = CHECKOUT / "dags"
SEEDS = CHECKOUT / "dbt_project" / "seeds"
NAMES = ("build_indicators", "collect_reports")
HELPERS = ("model_group.py", "steps.py")
LONGEST = 80
MOST_RETRIES = 3


def test_all_files_are_read_without_an_error_and_none_is_missing(bag: dict[str, Any]) -> None:
    assert bag["import_errors"] == {}
    assert tuple(sorted(bag["dags"])) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_dag_says_what_it_does_and_what_to_do_when_it_fails(bag: dict[str, Any], name: str) -> None:
    dag = bag["dags"][name]

    assert "**When it fails**" in dag["doc"]
    assert dag["tags"]


@pytest.mark.parametrize("name", NAMES)
def test_runs_do_not_overlap_and_the_past_is_not_run_again(bag: dict[str, Any], name: str) -> None:
    dag = bag["dags"][name]

    assert dag["max_active_runs"] == 1
    assert dag["catchup"] is False
    assert all(task["retries"] <= MOST_RETRIES for task in dag["tasks"].values())


@pytest.mark.parametrize("name", NAMES)
def test_a_dag_seen_for_the_first_time_waits_for_its_next_moment(bag: dict[str, Any], name: str) -> None:
    following = datetime.fromisoformat(bag["dags"][name]["next"])

    assert following > datetime.now(following.tzinfo)


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_named_for_its_dag(bag: dict[str, Any], name: str) -> None:
    assert Path(bag["dags"][name]["file"]).name == f"{name}.py"


def test_files_are_short_and_each_is_a_dag_or_a_named_helper() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in DAGS.glob("*.py")}

    assert set(files) == {f"{name}.py" for name in NAMES} | set(HELPERS)
    assert [name for name, text in files.items() if len(text.splitlines()) > LONGEST] == []
    ignored = (DAGS / ".airflowignore").read_text(encoding="utf-8").split()
    assert all(name in ignored for name in HELPERS)


def test_no_dag_knows_one_programme() -> None:
    with (SEEDS / "programme.csv").open(encoding="utf-8", newline="") as source:
        (programme,) = csv.DictReader(source)
    words = {programme[name] for name in ("programme_code", "name_vi", "name_en", "time_zone", "calendar_rule_code")}
    for seed, column in (("element", "element_code"), ("goal", "goal_code")):
        with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as source:
            words |= {f'"{row[column]}"' for row in csv.DictReader(source)}
    text = "\n".join(path.read_text(encoding="utf-8") for path in DAGS.glob("*.py"))

    assert [word for word in sorted(words) if word in text] == []


def test_collecting_ends_with_the_asset_that_building_waits_for(bag: dict[str, Any]) -> None:
    tasks = bag["dags"]["collect_reports"]["tasks"]

    assert tasks["reports_updated"]["outlets"] == ["tiendo_reports"]
    order = [("load", "collect"), ("gate_raw", "load"), ("reports_updated", "gate_raw")]
    assert [(name, [before]) for name, before in order] == [(name, tasks[name]["upstream"]) for name, _ in order]
    assert bag["dags"]["collect_reports"]["params"] == {"historical": False}
    assert "sset" in bag["dags"]["build_indicators"]["schedule"]


def test_building_runs_on_the_morning_after_each_due_date(bag: dict[str, Any]) -> None:
    programme = Programme.read(SEEDS)
    events = [datetime.fromisoformat(event) for event in bag["dags"]["build_indicators"]["events"]]

    assert len(events) == len(programme.periods)
    local = [event.astimezone(programme.time_zone) for event in events]
    assert [event.date() for event in local] == [period.due + timedelta(days=1) for period in programme.periods]
    assert {event.hour for event in local} == {6}


def test_nothing_is_published_that_the_gate_has_not_seen(bag: dict[str, Any]) -> None:
    tasks = bag["dags"]["build_indicators"]["tasks"]

    assert tasks["publish"]["upstream"] == ["gate_marts"]
    before = tasks["gate_marts"]["upstream"]
    assert "dbt.dbt_producer_watcher_done" in before
    assert "dbt.rpt_scorecard_run" in before
    assert bag["dags"]["build_indicators"]["params"] == {"period": None, "unit": None}


def test_every_model_is_a_task_and_none_is_tried_again_alone(bag: dict[str, Any]) -> None:
    tasks = bag["dags"]["build_indicators"]["tasks"]
    models = {path.stem for path in (CHECKOUT / "dbt_project" / "models").rglob("*.sql")}

    assert models
    assert {f"dbt.{model}_run" for model in models} <= set(tasks)
    assert {task["retries"] for name, task in tasks.items() if name.startswith("dbt.")} == {0}
