"""One PostgreSQL of its own for this room's tests, in a folder that its user may enter."""

import dataclasses
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tiendo.operate import postgres, roles
from tiendo.operate.settings import Settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def server() -> Iterator[Settings]:
    # pytest's own folders are closed to other users, and PostgreSQL does not run as root.
    with tempfile.TemporaryDirectory(prefix="tiendo-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        settings = dataclasses.replace(Settings.read(), home=home, postgres_port=free_port())
        with postgres.running(settings):
            roles.prepare(settings)
            yield settings
