"""The command line: each command parses, calls one room and reports. What it does is done elsewhere.

Exit codes: 0 done, 1 the data is at fault, 2 the call is at fault, 3 the system is at fault.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import psycopg
import typer

from tiendo import cli_review, console, steps
from tiendo.operate.settings import Settings
from tiendo.programme import Programme
from tiendo.publish.publication import publish as publish_run
from tiendo.publish.publication import rollback as show_earlier
from tiendo.publish.runs import Wish
from tiendo.publish.status import read_status
from tiendo.receive.collect import collect as collect_files
from tiendo.receive.form import find_unit_and_period, write_form
from tiendo.receive.landing import Landing
from tiendo.receive.load import load as load_submissions
from tiendo.receive.pool import Source
from tiendo.receive.problems import clean
from tiendo.receive.read import read_report
from tiendo.receive.sample import write_sample

app = typer.Typer(
    name="tiendo",
    help="Từ báo cáo tháng đến bảng điểm tiến độ. / From monthly reports to a scorecard.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
EXAMPLE = "Ví dụ / example:  "
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


@app.command(epilog=EXAMPLE + "tiendo form UNIT PERIOD -o form.xlsx")
def form(
    unit: Annotated[str, typer.Argument(help="Code of the unit, as in the seed unit.")],
    period: Annotated[str, typer.Argument(help="Report month: year and month, as in 2001-02.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write the form.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write the blank form of a unit for a report month."""
    with console.exit_codes():
        programme = Programme.read(Settings.read().programme_dir)
        found_unit, found_period = find_unit_and_period(programme, unit, period)
        path = output or Path(f"BC_{unit}_{period}.xlsx")
        if path.exists() and not force:
            console.err.print(f"{path} đã có; thêm --force để ghi đè. / exists; add --force to write over it.")
            raise typer.Exit(console.CALL_AT_FAULT)
        path.write_bytes(write_form(programme, found_unit, found_period))
    console.out.print(str(path), soft_wrap=True)


@app.command(epilog=EXAMPLE + "tiendo check form.xlsx")
def check(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="Filled forms.")],
    as_json: Json = False,
) -> None:
    """Check filled forms, without a database. Exit code 1 when there are errors."""
    with console.exit_codes():
        programme = Programme.read(Settings.read().programme_dir)
        today = datetime.now(programme.time_zone).date()
        readings = [(path, read_report(path.read_bytes(), programme, received_on=today)) for path in files]
    wrong = sum(reading.has_errors for _, reading in readings)
    if as_json:
        console.print_json(
            [
                {
                    "file": str(path),
                    **asdict(reading.header),
                    "value_count": len(reading.values),
                    "has_errors": reading.has_errors,
                    "problems": console.problem_rows(reading.problems),
                }
                for path, reading in readings
            ]
        )
    else:
        problems = [(clean(path.name), problem) for path, reading in readings for problem in reading.problems]
        if problems:
            console.print_problems("Vấn đề / Problems", problems)
        console.out.print(f"{len(files)} tệp, {wrong} có lỗi. / {len(files)} files, {wrong} with errors.")
    raise typer.Exit(console.DATA_AT_FAULT if wrong else 0)


@app.command(epilog=EXAMPLE + "tiendo sample .tiendo/doors")
def sample(  # noqa: PLR0917  typer makes an option of each
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the doors: DIR/<unit>/*.xlsx.")],
    seed: Annotated[int | None, typer.Option(help="Decides every number.")] = None,
    first: Annotated[str | None, typer.Option(help="First report month.")] = None,
    last: Annotated[str | None, typer.Option(help="Last report month.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Nothing arrives after it.")] = None,
    units: Annotated[str, typer.Option(help="Codes of units, parted by commas; all when empty.")] = "",
    as_json: Json = False,
) -> None:
    """Write the synthetic programme's reports (DỮ LIỆU GIẢ LẬP). A second call finds them there.

    What is not asked for is as the programme's seed sample_plan has it.
    """
    with console.exit_codes(), console.bar("sample") as progress:
        written = write_sample(
            Programme.read(Settings.read().programme_dir),
            folder,
            seed=seed,
            first=first,
            last=last,
            until=until.date() if until else None,
            units=tuple(code.strip() for code in units.split(",") if code.strip()),
            progress=progress,
        )
    if as_json:
        console.print_json(asdict(written))
    else:
        there = "đã có sẵn / were there" if written.was_there else "đã ghi / written"
        console.out.print(f"{written.file_count} tệp {there}: {folder}", soft_wrap=True)


@app.command(epilog=EXAMPLE + "tiendo collect --historical")
def collect(
    historical: Annotated[bool, typer.Option("--historical", help="Knowledge counts from the files' times.")] = False,
    as_json: Json = False,
) -> None:
    """Take new files from the units' doors into the landing store."""
    with console.exit_codes(), console.bar("collect") as progress, _loader() as connection:
        settings = Settings.read()
        landing = Landing(settings.landing)
        done = collect_files(connection, settings.doors, landing, historical=historical, progress=progress)
    if as_json:
        console.print_json(asdict(done))
    else:
        console.out.print(
            f"{done.file_count} tệp: {done.new_count} mới, {done.known_count} trùng, "
            f"{done.unchanged_count} không đổi, {done.waiting_count} đang chờ. / "
            f"{done.file_count} files: {done.new_count} new, {done.known_count} known, "
            f"{done.unchanged_count} unchanged, {done.waiting_count} waiting.",
            soft_wrap=True,
        )
    raise typer.Exit(console.DATA_AT_FAULT if done.too_large else 0)


@app.command(epilog=EXAMPLE + "tiendo load --json")
def load(as_json: Json = False) -> None:
    """Read collected submissions into raw. Exit code 1 when any was quarantined."""
    with console.exit_codes(), console.bar("load") as progress, _loader() as connection:
        settings = Settings.read()
        source = Source(settings.programme_dir, Landing(settings.landing))
        done = load_submissions(connection, source, progress=progress)
    if as_json:
        console.print_json(asdict(done))
    else:
        if done.first_problems:
            shown = [(f"{found.door_code}/{found.file_name}", found.problem) for found in done.first_problems]
            console.print_problems("Vấn đề / Problems", shown)
        for rule_code, count in sorted(done.problem_counts.items()):
            console.out.print(f"  {count:6} {rule_code}")
        console.out.print(
            f"{done.submission_count} báo cáo, {done.value_count} số liệu, {done.quarantined_count} tạm giữ. / "
            f"{done.submission_count} reports, {done.value_count} values, {done.quarantined_count} quarantined.",
            soft_wrap=True,
        )
    raise typer.Exit(console.DATA_AT_FAULT if done.quarantined_count else 0)


@app.command(epilog=EXAMPLE + "tiendo build --from PERIOD --unit UNIT")
def build(  # noqa: PLR0917  typer makes an option of each
    first: Annotated[
        str | None, typer.Option("--from", help="Recompute only from this month on, as in 2001-02.")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="Recompute only what this unit's numbers reach.")] = None,
    data_to: Annotated[str | None, typer.Option("--data-to", help="Last month shown; the newest one due.")] = None,
    known_at: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Into schema asof: as known at the end of that day.")
    ] = None,
    changed: Annotated[bool, typer.Option("--changed", help="Recompute only what came in since the last one.")] = False,
    only_open: Annotated[bool, typer.Option("--open", help="Open the run and leave the models to Airflow.")] = False,
    as_json: Json = False,
) -> None:
    """Build values, indicators and progress from what is accepted: as known now, or beside it as known on a day."""
    known_on = known_at.date() if known_at else None
    wish = Wish(data_to, first, unit, known_on, only_changed=changed and not (first or unit))
    with console.exit_codes():
        run = steps.begin(Settings.read(), wish) if only_open else steps.build(Settings.read(), wish)
    if as_json:
        console.print_json(asdict(run))
    else:
        extent_vi, extent_en = ("toàn bộ", "full") if run.is_full else ("một phần", "narrowed")
        console.out.print(
            f"Lần dựng {run.run_id}, {extent_vi}: {run.pair_count} cặp kỳ và phạm vi, đến {run.data_to_period}. / "
            f"Run {run.run_id}, {extent_en}: {run.pair_count} pairs of period and scope, to {run.data_to_period}.",
            soft_wrap=True,
        )


@app.command(epilog=EXAMPLE + "tiendo validate --gate raw")
def validate(
    gate: Annotated[str, typer.Option(help="raw, after loading; marts, after building.")],
    as_json: Json = False,
) -> None:
    """Run a gate of expectations. Exit code 1 when the data is at fault."""
    if gate not in steps.GATES:
        console.err.print(f"--gate {gate}: raw | marts")
        raise typer.Exit(console.CALL_AT_FAULT)
    with console.exit_codes():
        code = steps.validate(Settings.read(), gate, as_json)
    raise typer.Exit(code)


@app.command(epilog=EXAMPLE + "tiendo publish")
def publish(as_json: Json = False) -> None:
    """Publish the validated build: the dashboards show it from now on."""
    with console.exit_codes(), psycopg.connect(Settings.read().dsn("tiendo_publisher")) as connection:
        done = publish_run(connection)
    if as_json:
        console.print_json(asdict(done))
    else:
        opened = sum(count["opened"] for count in done.row_counts.values())
        closed = sum(count["closed"] for count in done.row_counts.values())
        console.out.print(
            f"Lần công bố {done.publication_no}: {opened} dòng mới, {closed} dòng khép lại. / "
            f"Publication {done.publication_no}: {opened} rows opened, {closed} closed.",
            soft_wrap=True,
        )


@app.command(epilog=EXAMPLE + "tiendo rollback")
def rollback() -> None:
    """Show the publication before the one shown."""
    with console.exit_codes(), psycopg.connect(Settings.read().dsn("tiendo_publisher")) as connection:
        number = show_earlier(connection)
    console.out.print(f"Đang hiển thị lần công bố {number}. / Publication {number} is shown.")


@app.command(epilog=EXAMPLE + "tiendo run --period PERIOD")
def run(
    period: Annotated[str | None, typer.Option(help="Last month shown; the newest one due.")] = None,
    historical: Annotated[bool, typer.Option("--historical", help="Knowledge counts from the files' times.")] = False,
) -> None:
    """Collect, load, validate, build, validate and publish. Exit code 1 when any report was quarantined."""
    at_fault = False
    receiving: tuple[Callable[[], None], ...] = (
        lambda: collect(historical=historical),
        load,
        lambda: validate(gate="raw"),
    )
    for step in receiving:
        try:
            step()
        except typer.Exit as found:
            # A quarantined report stops nobody else's.
            if found.exit_code > console.DATA_AT_FAULT:
                raise
            at_fault = at_fault or found.exit_code == console.DATA_AT_FAULT
    build(data_to=period)
    with console.exit_codes():
        code = steps.validate(Settings.read(), "marts")
    if code:
        raise typer.Exit(code)
    publish()
    raise typer.Exit(console.DATA_AT_FAULT if at_fault else 0)


@app.command(epilog=EXAMPLE + "tiendo status --json")
def status(as_json: Json = False) -> None:
    """Say what is in, late, quarantined and published."""
    with console.exit_codes():
        settings = Settings.read()
        with psycopg.connect(settings.dsn("tiendo_publisher")) as connection:
            found = read_status(connection, steps.made_by(settings))
    if as_json:
        console.print_json(asdict(found))
    else:
        console.print_status(found)


def _loader() -> psycopg.Connection:
    return psycopg.connect(Settings.read().dsn("tiendo_loader"))


app.command(epilog=EXAMPLE + "tiendo handbook docs/handbook")(cli_review.handbook)
app.command(epilog=EXAMPLE + cli_review.EXPLAIN_EXAMPLE)(cli_review.explain)
app.command(epilog=EXAMPLE + cli_review.COMPARE_EXAMPLE)(cli_review.compare)
app.command("sample-checks", epilog=EXAMPLE + cli_review.SAMPLE_CHECKS_EXAMPLE)(cli_review.sample_checks)
app.command("read-checks", epilog=EXAMPLE + cli_review.READ_CHECKS_EXAMPLE)(cli_review.read_checks)

if __name__ == "__main__":
    app()
