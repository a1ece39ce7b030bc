"""What a task makes of the exit code of the program it started."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tiendo.operate.settings import CHECKOUT


@pytest.fixture(scope="module")
def steps(home: Path) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_HOME", str(home / "airflow-of-dag-tests"))
        spec = importlib.util.spec_from_file_location("steps", CHECKOUT / "dags" / "steps.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A program that prints an object and exits as it is told."""
    (tmp_path / "told.py").write_text(
        "import sys\nprint('{\"checked\": 3}')\nprint('on the way', file=sys.stderr)\nsys.exit(int(sys.argv[1]))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "told"


def test_what_it_printed_goes_to_xcom_and_what_it_said_to_the_log(
    steps: ModuleType, program: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        assert steps._run(program, ["0"], goes_on=False) == {"checked": 3, "exit_code": 0}
    assert "on the way" in caplog.text


def test_a_fault_of_the_data_is_told_and_the_rest_goes_on(
    steps: ModuleType, program: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert steps._run(program, ["1"], goes_on=True) == {"checked": 3, "exit_code": 1}
    assert "the rest goes on" in caplog.text


@pytest.mark.parametrize(
    ("code", "goes_on", "error"),
    [
        ("1", False, "AirflowFailException"),
        ("2", True, "AirflowFailException"),
        ("3", True, "AirflowException"),
        ("-9", True, "AirflowException"),
    ],
)
def test_only_a_fault_of_the_system_is_worth_another_try(
    steps: ModuleType, program: str, code: str, goes_on: bool, error: str
) -> None:
    with pytest.raises(getattr(steps, error)) as refused:
        steps._run(program, [code], goes_on=goes_on)
    assert type(refused.value).__name__ == error


def test_the_environments_own_python_is_used(steps: ModuleType) -> None:
    assert Path(sys.executable).exists()
    assert "TIENDO_HOME" in steps.Settings.read().child_environment()
