"""The one-shot containers of the platform: check, secrets, init and demo.

In: the secrets of the installation, a PostgreSQL that answers. Out: roles, databases, migrations, the units' logins,
Airflow's tables and accounts, the units' doors, the models' manifest and the pages' files: what `make up` does on the
desk, by the same functions; and a build for the scheduler to start, where what is shown is not of this code and seeds.
Each may run again at any time, and does at every start and every upgrade.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg

from tiendo.operate import containers, first_start, identity_provider, postgres, roles, services, unit_logins, up
from tiendo.operate.errors import OperateError, ServiceError
from tiendo.operate.migrate import migrate
from tiendo.operate.progress import Reporter
from tiendo.operate.settings import Production, Settings
from tiendo.programme import Programme, SeedError

log = logging.getLogger("tiendo.containers")


def run(part: str, settings: Settings) -> int:
    """One part; its exit code. What is wrong is one sentence."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    log.setLevel(logging.INFO)
    parts: dict[str, Callable[[Settings], object]] = {
        "check": first_start.check,
        "secrets": first_start.prepare,
        "init": init,
        "demo": demo,
    }
    try:
        parts[part](settings)
    except (OperateError, SeedError) as error:
        sys.stderr.write(f"tiendo: {error}\n")
        return getattr(error, "exit_code", 1)
    except (psycopg.Error, httpx.HTTPError) as error:
        sys.stderr.write(f"tiendo: {part}: {error}\n")
        return 3
    except OSError as error:
        file, why = error.filename or "?", error.strerror or error
        sys.stderr.write(
            f"tiendo: {part}: không dùng được {file} ({why}): hãy xem tệp ấy, quyền của nó và chỗ trống trên ổ.\n"
            f"        {part}: {file} cannot be used ({why}): look at that file, its mode and the room on the disk.\n"
        )
        return 3
    return 0


def init(settings: Settings) -> None:
    """Bring databases and files to what this version of the code and of the seeds says."""
    environment = containers.airflow_environment(settings)
    with _timed("PostgreSQL"):
        roles.change_superuser(settings)
        postgres.wait_ready(settings)
        roles.prepare(settings)
        migrate(settings.dsn("tiendo_owner"))
        unit_logins.prepare(settings)
    make_doors(settings.doors, Programme.read(settings.programme_dir))
    python, scripts = sys.executable, settings.checkout / "docker"
    airflow = str(settings.platform_env / "bin" / "airflow")
    with _timed("Airflow"):
        _run([airflow, "db", "migrate"], environment)
        with psycopg.connect(settings.dsn("airflow"), connect_timeout=10) as connection:
            log.info("Airflow: xếp hàng lại / queued again: %d", queue_again(connection))
        _run([python, str(scripts / "airflow_accounts.py")], environment)
    with _timed("dbt"):
        parse_anew(settings, environment)
    with _timed("Superset"):
        _run(up.generator(settings), environment)
    build_again(settings, environment)


def build_again(settings: Settings, environment: dict[str, str]) -> None:
    """Ask for a build where the last one was not published, or was of other code or other seeds."""
    try:
        with psycopg.connect(settings.dsn("airflow"), connect_timeout=10) as connection:
            is_wanted = up.is_outdated(settings) and not is_expected(connection)
        if is_wanted:
            _run([str(settings.platform_env / "bin" / "airflow"), "dags", "trigger", up.BUILD], environment)
    except (ServiceError, psycopg.Error) as error:
        # No reason to be without a house: what is shown stays as it was.
        log.warning("%s\nhãy chạy %s trong Airflow / trigger %s in Airflow", error, up.BUILD, up.BUILD)


def queue_again(connection: psycopg.Connection[Any]) -> int:
    """Have tasks queued again that waited in a queue which went with the containers; their number. A scheduler that
    lives knows its own. By itself Airflow misses them after ten minutes, and then sets them back as here: with no state
    at all they would count as tried once more, and a model's second try runs dbt by itself.
    """
    if has_scheduler(connection):
        return 0
    return connection.execute(
        "update task_instance set state = 'scheduled', queued_by_job_id = null, external_executor_id = null "
        "where state = 'queued'"
    ).rowcount


def has_scheduler(connection: psycopg.Connection[Any]) -> bool:
    """Whether a scheduler of Airflow's told its database so within a minute."""
    query = (
        "select 1 from job where job_type = 'SchedulerJob' and state = 'running' "
        "and latest_heartbeat > now() - interval '60 seconds'"
    )
    return connection.execute(query).fetchone() is not None


def parse_anew(settings: Settings, environment: dict[str, str]) -> None:
    """The models' manifest, put into its place whole: tasks that run beside a start read it as they begin."""
    place = settings.home / "dbt" / "target"
    made, left = place.with_name("target.made"), place.with_name("target.left")
    if left.exists() and not place.exists():
        left.rename(place)
    for folder in (made, left):
        shutil.rmtree(folder, ignore_errors=True)
    services.parse_models(settings, {**environment, "DBT_TARGET_PATH": str(made)})
    if place.exists():
        place.rename(left)
    made.rename(place)
    shutil.rmtree(left, ignore_errors=True)


def is_expected(connection: psycopg.Connection[Any]) -> bool:
    """Whether a build waits already, or runs beside this start; one whose scheduler is gone was cut off."""
    states = ["queued", "running"] if has_scheduler(connection) else ["queued"]
    query = "select 1 from dag_run where dag_id = %s and state = any(%s)"
    return connection.execute(query, (up.BUILD, states)).fetchone() is not None


def make_doors(doors: Path, programme: Programme) -> None:
    """One folder for each unit that is in force today, so that whoever brings workbooks sees where they belong."""
    today = datetime.now(programme.time_zone).date()
    for unit in programme.units:
        door = doors / unit.code
        if unit.in_force(today) and not door.is_dir():
            door.mkdir()
            # Who is of the group may bring files, and they are the group's, so that a worker can read them.
            door.chmod(0o2770)


def demo(settings: Settings) -> None:
    """The sample programme, once: its reports in the doors, and both DAGs over them."""
    if Production.read().is_real:
        raise ServiceError(
            "dữ liệu giả lập không bao giờ vào bản cài thật (COMPOSE_PROFILES=production).\n"
            "        synthetic data never enters a real installation (COMPOSE_PROFILES=production)."
        )
    with Reporter() as reporter:
        if up.is_shown(settings):
            reporter.say("đã có dữ liệu mẫu / the sample is there")
            return
        if identity_provider.is_named():
            raise ServiceError(
                "dữ liệu mẫu phải được nạp trước khi bật OIDC: hãy bỏ TIENDO_OIDC_ISSUER, khởi động, rồi đặt lại.\n"
                "        the sample is loaded before OIDC is turned on: leave TIENDO_OIDC_ISSUER out of .env, start, "
                "then set it."
            )
        with reporter.step("Báo cáo mẫu / sample reports"):
            # A second call finds them there.
            up.run_command(settings, "sample", str(settings.doors), *Production.read().sample.split())
        up.run_dags(settings, reporter)


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, check=False)
    if done.returncode:
        raise ServiceError(f"{' '.join(command[:3])} không thành công / failed ({done.returncode})")


@contextmanager
def _timed(name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    log.info("%s: xong / done, %.0f s", name, time.monotonic() - began)
