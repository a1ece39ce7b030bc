"""A Docker engine: the machine's own, else one that is started here and stopped again."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SECONDS = 60


def answers() -> bool:
    """Whether an engine is running."""
    return (
        shutil.which("docker") is not None
        and subprocess.run(["docker", "version"], capture_output=True, check=False).returncode == 0
    )


@contextlib.contextmanager
def running() -> Iterator[None]:
    """An engine for the length of a `with` block."""
    if answers():
        yield
        return
    program = shutil.which("dockerd")
    assert program, "không có dockerd: apt install docker.io / there is no dockerd: apt install docker.io"
    folder = Path(tempfile.mkdtemp(prefix="tiendo-engine-"))
    with (folder / "log").open("w") as out:
        server = subprocess.Popen([program, "--pidfile", str(folder / "pid")], stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + SECONDS
        while not answers():
            assert server.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()[-3000:]
            time.sleep(0.5)
        yield
    finally:
        server.terminate()
        server.wait(timeout=SECONDS)
        shutil.rmtree(folder, ignore_errors=True)
