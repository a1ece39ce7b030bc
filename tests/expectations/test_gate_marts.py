"""Gate marts lets a right warehouse pass, and each of its rules can fail: one row changed, that rule told."""

from __future__ import annotations

from typing import Any

import pytest

from expectations import gate_marts
from expectations.__main__ import main
from expectations.errors import NoRunError, RuleBrokenError
from expectations.rules import read_suite
from tests.expectations import small_marts

NATION = "scope_key = 'nation' and period_code = '2023-02'"
INDICATOR = "update marts.fct_indicator set"
# What a mistake in the models would do, and the rules that have to notice it.
MISTAKES = {
    "indicator_not_empty": "delete from marts.fct_indicator",
    "scorecard_names_every_headline": "delete from marts.rpt_scorecard where indicator_code = 'NONE'",
    "scorecard_names_only_indicators_of_the_registry": "insert into marts.rpt_scorecard values ('X', 1, 'on_track', 1)",
    "nothing_after_the_last_period": f"{INDICATOR} period_code = '2023-03' where scope_key = 'nation'",
    "progress_nothing_after_the_last_period": "update marts.fct_progress set period_code = '2023-03'",
    "indicator_key_unique": f"insert into marts.fct_indicator select * from marts.fct_indicator where {NATION}",
    "one_reading_on_any_day": f"{INDICATOR} known_to = '2023-03-01' where {NATION}",
    "no_border_changes_the_nation": f"{INDICATOR} value = 7 where basis = 'current' and indicator_code = 'COUNT'",
    "a_correction_still_speaks_of_its_number": "update intermediate.int_value_version set mark = 'reported'",
    "a_restart_is_decided": "update marts.fct_restart set reading = 'asked'",
    "nothing_overlaps_a_closing_report": "update intermediate.int_value_version set value_state = 'in_question'",
    "progress_key_unique": f"insert into marts.fct_progress select * from marts.fct_progress where {NATION}",
    "scorecard_key_unique": "insert into marts.rpt_scorecard select * from marts.rpt_scorecard",
    "one_current_version_at_any_moment": "update marts.fct_value set known_to = 'infinity'",
    "ratio_is_a_ratio_of_sums": f"{INDICATOR} value = 33 where indicator_code = 'SHARE' and {NATION}",
    "value_has_a_report_behind_it": f"{INDICATOR} reported_count = 0 where {NATION}",
    "no_method_no_value": f"{INDICATOR} value = 1 where indicator_code = 'NONE'",
    "nation_is_the_sum_of_its_units": f"{INDICATOR} value = 3 where indicator_code = 'COUNT' and {NATION}",
    "coverage_within_0_100": f"{INDICATOR} coverage_pct = 100.5 where {NATION}",
    "reported_not_above_expected": f"{INDICATOR} reported_count = 3 where {NATION}",
    "coverage_beside_every_value": f"{INDICATOR} coverage_pct = null where {NATION}",
    "lower_not_above_upper": f"{INDICATOR} upper_value = lower_value - 1 where {NATION}",
    "bounds_where_they_must_be": f"{INDICATOR} lower_value = null where {NATION}",
    "counted_not_above_owed": f"{INDICATOR} question_count = 1 where {NATION}",
    "shares_within_0_100": f"{INDICATOR} carried_pct = 1 where {NATION}",
    "status_is_known": "update marts.fct_progress set status_code = 'splendid', no_verdict_code = null",
    "verdict_has_coverage_and_method": f"update marts.fct_progress set coverage_pct = 79.9 where {NATION}",
    "no_verdict_has_a_reason": "update marts.fct_progress set no_verdict_code = null",
    "no_method_no_status_no_chance": "update marts.fct_progress set chance_pct = 50 where indicator_code = 'NONE'",
    "an_assumption_is_told": "update marts.dim_target set path_basis = 'assumption'",
    "settled_is_the_same_at_both_ends": f"update marts.fct_progress set status_lower_code = 'off_track' where {NATION}",
    "confidence_is_the_worst_of_its_parts": "update marts.fct_progress set confidence_code = 'A'",
    "every_row_has_its_reason": f"update marts.fct_progress set reason_en = 'short by {{gap}}' where {NATION}",
    "every_target_is_judged": f"delete from marts.fct_progress where indicator_code = 'SHARE' and {NATION}",
    "progress_shows_the_indicator": f"update marts.fct_progress set value = 9 where {NATION}",
    "scorecard_shows_the_last_period": "update marts.rpt_scorecard set value = 9 where indicator_code = 'COUNT'",
    "someone_has_reported_for_the_last_period": "delete from marts.fct_value where period_code = '2023-02'",
}


@pytest.fixture
def warehouse(database: Any) -> Any:
    with database.connect("builder") as connection:
        small_marts.build(connection)
    return database


def state(warehouse: Any) -> str:
    with warehouse.connect("builder") as connection:
        return str(connection.execute("select state from ops.run").fetchone()[0])


def change(warehouse: Any, statement: str) -> None:
    with warehouse.connect("builder") as connection:
        assert connection.execute(statement).rowcount > 0, "the test changed nothing"


def test_a_right_warehouse_is_validated_and_every_rule_is_recorded(warehouse: Any) -> None:
    found, is_faulty = gate_marts.run(warehouse.settings)

    assert not is_faulty
    assert [rule["rule"] for rule in found["rules"] if not rule["success"]] == []
    assert state(warehouse) == "validated"
    with warehouse.connect("builder") as connection:
        recorded = connection.execute("select count(*) from ops.validation_result where is_success").fetchone()[0]
    assert recorded == len(read_suite("marts").rules)


def test_no_rule_is_without_a_mistake_that_it_notices() -> None:
    assert set(MISTAKES) == {rule.code for rule in read_suite("marts").rules}


@pytest.mark.parametrize("rule", MISTAKES)
def test_each_rule_can_fail_and_stops_the_run_when_it_is_an_error(warehouse: Any, rule: str) -> None:
    change(warehouse, MISTAKES[rule])

    found, is_faulty = gate_marts.run(warehouse.settings)

    failed = {told["rule"]: told for told in found["rules"] if not told["success"]}
    assert rule in failed
    assert failed[rule]["unexpected"] > 0
    assert is_faulty == any(told["severity"] == "error" for told in failed.values())
    assert state(warehouse) == ("building" if is_faulty else "validated")


def test_a_validated_run_that_no_longer_holds_is_not_left_ready_to_publish(warehouse: Any) -> None:
    gate_marts.run(warehouse.settings)
    change(warehouse, MISTAKES["coverage_within_0_100"])

    assert gate_marts.run(warehouse.settings)[1]
    assert state(warehouse) == "building"


def test_the_rows_at_fault_are_kept_beside_the_result(warehouse: Any) -> None:
    change(warehouse, MISTAKES["nation_is_the_sum_of_its_units"])
    gate_marts.run(warehouse.settings)

    with warehouse.connect("builder") as connection:
        detail = connection.execute(
            "select detail from ops.validation_result where rule_code = 'nation_is_the_sum_of_its_units'"
        ).fetchone()[0]
    assert detail["sample"][0]["indicator_code"] == "COUNT"
    assert detail["reason"]


def test_without_an_open_run_the_call_is_at_fault(warehouse: Any) -> None:
    change(warehouse, "update ops.run set state = 'published'")

    with pytest.raises(NoRunError, match="no run is open"):
        gate_marts.run(warehouse.settings)


def test_a_missing_table_is_the_systems_fault_and_no_verdict_on_the_data(warehouse: Any) -> None:
    with warehouse.connect("builder") as connection:
        connection.execute("alter table marts.fct_progress drop column status_code")

    with pytest.raises(RuleBrokenError, match="status_code"):
        gate_marts.run(warehouse.settings)
    assert state(warehouse) == "building"


def test_the_command_tells_it_by_its_exit_code(
    warehouse: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIENDO_DATABASE", warehouse.settings.database)

    assert main(["--gate", "marts"]) == 0
    change(warehouse, MISTAKES["coverage_within_0_100"])
    assert main(["--gate", "marts"]) == 1
    assert "coverage_within_0_100: 9 of 16" in capsys.readouterr().out
    change(warehouse, "update ops.run set state = 'failed'")
    assert main(["--gate", "marts"]) == 2
    monkeypatch.setenv("TIENDO_DATABASE", "nowhere")
    assert main(["--gate", "marts"]) == 3
