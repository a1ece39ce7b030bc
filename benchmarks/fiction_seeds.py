"""The folder of seeds of a fictional programme: one unit, one target and, where it has one, one season a member.

In: `Member`s and the shares of each season. Out: the seeds in a folder. What is the same in every programme is taken
from the one that is shipped.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from tiendo.operate.settings import CHECKOUT
from tiendo.programme.periods import split_code

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


def write(folder: Path, members: Sequence[Member], seasons: dict[str, Sequence[float]], months: int) -> None:
    """Write its seeds, for so many months."""
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
                **names,
                **dict.fromkeys(decided, NOTE),
                "programme_code": "FICTION",
                "calendar_rule_code": "M",
                "start_date": f"{BEFORE}-21",
                "end_date": f"{last}-20",
                "first_period": period(1),
                "last_period": last,
                "time_zone": str(ZONE),
            }
        ],
        "calendar_rule": [
            {
                **names,
                "calendar_rule_code": "M",
                "frequency": "month",
                "start_day": 21,
                "end_day": 20,
                "due_day": 25,
                "due_shift": "none",
            }
        ],
        "form_version": [{"form_version": "1", "valid_from": BORN, "description_vi": NOTE, "description_en": NOTE}],
        "region": [{**names, "region_code": "R", "valid_from": BORN, "sort_key": "1"}],
        "goal": [
            {
                **names,
                "goal_code": "G",
                "goal_kind": "target",
                "official_place_vi": NOTE,
                "official_place_en": NOTE,
                "display_order": 1,
            }
        ],
        "unit": [
            {
                **names,
                "unit_code": member.code,
                "valid_from": BORN,
                "unit_kind": KINDS[member.indicator][0],
                "sort_key": str(at),
            }
            for at, member in enumerate(members)
        ],
        "element_group": [{**names, "group_code": "A", "roman": "I"}],
        "element": [
            {
                **names,
                **x,
                "element_code": element,
                "time_rule": "stock" if indicator == RATIO else "flow",
                "period_calendar": "report",
                "counted_by": "employer",
                "number_kind": "count",
                "group_code": "A",
                "form_order": at,
            }
            for at, (indicator, (_, element)) in enumerate(kinds.items(), 1)
        ],
        "element_applicability": [
            {"element_code": element, "unit_kind": kind, "valid_from": BORN, "breakdown": "none"}
            for kind, element in kinds.values()
        ],
        "frame": [{**names, **x, "frame_code": FRAME}] if RATIO in kinds else [],
        "frame_value": [
            {
                "frame_code": FRAME,
                "unit_code": member.code,
                "unit_valid_from": BORN,
                "valid_from": BORN,
                "known_from": BORN,
                "frame_count": member.frame,
                "is_synthetic": "true",
            }
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
        "indicator_code": indicator,
        "definition_version": 1,
        "valid_from": BORN,
        "known_from": BORN,
        "goal_code": "G",
        "result_level": "output",
        "source_type": "administrative",
        "formula": f"sum({element}) / sum({FRAME})" if is_ratio else f"sum({element})",
        "measured_over": "point" if is_ratio else "since_start",
        "basis": "as_reported",
        "frequency": "month",
        "direction": "at_least",
        "is_strict": "false",
        "measure_vi": "%" if is_ratio else "x",
        "measure_en": "%" if is_ratio else "x",
        "decimals": 1,
        "who_counts": "employer",
        "break_rule": "none",
        "small_cell_rule": "none",
        "signing_office": office,
        "approved_on": BORN,
        "display_order": order,
        "is_headline": "true",
        "is_monotone": "false",
    }


def _target(member: Member) -> dict[str, object]:
    return {
        "indicator_code": member.indicator,
        "scope_kind": "unit",
        "scope_key": member.key,
        "valid_from": BORN,
        "known_from": BORN,
        "target_value": member.target,
        "baseline_value": 0,
        "baseline_state": "measured",
        "baseline_period": BEFORE,
        "target_period": period(member.end),
        "path_kind": "seasonal" if member.season else "linear",
        "season_code": member.season,
        "path_basis": "decision",
    }
