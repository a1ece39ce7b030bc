"""A fictional programme for the real models: its folder of seeds, its reports in raw, and a build of what is asked for.

In: `Member`s, one unit with one target each. Out: tables of a warehouse that holds nothing else. No workbook and no door
is used: what they do is measured elsewhere.
"""

from __future__ import annotations

import contextlib
import csv
import shutil
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from benchmarks.installation import Installation
from tiendo import steps
from tiendo.operate.settings import CHECKOUT
from tiendo.programme.forms import TOTAL
from tiendo.programme.periods import split_code
from tiendo.publish.runs import Wish

SHIPPED = CHECKOUT / "dbt_project" / "seeds"
# What is the same in every programme.
SAME = ("status", "status_threshold", "term", "value_word", "form_cell")
NOTE = "synthetic, for the benchmarks"
BORN, BEFORE = "2010-01-01", "2010-12"
ZONE = ZoneInfo("UTC")
COUNT, RATIO = "COUNT", "RATIO"
# Counts are told by units of one kind, shares by units of another: none owes what it has not.
KINDS = {COUNT: ("province", "FLOW"), RATIO: ("ministry", "STOCK")}
FRAME = "FRAME"
SUBMISSION = (
    "submission_id, sha256, door_code, file_name, byte_count, received_at, collected_at, is_historical, state, "
    "is_synthetic, form_version, unit_code, unit_valid_from, period_code"
)
VALUE = "submission_id, element_code, disaggregation_code, value_text, value_number, value_state, value_cell"


@dataclass(frozen=True)
class Member:
    """A unit: its numbers from the first month on, its frame (0 for a count), its season and its target."""

    code: str
    numbers: Sequence[int]
    target: float
    end: int
    frame: int = 0
    season: str = ""

    @property
    def key(self) -> str:
        """code@first day."""
        return f"{self.code}@{BORN}"

    @property
    def indicator(self) -> str:
        """What it is measured by."""
        return RATIO if self.frame else COUNT


def period(month: int) -> str:
    """The code of a month, 1 being the first."""
    year, before = split_code(BEFORE)
    years, index = divmod(before + month - 1, 12)
    return f"{year + years}-{index + 1:02d}"


@contextlib.contextmanager
def seeds_folder() -> Iterator[Path]:
    """A folder inside the checkout, where dbt takes seeds from, that git ignores."""
    folder = CHECKOUT / "build" / f"fiction-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def build(installation: Installation, folder: Path, members: Sequence[Member], seasons: dict[str, Sequence[float]],
          select: str) -> None:
    """Write the seeds, load the reports and build the models that are selected, without their tests."""
    months = max(len(member.numbers) for member in members)
    _write_seeds(folder, members, seasons, months)
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
                    (number, number.hex * 2, member.code, f"{code}.xlsx", 1, came, came, True, "accepted", True, "1",
                     member.code, BORN, code)
                )
        with cursor.copy(f"copy raw.reported_value ({VALUE}) from stdin".encode()) as copy:
            for member, month, number in rows:
                value = int(member.numbers[month - 1])
                state = "reported" if value else "zero"
                copy.write_row((number, KINDS[member.indicator][1], TOTAL, str(value), value, state, ""))
    connection.commit()
    connection.autocommit = True


def _write_seeds(folder: Path, members: Sequence[Member], seasons: dict[str, Sequence[float]], months: int) -> None:
    given = _rows(members, seasons, months)
    for path in SHIPPED.glob("*.csv"):
        if path.stem in SAME:
            shutil.copy(path, folder)
            continue
        with path.open(encoding="utf-8", newline="") as there:
            columns = next(csv.reader(there))
        with (folder / path.name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows({"source_note": NOTE, **row} for row in given.get(path.stem, []))


def _rows(
    members: Sequence[Member], seasons: dict[str, Sequence[float]], months: int
) -> dict[str, list[dict[str, object]]]:
    kinds = {member.indicator: KINDS[member.indicator] for member in members}
    names = {"name_vi": NOTE, "name_en": NOTE}
    x = {"measure_vi": "x", "measure_en": "x"}
    decided = ("decision_vi", "decision_en", "reporting_basis_vi", "reporting_basis_en")
    last = period(months)
    return {
        "programme": [
            {
                **names, **dict.fromkeys(decided, NOTE), "programme_code": "FICTION", "calendar_rule_code": "M",
                "start_date": f"{BEFORE}-21", "end_date": f"{last}-20", "first_period": period(1),
                "last_period": last, "time_zone": str(ZONE),
            }
        ],
        "calendar_rule": [
            {**names, "calendar_rule_code": "M", "frequency": "month", "start_day": 21, "end_day": 20, "due_day": 25,
             "due_shift": "none"}
        ],
        "form_version": [{"form_version": "1", "valid_from": BORN, "description_vi": NOTE, "description_en": NOTE}],
        "region": [{**names, "region_code": "R", "valid_from": BORN, "sort_key": "1"}],
        "goal": [
            {**names, "goal_code": "G", "goal_kind": "target", "official_place_vi": NOTE, "official_place_en": NOTE,
             "display_order": 1}
        ],
        "unit": [
            {**names, "unit_code": member.code, "valid_from": BORN, "unit_kind": KINDS[member.indicator][0],
             "sort_key": str(at)}
            for at, member in enumerate(members)
        ],
        "element_group": [{**names, "group_code": "A", "roman": "I"}],
        "element": [
            {**names, **x, "element_code": element, "time_rule": "stock" if indicator == RATIO else "flow",
             "period_calendar": "report", "counted_by": "employer", "number_kind": "count", "group_code": "A",
             "form_order": at}
            for at, (indicator, (_, element)) in enumerate(kinds.items(), 1)
        ],
        "element_applicability": [
            {"element_code": element, "unit_kind": kind, "valid_from": BORN, "breakdown": "none"}
            for kind, element in kinds.values()
        ],
        "frame": [{**names, **x, "frame_code": FRAME}] if RATIO in kinds else [],
        "frame_value": [
            {"frame_code": FRAME, "unit_code": member.code, "unit_valid_from": BORN, "valid_from": BORN,
             "known_from": BORN, "frame_count": member.frame, "is_synthetic": "true"}
            for member in members
            if member.frame
        ],
        "season": [
            {**names, "season_code": code, "month_no": month, "share_pct": share}
            for code, shares in seasons.items()
            for month, share in enumerate(shares, 1)
        ],
        "indicator": [
            _card(indicator, element, members[0].code, at)
            for at, (indicator, (_, element)) in enumerate(kinds.items(), 1)
        ],
        "target": [_target(member) for member in members],
    }


def _card(indicator: str, element: str, office: str, order: int) -> dict[str, object]:
    words = ("name", "reading", "official_place", "formula")
    is_ratio = indicator == RATIO
    return {
        **{f"{word}_{language}": NOTE for word in words for language in ("vi", "en")},
        "indicator_code": indicator, "definition_version": 1, "valid_from": BORN, "known_from": BORN,
        "goal_code": "G", "result_level": "output", "source_type": "administrative",
        "formula": f"sum({element}) / sum({FRAME})" if is_ratio else f"sum({element})",
        "measured_over": "point" if is_ratio else "since_start",
        "basis": "as_reported", "frequency": "month", "direction": "at_least", "is_strict": "false",
        "measure_vi": "%" if is_ratio else "x", "measure_en": "%" if is_ratio else "x", "decimals": 1,
        "who_counts": "employer", "break_rule": "none", "small_cell_rule": "none", "signing_office": office,
        "approved_on": BORN, "display_order": order, "is_headline": "true", "is_monotone": "false",
    }


def _target(member: Member) -> dict[str, object]:
    return {
        "indicator_code": member.indicator, "scope_kind": "unit", "scope_key": member.key, "valid_from": BORN,
        "known_from": BORN, "target_value": member.target, "baseline_value": 0, "baseline_state": "measured",
        "baseline_period": BEFORE, "target_period": period(member.end),
        "path_kind": "seasonal" if member.season else "linear", "season_code": member.season,
        "path_basis": "decision",
    }
