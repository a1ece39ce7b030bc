"""The charts of the handbook: well-formed, their points where the numbers are, an assumption dashed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tiendo.programme import Programme
from tiendo.review.handbook import handbook_pages
from tiendo.review.handbook_chart import HEIGHT, WIDTH, month_ticks, nice_step, ticks

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def charts(rich: Programme) -> dict[str, str]:
    return {name: text for name, text in handbook_pages(rich).items() if name.endswith(".svg")}


def at(line: ET.Element, key: str) -> float:
    return float(line.attrib[key])


def lines(text: str, name: str) -> list[ET.Element]:
    marks = (f"{SVG}line", f"{SVG}polyline")
    return [line for line in ET.fromstring(text).iter() if line.tag in marks and line.get("class") == name]


def places(path: ET.Element) -> list[tuple[float, float]]:
    pairs = (pair.split(",") for pair in path.attrib["points"].split())
    return [(float(x), float(y)) for x, y in pairs]


def test_every_chart_parses_and_stays_inside_its_frame(charts: dict[str, str]) -> None:
    assert len(charts) >= 16
    first_programme = handbook_pages(Programme.read(ROOT / "dbt_project" / "seeds"))
    for name, drawing in [*charts.items(), *first_programme.items()]:
        if not name.endswith(".svg"):
            continue
        root = ET.fromstring(drawing)
        assert root.find(f"{SVG}title") is not None and root.find(f"{SVG}desc") is not None, name
        for element in root.iter():
            for key, most in (
                ("x", WIDTH),
                ("x1", WIDTH),
                ("x2", WIDTH),
                ("y", HEIGHT),
                ("y1", HEIGHT),
                ("y2", HEIGHT),
            ):
                assert 0 <= float(element.get(key, "0")) <= most, (name, element.attrib)
        for text in root.iter(f"{SVG}text"):
            # A letter of 12 pixels is some 7 wide.
            room = at(text, "x") if text.get("text-anchor") == "end" else WIDTH - at(text, "x")
            assert text.get("text-anchor") == "middle" or 7 * len(text.text or "") <= room, (name, text.text)


def test_an_assumed_path_is_dashed_and_a_decided_one_is_not(charts: dict[str, str]) -> None:
    assert all(line.get("stroke-dasharray") for line in lines(charts["vi/X1.svg"], "path"))
    # Indicator A of the fictional programme has a path by decision.
    assert len(lines(charts["vi/A.svg"], "path")) == 2
    assert not any(line.get("stroke-dasharray") for line in lines(charts["vi/A.svg"], "path"))


def test_the_path_runs_from_the_baseline_to_the_target(charts: dict[str, str]) -> None:
    path, target = lines(charts["en/X1.svg"], "path")[0], lines(charts["en/X1.svg"], "target")[-1]
    floor = lines(charts["en/X1.svg"], "axis")[-1]
    assert places(path) == [(at(target, "x1"), at(floor, "y1")), (at(target, "x2"), at(target, "y1"))]


def test_a_path_with_a_season_bends_where_its_months_weigh_more() -> None:
    drawing = handbook_pages(Programme.read(ROOT / "dbt_project" / "seeds"))["en/T4.svg"]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(places(lines(drawing, "path")[0]))]
    # Six campaigns, each steeper than the ten months before it.
    assert len(slopes) == 12
    assert all(
        campaign / before == pytest.approx(15 / 7, rel=0.02)
        for before, campaign in zip(slopes[::2], slopes[1::2], strict=True)
    )


def test_without_a_path_there_is_a_target_alone(charts: dict[str, str]) -> None:
    assert len(lines(charts["en/X2.svg"], "target")) == 1
    assert lines(charts["en/X2.svg"], "path") == []
    assert "no path" in charts["en/X2.svg"]
    assert "chưa có lộ trình" in charts["vi/X2.svg"]


def test_axes_are_labelled_in_the_language_of_the_page(charts: dict[str, str]) -> None:
    assert "kỳ báo cáo" in charts["vi/X1.svg"] and "report month" not in charts["vi/X1.svg"]
    assert "report month" in charts["en/X1.svg"] and "kỳ báo cáo" not in charts["en/X1.svg"]
    assert "prefers-color-scheme:dark" in charts["vi/X1.svg"]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 100, [0, 20, 40, 60, 80, 100]),
        (0, 112, [0, 25, 50, 75, 100, 125]),
        (0, 0, [0]),
        (-1, 1, [-1, -0.5, 0, 0.5, 1]),
        (0, 0.3, [0, 0.1, 0.2, 0.3]),
    ],
)
def test_ticks_are_round_and_hold_the_span(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == expected


def test_steps_are_round() -> None:
    assert [nice_step(span) for span in (0, 1, 7, 60, 1100)] == [1, 0.2, 2, 20, 250]
    assert month_ticks(72) == [0, 12, 24, 36, 48, 60, 72]
    assert month_ticks(12) == [0, 2, 4, 6, 8, 10, 12]
    assert month_ticks(0) == [0]
