"""How Airflow is set up: all of it as environment variables, so that no airflow.cfg has to be kept in step.

In: the settings and their secrets. Out: the AIRFLOW__* environment that every part of Airflow shares, and the file with
the engineer's password that the simple login reads.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from tiendo.operate.settings import Settings

ENGINEER = "engineer"
INSTANCE_NAME = "tiendo · DỮ LIỆU GIẢ LẬP"


def address(settings: Settings) -> str:
    """Where Airflow's pages and its API are."""
    return f"http://{settings.airflow_host}:{settings.airflow_port}"


def parallelism() -> int:
    """Tasks at once: each forked worker holds about 140 MB, and more than two a core only wait for each other."""
    return max(2, min(8, (os.cpu_count() or 1) * 2))


def environment(settings: Settings) -> dict[str, str]:
    """What Airflow's parts need beside `Settings.child_environment`."""
    log = settings.log / "airflow"
    sections: dict[str, dict[str, str | int]] = {
        "CORE": {
            "EXECUTOR": "LocalExecutor",
            "PARALLELISM": parallelism(),
            "DAGS_FOLDER": str(settings.checkout / "dags"),
            "LOAD_EXAMPLES": "False",
            "DAGS_ARE_PAUSED_AT_CREATION": "False",
            "MAX_ACTIVE_RUNS_PER_DAG": 1,
            "EXECUTION_API_SERVER_URL": f"{address(settings)}/execution/",
            "SIMPLE_AUTH_MANAGER_USERS": f"{ENGINEER}:admin",
            "SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(settings.home / "airflow" / "passwords.json"),
            # A change of a DAG is seen at once: its file is parsed again when its time changes.
            "MIN_SERIALIZED_DAG_UPDATE_INTERVAL": 5,
            "DAGBAG_IMPORT_TIMEOUT": 120,
        },
        "API": {
            "HOST": "127.0.0.1",
            "PORT": settings.airflow_port,
            "BASE_URL": address(settings),
            "WORKERS": 1,
            "INSTANCE_NAME": INSTANCE_NAME,
        },
        "DAG_PROCESSOR": {
            # Parsing the dbt graph costs seconds of one core: new files are looked for often, old ones parsed seldom.
            "REFRESH_INTERVAL": 30,
            "MIN_FILE_PROCESS_INTERVAL": 300,
            "DAG_FILE_PROCESSOR_TIMEOUT": 180,
            "PARSING_PROCESSES": 2,
        },
        "LOGGING": {
            "BASE_LOG_FOLDER": str(log),
            "DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(log / "dag_processor"),
            "COLORED_CONSOLE_LOG": "False",
            "UVICORN_LOGGING_LEVEL": "WARNING",
        },
        # An open task of a dead machine is noticed within a minute and a half instead of five minutes.
        "SCHEDULER": {"TASK_INSTANCE_HEARTBEAT_TIMEOUT": 90},
        "USAGE_DATA_COLLECTION": {"ENABLED": "False"},
    }
    return {"AIRFLOW_HOME": str(settings.home / "airflow"), **flat(sections), **keys(settings)}


def keys(settings: Settings) -> dict[str, str]:
    """What is secret in it; a part that is not given them, as a worker is not, does without."""
    if not settings.has_secret("airflow"):
        return {}
    return flat(
        {
            "CORE": {"FERNET_KEY": settings.secret("airflow_fernet_key") + "="},
            "DATABASE": {
                "SQL_ALCHEMY_CONN": settings.dsn("airflow", driver="postgresql+psycopg2"),
                "SQL_ALCHEMY_CONN_ASYNC": settings.dsn("airflow", driver="postgresql+asyncpg"),
            },
            "API": {"SECRET_KEY": settings.secret("airflow_api_key")},
            "API_AUTH": {"JWT_SECRET": settings.secret("airflow_jwt_key")},
        }
    )


def flat(sections: Mapping[str, Mapping[str, str | int]]) -> dict[str, str]:
    """Options by section, as the environment variables that Airflow reads."""
    return {f"AIRFLOW__{section}__{name}": str(value) for section, of in sections.items() for name, value in of.items()}


def write_passwords(settings: Settings) -> None:
    """The simple login reads its passwords from a file, and makes its own up when there is none."""
    path = settings.home / "airflow" / "passwords.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps({ENGINEER: settings.secret(ENGINEER)}), encoding="utf-8")
