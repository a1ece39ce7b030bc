"""The programme is data: no model, DAG, chart, rule or program names one of its indicators, units or dates.

What is looked for is read from the seeds of the programme that is shipped; what is looked at is everything that runs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "dbt_project" / "seeds"
ROOMS = {
    "dbt_project/models": (".sql",),
    "dbt_project/macros": (".sql",),
    "dags": (".py",),
    "expectations": (".py", ".yml"),
    "superset": (".py", ".yml", ".sql", ".hbs", ".css"),
    "src/tiendo": (".py",),
    "benchmarks": (".py",),
}
# A short code is one only where it is quoted, a code of digits only where a day follows it.
QUOTED = "['\"`]{}['\"`@]"
KEY = r"(?<![\w-]){}@"
WORD = r"(?<![\w-]){}(?![\w-])"


def column(seed: str, *names: str) -> set[str]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as handle:
        return {row[name] for row in csv.DictReader(handle) for name in names if row[name]}


def files() -> Iterator[Path]:
    for room, endings in ROOMS.items():
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in endings and "__pycache__" not in path.parts:
                yield path


FILES = list(files())
CODES = column("element", "element_code") | column("frame", "frame_code") | column("milestone", "milestone_code")
UNITS = column("unit", "unit_code")
SHORT_CODES = column("indicator", "indicator_code") | column("task", "task_code")
# A code of letters is no word of either language, wherever it stands.
LETTER_CODES = {code for code in UNITS if code.isalpha() and len(code) > 2}
NAMES = column("unit", "name_vi", "name_en") | column("region", "name_vi") | column("indicator", "name_vi", "name_en")
DATES = (
    column("unit", "valid_from", "valid_to")
    | column("programme", "start_date", "end_date")
    | column("frame_break", "break_date")
    | column("holiday", "holiday_date")
    | column("target", "valid_from")
)


def test_there_is_something_to_look_for_and_at() -> None:
    assert len(FILES) > 100
    assert min(len(CODES), len(SHORT_CODES), len(NAMES), len(DATES)) > 20


def found_in(path: Path, words: set[str], shape: str) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return sorted({match[0] for match in re.finditer(shape.format(f"(?:{'|'.join(map(re.escape, words))})"), text)})


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_names_nothing_of_the_programme(path: Path) -> None:
    assert found_in(path, CODES | LETTER_CODES, WORD) == []
    assert found_in(path, SHORT_CODES, QUOTED) == []
    assert found_in(path, UNITS, KEY) == []
    assert found_in(path, NAMES, WORD) == []
    assert found_in(path, DATES, WORD) == []
