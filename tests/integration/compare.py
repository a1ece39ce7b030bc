"""The table of indicators as two ways give it, side by side: a row missing or too many fails as loudly as a number.

In: a warehouse or a frame of `recompute_indicators`. Out: frames by grain, and what differs, in words.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from tests.conftest import Warehouse
from tests.integration.recompute_indicators import COLUMNS, GRAIN, MEASURES

WORDS = {"null_reason"}
SHOWN = 25


def as_frame(rows: list[tuple[object, ...]], columns: list[str]) -> pd.DataFrame:
    """Rows of the table with plain numbers, so that either side reads the same."""
    frame = pd.DataFrame(rows, columns=columns)
    for name in set(MEASURES) - WORDS:
        frame[name] = frame[name].astype(float)
    frame["null_reason"] = frame["null_reason"].fillna("")
    frame["definition_version"] = frame["definition_version"].astype(int)
    return frame


def history(warehouse: Warehouse, schema: str = "marts") -> pd.DataFrame:
    """All rows of a schema's table of indicators with the days on which they were what was known, as texts."""
    columns = [*COLUMNS, "known_from", "known_to"]
    names = ", ".join([*COLUMNS, "known_from::text", "known_to::text"])
    return as_frame(warehouse.rows(f"select {names} from {schema}.fct_indicator"), columns)


def known_on(rows: pd.DataFrame, day: str) -> pd.DataFrame:
    """The rows that were known on a day."""
    return rows.loc[(rows["known_from"] <= day) & (rows["known_to"] > day), COLUMNS]


def difference(
    ours: pd.DataFrame,
    theirs: pd.DataFrame,
    names: tuple[str, str] = ("warehouse", "workbooks"),
    measures: Sequence[str] = MEASURES,
    words: Collection[str] = WORDS,
) -> str:
    """What differs, cell by cell; '' when nothing does. Numbers agree to nine digits, words exactly."""
    left, right = (frame.set_index(GRAIN)[[*measures]].sort_index() for frame in (ours, theirs))
    said = []
    for name, one, other in ((names[0], left, right), (names[1], right, left)):
        alone = one.index.difference(other.index)
        said += [f"only in {name}: {' '.join(map(str, key))}" for key in alone[:SHOWN]]
        said += [f"… {len(alone) - SHOWN} more only in {name}"] if len(alone) > SHOWN else []
        twice = one.index[one.index.duplicated()]
        said += [f"twice in {name}: {' '.join(map(str, key))}" for key in twice[:SHOWN]]
    if said and any(line.startswith("twice") for line in said):
        return "\n".join(said)
    both = left.index.intersection(right.index)
    left, right = left.loc[both], right.loc[both]
    wrong = {}
    for measure in measures:
        one, other = left[measure], right[measure]
        if measure in words:
            wrong[measure] = (one != other).to_numpy()
        else:
            wrong[measure] = ~np.isclose(one, other.astype(float), rtol=1e-9, atol=1e-9, equal_nan=True)
    cells = pd.DataFrame(wrong, index=both)
    for key, row in cells[cells.any(axis=1)].head(SHOWN).iterrows():
        pairs = [f"{name} {left.at[key, name]} | {right.at[key, name]}" for name in measures if row[name]]
        said.append(f"{' '.join(map(str, key))}: {'; '.join(pairs)}")
    count = int(cells.any(axis=1).sum())
    said += [f"… {count - SHOWN} more rows differ"] if count > SHOWN else []
    return "\n".join([f"({names[0]} | {names[1]})", *said]) if said else ""


def read_cases(path: Path) -> pd.DataFrame:
    """The cases worked by hand; fractions such as 100/3 are read as numbers, an empty one is none. Measures without a
    column are not worked out yet.
    """
    cases = pd.read_csv(path, dtype=str, keep_default_na=False)
    for name in (set(MEASURES) - WORDS) & set(cases):
        cases[name] = [float(Fraction(text)) if text else np.nan for text in cases[name]]
    cases["definition_version"] = cases["definition_version"].astype(int)
    return cases
