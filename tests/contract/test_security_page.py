"""The page on security names tests that exist: what it says is defended is tried."""

from __future__ import annotations

import re
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def test_every_test_that_the_page_names_is_there() -> None:
    text = (CHECKOUT / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(named) > 25
    missing = [f"{path}::{name}" for path, name in named if f"def {name}(" not in (CHECKOUT / path).read_text("utf-8")]
    assert missing == []


def test_every_row_of_what_is_defended_names_one() -> None:
    text = (CHECKOUT / "docs" / "security.md").read_text(encoding="utf-8").partition("## Không được bảo vệ")[0]
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| Trước cái gì")]
    assert rows
    assert [row for row in rows if "`tests/" not in row] == []
