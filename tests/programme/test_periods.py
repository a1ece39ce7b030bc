"""Report months tile the years, and no report is due on a day off."""

import itertools
from datetime import date, timedelta
from pathlib import Path

import pytest

from tiendo.programme import Programme
from tiendo.programme.periods import split_code

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"


@pytest.fixture(scope="module")
def programme() -> Programme:
    return Programme.read(SEEDS)


def test_periods_tile_the_programme(programme: Programme) -> None:
    periods = programme.periods
    assert periods[0].start == programme.start_date
    assert periods[-1].end == programme.end_date
    for before, after in itertools.pairwise(periods):
        assert after.start == before.end + timedelta(days=1)
        assert after.ordinal == before.ordinal + 1


def test_twelve_months_are_a_report_year(programme: Programme) -> None:
    year = [period for period in programme.periods if period.report_year == 2025]
    assert len(year) == 12
    assert (year[0].start, year[-1].end) == (date(2024, 12, 15), date(2025, 12, 14))


def test_no_due_day_is_a_day_off(programme: Programme) -> None:
    for period in programme.periods:
        assert period.due.weekday() < 5
        assert period.due not in programme.holidays
        assert period.due > period.end


@pytest.mark.parametrize(
    ("code", "due"),
    [
        ("2023-01", date(2023, 1, 27)),  # the 25th lies in the days off of Tet
        ("2023-02", date(2023, 2, 27)),  # a Saturday
        ("2023-04", date(2023, 4, 25)),
        ("2025-05", date(2025, 5, 26)),  # a Sunday
    ],
)
def test_due_days_by_hand(programme: Programme, code: str, due: date) -> None:
    period = programme.period(code)
    assert period is not None
    assert period.due == due


@pytest.mark.parametrize("code", ["2025-7", "2025-13", "2025-00", "25-07", "2025/07", "", "²025-07", "2025-07 "])
def test_a_code_written_otherwise_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not written as"):
        split_code(code)
