"""An installation for measuring: a home and ports of its own, removed afterwards, and commands with their time.

In: nothing but this checkout. Out: `Installation`, whose commands are timed from start to end, processes and all.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import BenchError
from tiendo.operate import migrate, postgres, roles
from tiendo.operate.settings import QUIET, Settings

PORTS = ("TIENDO_POSTGRES_PORT", "TIENDO_AIRFLOW_PORT", "TIENDO_SUPERSET_PORT")
LAST_LINES = 25


@dataclass(frozen=True)
class Timed:
    """One command: its time from start to end, that of its processors, and what it printed."""

    seconds: float
    cpu_seconds: float
    printed: str

    @property
    def json(self) -> dict[str, Any]:
        """What it printed, as the JSON document it is."""
        found: dict[str, Any] = json.loads(self.printed)
        return found


@dataclass(frozen=True)
class Installation:
    """Settings, and the environment under which commands see them."""

    settings: Settings
    environment: dict[str, str]

    def run(self, command: Sequence[str], allowed: Sequence[int] = (0,), told: str | None = None) -> Timed:
        """A command to its end, `told` on its standard input; BenchError when its exit code is not allowed."""
        with tempfile.TemporaryFile("w+", encoding="utf-8") as asked, tempfile.TemporaryFile("w+") as said:
            asked.write(told or "")
            asked.seek(0)
            with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
                started = time.perf_counter()
                process = subprocess.Popen(
                    list(command),
                    env=self.environment,
                    cwd=self.settings.checkout,
                    stdin=asked,
                    stdout=out,
                    stderr=said,
                )
                # wait4: the time of this process and of all it waited for, and of nobody else.
                _, status, used = os.wait4(process.pid, 0)
                seconds = time.perf_counter() - started
                process.returncode = os.waitstatus_to_exitcode(status)
                out.seek(0)
                printed = out.read()
            said.seek(0)
            if process.returncode not in allowed:
                words = "\n".join(f"{printed}\n{said.read()}".strip().splitlines()[-LAST_LINES:])
                raise BenchError(f"{' '.join(command)}: {process.returncode}\n{words}")
        return Timed(seconds, used.ru_utime + used.ru_stime, printed)

    def tiendo(self, *words: str, allowed: Sequence[int] = (0,)) -> Timed:
        """One of the commands, as a person calls it, start-up included."""
        return self.run([str(Path(sys.executable).with_name("tiendo")), *words], allowed)


@contextlib.contextmanager
def fresh_home() -> Iterator[Installation]:
    """An empty home on free ports."""
    home = Path(tempfile.mkdtemp(prefix="tiendo-bench-"))
    # PostgreSQL may run as a user of its own, who has to get in.
    home.chmod(0o755)
    names = {"TIENDO_HOME": str(home), **{name: str(port) for name, port in zip(PORTS, _free_ports(), strict=True)}}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIENDO_")}
    with _environment({**kept, **names}):
        settings = Settings.read()
    try:
        yield Installation(settings, {**kept, **QUIET, **names})
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def warehouse() -> Iterator[Installation]:
    """A home with a running server and a migrated warehouse, in the environment that is running."""
    with fresh_home() as installation, postgres.running(installation.settings):
        roles.prepare(installation.settings)
        migrate.migrate(installation.settings.dsn("owner"))
        yield installation


@contextlib.contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _free_ports() -> list[int]:
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in PORTS]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
