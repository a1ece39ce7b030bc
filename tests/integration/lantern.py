"""A fictional programme that runs from forms to a scorecard, small enough to work out by hand: seven months, a society,
provinces that merge under a code that changes its meaning, guilds of which two merge across a regional border and one
only changes its name, and an office whose work another takes over. Its reports are written here as the units would
send them; every number expected of it in the tests was worked out by hand from the tables below.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.conftest import Warehouse
from tiendo.programme import Programme
from tiendo.receive.form import Content, find_unit_and_period, write_form

SEEDS = Path(__file__).parents[1] / "programmes" / "lantern"
LAST = "2024-06"
Value = int | str | None
Row = dict[str, Value]


@dataclass(frozen=True)
class Report:
    """One workbook: unit, month of 2024 (0 is December 2023), days after the period's end on which it came, what stands
    in it, and the first and last day that it speaks of, where it is not the whole month.
    """

    unit: str
    month: int
    days: int
    row: Row
    covers: tuple[date | None, date | None] = (None, None)

    @property
    def period(self) -> str:
        """The code of its month."""
        return f"2024-{self.month:02d}" if self.month else "2023-12"


def guild(
    unit: str,
    month: int,
    days: int,
    *numbers: Value,
    covers: tuple[date | None, date | None] = (None, None),
    **contests: Value,
) -> Report:
    """A guild's report: workshops open, apprentices, women and men of them, and contests (total, or by former unit)."""
    codes = ("D06", "D07", "D07/sex.female", "D07/sex.male")
    row = dict(zip(codes, numbers, strict=True))
    return Report(unit, month, days, row | {name.replace("_", "/"): value for name, value in contests.items()}, covers)


PROVINCES = [
    # 17, which ended in December, was asked for lantern frames (D10) too and never told of any.
    *(
        Report("HD", m, 3, {"D01": 10, "D02": 5, "D05": dark, "D10": 20})
        for m, dark in ((1, 4), (2, 4), (3, 4), (4, 4), (6, 6))
    ),
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
GUILDS = [
    guild("11", 0, 3, 4, 3, 1, 2, D09=0),
    guild("11", 1, 3, 5, 2, 1, 1, D09=1),
    guild("11", 2, 3, 6, 4, 2, 2, D09=0),
    guild("11", 3, 3, 6, 1, 0, 1, D09=0),
    guild("12", 0, 3, 10, 5, 2, 3, D09=0),
    guild("12", 1, 3, 12, 6, 3, 3, D09=0),
    # Late by a month.
    guild("12", 2, 30, 12, 4, 1, 3, D09=0),
    guild("12", 3, 3, 14, 7, 3, 4, D09=0),
    # Guild 11 closes its books on the day it ends; 12 does not. Guild 13 tells of the days after it.
    guild("11", 4, 3, None, 2, 2, 0, D09=1, covers=(date(2024, 3, 21), date(2024, 3, 31))),
    guild("13", 4, 3, None, 8, 4, 4, D09_11=0, D09_12=0, covers=(date(2024, 4, 1), date(2024, 4, 20))),
    guild("13", 5, 3, 20, 6, 3, 3, D09_11=0, D09_12=2),
    # Women and men do not add up: the number of women is in question, and the total is not.
    guild("13", 6, 3, 21, 5, 2, 2, D09_11=0, D09_12=0),
    guild("14", 0, 3, 4, 2, 1, 1, D09=0),
    guild("14", 1, 3, 4, 3, 2, 1, D09=0),
    # 14 sent nothing for February, and mended March.
    guild("14", 3, 3, 5, 9, 5, 4, D09=0),
    guild("14", 3, 20, 5, 6, 3, 3, D09=0),
    guild("14", 4, 3, 5, 2, 0, 2, D09=1),
    # 14 closes its books, and 15, which is 14 under another name, first tells of the same days again.
    guild("14", 5, 2, None, 1, 1, 0, D09=0, covers=(date(2024, 4, 21), date(2024, 5, 5))),
    guild("15", 5, 3, 6, 4, 2, 2, D09_14=0),
    guild("15", 5, 20, 6, 3, 1, 2, D09_14=0, covers=(date(2024, 5, 6), date(2024, 5, 20))),
    guild("15", 6, 3, 7, 2, 1, 1, D09_14=0),
    # A nought too many, which an office later decided upon; and workshops that were not counted twice.
    guild("16", 3, 3, 3, 50, 20, 30, D09=0),
    guild("16", 4, 3, None, 1, 1, 0, D09=0),
    guild("16", 5, 3, 4, 2, 1, 1, D09=0),
    guild("16", 6, 3, None, "-", 0, 0, D09="chưa có số liệu"),
    guild("17", 0, 3, 2, 0, 0, 0, D09=1),
]
# Markets: CB takes the work over in March, and sent nothing for April.
OFFICES = [
    *(Report("CA", month, 3, {"D08": markets}) for month, markets in ((0, 2), (1, 3), (2, 1))),
    *(Report("CB", month, 3, {"D08": markets}) for month, markets in ((3, 4), (5, 5), (6, 0))),
]
REPORTS = [*PROVINCES, *GUILDS, *OFFICES]


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
        unit, period = find_unit_and_period(programme, report.unit, report.period, report.covers[1])
        # 03 is asked for its festivals under its own code for as long as it exists.
        rows = {code: {"value": value} for code, value in report.row.items() if value is not None}
        first, last = report.covers
        content = Content(numbers=rows, is_synthetic=True, covers_from=first, covers_to=last)
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


def make(warehouse: Warehouse, home: Path, seeds: Path = SEEDS) -> Lantern:
    """The fictional programme with its own folders; what dbt parsed is shared by all of a session."""
    settings = replace(warehouse.settings, programme_dir=seeds)
    environment = settings.child_environment() | {"TIENDO_HOME": str(home)}
    environment |= {
        "DBT_TARGET_PATH": str(settings.home / f"{seeds.name}-dbt"),
        "DBT_LOG_PATH": str(home / "log" / "dbt"),
        "PYTHONPATH": str(settings.checkout / "src"),
    }
    return Lantern(warehouse, home, environment)
