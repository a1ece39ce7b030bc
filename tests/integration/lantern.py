"""A fictional programme that runs from forms to a scorecard: three provinces, a merger under a code that changes its
meaning, a society, five elements, six months. Its reports are written here as the units would send them.

Every number expected of it in the tests was worked out by hand from the table below.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from tests.conftest import Warehouse
from tiendo.programme import Programme
from tiendo.receive.form import Content, find_unit_and_period, write_form

SEEDS = Path(__file__).parents[1] / "programmes" / "lantern"
LAST = "2024-06"
Row = dict[str, int | str | None]


@dataclass(frozen=True)
class Report:
    """One workbook: unit, month, days after the period's end on which it came, and what stands in it."""

    unit: str
    month: int
    days: int
    row: Row


REPORTS = [
    *(Report("HD", m, 3, {"D01": 10, "D02": 5, "D05": dark}) for m, dark in ((1, 4), (2, 4), (3, 4), (4, 4), (6, 6))),
    # More paper lanterns than lanterns: quarantined and never mended, so that month is missing.
    Report("HD", 5, 3, {"D01": 10, "D02": 50, "D05": 4}),
    Report("01", 1, 3, {"D01": 2, "D02": 0, "D03": 1, "D04": 0}),
    Report("01", 2, 3, {"D01": 3, "D02": 1, "D03": 2, "D04": 1}),
    Report("01", 3, 3, {"D01": 4, "D02": 1, "D03": 3, "D04": "-"}),
    Report("02", 1, 3, {"D01": 1, "D02": 1, "D03": 6, "D04": 0}),
    # 02 sent nothing for February.
    Report("02", 3, 9, {"D01": 1, "D02": 0, "D03": 9, "D04": 0}),
    Report("03", 1, 3, {"D01": 5, "D02": "Không phát sinh", "D03": 10, "D04": 0}),
    Report("03", 2, 3, {"D01": 50, "D02": "-", "D03": 10, "D04": 0}),
    Report("03", 2, 40, {"D01": 5, "D02": "-", "D03": 10, "D04": 0}),
    Report("03", 3, 3, {"D01": 5, "D02": 0, "D03": 12, "D04": 0}),
    Report("03", 4, 3, {"D01": 5, "D02": 0, "D03": 12, "D04": 0}),
    Report("03", 5, 3, {"D01": 5, "D02": 0, "D03": 14, "D04": 0}),
    # No number of trained makers in June.
    Report("03", 6, 3, {"D01": 5, "D02": 0, "D03": None, "D04": 1}),
    # From April code 02 is another unit, made of 01 and 02; its festivals are asked by former province.
    Report("02", 4, 3, {"D01": 6, "D02": 2, "D03": 16, "D04/01": 1, "D04/02": 0}),
    Report("02", 5, 3, {"D01": 6, "D02": 2, "D03": 20, "D04/01": 0, "D04/02": 0}),
    Report("02", 6, 3, {"D01": "gần 8", "D02": 2, "D03": 22, "D04/01": 0, "D04/02": 0}),
    Report("02", 6, 8, {"D01": "8", "D02": 2, "D03": 22, "D04/01": 0, "D04/02": 0}),
]


@dataclass(frozen=True)
class Lantern:
    """The fictional programme in a warehouse and a home of its own."""

    warehouse: Warehouse
    home: Path
    environment: dict[str, str]

    @property
    def doors(self) -> Path:
        """Its units' folders."""
        return self.home / "doors"

    def send(self, report: Report) -> Path:
        """Put a report at its unit's door with the time it came."""
        programme = Programme.read(SEEDS)
        unit, period = find_unit_and_period(programme, report.unit, f"2024-{report.month:02d}")
        # 03 is asked for its festivals under its own code for as long as it exists.
        rows = {code: {"value": value} for code, value in report.row.items() if value is not None}
        content = Content(numbers=rows, is_synthetic=True)
        folder = self.doors / report.unit
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{period.code}_{report.days:02d}.xlsx"
        path.write_bytes(write_form(programme, unit, period, content))
        came = datetime(period.end.year, period.end.month, period.end.day, 9, tzinfo=programme.time_zone)
        stamp = (came + timedelta(days=report.days)).timestamp()
        os.utime(path, (stamp, stamp))
        return path

    def tiendo(self, *words: str, code: int = 0) -> str:
        """Run a command as a person would; what it printed."""
        return self.run(sys.executable, "-m", "tiendo.cli", *words, code=code)

    def run(self, *words: str, code: int = 0) -> str:
        """Run a program in this programme's environment; what it printed."""
        done = subprocess.run(
            words,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, f"{words} -> {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout


def make(warehouse: Warehouse, home: Path) -> Lantern:
    """The fictional programme with its own folders; what dbt parsed is shared by all of a session."""
    settings = replace(warehouse.settings, programme_dir=SEEDS)
    environment = settings.child_environment() | {"TIENDO_HOME": str(home)}
    environment |= {
        "DBT_TARGET_PATH": str(settings.home / "lantern-dbt"),
        "DBT_LOG_PATH": str(home / "log" / "dbt"),
        "PYTHONPATH": str(settings.checkout / "src"),
    }
    return Lantern(warehouse, home, environment)
