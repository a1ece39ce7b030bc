"""A fictional programme for the real models: its reports in raw, and a build of what is asked for.

In: `Member`s, one unit with one target each. Out: tables of a warehouse that holds nothing else. No workbook and no
door is used: what they do is measured elsewhere.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg

from benchmarks import fiction_seeds
from benchmarks.fiction_seeds import BORN, KINDS, ZONE, Member, period
from benchmarks.installation import Installation
from tiendo import steps
from tiendo.operate.settings import CHECKOUT
from tiendo.programme.forms import TOTAL
from tiendo.programme.periods import split_code
from tiendo.publish.runs import Wish

SUBMISSION = (
    "submission_id, sha256, door_code, file_name, byte_count, received_at, collected_at, is_historical, state, "
    "is_synthetic, form_version, unit_code, unit_valid_from, period_code"
)
VALUE = "submission_id, element_code, disaggregation_code, value_text, value_number, value_state, value_cell"


@contextlib.contextmanager
def seeds_folder() -> Iterator[Path]:
    """A folder inside the checkout, where dbt takes seeds from, that git ignores."""
    folder = CHECKOUT / "build" / f"fiction-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def build(
    installation: Installation,
    folder: Path,
    members: Sequence[Member],
    seasons: dict[str, Sequence[float]],
    select: str,
) -> None:
    """Write the seeds, load the reports and build the models that are selected, without their tests."""
    months = max(len(member.numbers) for member in members)
    fiction_seeds.write(folder, members, seasons, months)
    with psycopg.connect(installation.settings.dsn("tiendo_loader")) as connection:
        _load(connection, members)
    settings = replace(installation.settings, programme_dir=folder)
    steps.begin(settings, Wish(data_to_period=period(months)))
    dbt = str(Path(sys.executable).with_name("dbt"))
    words = ("--quiet", "--no-write-json", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")
    Installation(settings, settings.child_environment()).run([dbt, "build", "--select", select, *words])


def _load(connection: psycopg.Connection, members: Sequence[Member]) -> None:
    """One accepted report a unit and month, three days after the month's end."""
    with connection.cursor() as cursor:
        rows = [(member, month, uuid.uuid4()) for member in members for month in range(1, len(member.numbers) + 1)]
        with cursor.copy(f"copy raw.submission ({SUBMISSION}) from stdin".encode()) as copy:
            for member, month, number in rows:
                code = period(month)
                year, month_no = split_code(code)
                came = datetime(year, month_no, 20, 9, tzinfo=ZONE) + timedelta(days=3)
                copy.write_row(
                    (
                        number,
                        number.hex * 2,
                        member.code,
                        f"{code}.xlsx",
                        1,
                        came,
                        came,
                        True,
                        "accepted",
                        True,
                        "1",
                        member.code,
                        BORN,
                        code,
                    )
                )
        with cursor.copy(f"copy raw.reported_value ({VALUE}) from stdin".encode()) as copy:
            for member, month, number in rows:
                value = int(member.numbers[month - 1])
                state = "reported" if value else "zero"
                copy.write_row((number, KINDS[member.indicator][1], TOTAL, str(value), value, state, ""))
    connection.commit()
    connection.autocommit = True
