"""Adds checks that were read to the seed verification of a programme, after trying them on a copy of its seeds."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tiendo.programme import Programme
from tiendo.review.checks_form import SEED_COLUMNS

SEED = "verification.csv"


def rows_text(rows: Iterable[dict[str, str]], *, with_head: bool = True) -> str:
    """Rows as the seed has them."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, SEED_COLUMNS, lineterminator="\n")
    if with_head:
        writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def append_rows(folder: Path, rows: Iterable[dict[str, str]]) -> None:
    """Add rows to the seed; SeedError, and nothing changed, when the seeds with them do not hold."""
    there = (folder / SEED).read_text(encoding="utf-8")
    content = there + ("" if there.endswith("\n") else "\n") + rows_text(rows, with_head=False)
    with tempfile.TemporaryDirectory() as trial:
        for path in folder.glob("*.csv"):
            shutil.copyfile(path, Path(trial) / path.name)
        (Path(trial) / SEED).write_text(content, encoding="utf-8")
        Programme.read(trial)
    # Written beside and moved over it, so that nobody reads half a seed.
    part = folder / f".{SEED}.part"
    part.write_text(content, encoding="utf-8")
    part.replace(folder / SEED)
