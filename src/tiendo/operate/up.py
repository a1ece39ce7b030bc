"""From nothing to an open scorecard: what `make up` does after the environments are there.

In: the settings. Out: running services, the sample reports collected and published by the DAGs in Airflow, the
dashboards imported, and on the terminal the addresses, the passwords and what was loaded.
"""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg

from tiendo.operate import airflow_settings, programs, services
from tiendo.operate.airflow_api import Airflow
from tiendo.operate.errors import ServiceError
from tiendo.operate.progress import Reporter
from tiendo.operate.settings import ACCOUNTS, Settings

COLLECT = "collect_reports"
BUILD = "build_indicators"
# The last task of collecting: it announces new data, and is skipped when there is none.
ANNOUNCES = "reports_updated"
SCORECARD = "/superset/dashboard/scorecard/"


def up(settings: Settings, only_services: bool = False) -> None:
    """All of it, or the services alone."""
    with Reporter() as reporter:
        with ThreadPoolExecutor(2) as pool:
            sample = None if only_services else pool.submit(write_sample, settings, reporter)
            services.start(settings, reporter)
            dashboards = None if only_services else pool.submit(import_dashboards, settings, reporter)
            if sample and dashboards:
                sample.result()
                run_dags(settings, reporter)
                dashboards.result()
        if not only_services:
            summary(settings, reporter)


def write_sample(settings: Settings, reporter: Reporter) -> None:
    """The sample programme's reports, in the units' folders."""
    sources = [*settings.programme_dir.glob("*.csv"), *(settings.checkout / "src" / "tiendo").rglob("*.py")]
    key = services.key_of(*sorted(sources))
    if not any(settings.doors.glob("*")):
        services.forget_work(settings, "sample")
    with reporter.step("Báo cáo mẫu / sample reports"):
        # The same seeds and the same code write the same files: they are not written twice.
        services.run_once(settings, "sample", key, lambda: run_command(settings, "sample", str(settings.doors)))


def import_dashboards(settings: Settings, reporter: Reporter) -> None:
    """Generate the dashboards from the programme and bring them into Superset."""
    log = settings.log / "superset-import.log"
    python = str(settings.superset_env / "bin" / "python")
    with reporter.step("Superset: bảng theo dõi / dashboards"):
        environment = programs.environment(settings)
        services.run_logged(generator(settings), environment, log, settings.home / "superset")
        command = [python, str(settings.checkout / "superset" / "import_assets.py"), str(_assets(settings))]
        services.run_logged(command, environment, log, settings.home / "superset")


def generator(settings: Settings) -> list[str]:
    """The command that writes the dashboards and checks them down to the columns of the marts, with no server."""
    script = settings.checkout / "superset" / "generate.py"
    return [str(settings.platform_env / "bin" / "python"), str(script), str(_assets(settings))]


def _assets(settings: Settings) -> Path:
    return settings.home / "superset" / "assets"


def run_dags(settings: Settings, reporter: Reporter) -> None:
    """Collect in Airflow and wait for the build that new reports start; one missing or outdated is started anyway."""
    with Airflow(settings) as airflow:
        with reporter.step(f"Airflow: {COLLECT}") as news:
            airflow.wait_for_dag(COLLECT)
            airflow.wait_for_dag(BUILD)
            collected = airflow.wait(airflow.trigger(COLLECT, {"historical": not is_shown(settings)}), news)
            has_news = airflow.task_states(collected).get(ANNOUNCES) == "success"
        if has_news:
            with reporter.step(f"Airflow: {BUILD}") as news:
                airflow.wait(airflow.started_by(collected, BUILD), news)
            return
        reporter.say("không có báo cáo mới / no new reports")
        last = airflow.last_run(BUILD)
        if last and not last.is_over:
            with reporter.step(f"Airflow: {BUILD}") as news:
                last = airflow.wait(last, news)
        if is_shown(settings) and not is_outdated(settings) and (last is None or last.state == "success"):
            return
        with reporter.step(f"Airflow: {BUILD}") as news:
            airflow.wait(airflow.trigger(BUILD, {}), news)


def is_shown(settings: Settings) -> bool:
    """Whether dashboards show a publication already."""
    with psycopg.connect(settings.dsn("tiendo_owner"), connect_timeout=10) as connection:
        return connection.execute("select 1 from ops.shown").fetchone() is not None


def is_outdated(settings: Settings) -> bool:
    """Whether the last build has to be done again: it was not published, or by other code or of other seeds."""
    return bool(status(settings)["is_outdated"])


def status(settings: Settings) -> dict[str, Any]:
    """What `tiendo status` says."""
    found: dict[str, Any] = json.loads(run_command(settings, "status", "--json"))
    return found


def summary(settings: Settings, reporter: Reporter) -> None:
    """Addresses, passwords and what was loaded."""
    superset = f"http://127.0.0.1:{settings.superset_port}"
    lines = ["", "DỮ LIỆU GIẢ LẬP: chương trình mẫu / SYNTHETIC DATA: the sample programme", ""]
    lines += [f"  Thẻ điểm / scorecard   {superset}{SCORECARD}"]
    lines += [f"      {name:<10} {settings.secret(name)}" for name in ACCOUNTS]
    lines += [f"      đơn vị / units: {settings.unit_accounts}"]
    lines += [f"  Airflow                {airflow_settings.address(settings)}"]
    lines += [f"      {airflow_settings.ENGINEER:<10} {settings.secret(airflow_settings.ENGINEER)}"]
    lines += ["", "  Đã nạp / loaded"]
    lines += [f"      {name:<28} {value}" for name, value in _flat(status(settings))]
    lines += ["", "  Dừng: make down · Xóa hết: make clean / stop: make down · forget it all: make clean"]
    reporter.say("\n".join(lines))


def run_command(settings: Settings, *words: str) -> str:
    """Run one of our own commands; what it prints on standard output."""
    command = [str(settings.platform_env / "bin" / "tiendo"), *words]
    done = subprocess.run(command, env=settings.child_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise ServiceError(f"tiendo {' '.join(words)} không thành công / failed ({done.returncode}):\n{said}")
    return done.stdout


def _flat(found: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in found.items():
        rows += _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else [(f"{prefix}{name}", value)]
    return rows
