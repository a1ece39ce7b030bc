"""What `make up` asks of Airflow, with nothing started."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from tiendo.operate import up
from tiendo.operate.settings import Settings


@pytest.mark.parametrize("is_shown", [False, True])
def test_only_what_comes_before_the_first_publication_is_of_the_past(
    monkeypatch: pytest.MonkeyPatch, is_shown: bool
) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []
    airflow = SimpleNamespace(
        wait_for_dag=lambda _: None,
        trigger=lambda dag_id, conf: asked.append((dag_id, conf)),
        wait=lambda *_: None,
        task_states=lambda _: {up.ANNOUNCES: "success"},
        started_by=lambda *_: None,
    )
    monkeypatch.setattr(up, "Airflow", lambda _: nullcontext(airflow))
    monkeypatch.setattr(up, "is_shown", lambda _: is_shown)
    reporter: Any = SimpleNamespace(step=lambda _: nullcontext())
    up.run_dags(Settings.read(), reporter)
    assert asked == [("collect_reports", {"historical": not is_shown})]


@pytest.mark.parametrize("is_outdated", [False, True])
def test_other_code_or_seeds_are_built_without_a_new_report(monkeypatch: pytest.MonkeyPatch, is_outdated: bool) -> None:
    asked: list[str] = []
    airflow = SimpleNamespace(
        wait_for_dag=lambda _: None,
        trigger=lambda dag_id, _: asked.append(dag_id),
        wait=lambda *_: None,
        task_states=lambda _: {up.ANNOUNCES: "skipped"},
        last_run=lambda _: SimpleNamespace(state="success", is_over=True),
    )
    monkeypatch.setattr(up, "Airflow", lambda _: nullcontext(airflow))
    monkeypatch.setattr(up, "is_shown", lambda _: True)
    monkeypatch.setattr(up, "is_outdated", lambda _: is_outdated)
    reporter: Any = SimpleNamespace(step=lambda _: nullcontext(), say=lambda _: None)
    up.run_dags(Settings.read(), reporter)
    assert asked == ["collect_reports"] + ["build_indicators"] * is_outdated
