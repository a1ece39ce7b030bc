"""Whether the service of this container does its work: exit code 0 or 1. For the health checks of docker-compose.yml.

python docker/health.py http http://127.0.0.1:8080/…     answers with 200
python docker/health.py job SchedulerJob                 has told Airflow's database so within a minute
python docker/health.py worker                           answers over the queue
"""

# ruff: noqa: PLC0415  a check runs every half minute: it imports what it needs and no more

from __future__ import annotations

import socket
import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from tiendo.operate.settings import Settings

SECONDS = 8


def http(address: str) -> bool:
    """An address that answers."""
    with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310  our own address, from the compose file
        return bool(answer.status == 200)


def job(kind: str) -> bool:
    """A part of Airflow that beats."""
    import psycopg

    query = (
        "select 1 from job where job_type = %s and hostname = %s and state = 'running' "
        "and latest_heartbeat > now() - interval '60 seconds'"
    )
    with psycopg.connect(Settings.read().dsn("airflow"), connect_timeout=SECONDS) as connection:
        return connection.execute(query, (kind, socket.gethostname())).fetchone() is not None


def worker() -> bool:
    """A Celery worker that takes tasks."""
    from celery import Celery

    queue = Celery(broker=f"redis://:{Settings.read().secret('redis')}@redis:6379/0")
    return bool(queue.control.ping(destination=[f"celery@{socket.gethostname()}"], timeout=SECONDS))


def main(words: list[str]) -> int:
    """One check."""
    checks = {"http": http, "job": job, "worker": worker}
    try:
        return 0 if checks[words[0]](*words[1:]) else 1
    except Exception as error:  # noqa: BLE001  whatever it is, the service is not well
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
