"""How a task starts a program of the house: as a process, its words in the task's log, its figures in XCom.

In: the words of a command. Out: the JSON object it printed. Exit codes become outcomes of the task here and nowhere
else: 0 done; 1 the data is at fault, which a task may be told to live with; 2 the call is at fault, and trying again
will not help; 3 the system is at fault, and trying again may.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from typing import Any

from airflow.sdk.exceptions import AirflowException, AirflowFailException

from tiendo.operate.settings import Settings

log = logging.getLogger(__name__)

DATA_AT_FAULT, CALL_AT_FAULT = 1, 2


def tiendo(*words: str, goes_on: bool = False) -> dict[str, Any]:
    """Run `tiendo … --json`. With `goes_on` a fault of the data is told and the task succeeds."""
    return _run("tiendo", [*words, "--json"], goes_on)


def expectations(gate: str, goes_on: bool = False) -> dict[str, Any]:
    """Pass a gate, in the process that pays for importing Great Expectations once."""
    return _run("expectations", ["--gate", gate, "--json"], goes_on)


def _run(module: str, words: list[str], goes_on: bool) -> dict[str, Any]:
    settings = Settings.read()
    name = " ".join([module.partition(".")[0], *words])
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *words],
            cwd=settings.checkout,
            env=settings.child_environment(),
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for line in process.stderr or ():
            log.info("%s", line.rstrip())
        code = process.wait()
        out.seek(0)
        told = out.read().strip()
    log.info("%s: exit code %s\n%s", name, code, told)
    if code not in (0, DATA_AT_FAULT, CALL_AT_FAULT):
        raise AirflowException(f"{name}: the system is at fault (exit code {code}); the reason is in the log above")
    if code == CALL_AT_FAULT or (code == DATA_AT_FAULT and not goes_on):
        raise AirflowFailException(f"{name}: exit code {code}, trying again will not help; see the log above")
    found: dict[str, Any] = json.loads(told)
    if code == DATA_AT_FAULT:
        log.warning("%s: the data is at fault. What is at fault waits in quarantine, the rest goes on.", name)
    return {**found, "exit_code": code}
