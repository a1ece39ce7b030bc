"""A small programme with a card of every kind, written beside the fictional one so that each page can be foretold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.review.editing import LANTERN, append, copy_programme
from tiendo.programme import Programme

PLACE = {"official_place_vi": "Hư cấu, điều 9", "official_place_en": "Fiction, article 9"}
CARD = {
    **PLACE,
    "definition_version": "1",
    "valid_from": "2023-12-21",
    "known_from": "2023-12-21",
    "goal_code": "G9",
    "result_level": "output",
    "source_type": "administrative",
    "measured_over": "since_start",
    "basis": "as_reported",
    "frequency": "month",
    "direction": "at_least",
    "is_strict": "false",
    "decimals": "0",
    "break_rule": "none",
    "small_cell_rule": "none",
    "signing_office": "HD",
    "is_monotone": "false",
}
TARGET = {
    "scope_kind": "nation",
    "scope_key": "nation",
    "valid_from": "2023-12-21",
    "known_from": "2023-12-21",
    "baseline_period": "2023-12",
    "target_period": "2024-12",
}


def add_cards(folder: Path) -> None:
    """A goal, a task group, and cards: a ratio with parts and a break, a strict limit without a method, milestones."""
    goal = {**PLACE, "display_order": "90"}
    append(folder, "goal", goal_code="G9", goal_kind="target", name_vi="Chuông gió", name_en="Wind chimes", **goal)
    append(folder, "goal", goal_code="W9", goal_kind="task_group", name_vi="Làm chuông", name_en="Chime work", **goal)
    append(
        folder,
        "disaggregation",
        dimension_code="metal",
        value_code="brass",
        dimension_vi="kim loại",
        dimension_en="metal",
        name_vi="đồng thau",
        name_en="brass",
        is_partition="true",
        is_about_people="false",
        form_order="90",
        source_note="fiction for the tests",
    )
    append(
        folder, "frame", frame_code="M90", name_vi="Hiên nhà", name_en="Porches", measure_vi="hiên", measure_en="porch"
    )
    old, new = {"unit_code": "91", "valid_from": "2023-01-01"}, {"unit_code": "92", "valid_from": "2024-04-01"}
    kind = {"unit_kind": "province", "unit_type_vi": "Tỉnh", "region_code": "EA"}
    append(
        folder, "unit", **old, **kind, valid_to="2024-03-31", name_vi="Đồi Gió", name_en="Windy Hill", sort_key="9 a"
    )
    append(folder, "unit", **new, **kind, name_vi="Đồi Xanh", name_en="Green Hill", sort_key="9 b")
    append(
        folder,
        "unit_successor",
        **old,
        successor_code="92",
        successor_valid_from="2024-04-01",
        effective_date="2024-04-01",
        succession_kind="both",
        share_kind="whole",
        is_seat="true",
    )
    count = {"unit_code": "91", "unit_valid_from": "2023-01-01", "valid_from": "2023-01-01", "known_from": "2023-01-01"}
    append(folder, "frame_value", frame_code="M90", frame_count="8", is_synthetic="true", **count)
    append(
        folder,
        "frame_break",
        frame_code="M90",
        break_date="2024-04-01",
        name_vi="Bỏ hiên sau",
        name_en="Back porches left out",
    )
    element = {"time_rule": "flow", "period_calendar": "report", "counted_by": "employer", "number_kind": "count"}
    append(
        folder,
        "element",
        element_code="D90",
        name_vi="Chuông đã treo",
        name_en="Chimes hung",
        measure_vi="chuông",
        measure_en="chime",
        group_code="A",
        form_order="90",
        **element,
    )
    append(
        folder, "element_applicability", element_code="D90", unit_code="91", valid_from="2024-01-21", breakdown="none"
    )
    append(
        folder,
        "element_applicability",
        element_code="D90",
        unit_kind="ministry",
        valid_from="2023-12-21",
        breakdown="metal",
    )
    append(
        folder,
        "indicator",
        **CARD,
        indicator_code="X1",
        name_vi="Hiên có chuông đồng",
        name_en="Porches with a brass chime",
        reading_vi="Chuông đồng đã treo, chia cho số hiên",
        reading_en="Brass chimes hung over the porches there are",
        other_readings_vi="Đếm cả chuông gốm",
        other_readings_en="Clay chimes counted too",
        formula="sum(D90:metal.brass) / sum(M90)",
        formula_vi="Tổng chuông đồng đã treo chia cho tổng số hiên",
        formula_en="Brass chimes hung over all porches",
        measure_vi="%",
        measure_en="%",
        who_counts="employer",
        caveat_vi="Số hiên là giả lập",
        caveat_en="The porches are synthetic",
        display_order="90",
        is_headline="true",
    )
    append(
        folder,
        "target",
        **TARGET,
        indicator_code="X1",
        target_value="1000.5",
        target_high="2000",
        baseline_value="0",
        baseline_state="none",
        path_kind="linear",
        path_basis="assumption",
        path_note_vi="Do chúng tôi đặt",
        path_note_en="Set by us",
    )
    append(
        folder,
        "target",
        **(TARGET | {"scope_kind": "unit", "scope_key": "92@2024-04-01"}),
        indicator_code="X1",
        target_value="50",
        baseline_value="5",
        baseline_state="measured",
        path_kind="linear",
        path_basis="plan",
        path_approved_by="HD",
    )
    append(
        folder,
        "indicator",
        **(CARD | {"measured_over": "period", "direction": "at_most", "is_strict": "true", "result_level": "outcome"}),
        indicator_code="X2",
        name_vi="Đêm lặng gió",
        name_en="Windless nights",
        reading_vi="Số đêm không nghe chuông",
        reading_en="Nights without a chime",
        method_gap_vi="Chưa có người nghe",
        method_gap_en="Nobody listens yet",
        gap_kind="no_method",
        measure_vi="đêm",
        measure_en="night",
        display_order="91",
        is_headline="true",
    )
    append(folder, "target", **TARGET, indicator_code="X2", target_value="10", baseline_state="none")
    append(
        folder,
        "indicator",
        **(CARD | {"goal_code": "W9"}),
        indicator_code="X3",
        name_vi="Mốc làm chuông",
        name_en="Milestones of chime work",
        reading_vi="Mốc đã ban hành hoặc vận hành",
        reading_en="Milestones issued or in operation",
        formula="milestones(N90)",
        formula_vi="Đếm mốc đã xong",
        formula_en="Milestones that are done",
        measure_vi="mốc",
        measure_en="milestone",
        who_counts="organiser",
        display_order="92",
        is_headline="true",
    )
    append(
        folder,
        "task",
        task_code="N90",
        goal_code="W9",
        name_vi="Ra sách dạy làm chuông",
        name_en="Publish a manual of chimes",
        rhythm_vi="một lần",
        rhythm_en="once",
        display_order="90",
        **PLACE,
    )
    since = {"task_code": "N90", "valid_from": "2023-12-21"}
    append(folder, "responsibility", **since, unit_code="91", role="lead")
    append(folder, "responsibility", **(since | {"valid_from": "2024-02-01"}), unit_kind="ministry", role="cooperate")
    append(
        folder,
        "milestone",
        milestone_code="M901",
        task_code="N90",
        name_vi="Bản thảo",
        name_en="Draft",
        evidence_vi="Văn bản lấy ý kiến",
        evidence_en="Letter asking for comments",
        display_order="90",
    )
    append(
        folder,
        "plan",
        unit_code="91",
        unit_valid_from="2023-01-01",
        document_number="7/KH-DG",
        issued_on="2024-01-05",
        obliged_from="2024-02-21",
    )


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """The fictional programme and the cards added here."""
    folder = copy_programme(LANTERN, tmp_path_factory.mktemp("rich") / "seeds")
    add_cards(folder)
    return Programme.read(folder)
