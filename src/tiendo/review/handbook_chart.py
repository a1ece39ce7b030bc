"""A small chart of a target and its path, from baseline period to target period, written as SVG by hand.

In: numbers and the words to write. Out: SVG text, 640 × 330, with its own background in light and in dark. An assumed
path is dashed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tiendo.programme.periods import split_code

WIDTH, HEIGHT = 640, 330
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 40, 94
STYLE = """
.ground{fill:#ffffff;stroke:#d0d7de}.ink{fill:#1f2328}.soft{fill:#59636e}.grid{stroke:#d8dee4}.axis{stroke:#59636e}
.target{stroke:#1b7837}.goal{fill:#1b7837}.band{fill:#1b7837;fill-opacity:.12}.path{stroke:#2166ac;fill:none}
.start{stroke:#2166ac;fill:#ffffff}.known{fill:#2166ac}text{font:12px sans-serif}.title{font-weight:bold}
@media (prefers-color-scheme:dark){.ground{fill:#0d1117;stroke:#3d444d}.ink{fill:#e6edf3}.soft{fill:#9198a1}
.grid{stroke:#2a313c}.axis{stroke:#9198a1}.target{stroke:#56d364}.goal{fill:#56d364}.band{fill:#56d364}
.path{stroke:#79c0ff}.start{stroke:#79c0ff;fill:#0d1117}.known{fill:#79c0ff}}
"""


@dataclass(frozen=True)
class Chart:
    """What one chart shows. Values are in `measure`; periods are codes such as 2028-12.

    `path` is [(months since the first period, value)], empty where there is none.
    """

    title: str
    description: str
    axis_x: str
    axis_y: str
    first: str
    last: str
    target: float
    target_label: str
    target_high: float | None
    high_label: str
    baseline: float | None
    baseline_is_measured: bool
    path: Sequence[tuple[int, float]]
    path_is_assumed: bool
    path_label: str
    baseline_label: str
    write: Callable[[float], str]

    @property
    def months(self) -> int:
        """Months from the first period to the last."""
        (year, month), (end_year, end_month) = split_code(self.first), split_code(self.last)
        return (end_year - year) * 12 + end_month - month


def nice_step(span: float, count: int = 5) -> float:
    """A round step that cuts `span` into about `count` parts: 1, 2, 2.5 or 5 times a power of ten."""
    if span <= 0:
        return 1.0
    rough = span / count
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough * 0.999)


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`."""
    step = nice_step(high - low)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(index * step, 9) for index in range(first, last + 1)]


def month_ticks(months: int) -> list[int]:
    """Months at which the time axis is marked: every year, or more often on a short path."""
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60) if months / step <= 7), 120)
    return list(range(0, months + 1, step))


def draw(chart: Chart) -> str:
    """The chart as SVG."""
    values = [0.0, chart.target, *(value for value in (chart.target_high, chart.baseline) if value is not None)]
    values += [value for _, value in chart.path]
    # A label stands above the highest line.
    marks = ticks(min(values), max(values) + 0.12 * (max(values) - min(values)))
    low, high = marks[0], marks[-1]
    inner_width, inner_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(month: float) -> float:
        return round(LEFT + inner_width * month / max(chart.months, 1), 1)

    def y(value: float) -> float:
        return round(TOP + inner_height * (high - value) / (high - low), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-labelledby="title description">',
        f'<title id="title">{escape(chart.title)}</title>',
        f'<desc id="description">{escape(chart.description)}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="ground" x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="6"/>',
        _text(LEFT, 22, chart.title, "ink title"),
    ]
    parts += _axes(chart, marks, x, y)
    parts += _target(chart, x, y)
    parts += _path(chart, x, y)
    return "\n".join([*parts, "</svg>"]) + "\n"


Place = Callable[[float], float]
Point = tuple[float, float]


def _axes(chart: Chart, marks: list[float], x: Place, y: Place) -> list[str]:
    right, floor = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for mark in marks:
        parts.append(_line((LEFT, y(mark)), (right, y(mark)), "grid"))
        parts.append(_text(LEFT - 6, y(mark) + 4, chart.write(mark), "soft", "end"))
    year, month = split_code(chart.first)
    for count in month_ticks(chart.months):
        at = year * 12 + month - 1 + count
        parts.append(_line((x(count), floor), (x(count), floor + 4), "axis"))
        anchor = "end" if x(count) > right - 15 else "middle"
        parts.append(_text(x(count), floor + 17, f"{at % 12 + 1}/{at // 12}", "soft", anchor))
    parts.append(_line((LEFT, floor), (right, floor), "axis"))
    parts.append(_text(right, floor + 33, chart.axis_x, "soft", "end"))
    parts.append(_text(right, 22, chart.axis_y, "soft", "end"))
    return parts


def _target(chart: Chart, x: Place, y: Place) -> list[str]:
    left, right = x(0), x(chart.months)
    # A path that comes down from above leaves room below the line, any other above it.
    is_below = chart.baseline is not None and chart.baseline > chart.target
    parts = []
    if chart.target_high is not None:
        top = y(chart.target_high)
        height = round(y(chart.target) - top, 1)
        parts.append(f'<rect class="band" x="{left}" y="{top}" width="{round(right - left, 1)}" height="{height}"/>')
        parts.append(_line((left, top), (right, top), "target", 'stroke-dasharray="2 3"'))
        parts.append(_text(left + 6, top - 5, chart.high_label, "goal"))
    parts.append(_line((left, y(chart.target)), (right, y(chart.target)), "target", 'stroke-width="2"'))
    parts.append(_text(left + 6, y(chart.target) + (15 if is_below else -5), chart.target_label, "goal"))
    return parts


def _path(chart: Chart, x: Place, y: Place) -> list[str]:
    legend = HEIGHT - 38
    if chart.baseline is None or not chart.path:
        return [_text(LEFT, legend, chart.path_label, "ink")]
    dashes = 'stroke-width="2" stroke-dasharray="7 5"' if chart.path_is_assumed else 'stroke-width="2"'
    start = (x(0), y(chart.baseline))
    places = " ".join(f"{x(month)},{y(value)}" for month, value in _turns(chart.path))
    filled = "known" if chart.baseline_is_measured else "start"
    return [
        f'<polyline class="path" points="{places}" {dashes}/>',
        f'<circle class="{filled}" cx="{start[0]}" cy="{start[1]}" r="4" stroke-width="2"/>',
        _line((LEFT, legend - 4), (LEFT + 40, legend - 4), "path", dashes),
        _text(LEFT + 48, legend, chart.path_label, "ink"),
        f'<circle class="{filled}" cx="{LEFT + 20}" cy="{legend + 16}" r="4" stroke-width="2"/>',
        _text(LEFT + 48, legend + 20, chart.baseline_label, "ink"),
    ]


def _turns(path: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """The path without the months at which it goes straight on."""
    inner = [
        here
        for before, here, after in zip(path, path[1:], path[2:], strict=False)
        if not math.isclose(here[1] - before[1], after[1] - here[1], abs_tol=1e-9)
    ]
    return [path[0], *inner, path[-1]]


def _line(start: Point, end: Point, name: str, more: str = "") -> str:
    (x1, y1), (x2, y2) = start, end
    return f'<line class="{name}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"{" " + more if more else ""}/>'


def _text(x: float, y: float, text: str, name: str, anchor: str = "start") -> str:
    return f'<text class="{name}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
