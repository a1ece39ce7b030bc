"""The house of this folder's tests: up and down once, in a network where every way out is refused and written down."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PORTS, free_port
from tests.quiet import watched
from tiendo.operate.settings import QUIET

CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True)
class House:
    """What `house.py` saw, and every packet that wanted to leave."""

    ways: dict[str, dict[str, Any]]
    parts: list[str]
    pages: dict[str, Any]
    attempts: list[dict[str, Any]]


def attempts(folder: Path, command: list[str], environment: dict[str, str]) -> tuple[str, list[dict[str, Any]]]:
    """What a command printed, and every packet of it that wanted to leave."""
    log = folder / "attempts.jsonl"
    log.touch()
    done = subprocess.run(
        [sys.executable, str(Path(watched.__file__)), str(log), *command],
        env=environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout, [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session", autouse=True)
def possible() -> None:
    if not watched.is_possible():
        pytest.skip(
            "KHÔNG THEO DÕI ĐƯỢC MẠNG (cần iproute2 và root hoặc user namespaces): chưa biết có phần nào gọi ra ngoài "
            "hay không / the network cannot be watched here: not known whether a part calls home"
        )


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """The whole house, up and down once, with none of our switches in the caller's environment."""
    home = Path(tempfile.mkdtemp(prefix="tiendo-quiet-"))
    home.chmod(0o755)
    environment = {n: v for n, v in os.environ.items() if not n.startswith("TIENDO_") and n not in QUIET}
    environment |= {"TIENDO_HOME": str(home), "PYTHONPATH": os.pathsep.join([str(CHECKOUT / "src"), str(CHECKOUT)])}
    environment |= {name: str(free_port()) for name in PORTS}
    try:
        out, found = attempts(home, [sys.executable, "-m", "tests.quiet.house"], environment)
        told = json.loads(out)
        ways = {way["way"]: way for way in told["ways"]}
        failed = "".join(f"\n{name} ({way['code']}):\n{way['words']}" for name, way in ways.items() if way["code"])
        if failed:
            pytest.fail(failed, pytrace=False)
        yield House(ways, told["loud"], told["pages"], found)
    finally:
        shutil.rmtree(home, ignore_errors=True)
