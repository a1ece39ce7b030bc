"""The difference of two readings, split by cause: each part as worked out by hand, and together all of it.

By hand, of what tests/integration/lantern.py sends, up to March as known on 26/03: lanterns HD 10 + 10 + 10, 01
2 + 3 + 4, 02 1 (its February never came, its March came on 29/03), 03 5 + 50 + 5 (the 50 was mended to 5 on 31/03):
100. Then the mended 50 takes 45 away and the late March of 02 adds 1: 56. By June 111, so the new period adds 55.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import psycopg
import pytest

from tests.conftest import copied
from tests.integration import lantern
from tests.integration.lantern import LAST, Lantern, Report
from tiendo.review.compare import PARTS, Comparison, Side, compare_readings
from tiendo.review.errors import ReviewError
from tiendo.review.explain_reading import BASES

MARCH, JULY = date(2024, 3, 26), date(2024, 7, 31)


@pytest.fixture
def reading(published: Lantern) -> Iterator[psycopg.Connection[Any]]:
    """The first publication's build, as the publisher reads it."""
    with published.warehouse.connect("publisher") as connection:
        yield connection


@pytest.fixture(scope="module")
def more(published: Lantern, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lantern]:
    """The same, where 02 sent January anew on 10/03 and its February at last on 20/03."""
    home = tmp_path_factory.mktemp("more")
    with copied(published.warehouse.settings) as warehouse:
        programme = lantern.make(warehouse, home)
        programme.send(Report("02", 1, 50, {"D01": 2, "D02": 1, "D03": 9, "D04": 0}))
        programme.send(Report("02", 2, 29, {"D01": 4, "D02": 0, "D03": 12, "D04": 2}))
        steps = ("collect", "--historical"), ("load",), ("validate", "--gate", "raw"), ("build", "--data-to", LAST)
        for words in steps:
            programme.tiendo(*words)
        yield programme


def parts(compared: Comparison) -> list[Decimal | None]:
    """What each cause adds, in the fixed order."""
    return [compared.parts[part] for part in PARTS]


def quotient(above: int, below: int) -> Decimal:
    """100 × above ÷ below as the tables have it, to ten decimals."""
    exact = Fraction(100 * above, below)
    return round(Decimal(exact.numerator) / exact.denominator, 10)


def test_correction_late_report_and_new_period_of_a_sum(reading: psycopg.Connection[Any]) -> None:
    april = compare_readings(reading, "B", "nation", Side(MARCH), Side(date(2024, 4, 25)))
    assert ([point.value for point in april.points], parts(april)) == (
        [100, 100, 100, 55, 56, 56],
        [0, 0, -45, 1, 0],
    )
    july = compare_readings(reading, "B", "nation", Side(MARCH), Side(JULY))
    assert (parts(july), july.difference) == ([0, 0, -45, 1, 55], 11)
    behind = [(each.cause, each.unit_key, each.period_code, each.before[0], each.after[0]) for each in july.changes]
    assert behind == [
        ("late_report", "02@2023-01-01", "2024-03", None, 1),
        ("correction", "03@2023-01-01", "2024-02", 50, 5),
    ]


def test_the_same_of_a_ratio_adds_up_exactly(reading: psycopg.Connection[Any]) -> None:
    # Paper: HD 15, 01 0 + 1 + 1, 02 1, 03 none; 18 of 100, of 55, of 56 (02's March had none), then 34 of 111.
    compared = compare_readings(reading, "C", "nation", Side(MARCH), Side(JULY))
    values = [quotient(18, 100), quotient(18, 55), quotient(18, 56), quotient(34, 111)]
    assert [point.value for point in compared.points[2:]] == values
    assert parts(compared)[2:] == [values[1] - values[0], values[2] - values[1], values[3] - values[2]]
    assert sum(part for part in parts(compared) if part is not None) == compared.difference


def test_a_frame_counted_better_later_is_a_correction(reading: psycopg.Connection[Any]) -> None:
    # January: 21 workshops of 38; from 10/02 guild 12 is known to have 24 and not 20: 21 of 42.
    compared = compare_readings(reading, "W", "nation", Side(date(2024, 1, 25)), Side(date(2024, 2, 10)))
    assert parts(compared) == [0, 0, 50 - quotient(21, 38), 0, 0]


def test_a_frame_first_counted_later_is_no_late_report(reading: psycopg.Connection[Any]) -> None:
    # March: 11 6 of 10, 12 14 of 24, 14 5 of 8; guild 16 told its 3, and that it has 5 is known from 28/04.
    compared = compare_readings(
        reading, "W", "nation", Side(date(2024, 3, 25)), Side(date(2024, 5, 1), period_code="2024-03")
    )
    assert parts(compared) == [0, 0, quotient(28, 47) - quotient(25, 42), 0, 0]


def test_definition_and_border_come_first(reading: psycopg.Connection[Any]) -> None:
    # The West in 2024 up to March, known on 02/04. Apprentices: 12 6 + 4 + 7, 14 3 + 9. Women of them: 12 3 + 1 + 3,
    # 14 2 + 5. Of today's West is also guild 11, merged into 13: women 1 + 2 + 0. On 09/04 the 5 of 14 is mended to 3.
    # April and May: 13 4 (and 2 of 11's closing report) and 3, 14 0, 15 in question.
    compared = compare_readings(reading, "Y", "WE", Side(date(2024, 4, 2)), Side(date(2024, 5, 30), basis="current"))
    assert [point.value for point in compared.points] == [29, 14, 17, 15, 15, 24]
    assert [point.window.card.definition_version for point in compared.points] == ["1", "2", "2", "2", "2", "2"]
    assert parts(compared) == [-15, 3, -2, 0, 9]


def test_a_milestone_whose_state_was_known_is_corrected(reading: psycopg.Connection[Any]) -> None:
    # K1.2 was in operation on 05/03, which was known on 02/04; until then it was known as being drafted.
    compared = compare_readings(reading, "K", "nation", Side(MARCH), Side(JULY))
    assert ([point.value for point in compared.points], parts(compared)) == ([1, 1, 1, 2, 2, 2], [0, 0, 1, 0, 0])


@pytest.mark.parametrize(
    ("indicator", "values"),
    [
        # Lanterns up to February on 26/02: HD 20, 01 5, 02 1, 03 55. Then 02's January is 2 and its February 4.
        ("B", [81, 82, 86]),
        # Paper of them: HD 10, 01 1, 02 1.
        ("C", [quotient(12, 81), quotient(12, 82), quotient(12, 86)]),
        # Makers: 01 2 of 10, 03 10 of 20; of 02 the 6 of January is carried, known later as 9, until its own 12 comes.
        ("A", [30, 35, 40]),
        # 01 had a festival in February; that 02 had two was told late.
        ("D", [1, 1, 2]),
    ],
)
def test_what_was_carried_is_corrected_and_what_was_not_there_is_late(
    more: Lantern, indicator: str, values: list[Decimal]
) -> None:
    with more.warehouse.connect("publisher") as connection:
        compared = compare_readings(connection, indicator, "nation", Side(date(2024, 2, 26)), Side(date(2024, 3, 24)))
    assert [point.value for point in compared.points[2:5]] == values
    assert parts(compared) == [0, 0, values[1] - values[0], values[2] - values[1], 0]


def test_the_parts_of_every_difference_add_up(more: Lantern) -> None:
    compared_count = null_count = 0
    with more.warehouse.connect("publisher") as connection:
        indicators, scopes = (
            [row[0] for row in connection.execute(query)]
            for query in (
                b"select distinct indicator_code from marts.dim_indicator",
                b"select scope_key from marts.dim_scope",
            )
        )
        days = (date(2024, 2, 26), MARCH), (MARCH, JULY), (JULY, JULY)
        for indicator, scope, basis, (then, now) in itertools.product(indicators, scopes, BASES, days):
            try:
                compared = compare_readings(connection, indicator, scope, Side(then, basis=basis), Side(now))
            except ReviewError:
                continue
            check(compared)
            compared_count += 1
            null_count += compared.difference is None
            stored = connection.execute(
                "select value from marts.fct_indicator where indicator_code = %s and scope_key = %s and basis = %s "
                "and period_code = %s and definition_version = %s and known_from <= %s and known_to > %s",
                (
                    indicator,
                    compared.scope.scope_key,
                    basis,
                    compared.points[0].window.period_code,
                    compared.points[0].window.card.definition_version,
                    then,
                    then,
                ),
            ).fetchone()
            assert compared.points[0].value == (stored[0] if stored else None)
    assert compared_count > 500
    assert 0 < null_count < compared_count


def check(compared: Comparison) -> None:
    """Nothing is left over, and beside a reading without a value stands no number."""
    found = parts(compared)
    assert compared.points[-1].null_reason or compared.points[-1].value is not None
    if None not in found:
        assert sum(found) == compared.difference
    for part, before, after in zip(found, compared.points, compared.points[1:], strict=False):
        assert (part is None) == (None in (before.value, after.value))
    if compared.points[0].day == compared.points[-1].day:
        assert found[2] in (0, None) and found[3] in (0, None) and not compared.changes


def test_a_reading_without_a_value_says_why_and_is_no_zero(published: Lantern) -> None:
    words = ("compare", "B", "--scope", "01@2023-01-01", "--then", "2024-03-29", "--now", "2024-04-30")
    found = json.loads(published.tiendo(*words, "--json"))
    assert [each["value"] for each in found["readings"]] == ["9", "9", "9", "9", "9", None]
    assert found["readings"][-1]["null_reason"] == "no_row"
    assert (found["difference"], found["parts"]["new_period"], found["parts"]["late_report"]) == (None, None, "0")
    assert "nobody in the scope owes it" in published.tiendo(*words)


def test_the_command_shows_the_parts_in_both_languages(published: Lantern) -> None:
    words = ("compare", "B", "--then", str(MARCH), "--now", str(JULY))
    said = published.tiendo(*words)
    assert "DỮ LIỆU GIẢ LẬP" in said
    for line in (
        "Đính chính / Correction | −45 | 55",
        "Báo cáo muộn / Late report | +1 | 56",
        "Tổng / Total | +11 | 111",
    ):
        assert line in said
    found = json.loads(published.tiendo(*words, "--json"))
    assert found["parts"] == dict(zip(PARTS, ("0", "0", "-45", "1", "55"), strict=True))


def test_what_cannot_be_compared_is_told(published: Lantern, reading: psycopg.Connection[Any]) -> None:
    for then, now, named in (
        (Side(JULY), Side(MARCH), "must not come after"),
        (Side(MARCH), Side(date(2999, 1, 1)), "the last build knows"),
        (Side(MARCH, "2024-06"), Side(JULY), "2024-01 … 2024-03"),
        (Side(MARCH, basis="ours"), Side(JULY), "as_reported"),
    ):
        with pytest.raises(ReviewError, match=named):
            compare_readings(reading, "B", "nation", then, now)
    published.tiendo("compare", "B", "--then", str(JULY), "--now", str(MARCH), code=2)
