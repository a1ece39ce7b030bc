"""Cases worked by hand hold the warehouse and the way by pandas: each alone could be wrong in the same manner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.integration.compare import GRAIN, MEASURES, WORDS, history, known_on, read_cases
from tests.integration.lantern import LAST, SEEDS, Lantern
from tests.integration.recompute_indicators import indicators

CASES = read_cases(Path(__file__).with_name("cases.csv"))
NO_ROW = "no_row"


def misses(found_on: Callable[[str], pd.DataFrame]) -> list[str]:
    """The cases that a way does not give, in words."""
    said = []
    for day, cases in CASES.groupby("known_on"):
        found = found_on(str(day)).set_index(GRAIN)[MEASURES]
        for case in cases.to_dict("records"):
            key = tuple(case[name] for name in GRAIN)
            if key not in found.index or case["null_reason"] == NO_ROW:
                if (key in found.index) == (case["null_reason"] == NO_ROW):
                    said.append(f"{case['case']}: {'a' if key in found.index else 'no'} row of {key} on {day}")
                continue
            said += [
                f"{case['case']} {key} on {day}: {name} is {found.at[key, name]}, worked out {case[name]}"
                for name in MEASURES
                if name in CASES
                if not same(name, found.at[key, name], case[name])
            ]
    return said


def same(name: str, one: Any, other: Any) -> bool:
    if name in WORDS:
        return bool(one == other)
    return bool(np.isclose(float(one), float(other), rtol=1e-9, atol=1e-9, equal_nan=True))


def test_the_cases_cover_every_indicator_basis_and_kind_of_null() -> None:
    assert len(CASES) >= 30 and not CASES["case"].duplicated().any()
    assert set(CASES["indicator_code"]) == set(pd.read_csv(SEEDS / "indicator.csv")["indicator_code"])
    assert set(CASES["basis"]) == {"as_reported", "current", "original"}
    assert set(CASES["null_reason"]) == {"", NO_ROW, "border", "no_method", "nothing_known"}
    assert (CASES["worked"].str.len() > 0).all()


def test_the_warehouse_gives_what_was_worked_by_hand(published: Lantern) -> None:
    rows = history(published.warehouse)
    said = misses(lambda day: known_on(rows, day))
    assert not said, "\n".join(said)


def test_pandas_gives_what_was_worked_by_hand(published: Lantern) -> None:
    said = misses(lambda day: indicators(published.doors, SEEDS, LAST, day))
    assert not said, "\n".join(said)
