"""The back-tests as a page and a picture.

In: judged cases. Out: docs/backtest.md and docs/images/calibration.svg.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.calibration import Cases, Tenth, brier, held, tenths
from benchmarks.families import COUNTS, FAMILIES, HELD_OUT, HORIZONS

HEAD = """# Back-tests of the forecaster

Written by `make bench`. The series are made up ({count} of each family, 72 months, a target date anywhere from
month 48 on) and loaded as reports of a fictional programme; the claims are those of the model `int_forecast`, 24, 12
and 6 months before the date; what came is known. Targets were set 24, 12 or 6 months before their date by a planner who
saw what had been reported by then (all of it, or the last year) and asked for more or less by a factor drawn at random,
never by the forecaster. Families in italics were held out: no forecaster was fitted to them (see decisions/0011). The
rules are those of section 6 of the rules of evaluation.

![Claimed against arrived](images/calibration.svg)

"""
WORDS = {
    "poisson": "even rate, season, Poisson",
    "overdispersed": "even rate, season, variance two to eight times the mean",
    "drift": "the rate wanders, 2 to 10 % a month",
    "growth": "grows and saturates, or tires; along a curve or a line",
    "break": "the rate changes once, suddenly, at any time",
    "bursts": "campaigns at no fixed time",
    "budget": "each year has a level of its own",
    "ratio_drift": "share of a frame whose logit wanders and drifts",
    "ratio_approach": "share of a frame that nears a ceiling of its own",
}
SIZE, EDGE = 360, 48
STYLE = (
    ".ground{fill:#fff;stroke:#d0d7de}.ink{fill:#1f2328}.even{stroke:#59636e;stroke-dasharray:4 4}"
    ".band{fill:#2166ac;fill-opacity:.12}.dot{fill:#2166ac}text{font:12px sans-serif}.title{font-weight:bold}"
    "@media (prefers-color-scheme:dark){.ground{fill:#0d1117;stroke:#3d444d}.ink{fill:#e6edf3}"
    ".even{stroke:#9198a1}.band{fill:#79c0ff}.dot{fill:#79c0ff}}"
)


def write(cases: Cases, count: int, folder: Path) -> None:
    """Page and picture into a folder of documents."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    (folder / "backtest.md").write_text(page(cases, count), encoding="utf-8")
    (folder / "images" / "calibration.svg").write_text(picture(tenths(cases)), encoding="utf-8")


def page(cases: Cases, count: int) -> str:
    """The tables as Markdown."""
    lines = ["| claimed | cases | claimed on average | arrived | gap, points |", "|---|---|---|---|---|"]
    for at, each in enumerate(tenths(cases)):
        lines.append(
            f"| {10 * at}–{10 * at + 10} % | {each.count} | {100 * each.claimed:.1f} % | "
            f"{100 * each.arrived:.1f} % | {each.gap:+.1f} |"
        )
    score, base = brier(cases)
    lines += [
        "",
        f"Brier score {score:.4f}; that of the base rate {base:.4f}; {len(cases)} cases. The gap is to be within",
    ]
    lines += ["5 points in each tenth, with 1,000 cases.", ""]
    heads = " | ".join(f"{horizon} months" for horizon in HORIZONS)
    lines += [f"| 80 % intervals that held | {heads} | |", "|---" * (len(HORIZONS) + 2) + "|"]
    lines.append(_row("all (75 to 90 %)", cases, None, ""))
    for family in FAMILIES:
        kind = "counts" if family in COUNTS else "shares"
        name = f"*{family}* (held out)" if family in HELD_OUT else family
        lines.append(_row(name, cases, family, f"{kind}: {WORDS[family]}"))
    lines += ["", "No family may fall under 70 %.", ""]
    return HEAD.format(count=count) + "\n".join(lines)


def _row(name: str, cases: Cases, family: str | None, said: str) -> str:
    cells = " | ".join(f"{held(cases, horizon, family):.1f} %" for horizon in HORIZONS)
    return f"| {name} | {cells} | {said} |"


def picture(found: list[Tenth]) -> str:
    """Claimed across, arrived up; the band is 5 points to either side, a dot's area its cases."""
    inner = SIZE - 2 * EDGE
    most = max(each.count for each in found)

    def x(share: float) -> float:
        return round(EDGE + inner * share, 1)

    def y(share: float) -> float:
        return round(SIZE - EDGE - inner * share, 1)

    band = f"{x(0)},{y(0.05)} {x(0.95)},{y(1)} {x(1)},{y(1)} {x(1)},{y(0.95)} {x(0.05)},{y(0)} {x(0)},{y(0)}"
    dots = "".join(
        f'<circle class="dot" cx="{x(each.claimed)}" cy="{y(each.arrived)}" '
        f'r="{3 + 5 * (each.count / most) ** 0.5:.1f}">'
        f"<title>{each.count}: {100 * each.claimed:.1f} % → {100 * each.arrived:.1f} %</title></circle>"
        for each in found
        if each.count
    )
    marks = "".join(
        f'<text class="ink" x="{x(share)}" y="{y(0) + 18}" text-anchor="middle">{share:.0%}</text>'
        f'<text class="ink" x="{x(0) - 8}" y="{y(share) + 4}" text-anchor="end">{share:.0%}</text>'
        for share in (0, 0.5, 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img" '
        f'aria-label="Claimed chance against share that arrived"><style>{STYLE}</style>'
        f'<rect class="ground" width="{SIZE}" height="{SIZE}" rx="6"/>'
        f'<text class="ink title" x="{EDGE}" y="24">Cơ hội đã nói và tỷ lệ đã đạt / claimed, arrived</text>'
        f'<polygon class="band" points="{band}"/>'
        f'<line class="even" x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}"/>{dots}{marks}</svg>\n'
    )
