"""The commands behind the Makefile: `python -m tiendo.operate up`, `down` and their parts.

In: TIENDO_* variables. Out: exit code 0 when done, 1 when the data is at fault (a DAG run failed), 2 for a wrong call,
3 when the machine or a service is at fault.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys

import httpx
import psycopg

from tiendo.operate import programs, services, up
from tiendo.operate.errors import OperateError
from tiendo.operate.progress import Reporter
from tiendo.operate.settings import Settings, SettingsError

COMMANDS = {
    "up": "services, sample reports, the DAGs in Airflow, the dashboards; ends with addresses and passwords",
    "start": "the services alone",
    "status": "state of each service; exit code 3 when one is not running",
    "dashboards": "generate and check the dashboards, with no server; import them where Superset is running",
    "down": "stop all services, in order",
}


def main(arguments: list[str]) -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="python -m tiendo.operate", description="Run tiendo on this machine.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=text)
        if name == "up":
            command.add_argument("--only-services", action="store_true", help="the same as start")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        return run(options.command, Settings.read(), getattr(options, "only_services", False))
    except (OperateError, SettingsError) as error:
        sys.stderr.write(f"tiendo: {error}\n")
        return error.exit_code if isinstance(error, OperateError) else 2
    except httpx.HTTPError as error:
        sys.stderr.write(f"tiendo: Airflow không trả lời / did not answer: {error}\n")
        return 3
    except psycopg.Error as error:
        sys.stderr.write(f"tiendo: PostgreSQL: {error}\n")
        return 3
    except KeyboardInterrupt:
        sys.stderr.write("\ntiendo: đã ngắt; dịch vụ vẫn chạy / interrupted; services are still running (make down)\n")
        return 130


def run(command: str, settings: Settings, only_services: bool = False) -> int:
    """One command; its exit code."""
    if command == "up":
        up.up(settings, only_services)
    elif command == "start":
        up.up(settings, only_services=True)
    elif command == "dashboards":
        return dashboards(settings)
    elif command == "status":
        return status(settings)
    elif command == "down":
        down(settings)
    return 0


def dashboards(settings: Settings) -> int:
    """Generate and check, then import where Superset is running; 1 when a dashboard asks for what is not there."""
    exposures = settings.checkout / "dbt_project" / "models" / "exposures.yml"
    command = [*up.generator(settings), "--exposures", str(exposures)]
    code = subprocess.run(command, env=settings.child_environment(), check=False).returncode
    if code:
        return code
    with Reporter() as reporter:
        if services.states(settings).get(programs.SUPERSET) == "RUNNING":
            up.import_dashboards(settings, reporter)
        else:
            reporter.say("Superset không chạy: đã sinh và kiểm tra / Superset is not running: generated and checked")
    return 0


def status(settings: Settings) -> int:
    """Print a line a service."""
    states = services.states(settings)
    reporter = Reporter()
    for name, state in states.items():
        reporter.say(f"{name:<24} {state}")
    if not states:
        reporter.say("không có dịch vụ nào đang chạy / nothing is running")
    return 0 if states and set(states.values()) == {"RUNNING"} else 3


def down(settings: Settings) -> None:
    """Stop, and say what was done."""
    with Reporter() as reporter, reporter.step("Dừng dịch vụ / stopping the services") as news:
        if not services.stop(settings):
            news("không có gì đang chạy / nothing was running")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
