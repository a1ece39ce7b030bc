"""Bad seeds stop everything before anything is touched: file, row and reason, each rule once."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Warehouse
from tests.integration.lantern import make
from tiendo.programme import Programme, SeedError

LANTERN = Path(__file__).parents[1] / "programmes" / "lantern"
CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Folder:
    """A copy of the fictional programme that may be spoilt."""

    path: Path

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.path / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    def write(self, name: str, rows: list[dict[str, str]]) -> None:
        with (self.path / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            columns = next(csv.reader(handle))
        with (self.path / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def edit(self, name: str, number: int = 0, **cells: str) -> None:
        rows = self.rows(name)
        rows[number] |= cells
        self.write(name, rows)

    def repeat(self, name: str, number: int = 0, **cells: str) -> None:
        """Append a row like another one."""
        rows = self.rows(name)
        self.write(name, [*rows, rows[number] | cells])

    def add(self, name: str, *rows: dict[str, str]) -> None:
        """Write a seed anew, with these rows alone."""
        with (self.path / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def number_of(self, name: str, **cells: str) -> int:
        return next(i for i, row in enumerate(self.rows(name)) if cells.items() <= row.items())


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    shutil.copytree(LANTERN, tmp_path / "seeds")
    return Folder(tmp_path / "seeds")


def ratio(folder: Folder) -> int:
    return next(i for i, row in enumerate(folder.rows("indicator")) if "/" in row["formula"])


def without_method(folder: Folder) -> int:
    return folder.number_of("indicator", formula="")


def spot_check(folder: Folder, **cells: str) -> None:
    """Write the seed of spot checks with one good row, changed where asked."""
    good = {
        "unit_code": "01", "unit_valid_from": "2023-01-01", "period_code": "2024-01", "element_code": "D01",
        "reported_value": "2", "found_value": "2", "evidence_vi": "Sổ", "evidence_en": "Register",
        "checked_by": "HD", "checked_on": "2024-03-01", "known_from": "2024-03-04", "quarter": "2024-Q1",
        "inclusion_probability": "0.5", "is_synthetic": "true", "source_note": "fiction for the tests",
    }  # fmt: skip
    folder.write("verification", [good | cells])


Spoil = Callable[[Folder], object]
SPOILT: dict[str, tuple[Spoil, str, str]] = {
    "a spot check of an unknown unit": (
        lambda f: spot_check(f, unit_code="ZZ"), "verification.csv", "no unit ZZ@"),
    "a spot check of an unknown element": (
        lambda f: spot_check(f, element_code="ZZ9"), "verification.csv", "'ZZ9' is unknown"),
    "a spot check that found less than nothing": (
        lambda f: spot_check(f, found_value="-1"), "verification.csv", "found_value must be 0 or more"),
    "a spot check that found half a lantern": (
        lambda f: spot_check(f, found_value="1.5"), "verification.csv", "must be a whole number"),
    "a spot check without a chance to be drawn": (
        lambda f: spot_check(f, inclusion_probability="0"), "verification.csv", "above 0, at most 1"),
    "a spot check of another quarter": (
        lambda f: spot_check(f, quarter="2024-Q2"), "verification.csv", "is of quarter 2024-Q1"),
    "a spot check before its period ended": (
        lambda f: spot_check(f, checked_on="2024-01-02"), "verification.csv", "before period 2024-01 ended"),
    "a spot check known before it was made": (
        lambda f: spot_check(f, known_from="2024-02-01"), "verification.csv", "before the day of the check"),
    "a spot check by nobody": (
        lambda f: spot_check(f, checked_by=""), "verification.csv", "checked_by is empty"),
    "a spot check signed by a person": (
        lambda f: spot_check(f, checked_by="Trần Thị B"), "verification.csv", "a person's name"),
    "a spot check of one cell twice on a day": (
        lambda f: (spot_check(f), f.repeat("verification")), "verification.csv", "already in row"),
    "a formula that does not parse": (
        lambda f: f.edit("indicator", ratio(f), formula="sum(D03 / M03"), "indicator.csv", "not understood"),
    "a function nobody knows": (
        lambda f: f.edit("indicator", ratio(f), formula="mean(D03)"), "indicator.csv", "not understood"),
    "a ratio of something else than sums": (
        lambda f: f.edit("indicator", ratio(f), formula="places(D03) / sum(M03)"), "indicator.csv", "two sums"),
    "not as many below as above": (
        lambda f: f.edit("indicator", ratio(f), formula="sum(D03, D01) / sum(M03)"), "indicator.csv", "not as many"),
    "an unknown element in a formula": (
        lambda f: f.edit("indicator", ratio(f), formula="sum(ZZ9) / sum(M03)"), "indicator.csv", "'ZZ9' is unknown"),
    "an unknown frame in a formula": (
        lambda f: f.edit("indicator", ratio(f), formula="sum(D03) / sum(ZZ9)"), "indicator.csv", "'ZZ9' is unknown"),
    "an unknown part in a formula": (
        lambda f: f.edit("indicator", ratio(f), formula="sum(D03:no.where)"), "indicator.csv", "no.where"),
    "milestones of an unknown task": (
        lambda f: f.edit("indicator", ratio(f), formula="milestones(ZZ9)"), "indicator.csv", "'ZZ9' is unknown"),
    "an incomplete card": (
        lambda f: f.edit("indicator", ratio(f), signing_office=""), "indicator.csv", "signing_office"),
    "a formula without its words": (
        lambda f: f.edit("indicator", ratio(f), formula_en=""), "indicator.csv", "formula_en"),
    "no formula and nothing said of it": (
        lambda f: f.edit("indicator", without_method(f), method_gap_en=""), "indicator.csv", "method_gap_en"),
    "a window nobody knows": (
        lambda f: f.edit("indicator", ratio(f), measured_over="decade"), "indicator.csv", "decade"),
    "a goal nobody set": (lambda f: f.edit("indicator", goal_code="ZZ9"), "indicator.csv", "'ZZ9' is unknown"),
    "two versions of a card at once": (
        lambda f: f.repeat("indicator", ratio(f), definition_version="99"), "indicator.csv", "validity overlaps"),
    "a card twice": (lambda f: f.repeat("indicator"), "indicator.csv", "already in row"),
    "a target before its baseline": (
        lambda f: f.edit("target", target_period="2023-01", baseline_period="2023-06"), "target.csv", "not after"),
    "a target of an unknown indicator": (lambda f: f.edit("target", indicator_code="ZZ9"), "target.csv", "ZZ9"),
    "a target of an unknown unit": (
        lambda f: f.edit("target", scope_kind="unit", scope_key="ZZ@2023-01-01"), "target.csv", "ZZ@2023-01-01"),
    "a path from nowhere": (
        lambda f: f.edit("target", path_kind="linear", baseline_value=""), "target.csv", "without a baseline"),
    "a band upside down": (lambda f: f.edit("target", target_value="9", target_high="1"), "target.csv", "is below"),
    "a target without a value": (lambda f: f.edit("target", target_value=""), "target.csv", "target_value is empty"),
    "a period that is none": (lambda f: f.edit("target", target_period="2024-13"), "target.csv", "2024-13"),
    "a card that does not say which kind of gap": (
        lambda f: f.edit("indicator", without_method(f), gap_kind="later"), "indicator.csv", "not_assessable"),
    "a season that is none": (
        lambda f: f.edit("target", path_kind="seasonal", season_code="ZZ9"), "target.csv", "'ZZ9' is unknown"),
    "a seasonal path without its season": (
        lambda f: f.edit("target", path_kind="seasonal"), "target.csv", "season_code is empty"),
    "a season that is not a whole year": (
        lambda f: f.edit("season", share_pct="7"), "season.csv", "add up to 101"),
    "a season of eleven months": (
        lambda f: f.write("season", f.rows("season")[1:]), "season.csv", "11 add up to 94"),
    "a point of no target": (
        lambda f: f.add("path_point", POINT | {"scope_key": "ZZ"}), "path_point.csv", "there is no target"),
    "a point after the target": (
        lambda f: f.add("path_point", POINT | {"period_code": "2024-12"}), "path_point.csv", "does not lie between"),
    "a point without a value": (
        lambda f: f.add("path_point", POINT | {"path_value": ""}), "path_point.csv", "path_value is empty"),
    "a finding that nobody signed": (
        lambda f: f.add("finding", FINDING | {"office": ""}), "finding.csv", "office is empty"),
    "a finding on nothing": (
        lambda f: f.add("finding", FINDING | {"indicator_code": "ZZ9"}), "finding.csv", "'ZZ9' is unknown"),
    "a finding of no period": (
        lambda f: f.add("finding", FINDING | {"period_code": "2031-01"}), "finding.csv", "2031-01"),
    "a cycle of successors": (
        lambda f: f.repeat("unit_successor", unit_code="02", valid_from="2024-04-01", successor_code="01",
                           successor_valid_from="2023-01-01", effective_date="2023-06-01", succession_kind="both"),
        "unit_successor.csv", "2024-04-01"),
    "a successor that does not exist then": (
        lambda f: f.edit("unit_successor", effective_date="2023-02-01"), "unit_successor.csv", "does not exist on"),
    "a unit that was nothing before": (
        lambda f: f.edit("unit_successor", f.number_of("unit_successor", successor_code="02"),
                         unit_code="02", valid_from="2024-04-01", succession_kind="both"),
        "unit_successor.csv", "does not exist before"),
    "two units under one code at once": (
        lambda f: f.edit("unit", f.number_of("unit", unit_code="02"), valid_to=""), "unit.csv", "begins while"),
    "two rules for one element at once": (
        lambda f: f.repeat("element_applicability", valid_from="2023-06-01"), "element_applicability.csv", "overlaps"),
    "a breakdown nobody knows": (
        lambda f: f.edit("element_applicability", breakdown="colour"), "element_applicability.csv", "colour"),
    "a rule for an unknown unit": (
        lambda f: f.edit("element_applicability", unit_kind="", unit_code="ZZ"), "element_applicability.csv", "ZZ"),
    "a rule for an unknown kind": (
        lambda f: f.edit("element_applicability", unit_kind="planet", unit_code=""), "element_applicability.csv",
        "planet"),
    "two counts of a frame at once": (
        lambda f: f.repeat("frame_value", valid_from="2023-02-01", valid_to=""), "frame_value.csv", "overlaps"),
    "a count of an unknown unit": (lambda f: f.edit("frame_value", unit_code="ZZ"), "frame_value.csv", "ZZ@"),
    "a count of an unknown frame": (lambda f: f.edit("frame_value", frame_code="ZZ"), "frame_value.csv", "'ZZ'"),
    "a count that ends before it begins": (
        lambda f: f.edit("frame_value", valid_to="2000-01-01"), "frame_value.csv", "lies before"),
    "a threshold that is missing": (
        lambda f: f.write("status_threshold", f.rows("status_threshold")[1:]), "status_threshold.csv", "missing"),
    "a plan of an unknown unit": (
        lambda f: f.write("plan", [dict.fromkeys(("document_number", "issued_on", "source_note"), "")
                                   | {"unit_code": "ZZ", "unit_valid_from": "2023-01-01",
                                      "obliged_from": "2023-01-01"}]), "plan.csv", "ZZ@"),
    "a correction of an unknown element": (
        lambda f: f.write("correction", [CORRECTION | {"element_code": "ZZ"}]), "correction.csv", "ZZ"),
    "a correction nobody decided": (
        lambda f: f.write("correction", [CORRECTION | {"decided_by": ""}]), "correction.csv", "decided_by"),
    "a correction of no period": (
        lambda f: f.write("correction", [CORRECTION | {"period_code": "2031-01"}]), "correction.csv", "2031-01"),
    "a correction without its guard": (
        lambda f: f.write("correction", [CORRECTION | {"reported_value": ""}]), "correction.csv", "reported_value"),
    "a task of no goal": (lambda f: f.write("task", [TASK | {"goal_code": "ZZ"}]), "task.csv", "ZZ"),
    "a responsibility for no task": (
        lambda f: f.write("responsibility", [DUTY | {"task_code": "ZZ"}]), "responsibility.csv", "ZZ"),
    "a responsibility of nobody": (
        lambda f: f.write("responsibility", [DUTY | {"unit_kind": ""}]), "responsibility.csv", "exactly one"),
    "a milestone of no task": (
        lambda f: f.write("milestone", [MILESTONE | {"task_code": "ZZ"}]), "milestone.csv", "ZZ"),
    "a state of no milestone": (
        lambda f: f.write("milestone_state", [STATE | {"milestone_code": "ZZ"}]), "milestone_state.csv", "ZZ"),
    "a state that is none": (
        lambda f: f.write("milestone_state", [STATE | {"milestone_code": f.rows("milestone")[0]["milestone_code"],
                                                       "state": "nearly"}]), "milestone_state.csv", "nearly"),
    "a band without its upper end": (
        lambda f: f.edit("indicator", f.number_of("indicator", indicator_code=f.rows("target")[0]["indicator_code"]),
                         direction="band"), "target.csv", "a band needs target_high"),
    "a part that nobody is asked for": (
        lambda f: f.edit("indicator", ratio(f), formula="sum(D03:sex.female) / sum(M03)"), "indicator.csv",
        "no unit is asked for D03 by sex"),
    "a unit that goes on beside its successor": (
        lambda f: f.edit("unit", f.number_of("unit", unit_code="11"), valid_to=""), "unit_successor.csv",
        "still in force"),
    "a total asked for in two ways": (
        lambda f: f.repeat("element_applicability", f.number_of("element_applicability", breakdown="predecessor"),
                           unit_kind="", unit_code="03", breakdown="none"), "element_applicability.csv", "in two ways"),
    "a relation of an unknown element": (
        lambda f: f.edit("validation_rule", right_element="ZZ9"), "validation_rule.csv", "'ZZ9' is unknown"),
    "a cell of no version": (lambda f: f.edit("form_cell", form_version="9"), "form_cell.csv", "'9' is unknown"),
    "two versions of the form at once": (
        lambda f: f.repeat("form_version", form_version="2"), "form_version.csv", "overlaps"),
    "a region twice": (lambda f: f.repeat("region", valid_from="2023-06-01"), "region.csv", "overlaps"),
    "a tile of an unknown unit": (lambda f: f.edit("tile", unit_code="ZZ"), "tile.csv", "ZZ@2023-01-01 is not in unit"),
    "a tile of a unit at another time": (
        lambda f: f.edit("tile", valid_from="2024-04-01"), "tile.csv", "01@2024-04-01 is not in unit.csv"),
    "a tile twice": (lambda f: f.repeat("tile", tile_column="9"), "tile.csv", "already in row 2"),
    "two tiles in one cell": (
        lambda f: f.edit("tile", 1, tile_column="1"), "tile.csv", "column 1, row 1 already has 01@2023-01-01"),
    "an heir in the cell of a neighbour that goes on": (
        lambda f: f.edit("tile", 4, tile_row="2"), "tile.csv", "row 2 already has 03@2023-01-01"),
    "a tile west of the map": (lambda f: f.edit("tile", tile_column="0"), "tile.csv", "tile_column is 0; 1 to 14"),
    "a tile south of the map": (lambda f: f.edit("tile", tile_row="25"), "tile.csv", "tile_row is 25; 1 to 24"),
    "a second tile without a label": (
        lambda f: f.edit("tile", 3, label_vi="", label_en=""), "tile.csv", "label_vi is empty"),
    "a label in one language": (lambda f: f.edit("tile", label_vi="Bến"), "tile.csv", "label_en is empty"),
    "a frame that is an element, too": (
        lambda f: f.repeat("frame", frame_code="D01"), "frame.csv", "is a code of element.csv"),
    "a dimension that is the total": (
        lambda f: f.repeat("disaggregation", dimension_code="none"), "disaggregation.csv", "cannot name a dimension"),
    "a dimension of two minds": (
        lambda f: f.edit("disaggregation", is_partition="false"), "disaggregation.csv", "is not as in row"),
    "shares that are not one": (
        lambda f: f.add("sample_split", SHARE | {"share": "0.4"}, MEN | {"share": "0.5"}), "sample_split.csv",
        "add up to 0.9"),
    "a share that is missing": (
        lambda f: f.add("sample_split", SHARE | {"share": "1"}), "sample_split.csv", "1 of 2 parts"),
    "a share of no part": (
        lambda f: f.add("sample_split", SHARE | {"value_code": "ZZ9"}), "sample_split.csv", "'sex.ZZ9' is unknown"),
    "a review of no period": (
        lambda f: f.add("review", {"review_code": "X", "name_vi": "x", "name_en": "x", "data_to": "2031-01",
                                   "known_at": "", "review_kind": "final", "source_note": "x"}),
        "review.csv", "2031-01"),
    "a day that is none": (lambda f: f.edit("frame_break", break_date="1/4/2024"), "frame_break.csv", "1/4/2024"),
}  # fmt: skip
POINT = {
    "indicator_code": "B", "scope_key": "nation", "valid_from": "2023-12-21", "period_code": "2024-06",
    "path_value": "50", "source_note": "x",
}  # fmt: skip
FINDING = {
    "indicator_code": "B", "scope_key": "nation", "period_code": "2024-06", "known_from": "2024-07-01", "office": "HD",
    "finding_vi": "x", "finding_en": "x", "is_synthetic": "true", "source_note": "x",
}  # fmt: skip
SHARE = {"dimension_code": "sex", "value_code": "female", "share": "0.5"}
MEN = SHARE | {"value_code": "male"}
CORRECTION = {
    "correction_kind": "value", "unit_code": "01", "unit_valid_from": "2023-01-01", "period_code": "2024-01",
    "element_code": "D01", "disaggregation_code": "total", "reported_value": "2", "corrected_value": "3",
    "known_from": "2024-03-01", "decided_by": "x", "reason_vi": "x", "reason_en": "x", "source_note": "x",
}  # fmt: skip
TASK = {
    "task_code": "K", "goal_code": "G1", "name_vi": "x", "name_en": "x", "rhythm_vi": "x", "rhythm_en": "x",
    "official_place_vi": "x", "official_place_en": "x", "display_order": "1", "source_note": "x",
}  # fmt: skip
DUTY = {
    "task_code": "K1", "unit_kind": "province", "unit_code": "", "role": "lead", "valid_from": "2023-01-01",
    "valid_to": "", "source_note": "x",
}  # fmt: skip
MILESTONE = {
    "milestone_code": "M", "task_code": "K", "name_vi": "x", "name_en": "x", "evidence_vi": "x", "evidence_en": "x",
    "display_order": "1", "source_note": "x",
}  # fmt: skip
STATE = {
    "milestone_code": "M", "state": "issued", "document_number": "", "issuer": "", "document_date": "",
    "valid_from": "2024-01-01", "known_from": "2024-01-01", "is_synthetic": "true", "source_note": "x",
}  # fmt: skip


@pytest.mark.parametrize("fault", SPOILT)
def test_a_bad_seed_is_named_with_file_row_and_reason(folder: Folder, fault: str) -> None:
    Programme.read(folder.path)
    spoil, file, reason = SPOILT[fault]
    spoil(folder)
    with pytest.raises(SeedError) as found:
        Programme.read(folder.path)
    assert found.value.file == file
    assert reason in str(found.value)
    assert found.value.row is not None or "missing" in reason


@pytest.fixture
def spoilt_checkout() -> Iterator[Path]:
    """A spoilt programme where a programme has to lie: inside the checkout."""
    folder = CHECKOUT / "build" / "spoilt"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(LANTERN, folder)
    Folder(folder).edit("target", target_period="2023-01", baseline_period="2023-06")
    yield folder
    shutil.rmtree(folder)


def test_a_build_with_a_bad_seed_touches_nothing(database: Warehouse, spoilt_checkout: Path, tmp_path: Path) -> None:
    lantern = make(database, tmp_path)
    lantern.environment["TIENDO_PROGRAMME"] = f"../{spoilt_checkout.relative_to(CHECKOUT)}"
    lantern.tiendo("build", code=2)
    assert database.rows("select count(*) from ops.run") == [(0,)]
