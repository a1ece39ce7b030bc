"""The scorecard once more, from the workbooks alone, with pandas: nothing of the package and no SQL.

In: the units' folders and the programme's seeds. Out: one row an indicator at one period for the nation: value,
numbers counted (n), numbers owed (N), coverage, path and status, on the basis that its card names. It follows the rules
as they are written for people; where it and the warehouse differ, one of them is wrong. (Cells: recompute_progress.)
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.integration.recompute_indicators import NATION
from tests.integration.recompute_progress import progress
from tests.integration.recompute_rules import ended, read_rules

SHOWN = {
    "value": "value",
    "reported_count": "reported",
    "expected_count": "expected",
    "coverage_pct": "coverage",
    "path_value": "path",
    "status_code": "status",
}


def scorecard(doors: Path, folder: Path, period: str) -> pd.DataFrame:
    """The scorecard of the nation at `period` as known now, a row an indicator, indexed by its code."""
    rules = read_rules(folder, period)
    rows = progress(doors, folder, period)
    rows = rows[(rows["period_code"] == period) & (rows["scope_key"] == NATION)]
    cards = rules.cards[(rules.cards["valid_from"] <= rules.end) & (ended(rules.cards["valid_to"]) >= rules.end)]
    cards = cards[cards["is_headline"] == "true"]
    cards = cards.iloc[cards["display_order"].astype(int).argsort()]
    rows = rows.set_index(["indicator_code", "definition_version", "basis"])
    shown = rows.loc[list(zip(cards["indicator_code"], cards["version"], cards["basis"], strict=True))]
    return shown.reset_index("indicator_code").set_index("indicator_code")[list(SHOWN)].rename(columns=SHOWN)
