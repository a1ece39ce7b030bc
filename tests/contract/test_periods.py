"""Periods and expected numbers are worked out twice, for forms in Python and for models in SQL: both say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Warehouse
from tests.integration import lantern
from tests.integration.lantern import LAST, Lantern, Report
from tiendo.programme import Programme


@pytest.fixture
def built(database: Warehouse, tmp_path: Path) -> Lantern:
    """The fictional programme built on a single report."""
    programme = lantern.make(database, tmp_path)
    programme.send(Report("01", 1, 3, {"D01": 2, "D02": 0, "D03": 1, "D04": 0}))
    for words in (("collect", "--historical"), ("load",), ("validate", "--gate", "raw"), ("build", "--data-to", LAST)):
        programme.tiendo(*words)
    return programme


def test_forms_and_models_agree(built: Lantern) -> None:
    programme = Programme.read(lantern.SEEDS)
    rows = built.warehouse.rows("select period_code, start_date, end_date, due_date from marts.dim_period order by 1")
    assert rows == [(period.code, period.start, period.end, period.due) for period in programme.periods]

    owed = set(
        built.warehouse.rows(
            "select unit_key, period_code, element_code, disaggregation_code from intermediate.int_expected_value"
        )
    )
    asked = {
        (unit.key, period.code, row.element.code, row.disaggregation_code)
        for period in programme.periods
        if period.code <= LAST
        for unit in programme.expected(period)
        for row in programme.form_rows(unit, period)
    }
    assert owed == asked
