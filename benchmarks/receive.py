"""The rate of receiving: `tiendo load` beside the script of today, on the same files, in turns, in one run.

In: a warehouse. Out: figures, and the warehouse with the whole sample loaded. The script takes the files in a random
order and as many as fit its time; the loader reads all of them in every turn, its start-up and its processes included.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.figures import BenchError, Figure
from benchmarks.installation import Installation, Timed
from tiendo.operate import postgres

TURNS = 3
SCRIPT_SECONDS = 150
TIMES_FASTER = 10
DATABASE = "script_of_today"
ORDER = 7
QUARANTINED = (0, 1)
FORGET = """
truncate raw.problem, raw.reported_text, raw.reported_value;
update raw.submission set state = 'collected', unit_code = null, unit_valid_from = null, period_code = null;
"""
ROWS = """
select count(*) from raw.reported_value
join raw.submission using (submission_id)
where door_code || '/' || file_name = any(%s)
"""


@dataclass
class Script:
    """What the script of today has done so far."""

    file_count: int = 0
    row_count: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0


def measure(installation: Installation) -> list[Figure]:
    """Write the sample, collect it, and let the two take turns."""
    settings = installation.settings
    sample = installation.tiendo("sample", str(settings.doors), "--json")
    collect = installation.tiendo("collect", "--historical", "--json")
    with postgres.connect(settings) as administrator:
        administrator.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
    files = sorted(settings.doors.glob("*/*.xlsx"))
    random.Random(ORDER).shuffle(files)
    script, loads = Script(), list[Timed]()
    for turn in range(TURNS):
        _script_turn(installation, script, files[script.file_count :], turn)
        with psycopg.connect(settings.dsn("owner")) as connection:
            connection.execute(FORGET.encode())
        loads.append(installation.tiendo("load", "--json", allowed=QUARANTINED))
    _compare(installation, script, files)
    return [_times(script, loads, len(files)), *_others(sample, collect, len(files))]


def _script_turn(installation: Installation, script: Script, left: list[Path], turn: int) -> None:
    """The script on the next files; in the last turn it may go on until its time is up."""
    asked = {
        "database": installation.settings.dsn("postgres", DATABASE, driver="postgresql+psycopg"),
        "files": [str(path) for path in left[: -(-len(left) // (TURNS - turn))]],
        "seconds": (SCRIPT_SECONDS - script.seconds) / (TURNS - turn),
    }
    done = installation.run([sys.executable, "-m", "benchmarks.script_of_today"], told=json.dumps(asked)).json
    script.file_count += done["file_count"]
    script.row_count += done["row_count"]
    script.seconds += done["seconds"]
    script.cpu_seconds += done["cpu_seconds"]


def _compare(installation: Installation, script: Script, files: list[Path]) -> None:
    """A rate means something only when both found the same rows in the same files."""
    names = [f"{path.parent.name}/{path.name}" for path in files[: script.file_count]]
    with psycopg.connect(installation.settings.dsn("owner")) as connection:
        rows = connection.execute(ROWS, [names]).fetchone()
    if rows is None or rows[0] != script.row_count:
        raise BenchError(f"{len(names)} files: the script found {script.row_count} rows, tiendo load {rows}")


def _times(script: Script, loads: list[Timed], file_count: int) -> Figure:
    load_seconds = statistics.median(timed.seconds for timed in loads)
    load_cpu_seconds = statistics.median(timed.cpu_seconds for timed in loads)
    script_rate, load_rate = script.file_count / script.seconds, file_count / load_seconds
    script_ms = script.cpu_seconds / script.file_count * 1000
    load_ms = load_cpu_seconds / file_count * 1000
    return Figure(
        "load_times_faster",
        load_rate / script_rate,
        "×",
        limit=TIMES_FASTER,
        is_at_most=False,
        note=(
            f"tiendo load {load_rate:,.0f} tệp/s ({file_count} files in {load_seconds:.1f} s, "
            f"CPU {load_ms:.1f} ms a file); pandas + openpyxl + to_sql {script_rate:,.0f} tệp/s "
            f"({script.file_count} of the same files, at random, in {script.seconds:.0f} s, "
            f"CPU {script_ms:.1f} ms a file)"
        ),
        detail={
            "files": file_count,
            "load_seconds": [timed.seconds for timed in loads],
            "load_cpu_seconds": [timed.cpu_seconds for timed in loads],
            "script_files": script.file_count,
            "script_rows": script.row_count,
            "script_seconds": script.seconds,
            "script_cpu_seconds": script.cpu_seconds,
        },
    )


def _others(sample: Timed, collect: Timed, file_count: int) -> list[Figure]:
    timed = {"sample": sample, "collect": collect}
    return [
        Figure(name, each.seconds, note=f"{file_count} tệp / files, CPU {each.cpu_seconds:.1f} s")
        for name, each in timed.items()
    ]
