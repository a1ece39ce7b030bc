"""Measure and show: `make bench`, or `make bench BENCH_ARGS="--skip up"` without the minutes that `make up` takes.

In: what to leave out. Out: a table, and build/bench.json. Exit code 3 when something that had to work did not; a figure
over its limit is shown and changes nothing.
"""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from benchmarks import backtest, build, make_up, onpath, pages, queries, receive
from benchmarks.figures import BenchError, Figure, keep, load, machine, show
from benchmarks.installation import warehouse
from tiendo.operate.errors import OperateError
from tiendo.operate.settings import CHECKOUT

PARTS = ("up", "receive", "build", "queries", "backtest", "onpath")
# Each of them wants a warehouse with nothing in it.
STUDIES = {"backtest": (backtest.measure, backtest.FIGURES), "onpath": (onpath.measure, onpath.FIGURES)}
RESULT = CHECKOUT / "build" / "bench.json"
LEFT_OUT = "không đo (--skip {}) / left out"
SYSTEM_AT_FAULT = 3


def main() -> int:
    """The parts that are not left out, one after another: none may disturb another."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the figures of the README")
    parser.add_argument("--skip", action="append", choices=PARTS, default=[], help="a part to leave out, repeatable")
    skipped = parser.parse_args().skip
    console, about = Console(highlight=False), machine()
    try:
        figures = _measure(skipped, console)
    except (BenchError, OperateError) as found:
        console.print(str(found), markup=False)
        return SYSTEM_AT_FAULT
    about["load_after"] = load()
    show(figures, about, console)
    keep(figures, about, RESULT)
    console.print(str(RESULT))
    return 0


def _measure(skipped: list[str], console: Console) -> list[Figure]:
    figures: list[Figure] = []
    if "receive" in skipped:
        # There is nothing to build without it.
        without = ("load_times_faster", "build_outside", *queries.FIGURES)
        figures += [_absent(name, "receive") for name in without]
    else:
        with warehouse() as installation:
            console.print("nạp / receive …")
            figures += receive.measure(installation)
            if "build" in skipped:
                figures += [_absent(name, "build") for name in ("build_outside", *queries.FIGURES)]
            else:
                console.print("dựng / build …")
                figures += build.measure(installation)
                if "queries" in skipped:
                    figures += [_absent(name, "queries") for name in queries.FIGURES]
                else:
                    console.print("truy vấn / queries …")
                    figures += queries.measure(installation)
    for part, (study, names) in STUDIES.items():
        if part in skipped:
            figures += [_absent(name, part) for name in names]
            continue
        console.print(f"{part} …")
        with warehouse() as installation:
            figures += study(installation)
    if "up" in skipped:
        return [*figures, *(_absent(name, "up") for name in ("up_fresh", "up_again", "build_inside", *pages.FIGURES))]
    console.print("make up …")
    outside = next(figure.value for figure in figures if figure.name == "build_outside")
    return [*figures, *make_up.measure(outside)]


def _absent(name: str, part: str) -> Figure:
    return Figure(name, None, note=LEFT_OUT.format(part))


if __name__ == "__main__":
    sys.exit(main())
