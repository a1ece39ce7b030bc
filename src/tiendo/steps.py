"""The steps after loading: open a run, build, validate, publish. dbt and the expectations are started as processes.

In: the settings. Out: what each step did; a step that fails says which program said so and where its log is.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg

from tiendo import __version__
from tiendo.operate.settings import Settings
from tiendo.programme import Programme
from tiendo.publish.errors import PublishError
from tiendo.publish.runs import Run, Wish, fail_run, open_run

GATES = ("raw", "marts")


def begin(settings: Settings, wish: Wish) -> Run:
    """Open a run for what is wished; the models read it."""
    programme = Programme.read(settings.programme_dir)
    with psycopg.connect(settings.dsn("tiendo_builder")) as connection:
        return open_run(connection, programme, wish, code_version(settings))


def code_version(settings: Settings) -> str:
    """The package's version and what its models say: other formulas are another code."""
    project = settings.checkout / "dbt_project"
    hashed = hashlib.sha256()
    for path in sorted([*project.glob("m*/**/*.sql"), *project.glob("m*/**/*.yml")]):
        hashed.update(path.read_bytes())
    return f"{__version__}+{hashed.hexdigest()[:12]}"


def build(settings: Settings, wish: Wish) -> Run:
    """Open a run and build seeds, models and their data tests for it. Raises PublishError when dbt fails."""
    run = begin(settings, wish)
    # Airflow reads its tasks from the manifest that was left at set-up; it must not be found half written.
    words = ["build", "--exclude-resource-type", "unit_test", "--no-write-json", "--quiet"]
    code = _start(settings, [_tool("dbt"), *words])
    if code:
        with psycopg.connect(settings.dsn("tiendo_builder")) as connection:
            fail_run(connection, run.run_id)
        raise PublishError(
            f"dbt không dựng được lần {run.run_id} (mã {code}); xem {settings.log / 'dbt' / 'dbt.log'}.\n"
            f"        dbt failed on run {run.run_id} (code {code}); its log is named above."
        )
    return run


def validate(settings: Settings, gate: str, as_json: bool = False) -> int:
    """Run a gate; its exit code: 0 fit, 1 the data is at fault."""
    words = ["--json"] if as_json else []
    return _start(settings, [sys.executable, "-m", "expectations", "--gate", gate, *words])


def _start(settings: Settings, command: Sequence[str]) -> int:
    return subprocess.run(command, env=settings.child_environment(), cwd=settings.checkout, check=False).returncode


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)
