"""Writes the synthetic programme: one workbook a unit and period into the units' doors, with the time it 'arrived'.

In: programme, and what is to be otherwise than in its sample_plan seed. Out: <folder>/<unit code>/*.xlsx and a marker
file, by which a second call finds that all is there. Every file says that it is synthetic: in its name, its properties
and on both sheets.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from tiendo.programme import Period, Programme, SeedError, Unit
from tiendo.programme.seeds import SeedRow
from tiendo.receive.form import write_form
from tiendo.receive.pool import workers
from tiendo.receive.sample_life import Arrival, SampleLife
from tiendo.receive.sample_numbers import SampleNumbers

WRITER_VERSION = 2
MARKER = ".sample.json"
NAME_PART = "GIA-LAP"
FEW = 40
Progress = Callable[[int, int], None]


class SampleError(Exception):
    """The sample that was asked for cannot be written; the message says what to change."""


@dataclass(frozen=True)
class SamplePlan:
    """What decides every number of a sample. `units` is empty for all of them."""

    seed: int
    first: str
    last: str
    until: str
    units: tuple[str, ...]
    seeds_hash: str
    writer_version: int = WRITER_VERSION


@dataclass(frozen=True)
class Written:
    """What a call wrote: files in all, and whether they were there already."""

    file_count: int
    was_there: bool


def write_sample(
    programme: Programme,
    folder: Path,
    *,
    seed: int | None = None,
    first: str | None = None,
    last: str | None = None,
    until: date | None = None,
    units: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> Written:
    """Write the sample unless the marker says that the same one is there. What is None is in the sample_plan seed."""
    usual = _usual(programme)
    plan = SamplePlan(
        usual.whole("sample_seed") if seed is None else seed,
        first or usual.required("first_period"),
        last or usual.required("last_period"),
        (until or usual.day("until_date")).isoformat(),
        tuple(sorted(units)),
        programme.seeds_hash(),
    )
    marker = folder / MARKER
    if (count := _marked(marker, plan)) is not None and count == len(list(sample_files(folder))):
        return Written(count, was_there=True)
    marker.unlink(missing_ok=True)
    for stale in sample_files(folder):
        stale.unlink()
    work = _work(programme, plan)
    total = sum(len(periods) for _, periods in work)
    done = written = 0
    for report_count, file_count in _write_all(programme, folder, plan, work):
        done, written = done + report_count, written + file_count
        if progress:
            progress(done, total)
    marker.write_text(json.dumps({**asdict(plan), "file_count": written}, indent=1), encoding="utf-8")
    return Written(written, was_there=False)


def sample_files(folder: Path) -> Iterator[Path]:
    """The synthetic files that a sample left in the doors of a folder."""
    return folder.glob(f"*/*_{NAME_PART}.xlsx")


def _usual(programme: Programme) -> SeedRow:
    rows = programme.table("sample_plan")
    if len(rows) != 1:
        raise SeedError(
            "sample_plan.csv", None, f"cần đúng một dòng, đang có {len(rows)} / one row is needed, {len(rows)} found"
        )
    return rows[0]


def _marked(marker: Path, plan: SamplePlan) -> int | None:
    try:
        found = json.loads(marker.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    count = found.pop("file_count", None) if isinstance(found, dict) else None
    return count if isinstance(count, int) and found == json.loads(json.dumps(asdict(plan))) else None


def _work(programme: Programme, plan: SamplePlan) -> list[tuple[str, tuple[str, ...]]]:
    """Unit keys with the periods each reports, longest first."""
    for code in (plan.first, plan.last):
        if programme.period(code) is None:
            raise SampleError(f"Kỳ {code} nằm ngoài chương trình. / Period {code} lies outside the programme.")
    for code in plan.units:
        if not programme.units_called(code):
            raise SampleError(f"Không có đơn vị mang mã {code}. / No unit has the code {code}.")
    periods = [period for period in programme.periods if plan.first <= period.code <= plan.last]
    owed: dict[str, list[str]] = {}
    for period in periods:
        for unit in programme.expected(period):
            if not plan.units or unit.code in plan.units:
                owed.setdefault(unit.key, []).append(period.code)
    return sorted(((key, tuple(codes)) for key, codes in owed.items()), key=lambda each: -len(each[1]))


def _write_all(
    programme: Programme, folder: Path, plan: SamplePlan, work: list[tuple[str, tuple[str, ...]]]
) -> Iterator[tuple[int, int]]:
    if sum(len(codes) for _, codes in work) <= FEW:
        for key, codes in work:
            yield write_unit(programme.folder, folder, plan, key, codes)
        return
    with ProcessPoolExecutor(workers(), mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(write_unit, programme.folder, folder, plan, key, codes) for key, codes in work]
        for future in as_completed(futures):
            yield future.result()


def write_unit(
    programme_dir: Path, folder: Path, plan: SamplePlan, unit_key: str, period_codes: tuple[str, ...]
) -> tuple[int, int]:
    """Write the reports of one unit; returns how many were due and how many files there are."""
    programme = Programme.read(programme_dir)
    life = SampleLife(programme, SampleNumbers(programme, plan.seed), date.fromisoformat(plan.until))
    unit = programme.unit_by_key[unit_key]
    door = folder / unit.code
    door.mkdir(parents=True, exist_ok=True)
    count = 0
    for code in period_codes:
        period = programme.period(code)
        if period is None:
            raise SampleError(f"Kỳ {code} nằm ngoài chương trình. / Period {code} lies outside the programme.")
        for arrival in life.arrivals(unit, period):
            _write(programme, door / file_name(unit, period, arrival.number), unit, period, arrival)
            count += 1
    return len(period_codes), count


def file_name(unit: Unit, period: Period, number: int) -> str:
    """BC_51_2025-07_GIA-LAP.xlsx; a corrected report says which one it is."""
    again = f"_lan-{number}" if number > 1 else ""
    return f"BC_{unit.code}_{period.code}{again}_{NAME_PART}.xlsx"


def _write(programme: Programme, path: Path, unit: Unit, period: Period, arrival: Arrival) -> None:
    draft = path.with_suffix(".part")
    draft.write_bytes(write_form(programme, unit, period, arrival.content))
    moment = int(arrival.received_at.timestamp())
    os.utime(draft, (moment, moment))
    draft.replace(path)
