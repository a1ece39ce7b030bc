"""The path as planned: the numbers are worked by hand from the rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tiendo.programme import PathPoint, Season, Target, path_of

PLAN: dict[str, Any] = {
    "indicator_code": "I",
    "scope_kind": "nation",
    "scope_key": "nation",
    "valid_from": date(2023, 1, 1),
    "known_from": date(2023, 1, 1),
    "target_value": Decimal(24),
    "target_high": None,
    "path_note_vi": "",
    "path_note_en": "",
    "baseline_value": Decimal(0),
    "baseline_state": "measured",
    "baseline_period": "2022-12",
    "target_period": "2024-12",
    "path_kind": "linear",
    "season_code": "",
    "path_basis": "assumption",
    "path_approved_by": "",
    "source_note": "",
}
# A fifth of the year in each of its last two months.
SEASON = [Season("feast", month, Decimal(30 if month > 10 else 4), "", "", "") for month in range(1, 13)]


def planned(direction: str = "at_least", points: tuple[PathPoint, ...] = (), **changes: Any) -> list[float]:
    path = path_of(Target(**(PLAN | changes)), direction, points, SEASON)
    assert [month for month, _ in path] == list(range(len(path)))
    return [float(value) for _, value in path]


def test_a_straight_path_gains_the_same_each_month() -> None:
    assert planned() == pytest.approx(list(range(25)))


def test_a_season_is_gone_by_its_shares_over_the_whole_way() -> None:
    path = planned(path_kind="seasonal", season_code="feast")
    assert path[10] == pytest.approx(24 * 40 / 200)
    assert path[12] == pytest.approx(12)
    assert path[23] == pytest.approx(12 + 24 * 70 / 200)


def test_a_stepped_path_waits_for_the_end_of_the_year() -> None:
    assert planned(path_kind="stepped") == [0.0] * 12 + [12.0] * 12 + [24.0]


def test_the_points_of_a_plan_cut_the_way_into_legs() -> None:
    points = (
        PathPoint("I", "nation", date(2023, 1, 1), "2023-06", Decimal(18), ""),
        PathPoint("I", "elsewhere", date(2023, 1, 1), "2023-07", Decimal(99), ""),
    )
    path = planned(points=points)
    assert (path[3], path[6], path[15]) == pytest.approx((9, 18, 21))
    assert planned(points=points, path_kind="stepped")[5:8] == [0.0, 18.0, 18.0]


def test_what_is_kept_or_met_from_the_start_is_its_own_path() -> None:
    assert set(planned(path_kind="keep")) == {24.0}
    assert set(planned("at_most", baseline_value=Decimal(20))) == {24.0}


def test_a_band_is_reached_at_its_nearer_end() -> None:
    band = {"target_value": Decimal(15), "target_high": Decimal(20)}
    assert planned("band", **band)[-1] == 15
    assert planned("band", **band, baseline_value=Decimal(40))[-1] == 20
    assert set(planned("band", **band, baseline_value=Decimal(18))) == {15.0}


@pytest.mark.parametrize("missing", ["baseline_value", "target_value", "path_kind", "path_basis"])
def test_without_a_start_an_end_a_kind_or_a_basis_there_is_no_path(missing: str) -> None:
    assert planned(**{missing: None if missing.endswith("value") else ""}) == []
