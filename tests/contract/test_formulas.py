"""A card's formula is taken apart in Python for checks and forms and in SQL for the models: both say the same."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from tests.conftest import Warehouse
from tiendo.programme.formulas import parse_formula

PROJECT = Path(__file__).parents[2] / "dbt_project"
FRAMES = ("F1", "F2")
FORMULAS = (
    "sum(A)",
    "sum( A , B )",
    "sum(A,B,C)",
    "sum(A) / sum(B)",
    "sum(A, B) / sum(F1, F2)",
    "sum(A, B)/sum(C, F2)",
    "sum(A:sex.female) / sum(A)",
    "sum(A:sex.female, B) / sum(A, B:level.central)",
    "sum(A:mode.online)",
    "places(A)",
    "places_whole( A )",
    "milestones(T1)",
    "milestones(T1, T2)",
    "sum(E0101, E0102, E0103, E0104) / sum(F1, F2, F1, F2)",
    "",
)


def model() -> str:
    """The SQL of the model, with its macros and over temporary tables."""
    macros = (PROJECT / "macros" / "formula.sql").read_text(encoding="utf-8")
    sql = (PROJECT / "models" / "intermediate" / "int_component.sql").read_text(encoding="utf-8")
    return jinja2.Template(macros + sql).render(ref=lambda name: f"pg_temp.{name}")


@pytest.mark.parametrize("text", FORMULAS)
def test_both_take_a_formula_apart_alike(database: Warehouse, text: str) -> None:
    with database.connect("builder") as connection:
        connection.execute("create temp table frame (frame_code text)")
        connection.execute(
            "create temp table indicator (indicator_code text, definition_version text, measured_over text, "
            "break_rule text, formula text)"
        )
        connection.cursor().executemany("insert into pg_temp.frame values (%s)", [(code,) for code in FRAMES])
        connection.execute("insert into pg_temp.indicator values ('I', '1', 'point', 'none', nullif(%s, ''))", (text,))
        rows = connection.execute(model().encode()).fetchall()
    found = [(row[2], row[5], row[6], row[7] or "", row[8], row[9] or "", row[10] or "") for row in rows]
    formula = parse_formula(text)
    below = formula.denominators or (None,) * len(formula.numerators)
    assert sorted(found) == [
        (
            formula.method,
            number,
            above.code,
            above.part,
            None if under is None else "frame" if under.code in FRAMES else "element",
            "" if under is None else under.code,
            "" if under is None else under.part,
        )
        for number, (above, under) in enumerate(zip(formula.numerators, below, strict=True), start=1)
    ]
