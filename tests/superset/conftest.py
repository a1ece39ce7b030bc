"""The modules of superset/ import each other by plain names, as when generate.py runs: its folder goes on the path."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOM = Path(__file__).resolve().parents[2] / "superset"
MODULES = ("contract", "pages", "layout", "generate")


@pytest.fixture(scope="module")
def room() -> Iterator[dict[str, ModuleType]]:
    before = {name: sys.modules.pop(name) for name in MODULES if name in sys.modules}
    sys.path.insert(0, str(ROOM))
    try:
        yield {name: importlib.import_module(name) for name in MODULES}
    finally:
        sys.path.remove(str(ROOM))
        for name in MODULES:
            sys.modules.pop(name, None)
        sys.modules.update(before)
