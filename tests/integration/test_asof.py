"""What a rebuild of an earlier day's knowledge gives is what the marts say was known on that day."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.integration.compare import difference, history, known_on
from tests.integration.lantern import SEEDS, Lantern
from tests.integration.recompute_indicators import NATION, indicators

# May is due on 27/05; the days before and after guild 15 answered, on 09/06.
DAYS = {"2024-05-30": "2024-05", "2024-06-09": "2024-05"}


def comparable(rows: pd.DataFrame, last: str) -> pd.DataFrame:
    """What does not hang on which units are the current ones at the last period."""
    is_settled = rows["basis"].isin(["as_reported", "original"]) | (rows["scope_key"] == NATION)
    return rows[is_settled & (rows["period_code"] <= last)]


@pytest.mark.parametrize("day", DAYS)
def test_a_rebuild_of_a_day_is_what_was_known_then(programme: Lantern, day: str) -> None:
    last = DAYS[day]
    before = history(programme.warehouse)
    programme.tiendo("build", "--known-at", day)
    rebuilt = known_on(history(programme.warehouse, "asof"), day)
    assert set(rebuilt["period_code"]) == set(before.loc[before["period_code"] <= last, "period_code"])
    said = difference(comparable(known_on(before, day), last), comparable(rebuilt, last), ("marts", "asof"))
    assert not said, said
    # The marts themselves stay as they were, and pandas sees the whole of the rebuild too.
    assert history(programme.warehouse).equals(before)
    said = difference(rebuilt, indicators(programme.doors, SEEDS, last, day), ("asof", "workbooks"))
    assert not said, said
