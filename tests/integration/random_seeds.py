"""The folder of seeds of a programme drawn at random; what is the same in all programmes is taken from the lanterns.

In: a `RandomProgramme` and a folder. Out: the seeds in it.
"""

from __future__ import annotations

import csv
import shutil
from datetime import date, timedelta
from pathlib import Path

from tests.integration.lantern import SEEDS
from tests.integration.random_programme import BIRTH, MERGERS, PERIODS, Body, RandomProgramme

SAME = (
    *("calendar_rule", "holiday", "status", "status_threshold", "term", "value_word", "form_cell", "form_version"),
    "season",
)
NOTE = "drawn at random for the tests"
FORMULAS = {
    "S1": ("sum(E1)", "since_start"),
    "S2": ("sum(E1)", "year"),
    "S3": ("sum(E1)", "period"),
    "S4": ("sum(E2)", "since_start"),
    "S5": ("sum(E4:sex.female, E4:sex.male)", "since_start"),
    "R1": ("sum(E3) / sum(M1)", "point"),
    "R2": ("sum(E4:sex.female) / sum(E4)", "since_start"),
    "P1": ("places(E2)", "since_start"),
    "P2": ("places_whole(E2)", "since_start"),
}
SUMS = ("S1", "S2", "S3", "S4", "S5")


def write(drawn: RandomProgramme, folder: Path, generations: int = 2) -> Path:
    """Write its seeds, with the mergers of so many generations only; the folder."""
    bodies = [body for body in drawn.bodies if body.generation <= generations]
    gone = {parent for body in bodies for parent in body.parents}
    folder.mkdir(parents=True, exist_ok=True)
    for path in SEEDS.glob("*.csv"):
        if path.stem in SAME:
            shutil.copy(path, folder)
        else:
            (folder / path.name).write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n")
    for name, rows in seed_rows(drawn, bodies, gone).items():
        _fill(folder / f"{name}.csv", rows)
    return folder


def seed_rows(drawn: RandomProgramme, bodies: list[Body], gone: set[str]) -> dict[str, list[dict[str, object]]]:
    """The rows of each seed, by its name; units that are `gone` have ended."""
    first = MERGERS[0]
    return {
        "programme": [_programme()],
        "region": [_named(region_code=code, valid_from=BIRTH, sort_key=code) for code in ("EA", "WE")],
        "goal": [_named(goal_code="G1", goal_kind="target", official_place_vi=NOTE, official_place_en=NOTE)],
        "unit": [
            _named(
                unit_code=body.code,
                valid_from=body.begins,
                valid_to=body.ends if body.key in gone else "",
                unit_kind="province",
                region_code=body.region,
                sort_key=str(at),
            )
            for at, body in enumerate(bodies)
        ],
        "unit_successor": [
            {
                "unit_code": parent.partition("@")[0],
                "valid_from": parent.partition("@")[2],
                "successor_code": body.code,
                "successor_valid_from": body.begins,
                "effective_date": body.begins,
                "succession_kind": "both",
                "share_kind": "whole",
                "is_seat": str(at == 0).lower(),
            }
            for body in bodies
            for at, parent in enumerate(body.parents)
        ],
        "element_group": [{"group_code": "A", "roman": "I", "name_vi": NOTE, "name_en": NOTE}],
        "element": [
            _named(
                element_code=code,
                measure_vi="x",
                measure_en="x",
                time_rule=rule,
                period_calendar="report",
                counted_by="place" if rule == "event" else "employer",
                number_kind="count",
                group_code="A",
                form_order=at,
            )
            for at, (code, rule) in enumerate({"E1": "flow", "E2": "event", "E3": "stock", "E4": "flow"}.items(), 1)
        ],
        "element_applicability": [
            *(_asked(code, BIRTH, "", "none") for code in ("E1", "E3", "E4")),
            _asked("E2", BIRTH, first - timedelta(days=1), "none"),
            _asked("E2", first, "", "predecessor"),
            _asked("E4", BIRTH, "", "sex"),
        ],
        "disaggregation": [
            _named(
                dimension_code="sex",
                value_code=value,
                dimension_vi="x",
                dimension_en="x",
                is_partition="true",
                is_about_people="true",
                form_order=at,
            )
            for at, value in enumerate(("female", "male"), 1)
        ],
        "frame": [_named(frame_code="M1", measure_vi="x", measure_en="x")],
        "frame_value": [
            {
                "frame_code": "M1",
                "unit_code": body.code,
                "unit_valid_from": body.begins,
                "valid_from": body.begins,
                "known_from": day,
                "frame_count": count,
                "is_synthetic": "true",
            }
            for body, day, count in drawn.frames
            if body in bodies
        ],
        "plan": [
            {
                "unit_code": body.code,
                "unit_valid_from": body.begins,
                "document_number": NOTE,
                "issued_on": day,
                "obliged_from": day,
            }
            for body, day in drawn.plans
        ],
        "correction": [
            {
                "correction_kind": "value",
                "unit_code": report.unit_code,
                "unit_valid_from": report.unit_valid_from,
                "period_code": report.period,
                "element_code": element,
                "disaggregation_code": part,
                "reported_value": report.numbers[element, part],
                "corrected_value": value,
                "known_from": day,
                "decided_by": NOTE,
                "reason_vi": NOTE,
                "reason_en": NOTE,
            }
            for report, (element, part), value, day in drawn.corrections
            if f"{report.unit_code}@{report.unit_valid_from}" in {body.key for body in bodies}
        ],
        "frame_break": [_named(frame_code="M1", break_date="2024-03-01")],
        "indicator": [_card(code, *formula, order=at) for at, (code, formula) in enumerate(FORMULAS.items(), 1)],
        "target": [_target("S1", 900), _target("R1", 80)],
    }


def _named(**row: object) -> dict[str, object]:
    return {"name_vi": NOTE, "name_en": NOTE, "display_order": 1, **row}


def _programme() -> dict[str, object]:
    words = ("decision_vi", "decision_en", "reporting_basis_vi", "reporting_basis_en")
    return _named(
        programme_code="RANDOM",
        start_date="2023-08-21",
        end_date="2024-12-20",
        first_period=PERIODS[0],
        last_period="2024-12",
        calendar_rule_code="M",
        time_zone="Asia/Ho_Chi_Minh",
        **dict.fromkeys(words, NOTE),
    )


def _asked(element: str, first: date, last: date | str, breakdown: str) -> dict[str, object]:
    return {
        "element_code": element,
        "unit_kind": "province",
        "valid_from": first,
        "valid_to": last,
        "breakdown": breakdown,
    }


def _card(code: str, formula: str, over: str, order: int) -> dict[str, object]:
    words = ("reading_vi", "reading_en", "official_place_vi", "official_place_en", "formula_vi", "formula_en")
    return {
        **_named(**dict.fromkeys(words, NOTE)),
        "indicator_code": code,
        "definition_version": 1,
        "valid_from": "2023-08-21",
        "known_from": "2023-08-21",
        "goal_code": "G1",
        "result_level": "output",
        "source_type": "administrative",
        "formula": formula,
        "measured_over": over,
        "basis": "as_reported",
        "frequency": "month",
        "direction": "at_least",
        "is_strict": "false",
        "measure_vi": "%" if "/" in formula else "x",
        "measure_en": "%" if "/" in formula else "x",
        "decimals": 1,
        "who_counts": "employer",
        "break_rule": "segment" if code == "R1" else "none",
        "small_cell_rule": "none",
        "signing_office": "01",
        "approved_on": "2023-08-01",
        "display_order": order,
        "is_headline": "true",
        "is_monotone": "false",
    }


def _target(code: str, value: int) -> dict[str, object]:
    return {
        "indicator_code": code,
        "scope_kind": "nation",
        "scope_key": "nation",
        "valid_from": "2023-08-21",
        "known_from": "2023-08-21",
        "target_value": value,
        "baseline_value": 0,
        "baseline_state": "measured",
        "baseline_period": "2023-08",
        "target_period": "2024-12",
        "path_kind": "linear",
        "path_basis": "decision",
    }


def _fill(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open(encoding="utf-8", newline="") as there:
        columns = next(csv.reader(there))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({"source_note": NOTE, **row} for row in rows)
