"""The commands of the review room: each parses, calls the room and reports."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer

from tiendo import console
from tiendo.operate.settings import Settings
from tiendo.programme import Programme
from tiendo.review import compare_text, explain_rows, explain_text
from tiendo.review.checks_form import write_form, write_rows
from tiendo.review.checks_keep import append_rows, rows_text
from tiendo.review.checks_read import read_checks as read_form
from tiendo.review.checks_sample import draw_sample
from tiendo.review.compare import Side, compare_readings
from tiendo.review.explain import Asked, explain_number
from tiendo.review.handbook import write_handbook

EXPLAIN_EXAMPLE = "tiendo explain INDICATOR --scope UNIT --period PERIOD --known-on 2026-03-31"
COMPARE_EXAMPLE = "tiendo compare INDICATOR --then 2026-03-31 --now 2026-09-30 --scope nation"
SAMPLE_CHECKS_EXAMPLE = "tiendo sample-checks QUARTER --out checks"
READ_CHECKS_EXAMPLE = "tiendo read-checks checks/KC_QUARTER.xlsx --append"
CHECKS_A_QUARTER = 30
DAY = ["%Y-%m-%d"]
NATION = "nation"
Indicator = Annotated[str, typer.Argument(metavar="INDICATOR", help="Code of the indicator.")]
Scope = Annotated[str, typer.Option(help="nation, or a region or unit by code or by key, as in UNIT@2001-01-31.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def handbook(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where its two languages go.")]) -> None:
    """Write the handbook of measurement cards: a page a card, in Vietnamese and in English."""
    with console.exit_codes():
        written = write_handbook(Programme.read(Settings.read().programme_dir), folder)
    console.out.print(f"{len(written)} tệp / files: {folder}", soft_wrap=True)


def explain(  # noqa: PLR0917  typer makes an option of each
    indicator: Indicator,
    scope: Scope = NATION,
    period: Annotated[str | None, typer.Option(help="Report month; the newest one due.")] = None,
    basis: Annotated[str | None, typer.Option(help="as_reported, current or original; the card's own.")] = None,
    version: Annotated[str | None, typer.Option(help="Version of the card; the one in force in the period.")] = None,
    known_on: Annotated[
        datetime | None, typer.Option("--known-on", formats=DAY, help="By what was known on that day; now.")
    ] = None,
    show_all: Annotated[bool, typer.Option("--all", help="Show every number, however many.")] = False,
    as_json: Json = False,
) -> None:
    """Show where a number comes from, down to file and cell, and work it out again. Exit code 1 when it is another."""
    with console.exit_codes(), _publisher() as connection:
        asked = Asked(indicator, scope, period, basis, version, _day(known_on))
        explained = explain_number(connection, asked)
    if as_json:
        console.print_json(explain_rows.document(explained))
    else:
        console.print_synthetic(explained.build.is_synthetic)
        console.print_facts(explain_text.facts(explained))
        for block in explain_text.blocks(explained, show_all):
            console.print_table(block.title, block.heads, block.rows, block.note)
    raise typer.Exit(console.DATA_AT_FAULT if explained.differences else 0)


def compare(  # noqa: PLR0917  typer makes an option of each
    indicator: Indicator,
    then: Annotated[datetime, typer.Option(formats=DAY, help="Day of the earlier reading.")],
    now: Annotated[datetime, typer.Option(formats=DAY, help="Day of the later reading.")],
    scope: Scope = NATION,
    period_then: Annotated[str | None, typer.Option(help="Its report month; the newest one due that day.")] = None,
    period_now: Annotated[str | None, typer.Option(help="The same of the later reading.")] = None,
    basis_then: Annotated[str | None, typer.Option(help="Its basis; the card's own.")] = None,
    basis_now: Annotated[str | None, typer.Option(help="The same of the later reading.")] = None,
    version_then: Annotated[str | None, typer.Option(help="Its version of the card; the one in force.")] = None,
    version_now: Annotated[str | None, typer.Option(help="The same of the later reading.")] = None,
    as_json: Json = False,
) -> None:
    """Split the difference of two readings by cause: definition, border, correction, late report, new period."""
    with console.exit_codes(), _publisher() as connection:
        compared = compare_readings(
            connection,
            indicator,
            scope,
            Side(then.date(), period_then, basis_then, version_then),
            Side(now.date(), period_now, basis_now, version_now),
        )
    if as_json:
        console.print_json(compare_text.document(compared))
    else:
        console.print_synthetic(compared.build.is_synthetic)
        console.print_facts(compare_text.facts(compared))
        for block in compare_text.blocks(compared):
            console.print_table(block.title, block.heads, block.rows, block.note)


def sample_checks(
    quarter: Annotated[str, typer.Argument(metavar="QUARTER", help="Report quarter: three report months.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the form and its rows go.")],
    count: Annotated[int, typer.Option("--count", help="How many numbers to draw.")] = CHECKS_A_QUARTER,
    seed: Annotated[str | None, typer.Option(help="Decides the draw; the programme and quarter.")] = None,
    as_json: Json = False,
) -> None:
    """Draw the reported numbers to check in a quarter: a form for the checker, and its rows as CSV.

    The chance of a number goes with its share of what its element adds up to; the same call draws the same.
    """
    with console.exit_codes():
        programme = Programme.read(Settings.read().programme_dir)
        with _publisher() as connection:
            sample = draw_sample(connection, programme, quarter, count, seed)
        out.mkdir(parents=True, exist_ok=True)
        form, rows = out / f"KC_{quarter}.xlsx", out / f"KC_{quarter}.csv"
        form.write_bytes(write_form(programme, sample))
        rows.write_text(write_rows(sample), encoding="utf-8")
    if as_json:
        files = {"form": str(form), "rows": str(rows)}
        counts = {"drawn_count": len(sample.drawn), "cell_count": sample.cell_count}
        console.print_json({**files, **counts, "seed": sample.seed, "is_synthetic": sample.is_synthetic})
    else:
        console.print_synthetic(sample.is_synthetic)
        console.out.print(
            f"Rút {len(sample.drawn)} trong {sample.cell_count} số: {form}, {rows} / "
            f"{len(sample.drawn)} of {sample.cell_count} numbers drawn",
            soft_wrap=True,
        )


def read_checks(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="Filled forms.")],
    append: Annotated[bool, typer.Option("--append", help="Add the rows to the seed verification.")] = False,
    as_json: Json = False,
) -> None:
    """Read filled checker's forms into rows of the seed verification. Exit code 1, and nothing added, on errors."""
    with console.exit_codes():
        folder = Settings.read().programme_dir
        programme = Programme.read(folder)
        today = datetime.now(programme.time_zone).date()
        read = [(path, read_form(path.read_bytes(), programme, today)) for path in files]
        rows = [row for _, checked in read for row in checked.rows]
        errors = [(path.name, error) for path, checked in read for error in checked.errors]
        if append and rows and not errors:
            append_rows(folder, rows)
    open_count = sum(checked.open_count for _, checked in read)
    if as_json:
        told = [{"file": name, **asdict(error)} for name, error in errors]
        console.print_json({"rows": rows, "open_count": open_count, "errors": told})
    else:
        for name, error in errors:
            console.err.print(f"{name} | {error.cell} | {error.vi} | {error.en}", soft_wrap=True)
        console.err.print(
            f"{len(rows)} kiểm chứng, {open_count} dòng chưa điền, {len(errors)} lỗi. / "
            f"{len(rows)} checks, {open_count} rows not filled in, {len(errors)} errors.",
            soft_wrap=True,
        )
        if rows and not append and not errors:
            typer.echo(rows_text(rows), nl=False)
    raise typer.Exit(console.DATA_AT_FAULT if errors else 0)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@contextlib.contextmanager
def _publisher() -> Iterator[psycopg.Connection[Any]]:
    """The marts as they are at one moment, whatever a build does meanwhile."""
    with psycopg.connect(Settings.read().dsn("tiendo_publisher")) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield connection
