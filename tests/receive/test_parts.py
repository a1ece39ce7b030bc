"""Parts against their total: an error where a part is above it, a question where a partition does not add up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.receive.forms import at, changed
from tiendo.programme import Programme
from tiendo.receive.parts import part_problems
from tiendo.receive.read import read_report
from tiendo.receive.reading import Reading, Value

LANTERN = Path(__file__).parents[1] / "programmes" / "lantern"
WOMEN, MEN = "E{E0205/sex.female}", "E{E0205/sex.male}"


def read(programme: Programme, changes: dict[str, object]) -> Reading:
    return read_report(changed(programme, changes), programme, door_code="51")


def test_a_part_above_its_total_is_an_error_at_the_part(programme: Programme) -> None:
    reading = read(programme, {WOMEN: 8, MEN: 0})
    part, total = at(programme, WOMEN), at(programme, "E{E0205}")
    assert [(p.severity, p.rule_code, p.cell) for p in reading.problems] == [
        ("error", "part_above_total", f"Số liệu!{part}")
    ]
    (problem,) = reading.problems
    assert (problem.found, problem.expected) == ("8", "7")
    assert f"{part}, {total}" in problem.message_vi
    assert f"{part}, {total}" in problem.message_en


def test_parts_that_do_not_add_up_are_a_question(programme: Programme) -> None:
    reading = read(programme, {WOMEN: 3, MEN: 2})
    assert [(p.severity, p.rule_code, p.cell) for p in reading.problems] == [
        ("warning", "parts_do_not_sum", at(programme, f"Số liệu!{WOMEN}"))
    ]
    assert (reading.problems[0].found, reading.problems[0].expected) == ("5", "7")
    assert not reading.has_errors


@pytest.mark.parametrize(
    "changes",
    [{WOMEN: 3, MEN: 4}, {WOMEN: None, MEN: 2}, {"E{E0205}": None, WOMEN: 9}, {WOMEN: "không", MEN: 7}],
    ids=["they add up", "one is not known", "the total is not known", "one is nothing"],
)
def test_what_is_not_given_is_not_judged(programme: Programme, changes: dict[str, object]) -> None:
    assert read(programme, changes).problems == ()


def test_parts_that_overlap_may_add_up_to_more(programme: Programme) -> None:
    parts = {f"E{{E0501/channel.{channel}}}": 7 for channel in ("press", "broadcast", "grassroots", "social")}
    assert read(programme, parts).problems == ()
    over = read(programme, parts | {"E{E0501/channel.social}": 8})
    assert [p.rule_code for p in over.problems] == ["part_above_total"]


@pytest.mark.parametrize(("women", "found"), [(5, []), (4, ["parts_do_not_sum"]), (9, ["part_above_total"])])
def test_the_total_of_a_merged_unit_is_that_of_its_former_ones(women: int, found: list[str]) -> None:
    def value(part: str, number: int, row: int) -> Value:
        return Value("D07", part, str(number), Decimal(number), "reported", f"Số liệu!E{row}")

    values = [
        value("11@2023-01-01", 2, 10),
        value("12@2023-01-01", 6, 11),
        value("sex.female", women, 12),
        value("sex.male", 3, 13),
    ]
    assert [p.rule_code for p in part_problems(Programme.read(LANTERN), values)] == found
