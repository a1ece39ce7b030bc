"""Every cell of the table of indicators, on every day on which knowledge changed, against the workbooks read anew."""

from __future__ import annotations

import itertools
import math

import pandas as pd
import pytest

from tests.integration.compare import difference, history, known_on
from tests.integration.lantern import LAST, SEEDS, Lantern
from tests.integration.recompute import scorecard
from tests.integration.recompute_indicators import GRAIN, MEASURES, indicators
from tests.integration.recompute_progress import NUMBERS, WORDS, plain, progress

OPEN = "9999-12-31"


@pytest.fixture(scope="module")
def rows(published: Lantern) -> pd.DataFrame:
    """All knowledge of the table of indicators."""
    return history(published.warehouse)


def test_every_cell_is_the_one_that_pandas_recomputes(published: Lantern, rows: pd.DataFrame) -> None:
    turns = sorted(set(rows["known_from"]))
    assert len(turns) > 10
    last = pd.Timestamp(turns[-1])
    eves = [f"{pd.Timestamp(day) - pd.Timedelta(days=1):%Y-%m-%d}" for day in turns]
    for day in sorted({*turns, *eves, f"{last + pd.Timedelta(days=400):%Y-%m-%d}"}):
        said = difference(known_on(rows, day), indicators(published.doors, SEEDS, LAST, day))
        assert not said, f"as known on {day}\n{said}"


def test_knowledge_has_no_gap_no_overlap_and_no_turn_without_change(rows: pd.DataFrame) -> None:
    for key, each in rows.sort_values("known_from").groupby(GRAIN):
        assert (each["known_from"] < each["known_to"]).all(), key
        assert list(each["known_to"]) == [*each["known_from"].iloc[1:], OPEN], key
        states = each[MEASURES].fillna(-1).to_numpy().tolist()
        assert all(one != other for one, other in itertools.pairwise(states)), key


def test_every_cell_of_progress_is_the_one_that_pandas_recomputes(published: Lantern) -> None:
    names = [*GRAIN, *NUMBERS, *WORDS]
    shown = published.warehouse.rows(f"select {', '.join(names)} from published.fct_progress", "reader")
    again = progress(published.doors, SEEDS, LAST)
    said = difference(plain(pd.DataFrame(shown, columns=names)), again, measures=[*NUMBERS, *WORDS], words=WORDS)
    assert not said, said


def test_every_reason_is_a_whole_sentence(published: Lantern) -> None:
    reasons = published.warehouse.rows("select reason_vi, reason_en from published.fct_progress", "reader")
    assert reasons
    assert all(text and "{" not in text for row in reasons for text in row)


def test_the_scorecard_is_judged_as_pandas_judges_it(published: Lantern) -> None:
    shown = published.warehouse.rows(
        "select indicator_code, value, reported_count, expected_count, coverage_pct, path_value, status_code "
        "from published.rpt_scorecard order by display_order",
        "reader",
    )
    again = scorecard(published.doors, SEEDS, LAST)
    assert [row[0] for row in shown] == list(again.index)
    for code, *cells in shown:
        mine = again.loc[code, ["value", "reported", "expected", "coverage", "path", "status"]]
        for name, one, other in zip(mine.index, cells, mine, strict=True):
            if name == "status":
                assert one == other, (code, name)
            elif one is None:
                assert other is None or math.isnan(other), (code, name)
            else:
                assert math.isclose(float(one), float(other), rel_tol=1e-9), (code, name, one, other)
