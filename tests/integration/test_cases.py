"""Cases worked by hand hold the warehouse and the way by pandas: each alone could be wrong in the same manner."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.integration.compare import GRAIN, MEASURES, WORDS, history, known_on, read_cases
from tests.integration.lantern import LAST, SEEDS, Lantern
from tests.integration.recompute_indicators import indicators
from tests.integration.recompute_progress import progress

CASES = read_cases(Path(__file__).with_name("cases.csv"))
NO_ROW = "no_row"
# An empty cell was not looked at; the word null is nothing.
VERDICTS = pd.read_csv(Path(__file__).with_name("progress_cases.csv"), dtype=str, keep_default_na=False)
GRAIN_OF_PROGRESS = ["basis", "scope_key", "period_code", "indicator_code", "definition_version"]
LOOKED_AT = [name for name in VERDICTS if name not in ("case", "worked", *GRAIN_OF_PROGRESS)]


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


def verdict_misses(found: pd.DataFrame) -> list[str]:
    """The verdicts that a way does not give, in words. In: the table of progress, a row a series and period."""
    rows = found.assign(definition_version=found["definition_version"].astype(str)).set_index(GRAIN_OF_PROGRESS)
    said = []
    for case in VERDICTS.to_dict("records"):
        key = tuple(case[name] for name in GRAIN_OF_PROGRESS)
        if key not in rows.index:
            said.append(f"{case['case']}: no row of {key}")
            continue
        said += [
            f"{case['case']} {key}: {name} is {rows.at[key, name]}, worked out {case[name]}"
            for name in LOOKED_AT
            if case[name] and not agrees(rows.at[key, name], case[name])
        ]
    return said


def agrees(one: Any, worked: str) -> bool:
    """Whether a cell holds what was worked out: null, a word, true or false, a period or a number, to six digits as a
    check is shown. A way may write nothing as '' and true as a text.
    """
    is_nothing = bool(pd.isna(one)) or one == ""
    if worked == "null" or is_nothing:
        return is_nothing and worked == "null"
    if isinstance(one, str | bool | np.bool_):
        return str(one).lower() == worked.lower()
    return bool(np.isclose(float(one), float(Fraction(worked)), rtol=1e-6, atol=1e-8))


def test_the_verdict_cases_cover_every_status_and_every_reason_for_none() -> None:
    assert len(VERDICTS) >= 40 and not VERDICTS["case"].duplicated().any()
    statuses = set(pd.read_csv(SEEDS / "status.csv")["status_code"])
    assert statuses <= set(VERDICTS["status_code"])
    # an incomplete card is stopped before anything is built
    reasons = {"no_method", "not_assessable", "no_target", "border", "no_value", "coverage", "no_path"}
    assert reasons <= set(VERDICTS["no_verdict_code"])
    assert set("ABCD") <= set(VERDICTS["confidence_code"])
    for column in ("is_provisional", "is_settled"):
        assert {"true", "false"} <= set(VERDICTS[column])
    assert {"as_reported", "current", "original"} == set(VERDICTS["basis"])
    assert all((VERDICTS[name] != "").any() for name in LOOKED_AT)
    assert (VERDICTS["worked"].str.len() > 0).all()


def test_the_warehouse_gives_the_verdicts_worked_by_hand(published: Lantern) -> None:
    names = [*GRAIN_OF_PROGRESS, *LOOKED_AT]
    rows = published.warehouse.rows(f"select {', '.join(names)} from published.fct_progress", "reader")
    said = verdict_misses(pd.DataFrame(rows, columns=names, dtype=object))
    assert not said, "\n".join(said)


def test_pandas_gives_the_verdicts_worked_by_hand(published: Lantern) -> None:
    said = verdict_misses(progress(published.doors, SEEDS, LAST))
    assert not said, "\n".join(said)
