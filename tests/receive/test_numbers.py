"""A number is read as a Vietnamese office writes it, or it is a problem; it is never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiendo.receive.numbers import LARGEST, format_vi, read_number

WORDS = {
    "-": "nil",
    "không phát sinh": "nil",
    "x": "not_applicable",
    "chưa có": "missing",
    "không cung cấp": "withheld",
}


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1.234,5", "1234.5"),
        ("1.234", "1234"),
        ("02", "2"),
        ("10.713", "10713"),
        ("1.000.000", "1000000"),
        (" 12 ", "12"),
        ("12\u00a0", "12"),
        ("0,5", "0.5"),
        ("12", "12"),
        (12.0, "12"),
        (12.5, "12.5"),
        (3, "3"),
    ],
)
def test_numbers_as_written(cell: object, number: str) -> None:
    found = read_number(cell, WORDS, is_count=False)
    assert (found.number, found.state, found.rule_code) == (Decimal(number), "reported", None)


@pytest.mark.parametrize(
    "cell",
    [
        "12.5", "12o", "gần 150", "hơn 2.000", "1.23", "1.2345", "0.123", "1,234.5", "1 234", "15 - 20", "15%",
        "5 người", "1e3", "nan", "inf", "１２", "1..2", ",5", "5,", "--5", "+5", "#REF!", "=1+1", "9" * 500, True,
    ],
)  # fmt: skip
def test_anything_else_is_a_problem(cell: object) -> None:
    found = read_number(cell, WORDS, is_count=False)
    assert (found.rule_code, found.number) == ("number_unreadable", None)


@pytest.mark.parametrize("cell", ["1,5", 1.5, "1.234,5"])
def test_a_count_is_whole(cell: object) -> None:
    assert read_number(cell, WORDS, is_count=True).rule_code == "count_not_whole"


@pytest.mark.parametrize("cell", [-1, "-1", "−1", -0.5, "-1.234,5"])
def test_nothing_is_negative(cell: object) -> None:
    assert read_number(cell, WORDS, is_count=False).rule_code == "number_negative"


@pytest.mark.parametrize("cell", [1e300, "9" * 20])
def test_nothing_is_absurd(cell: object) -> None:
    assert read_number(cell, WORDS, is_count=True).rule_code == "number_too_large"


@pytest.mark.parametrize("cell", [float("nan"), float("inf")])
def test_no_number_is_no_number(cell: object) -> None:
    assert read_number(cell, WORDS, is_count=True).rule_code == "number_unreadable"


@pytest.mark.parametrize(
    ("cell", "state", "number"),
    [
        ("", "missing", None),
        ("  ", "missing", None),
        (0, "zero", 0),
        ("0", "zero", 0),
        ("-", "nil", 0),
        ("Không phát sinh", "nil", 0),
        ("Kho\u0302ng pha\u0301t sinh", "nil", 0),
        ("X", "not_applicable", None),
        ("chưa có", "missing", None),
        ("không cung cấp", "withheld", None),
    ],
)
def test_blank_zero_and_words_are_different_things(cell: object, state: str, number: int | None) -> None:
    found = read_number(cell, WORDS, is_count=True)
    assert (found.state, found.number, found.rule_code) == (state, number, None)


@given(st.integers(min_value=0, max_value=LARGEST))
def test_a_count_comes_back_as_it_went(number: int) -> None:
    found = read_number(format_vi(Decimal(number)), WORDS, is_count=True)
    assert (found.number, found.rule_code) == (Decimal(number), None)


@given(st.decimals(min_value=0, max_value=LARGEST, places=3, allow_nan=False, allow_infinity=False))
def test_a_decimal_comes_back_as_it_went(number: Decimal) -> None:
    found = read_number(format_vi(number), WORDS, is_count=False)
    assert (found.number, found.rule_code) == (number, None)


@given(st.integers(min_value=0, max_value=LARGEST))
def test_a_numeric_cell_comes_back_as_it_went(number: int) -> None:
    assert read_number(float(number), WORDS, is_count=True).number == number


@given(st.text(max_size=60) | st.floats() | st.booleans() | st.dates())
def test_no_cell_makes_it_raise(cell: object) -> None:
    found = read_number(cell, WORDS, is_count=True)
    assert (found.number is None) == (found.state not in {"reported", "zero", "nil"})


@pytest.mark.parametrize(
    "typed", ["Nguyễn Văn A", "0912345678", "001085012345", "a.b@example.invalid", "12/3 phố Huế, " * 3]
)
def test_what_may_be_about_a_person_is_not_repeated(typed: str) -> None:
    read = read_number(typed, {}, is_count=True)
    assert read.number is None
    assert read.rule_code is not None
    assert read.text == f"({len(typed.strip())} ký tự / characters)"


@pytest.mark.parametrize("typed", ["gần 150", "12o", "12.5", "1,5"])
def test_a_number_gone_wrong_is_repeated(typed: str) -> None:
    assert read_number(typed, {}, is_count=True).text == typed
