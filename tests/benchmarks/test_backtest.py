"""What judges the forecaster judges rightly, and the synthetic series are what they are said to be."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks import backtest, backtest_report, calibration, fiction_seeds, onpath
from benchmarks.calibration import Cases
from benchmarks.families import COUNTS, FAMILIES, HELD_OUT, HISTORY, HORIZONS, MONTHS, RATIOS, draw
from benchmarks.figures import LABELS, BenchError


def cases(chance: list[float], came: list[bool]) -> Cases:
    n = len(chance)
    return Cases(np.array(["even"] * n), np.full(n, 6), np.array(chance), np.array(came), np.array(came))


def test_a_claim_of_one_belongs_to_the_last_tenth() -> None:
    found = calibration.tenths(cases([0.0, 0.05, 1.0], [False, True, True]))
    assert [each.count for each in found] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert found[0].gap == pytest.approx(47.5)
    assert found[9].gap == 0


def test_brier_is_beside_the_base_rate() -> None:
    assert calibration.brier(cases([1.0, 0.0], [True, False])) == (0.0, 0.25)


def test_intervals_are_counted_by_horizon_and_family() -> None:
    some = cases([0.5, 0.5], [True, False])
    assert calibration.held(some, 6) == calibration.held(some, 6, "even") == 50
    assert np.isnan(calibration.held(some, 12))


def test_five_families_and_two_held_out() -> None:
    assert len(set(FAMILIES) - set(HELD_OUT)) >= 5
    assert len(HELD_OUT) == 2
    assert set(HELD_OUT) <= set(FAMILIES) == set(COUNTS) | set(RATIOS)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_draw_has_room_for_every_horizon_and_can_be_drawn_again(family: str) -> None:
    drawn = draw(family, 30, 1)
    assert drawn.numbers.shape == (30, MONTHS)
    assert drawn.numbers.min() >= 0
    assert drawn.end.min() - max(HORIZONS) >= HISTORY
    assert 0 < drawn.has_arrived.sum() < 30
    again = draw(family, 30, 1)
    assert (again.numbers == drawn.numbers).all()
    assert (again.target == drawn.target).all()
    if family in RATIOS:
        assert (drawn.numbers <= drawn.frame[:, None]).all()
        assert (drawn.target <= drawn.frame).all()


def test_even_counts_vary_by_chance_alone_and_others_more() -> None:
    def dispersion(family: str) -> float:
        drawn = draw(family, 400, 2)
        flat = drawn.numbers[~drawn.is_seasonal]
        # The season is off by some percent: within a month of the year it is the same each year.
        years = flat.reshape(len(flat), -1, 12)
        return float(np.median(years.var(axis=1, ddof=1).sum(axis=1) / years.mean(axis=1).sum(axis=1)))

    assert dispersion("poisson") == pytest.approx(1, abs=0.1)
    assert dispersion("overdispersed") > 3


def test_a_target_in_percent_is_met_by_the_number_that_was_asked_for() -> None:
    drawn = draw("ratio_drift", 200, 3)
    for at, member in enumerate(backtest.members_of(drawn)):
        assert (
            100 * drawn.target[at] / drawn.frame[at] >= member.target > 100 * (drawn.target[at] - 1) / drawn.frame[at]
        )


def test_every_case_needs_a_claim() -> None:
    with pytest.raises(BenchError, match="poisson-0@"):
        backtest.cases_of([draw("poisson", 2, 1)], {})


def test_a_claim_is_set_beside_what_came() -> None:
    drawn = draw("poisson", 2, 1)
    came = drawn.at(drawn.end)
    claims = {
        (member.key, fiction_seeds.period(int(drawn.end[at]) - horizon)): (
            80.0,
            came[at] - (1.0 if at else 0.5),
            came[at] + 1.0,
        )
        for at, member in enumerate(backtest.members_of(drawn))
        for horizon in HORIZONS
    }
    found = backtest.cases_of([drawn], claims)
    assert len(found) == 6
    assert found.chance.tolist() == [0.8] * 6
    assert found.is_inside.all()


def test_the_picture_is_well_formed_and_the_page_names_every_family() -> None:
    some = cases([0.05, 0.95], [False, True])
    ElementTree.fromstring(backtest_report.picture(calibration.tenths(some)))
    page = backtest_report.page(some, 1)
    assert all(family in page for family in FAMILIES)


def test_months_are_counted_from_the_first() -> None:
    assert [fiction_seeds.period(month) for month in (1, 12, 13)] == ["2011-01", "2011-12", "2012-01"]


def test_months_without_a_status_are_no_verdict() -> None:
    assert onpath.worse_pct(Counter(on_track=8, at_risk=1, off_track=1, no_status=90)) == 20
    assert onpath.kept_pct(["on_track", "achieved", "at_risk", "reached"]) == 75


def test_a_plan_is_kept_to_the_event() -> None:
    *units, planned = onpath.members(3)
    assert [unit.target for unit in units] == [120] * 3
    assert sum(planned.numbers[10:12]) / sum(planned.numbers[:12]) == 0.4
    assert sum(planned.numbers) == planned.target


def test_every_figure_has_a_label() -> None:
    assert {*backtest.FIGURES, *onpath.FIGURES} <= set(LABELS)
