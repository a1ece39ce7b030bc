"""What is known, looked at, and let be until a day: `excuses.yml`.

In: the file, what the tools found, and today. Out: what nobody has excused, and what is wrong with the excuses: one
past its day, or one that excuses nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "excuses.yml"
TOOLS = ("bandit", "pip-audit")


@dataclass(frozen=True)
class Finding:
    """One thing a tool found: the name of its rule or of the hole, and the file or the package."""

    tool: str
    name: str
    where: str
    text: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.name} {self.text}".rstrip()


@dataclass(frozen=True)
class Excuse:
    """What is let be, where (a pattern), until when and why."""

    tool: str
    name: str
    where: str
    until: date
    reason_vi: str
    reason_en: str

    def covers(self, found: Finding) -> bool:
        """Whether it is about this."""
        return (self.tool, self.name) == (found.tool, found.name) and fnmatchcase(found.where, self.where)

    def __str__(self) -> str:
        return f"{self.tool} {self.name} {self.where} ({self.until})"


def read(path: Path = FILE) -> list[Excuse]:
    """The excuses; ValueError for one that lacks a word."""
    excuses = [Excuse(**row) for row in yaml.safe_load(path.read_text(encoding="utf-8"))]
    for excuse in excuses:
        if (
            excuse.tool not in TOOLS
            or not isinstance(excuse.until, date)
            or not excuse.reason_vi
            or not excuse.reason_en
        ):
            raise ValueError(f"{path}: {excuse}")
    return excuses


def judge(found: Sequence[Finding], excuses: Iterable[Excuse], today: date) -> list[str]:
    """What is wrong, a line each: nothing when everything found is excused and every excuse is needed and in time."""
    excuses = list(excuses)
    wrong = [str(each) for each in found if not any(excuse.covers(each) for excuse in excuses)]
    wrong += [f"đã hết hạn / is past its day: {excuse}" for excuse in excuses if excuse.until < today]
    wrong += [
        f"không còn miễn trừ gì / excuses nothing any more: {excuse}"
        for excuse in excuses
        if not any(excuse.covers(each) for each in found)
    ]
    return wrong
