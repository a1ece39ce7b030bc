"""Formulas of cards: what parses, how it is computed, and what is said of one that does not parse."""

from __future__ import annotations

import pytest

from tiendo.programme.formulas import FormulaError, FormulaTerm, parse_formula


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("sum(A, B) / sum(C, D)", "ratio"),
        ("sum(A)", "sum"),
        ("places(A)", "reach"),
        ("places_whole(A)", "reach_whole"),
        ("milestones(T)", "milestones"),
        ("", "none"),
        ("  ", "none"),
    ],
)
def test_the_method_is_read_off_the_formula(text: str, method: str) -> None:
    assert parse_formula(text).method == method


def test_what_is_below_is_tied_in_order_to_what_is_above() -> None:
    formula = parse_formula(" sum( A:sex.female , B )/ sum(C,D) ")
    assert formula.numerators == (FormulaTerm("A", "sex.female"), FormulaTerm("B"))
    assert formula.denominators == (FormulaTerm("C"), FormulaTerm("D"))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("sum(A", "sum(A"),
        ("A + B", "A + B"),
        ("mean(A)", "mean(A)"),
        ("sum(A) / mean(B)", "mean(B)"),
        ("sum(A, B) / sum(C)", "2 / 1"),
        ("places(A) / sum(B)", "sum(B)"),
        ("sum(A,)", ""),
        ("sum(A B)", "A B"),
        ("sum(A:female)", "A:female"),
        ("sum(A) / sum(B) / sum(C)", "sum(B) / sum(C)"),
        ("sum(A'); drop table", "sum(A'); drop table"),
    ],
)
def test_what_does_not_parse_is_named_with_its_place(text: str, at: str) -> None:
    with pytest.raises(FormulaError) as found:
        parse_formula(text)
    assert repr(at) in str(found.value)
    assert "expected sum(a, b) / sum(c, d)" in str(found.value)
