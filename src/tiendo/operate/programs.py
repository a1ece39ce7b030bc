"""Which services there are and the environment they live in.

In: the settings. Out: one `Program` a service, in the order in which they depend on each other, and the environment
that supervisord hands to all of them.
"""

from __future__ import annotations

from tiendo.operate import airflow_settings, postgres, superset_settings
from tiendo.operate.settings import ACCOUNTS, Settings
from tiendo.operate.supervisor import Program

POSTGRES = "postgres"
API_SERVER = "airflow-api-server"
AIRFLOW = (API_SERVER, "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer")
SUPERSET = "superset"
# What people sign in to and ask in SQL is not handed what writes to the warehouse, nor Airflow's keys, nor passwords
# of accounts that it has in its own tables.
NOT_FOR_SUPERSET = (
    *(f"TIENDO_{name.upper()}_PASSWORD" for name in ("builder", "loader", "publisher", "airflow", *ACCOUNTS)),
    *(f"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN{kind}" for kind in ("", "_ASYNC")),
    *("AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API__SECRET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET"),
)


def environment(settings: Settings) -> dict[str, str]:
    """Of Airflow and Superset, and of what they start."""
    return {
        **settings.child_environment(),
        **airflow_settings.environment(settings),
        **superset_settings.environment(settings),
    }


def programs(settings: Settings) -> list[Program]:
    """All services."""
    return [_postgres(settings), *_airflow(settings), _superset(settings)]


def _postgres(settings: Settings) -> Program:
    # The database needs none of the others' passwords: it starts with an empty environment.
    clean = ("/usr/bin/env", "-i", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin")
    return Program(
        name=POSTGRES,
        command=(*clean, *postgres.command(settings)),
        directory=postgres.data_folder(settings).parent,
        priority=10,
        user=postgres.server_user(),
        # Fast shutdown; the default signal would wait for every session to leave by itself.
        stop_signal="INT",
        stop_seconds=60,
        stop_group=False,
    )


def _airflow(settings: Settings) -> list[Program]:
    airflow = str(settings.platform_env / "bin" / "airflow")
    # Task logs are read from the shared folder; serving them again would take two more ports.
    words = {"airflow-scheduler": ("--skip-serve-logs",), "airflow-triggerer": ("--skip-serve-logs",)}
    return [
        Program(
            name=name,
            command=(airflow, name.removeprefix("airflow-"), *words.get(name, ())),
            directory=settings.checkout,
            priority=20 + order,
            stop_seconds=30,
        )
        for order, name in enumerate(AIRFLOW)
    ]


def _superset(settings: Settings) -> Program:
    without = [word for name in NOT_FOR_SUPERSET for word in ("-u", name)]
    return Program(
        name=SUPERSET,
        command=("/usr/bin/env", *without, *superset_settings.command(settings, "127.0.0.1")),
        directory=settings.home / "superset",
        priority=40,
    )
