"""The steps after loading: open a run, build, validate, publish. dbt and the expectations are started as processes.

In: the settings. Out: what each step did; a step that fails says which program said so and where its log is.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import psycopg

from tiendo import __version__
from tiendo.operate.settings import Settings
from tiendo.programme import Programme
from tiendo.programme.seeds import content_hash
from tiendo.publish.errors import PublishError
from tiendo.publish.runs import Run, Wish, end_run, open_run, seeds_published_by

GATES = ("raw", "marts")


def begin(settings: Settings, wish: Wish) -> Run:
    """Open a run for what is wished; the models read it. A bad seed stops it before anything is touched."""
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


def made_by(settings: Settings) -> tuple[str, str]:
    """What a build would be made by now: the version of the code, the hash of the seeds."""
    return code_version(settings), content_hash(settings.programme_dir)


def build(settings: Settings, wish: Wish) -> Run:
    """Open a run and build seeds, models and their data tests for it. Raises PublishError when dbt fails.

    As known on an earlier day it builds the schema asof, from the seeds of the publication that was shown then.
    """
    words = ["build", "--exclude-resource-type", "unit_test", "--no-write-json", "--quiet"]
    environment = settings.child_environment()
    if wish.known_on is not None:
        settings = _with_seeds_of(settings, wish.known_on)
        words += ["--target", "asof"]
        # What dbt has parsed of other seeds is kept apart from what Airflow reads its tasks from.
        environment = settings.child_environment() | {"DBT_TARGET_PATH": str(settings.home / "dbt" / "asof")}
    run = begin(settings, wish)
    # Airflow reads its tasks from the manifest that was left at set-up; it must not be found half written.
    code = _start(settings, [_tool("dbt"), *words], environment)
    if code or run.room == "asof":
        with psycopg.connect(settings.dsn("tiendo_builder")) as connection:
            end_run(connection, run.run_id, "failed" if code else "built")
    if code:
        raise PublishError(
            f"dbt không dựng được lần {run.run_id} (mã {code}); xem {settings.log / 'dbt' / 'dbt.log'}.\n"
            f"        dbt failed on run {run.run_id} (code {code}); its log is named above."
        )
    return run


def _with_seeds_of(settings: Settings, known_on: date) -> Settings:
    """The settings with the programme as it was published by the end of a day; as it is, when nothing was."""
    programme = Programme.read(settings.programme_dir)
    with psycopg.connect(settings.dsn("tiendo_builder")) as connection:
        files = seeds_published_by(connection, datetime.combine(known_on, time.max, programme.time_zone))
    if files is None:
        return settings
    # dbt takes seeds from inside the checkout alone.
    folder = settings.checkout / "build" / "seeds" / programme.code / str(known_on)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return replace(settings, programme_dir=folder)


def validate(settings: Settings, gate: str, as_json: bool = False) -> int:
    """Run a gate; its exit code: 0 fit, 1 the data is at fault."""
    words = ["--json"] if as_json else []
    return _start(settings, [sys.executable, "-m", "expectations", "--gate", gate, *words])


def _start(settings: Settings, command: Sequence[str], environment: dict[str, str] | None = None) -> int:
    env = environment or settings.child_environment()
    return subprocess.run(command, env=env, cwd=settings.checkout, check=False).returncode


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)
