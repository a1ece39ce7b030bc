"""The entry point of every container: `python -m tiendo.operate.containers PART`.

In: TIENDO_* variables and the secrets that this container is given. Out: a process that is the service itself (exec, so
that it gets the engine's signals), or one of the one-shot parts. Standard library only up to there: Superset's image
holds nothing else of ours. Secrets are in the environment of the process and nowhere in the compose file.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tiendo.operate import airflow_settings, identity_provider, superset_settings
from tiendo.operate.settings import Production, Settings, SettingsError

# Logs and answers of one part are read by others of the same group, and by nobody else.
UMASK = 0o027
REDIS = "redis"
FAB = "airflow.providers.fab.auth_manager"
# Logs lie in a shared volume: no part has to serve them over a port of its own.
AIRFLOW = {
    "api-server": ("api-server", "--proxy-headers"),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
    "worker": ("celery", "worker", "--skip-serve-logs"),
}
ONE_SHOT = ("check", "secrets", "init", "demo")
# A working day: then somebody has to sign in again, however busy the page was.
SESSION_MINUTES = 720


def airflow_environment(settings: Settings) -> dict[str, str]:
    """Airflow of many containers: as on the desk, but for the executor, the accounts and the addresses."""
    here = {**settings.child_environment(), **airflow_settings.environment(settings)}
    production = Production.read()
    sections: dict[str, dict[str, str | int]] = {
        "CORE": {
            "EXECUTOR": "CeleryExecutor",
            "AUTH_MANAGER": f"{FAB}.fab_auth_manager.FabAuthManager",
            "PARALLELISM": 32,
        },
        "API": {
            "HOST": "0.0.0.0",  # noqa: S104  the network inside is the only one it is on
            "BASE_URL": production.airflow_url or airflow_settings.address(settings),
            "INSTANCE_NAME": "tiendo" if production.is_real else airflow_settings.INSTANCE_NAME,
        },
        "FAB": {
            "CONFIG_FILE": str(settings.checkout / "docker" / "webserver_config.py"),
            "COOKIE_SECURE": "True",
            "COOKIE_SAMESITE": "Lax",
            "AUTH_RATE_LIMITED": "True",
            "AUTH_RATE_LIMIT": "10 per minute",
            # The first is of idleness, which a page left open never is; the second counts from the sign-in.
            "SESSION_LIFETIME_MINUTES": SESSION_MINUTES,
            "SESSION_MAX_LIFETIME_MINUTES": SESSION_MINUTES,
        },
        # Programs sign in for a token that belongs to no session.
        "API_AUTH": {"JWT_EXPIRATION_TIME": SESSION_MINUTES * 60},
        # The proxy writes who asked for what; this log would add the queries, and with them a provider's codes.
        "LOGGING": {"NAMESPACE_LEVELS": "http.access=WARNING"},
        "SCHEDULER": {"TASK_INSTANCE_HEARTBEAT_TIMEOUT": production.heartbeat_seconds},
        "CELERY": {
            "WORKER_CONCURRENCY": production.worker_tasks,
            # A worker takes what it works on, and leaves the rest to the others.
            "WORKER_PREFETCH_MULTIPLIER": 1,
        },
    }
    if settings.has_secret("redis"):
        queue = f"redis://:{settings.secret('redis')}@{REDIS}:6379"
        # Results too: a worker needs no password of Airflow's database.
        sections["CELERY"] |= {"BROKER_URL": f"{queue}/0", "RESULT_BACKEND": f"{queue}/1"}
    if not settings.has_secret("airflow"):
        # Never reached: tasks speak to the API server. Without it Airflow would think of a file beside itself.
        address = f"{settings.host}:{settings.postgres_port}/airflow"
        sections["DATABASE"] = {
            "SQL_ALCHEMY_CONN": f"postgresql+psycopg2://airflow@{address}",
            "SQL_ALCHEMY_CONN_ASYNC": f"postgresql+asyncpg://airflow@{address}",
        }
    # The proxy is the only one that reaches the API server from outside, and it says who asks and how.
    return {
        **here,
        **airflow_settings.flat(sections),
        "FORWARDED_ALLOW_IPS": "*",
        **identity_provider.environment(settings),
    }


def superset_environment(settings: Settings) -> dict[str, str]:
    """Superset behind the proxy."""
    here = {**settings.child_environment(), **superset_settings.environment(settings)}
    return {**here, "TIENDO_BEHIND_TLS": "1", **identity_provider.environment(settings)}


def main(arguments: list[str]) -> int:
    """Become the service, or do the one thing and end."""
    os.umask(UMASK)
    part = arguments[0] if arguments else ""
    try:
        settings = Settings.read()
        if part in ONE_SHOT:
            # Superset's image has none of what this imports.
            from tiendo.operate import containers_once  # noqa: PLC0415

            return containers_once.run(part, settings)
        if part in AIRFLOW:
            become([str(settings.platform_env / "bin" / "airflow"), *AIRFLOW[part]], airflow_environment(settings))
        if part == "superset":
            become([*superset_settings.command(settings, "0.0.0.0")], superset_environment(settings))  # noqa: S104
        if part == "superset-init":
            return superset_init(settings)
        if part == "run":
            # For a person: `… run worker tiendo status`, with what that container is given.
            become(arguments[1:], airflow_environment(settings))
    except SettingsError as error:
        sys.stderr.write(f"tiendo: {error}\n")
        return 2
    known = ", ".join([*ONE_SHOT, *AIRFLOW, "superset", "superset-init", "run"])
    sys.stderr.write(f"tiendo: {part!r} không phải là một phần / is no part of the house: {known}\n")
    return 2


def superset_init(settings: Settings) -> int:
    """Superset's tables, accounts and pages."""
    folder, environment = settings.checkout / "superset", superset_environment(settings)
    assets = str(settings.home / "superset" / "assets")
    for words in (["prepare.py"], ["import_assets.py", assets]):
        code = subprocess.run(
            [sys.executable, str(folder / words[0]), *words[1:]], env=environment, check=False
        ).returncode
        if code:
            return code
    return 0


def become(command: list[str], environment: dict[str, str]) -> None:
    """Replace this process."""
    sys.stdout.flush()
    os.execvpe(command[0], command, environment)  # noqa: S606


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
