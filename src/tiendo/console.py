"""What commands say: tables, progress bars, errors with their exit code. Found text is shown, never interpreted."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import psycopg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from tiendo.operate.settings import SettingsError
from tiendo.programme import SeedError
from tiendo.publish.errors import PublishError, WishError
from tiendo.publish.status import Status
from tiendo.receive.form import NoSuchFormError
from tiendo.receive.landing import LandingError
from tiendo.receive.problems import ERROR, Problem
from tiendo.receive.sample import SampleError
from tiendo.review.errors import ReviewError

DATA_AT_FAULT, CALL_AT_FAULT, SYSTEM_AT_FAULT = 1, 2, 3
BAR_AFTER_SECONDS = 2.0
DATA_ERRORS = (PublishError,)
CALL_ERRORS = (NoSuchFormError, ReviewError, SampleError, SeedError, SettingsError, WishError)
SYSTEM_ERRORS = (LandingError, psycopg.Error, OSError)

out = Console(highlight=False, markup=False, emoji=False)
err = Console(stderr=True, highlight=False, markup=False, emoji=False)


@contextlib.contextmanager
def exit_codes() -> Iterator[None]:
    """Turn the errors of the rooms into one line and an exit code."""
    try:
        yield
    except CALL_ERRORS as found:
        err.print(str(found), soft_wrap=True)
        raise typer.Exit(CALL_AT_FAULT) from found
    except DATA_ERRORS as found:
        err.print(str(found), soft_wrap=True)
        raise typer.Exit(DATA_AT_FAULT) from found
    except SYSTEM_ERRORS as found:
        err.print(f"Lỗi hệ thống / system error: {str(found).strip()}", soft_wrap=True)
        raise typer.Exit(SYSTEM_AT_FAULT) from found


@contextlib.contextmanager
def bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar that shows after two seconds, and only on a terminal."""
    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with contextlib.ExitStack() as stack:
        shown: list[tuple[Progress, Any]] = []

        def advance(done: int, total: int) -> None:
            if not shown and err.is_terminal and time.monotonic() - started > BAR_AFTER_SECONDS:
                progress = stack.enter_context(Progress(*columns, console=err, transient=True))
                shown.append((progress, progress.add_task(label)))
            for progress, task in shown:
                progress.update(task, completed=done, total=total)

        yield advance


def print_json(found: object) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1, default=str))


def print_problems(title: str, problems: Iterable[tuple[str, Problem]]) -> None:
    """Problems with file, cell, severity, what was found and the sentence in both languages.

    A table on a terminal; elsewhere one line each, which a log or grep can take.
    """
    if not out.is_terminal:
        for file, problem in problems:
            words = (
                file,
                problem.cell,
                _severity(problem),
                problem.found or "",
                problem.message_vi,
                problem.message_en,
            )
            out.print(" | ".join(words), soft_wrap=True)
        return
    table = Table(title=title, title_justify="left", show_lines=True)
    for head in ("Tệp / File", "Ô / Cell", "", "Tìm thấy / Found", "Việc cần làm / What to do"):
        table.add_column(head, overflow="fold")
    for file, problem in problems:
        style = "red" if problem.severity == ERROR else "yellow"
        table.add_row(
            Text(file),
            Text(problem.cell),
            Text(_severity(problem), style=style),
            Text(problem.found or ""),
            Text(f"{problem.message_vi}\n{problem.message_en}"),
        )
    out.print(table)


def _severity(problem: Problem) -> str:
    return "lỗi" if problem.severity == ERROR else "cảnh báo"


def problem_rows(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Problems for JSON."""
    return [asdict(problem) for problem in problems]


def print_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Names and what they are, a line each."""
    if not out.is_terminal:
        for label, value in facts:
            out.print(f"{label}: {value}" if label else f"  {value}", soft_wrap=True)
        return
    table = Table(show_header=False, box=None)
    for label, value in facts:
        table.add_row(Text(label), Text(str(value)))
    out.print(table)


def print_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> None:
    """A table with a title; elsewhere than on a terminal one line a row, which a log or grep can take."""
    if out.is_terminal:
        table = Table(title=title, title_justify="left", caption=note or None, caption_justify="left")
        for head in heads:
            table.add_column(head, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        out.print(table)
        return
    out.print(f"\n{title}", soft_wrap=True)
    for row in (heads, *rows):
        out.print(" | ".join(row), soft_wrap=True)
    if note:
        out.print(note, soft_wrap=True)


def print_status(found: Status) -> None:
    """What is in, late, quarantined and published, a line each."""
    rows: list[tuple[str, object]] = [
        ("Đơn vị / units", found.units),
        ("Số liệu / values", found.values),
        *((f"Báo cáo / reports: {state}", count) for state, count in found.reports.items()),
        *((f"Vấn đề / problems: {severity}", count) for severity, count in found.problems.items()),
        *((f"Kỳ / period {found.data_to_period}: {state}", count) for state, count in found.owed.items()),
        ("Lần công bố / publication", found.publication or "—"),
        ("Công bố lúc / published at", found.published_at or "—"),
        ("Biết đến lúc / as known on", found.known_at or "—"),
    ]
    if found.is_outdated:
        rows.append(("Chưa theo mã, seed hiện nay / not of this code and seeds", "make up, make compose-up"))
    print_synthetic(found.is_synthetic)
    print_facts(rows)


def print_synthetic(is_synthetic: bool) -> None:
    """Say first that nothing of it is real, where it is not."""
    if is_synthetic:
        out.print("DỮ LIỆU GIẢ LẬP / SYNTHETIC DATA")
