"""Start and stop the services: PostgreSQL, then Airflow and Superset beside each other.

In: the settings. Out: services that answer, or one sentence about the one that does not. What is already running from
the same configuration is kept; preparing Airflow's and Superset's own databases is done once for each version of them.
"""

from __future__ import annotations

import hashlib
import socket
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tiendo.operate import airflow_settings, postgres, programs, roles, unit_logins
from tiendo.operate.errors import PortTakenError, ServiceError
from tiendo.operate.migrate import migrate
from tiendo.operate.progress import News, Reporter
from tiendo.operate.settings import ACCOUNTS, Settings
from tiendo.operate.supervisor import Supervisor, tail

HEALTH_SECONDS = 300


def start(settings: Settings, reporter: Reporter, with_superset: bool = True) -> None:
    """Bring everything up; returns when all of it answers."""
    supervisor = Supervisor(settings)
    environment = programs.environment(settings)
    for name in ("airflow", "superset", "doors", "landing", "log"):
        folder = settings.home / name
        folder.mkdir(parents=True, exist_ok=True)
        # Reports, logs and keys are nobody else's on this machine.
        folder.chmod(0o700)
    _launch(settings, supervisor, environment, reporter)
    with reporter.step(f"PostgreSQL :{settings.postgres_port}"):
        supervisor.start(programs.POSTGRES)
        _wait(lambda: postgres.is_ready(settings), supervisor, (programs.POSTGRES,), settings.log / "postgres.log")
        roles.prepare(settings)
        migrate(settings.dsn("tiendo_owner"))
        unit_logins.prepare(settings)
    lanes = [_airflow_lane, _superset_lane] if with_superset else [_airflow_lane]
    with ThreadPoolExecutor(len(lanes)) as pool:
        for done in [pool.submit(lane, settings, supervisor, environment, reporter) for lane in lanes]:
            done.result()


def stop(settings: Settings) -> bool:
    """Stop everything, in order. False when nothing was running."""
    supervisor = Supervisor(settings)
    if not supervisor.is_running():
        return False
    supervisor.stop()
    return True


def states(settings: Settings) -> dict[str, str]:
    """State of each service; empty when nothing is running."""
    supervisor = Supervisor(settings)
    return supervisor.states() if supervisor.is_running() else {}


def require_free_ports(settings: Settings) -> None:
    """Raise when a port of ours is taken, naming the variable that moves it."""
    for port, variable, service in (
        (settings.postgres_port, "TIENDO_POSTGRES_PORT", "PostgreSQL"),
        (settings.airflow_port, "TIENDO_AIRFLOW_PORT", "Airflow"),
        (settings.superset_port, "TIENDO_SUPERSET_PORT", "Superset"),
    ):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise PortTakenError(port, variable, service) from error


def run_once(settings: Settings, name: str, key: str, work: Callable[[], object]) -> None:
    """Do the work unless it was done for the same key; the note of it goes when the state folder goes."""
    note = settings.home / "prepared" / name
    if note.exists() and note.read_text() == key:
        return
    work()
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(key)


def forget_work(settings: Settings, name: str) -> None:
    """Have it done again at the next `run_once`."""
    (settings.home / "prepared" / name).unlink(missing_ok=True)


def key_of(*files: Path, said: str = "") -> str:
    """What a piece of work depends on, for `run_once`: the bytes of files, and words."""
    hashed = hashlib.sha256(said.encode())
    for file in files:
        hashed.update(file.read_bytes())
    return hashed.hexdigest()


def run_logged(command: list[str], environment: dict[str, str], log: Path, cwd: Path) -> None:
    """Run a preparing step with its output in a log; its last lines are shown when it fails."""
    with log.open("ab") as out:
        done = subprocess.run(command, env=environment, cwd=cwd, stdout=out, stderr=out, check=False)
    if done.returncode:
        words = " ".join(Path(word).name for word in command[:4])
        raise ServiceError(f"{words} không thành công, xem / failed, see {log}:\n{tail(log)}")


def _launch(settings: Settings, supervisor: Supervisor, environment: dict[str, str], reporter: Reporter) -> None:
    # Only what tiendo itself sets decides whether what runs is still right: a shell's other variables do not.
    own = {name: value for name, value in environment.items() if name.startswith(("TIENDO_", "AIRFLOW_", "SUPERSET_"))}
    # Superset reads its configuration once, when it starts.
    own["superset_config"] = key_of(*settings.checkout.glob("superset/superset_config.py"))
    running = supervisor.is_running()
    same = supervisor.write(programs.programs(settings), own)
    if running and same:
        return
    if running:
        reporter.say("cấu hình đã đổi, khởi động lại / the configuration changed: restarting")
        supervisor.stop()
    require_free_ports(settings)
    if not postgres.is_made(settings):
        with reporter.step("PostgreSQL: tạo kho dữ liệu / making the cluster"):
            postgres.initialise(settings)
    airflow_settings.write_passwords(settings)
    supervisor.launch(environment)


def _airflow_lane(settings: Settings, supervisor: Supervisor, environment: dict[str, str], reporter: Reporter) -> None:
    with reporter.step("Airflow: chuẩn bị / preparing") as news:
        airflow = str(settings.platform_env / "bin" / "airflow")
        log = settings.log / "airflow-db.log"
        with ThreadPoolExecutor(1) as pool:
            models = pool.submit(read_models, settings, environment)
            run_once(
                settings,
                "airflow",
                key_of(settings.checkout / "requirements" / "platform.txt"),
                lambda: run_logged([airflow, "db", "migrate"], environment, log, settings.checkout),
            )
            models.result()
        supervisor.start(*programs.AIRFLOW)
        news("đang khởi động / starting")
        _wait(lambda: _airflow_is_healthy(settings, news), supervisor, programs.AIRFLOW, settings.log)


def _superset_lane(settings: Settings, supervisor: Supervisor, environment: dict[str, str], reporter: Reporter) -> None:
    with reporter.step("Superset: chuẩn bị / preparing") as news:
        folder = settings.checkout / "superset"
        python = str(settings.superset_env / "bin" / "python")
        requirements = settings.checkout / "requirements" / "superset.txt"
        noted = settings.checkout / "superset" / "account_passwords.py"
        sources = [requirements, folder / "prepare.py", noted, folder / "superset_config.py", settings.unit_accounts]
        log = settings.log / "superset-prepare.log"
        run_once(
            settings,
            "superset",
            # The users' passwords too: one that was set anew has to reach Superset's own table.
            key_of(*sources, said=_users(settings)),
            lambda: run_logged([python, str(folder / "prepare.py")], environment, log, settings.home / "superset"),
        )
        supervisor.start(programs.SUPERSET)
        news("đang khởi động / starting")
        address = f"http://127.0.0.1:{settings.superset_port}/health"
        _wait(lambda: _answers(address), supervisor, (programs.SUPERSET,), settings.log / "superset.log")


def read_models(settings: Settings, environment: dict[str, str]) -> None:
    """Have dbt leave its manifest in <home>/dbt/target: the DAGs read their tasks from it."""
    project = settings.checkout / "dbt_project"
    sources = sorted([*project.glob("*.yml"), *project.glob("m*/**/*.*"), *settings.programme_dir.glob("*.csv")])
    run_once(
        settings,
        "dbt",
        key_of(settings.checkout / "requirements" / "platform.txt", *sources, said=str(settings.programme_dir)),
        lambda: parse_models(settings, environment),
    )


def parse_models(settings: Settings, environment: dict[str, str]) -> None:
    """The same, whether anything changed or not."""
    dbt, log = str(settings.platform_env / "bin" / "dbt"), settings.log / "dbt-parse.log"
    run_logged([dbt, "parse"], environment, log, settings.checkout / "dbt_project")


def _airflow_is_healthy(settings: Settings, news: News) -> bool:
    try:
        answer = httpx.get(f"{airflow_settings.address(settings)}/api/v2/monitor/health", timeout=10).json()
    except (httpx.HTTPError, ValueError):
        return False
    parts = ("metadatabase", "scheduler", "triggerer", "dag_processor")
    healthy = [part for part in parts if (answer.get(part) or {}).get("status") == "healthy"]
    news(f"{len(healthy)}/{len(parts)}")
    return len(healthy) == len(parts)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=10).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _wait(is_ready: Callable[[], bool], supervisor: Supervisor, names: tuple[str, ...], log: Path) -> None:
    deadline = time.monotonic() + HEALTH_SECONDS
    while not is_ready():
        supervisor.require_up(*names)
        if time.monotonic() > deadline:
            raise ServiceError(
                f"{', '.join(names)} không trả lời sau {HEALTH_SECONDS} giây, xem {log}.\n"
                f"        {', '.join(names)} did not answer within {HEALTH_SECONDS} seconds, see {log}."
            )
        time.sleep(0.5)


def _users(settings: Settings) -> str:
    return "\n".join(settings.secret(name) for name in ACCOUNTS)
