"""The fictional programme, run once for all tests of this folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import copied
from tests.integration import lantern
from tests.integration.lantern import LAST, REPORTS, Lantern
from tiendo.operate.settings import Settings


@pytest.fixture(scope="session")
def published(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lantern]:
    """All reports sent, and the first publication made of them. Nothing may be changed in it: see `programme`."""
    with copied(server) as warehouse:
        programme = lantern.make(warehouse, tmp_path_factory.mktemp("lantern"))
        for report in REPORTS:
            programme.send(report)
        # The exit code says that reports were quarantined, and the rest went on.
        programme.tiendo("run", "--historical", "--period", LAST, code=1)
        yield programme


@pytest.fixture
def programme(published: Lantern, tmp_path: Path) -> Iterator[Lantern]:
    """A copy of it to go on from."""
    shutil.copytree(published.home, tmp_path, dirs_exist_ok=True)
    with copied(published.warehouse.settings) as warehouse:
        yield lantern.make(warehouse, tmp_path)
