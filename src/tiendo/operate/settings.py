"""Where everything is and how to reach it: the only reader of the environment.

In: TIENDO_* variables and, for secrets, <home>/secrets.json; in a container <TIENDO_SECRETS>/secrets.json, which holds
what that container needs and no more. Out: a frozen `Settings`, data source names, and the environment handed to child
processes. Standard library only: `setup.py` imports it before anything is installed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parents[3]
OWN_DATABASES = ("airflow", "superset")
LOGIN_ROLES = ("owner", "loader", "builder", "publisher", "reader")
# The accounts of people; superset/ and docker/ import nothing of this and are compared with it by a test.
ACCOUNTS = ("engineer", "evaluator", "leader")
# Handed to children, so that superset/ and dbt_project/ read plain variables and never secrets.json.
PASSWORDS = ("builder", "loader", "publisher", "reader", "airflow", "superset", *ACCOUNTS)
KEYS = ("superset_key",)
# A Fernet key is 32 bytes; a JWT is signed with HS512, which wants 64.
SECRET_BYTES = {"airflow_fernet_key": 32, "airflow_jwt_key": 64, "airflow_api_key": 32, "superset_key": 42}
# The superuser's password that the server may still have, until `init` has told it the new one.
POSTGRES_BEFORE = "postgres_before"
# A ministry's warehouse talks to nobody.
QUIET = {
    "DO_NOT_TRACK": "1",
    "SCARF_ANALYTICS": "false",
    "SCARF_NO_ANALYTICS": "true",
    "GX_ANALYTICS_ENABLED": "false",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "AIRFLOW__COSMOS__ENABLE_TELEMETRY": "false",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "false",
    "AIRFLOW__METRICS__STATSD_ON": "false",
    "AIRFLOW__METRICS__OTEL_ON": "false",
    "AIRFLOW__TRACES__OTEL_ON": "false",
}
# Without bytecode each start compiles the libraries anew: eleven seconds for a gate instead of four.
UNWANTED = ("PYTHONDONTWRITEBYTECODE",)


class SettingsError(Exception):
    """A TIENDO_* variable holds something that cannot be used."""


@dataclass(frozen=True)
class Production:
    """What only an installation of containers has: its kind, and the numbers and addresses that .env decides."""

    kind: str
    host: str
    airflow_url: str
    worker_tasks: str
    heartbeat_seconds: str
    sample: str

    @classmethod
    def read(cls) -> Production:
        """From the environment that docker-compose.yml writes."""
        return cls(
            kind=os.environ.get("TIENDO_KIND", ""),
            host=os.environ.get("TIENDO_HOST", "localhost"),
            airflow_url=os.environ.get("TIENDO_AIRFLOW_URL", ""),
            worker_tasks=os.environ.get("TIENDO_WORKER_TASKS", "4"),
            heartbeat_seconds=os.environ.get("TIENDO_HEARTBEAT_TIMEOUT", "90"),
            sample=os.environ.get("TIENDO_SAMPLE", ""),
        )

    @property
    def is_real(self) -> bool:
        """Whether real reports are in this installation; the sample never gets into it."""
        return self.kind == "production"


@dataclass(frozen=True)
class Settings:
    """Folders, ports and names of one installation; secrets are read on demand and never kept in the object."""

    home: Path
    programme_dir: Path
    host: str
    postgres_port: int
    airflow_port: int
    superset_port: int
    database: str
    checkout: Path
    postgres_bin: Path | None = None
    airflow_host: str = "127.0.0.1"
    # A folder of secrets that somebody else made for us: nothing is made up beside them.
    given_secrets: Path | None = None
    # Whether the server is to be used as a Citus coordinator: see citus.py.
    citus: bool = False

    @classmethod
    def read(cls) -> Settings:
        """Settings from the environment; a relative programme folder is taken from dbt_project, any other from here."""
        programme = os.environ.get("TIENDO_PROGRAMME")
        # Relative to dbt_project, as dbt reads it.
        programme_dir = (CHECKOUT / "dbt_project" / (programme or "seeds")).resolve()
        if not programme_dir.is_relative_to(CHECKOUT):
            raise SettingsError(
                f"TIENDO_PROGRAMME={programme!r}: thư mục chương trình phải nằm trong {CHECKOUT}. / "
                f"the programme's folder must lie inside {CHECKOUT}."
            )
        postgres_bin = os.environ.get("TIENDO_POSTGRES_BIN")
        given_secrets = os.environ.get("TIENDO_SECRETS")
        return cls(
            home=default_home(CHECKOUT),
            programme_dir=programme_dir,
            host=os.environ.get("TIENDO_POSTGRES_HOST", "127.0.0.1"),
            postgres_port=_port("TIENDO_POSTGRES_PORT", 54320),
            airflow_port=_port("TIENDO_AIRFLOW_PORT", 8080),
            superset_port=_port("TIENDO_SUPERSET_PORT", 8088),
            database=os.environ.get("TIENDO_DATABASE", "tiendo"),
            checkout=CHECKOUT,
            postgres_bin=Path(postgres_bin).resolve() if postgres_bin else None,
            airflow_host=os.environ.get("TIENDO_AIRFLOW_HOST", "127.0.0.1"),
            given_secrets=Path(given_secrets).resolve() if given_secrets else None,
            citus=_switch("TIENDO_CITUS"),
        )

    @property
    def landing(self) -> Path:
        """The landing store: received bytes, addressed by SHA-256."""
        return self.home / "landing"

    @property
    def doors(self) -> Path:
        """One folder a unit, where its reports arrive and its answers go."""
        return self.home / "doors"

    @property
    def unit_logins(self) -> Path:
        """The passwords of the units' database logins, by login; Superset reads them."""
        return self.secrets_folder / "unit_logins.json"

    @property
    def unit_accounts(self) -> Path:
        """The passwords of the units' Superset accounts, by login: each is handed to its unit."""
        return self.secrets_folder / "unit_accounts.json"

    @property
    def log(self) -> Path:
        """Logs of all services."""
        return self.home / "log"

    @property
    def platform_env(self) -> Path:
        """The running interpreter's environment: another TIENDO_HOME shares it."""
        return Path(sys.prefix)

    @property
    def superset_env(self) -> Path:
        """Superset's environment, beside the platform's."""
        return Path(sys.prefix).parent / "superset"

    @property
    def secrets_folder(self) -> Path:
        """Where secrets.json and the passwords of the units lie."""
        return self.given_secrets or self.home

    def secret(self, name: str) -> str:
        """The secret called `name`; made at first use, kept in secrets.json (0600), overridden by the environment."""
        for variable in (f"TIENDO_{name.upper()}_PASSWORD", f"TIENDO_SECRET_{name.upper()}"):
            if os.environ.get(variable):
                return os.environ[variable]
        path = self.secrets_folder / "secrets.json"
        if self.given_secrets is None:
            return kept(path, (name,))[name]
        try:
            return _read_secrets(path)[name]
        except KeyError:
            raise SettingsError(
                f"{path} không có {name}: dịch vụ này không được giao mật khẩu ấy. / "
                f"{path} does not hold {name}: this service is not given that secret."
            ) from None

    def has_secret(self, name: str) -> bool:
        """Whether `secret(name)` has an answer: always, but where secrets are given."""
        try:
            self.secret(name)
        except SettingsError:
            return False
        return True

    def dsn(self, role: str, database: str | None = None, driver: str = "postgresql") -> str:
        """The address of a database as `role` ('tiendo_loader' or 'loader', 'airflow', 'superset', 'postgres')."""
        short = role.removeprefix("tiendo_")
        login = f"tiendo_{short}" if short in LOGIN_ROLES else short
        target = database or (short if short in OWN_DATABASES else self.database)
        return f"{driver}://{login}:{quote(self.secret(short), safe='')}@{self.host}:{self.postgres_port}/{target}"

    def child_environment(self) -> dict[str, str]:
        """The environment of dbt, the expectations, Airflow and Superset: ours, this installation's, no telemetry."""
        project = self.checkout / "dbt_project"
        path = os.pathsep.join([str(self.platform_env / "bin"), os.environ.get("PATH", os.defpath)])
        inherited = {name: value for name, value in os.environ.items() if name not in UNWANTED}
        return {
            **inherited,
            **QUIET,
            "PATH": path,
            "PYTHONUTF8": "1",
            "TIENDO_HOME": str(self.home),
            # Never absolute: dbt writes what it compiled to <target>/<seed path>, which would be the seed itself.
            "TIENDO_PROGRAMME": os.path.relpath(self.programme_dir, project),
            "TIENDO_CHECKOUT": str(self.checkout),
            "TIENDO_POSTGRES_HOST": self.host,
            "TIENDO_POSTGRES_PORT": str(self.postgres_port),
            "TIENDO_AIRFLOW_PORT": str(self.airflow_port),
            "TIENDO_SUPERSET_PORT": str(self.superset_port),
            "TIENDO_DATABASE": self.database,
            "TIENDO_CITUS": "1" if self.citus else "0",
            **{f"TIENDO_{name.upper()}_PASSWORD": self.secret(name) for name in PASSWORDS if self.has_secret(name)},
            **{f"TIENDO_SECRET_{name.upper()}": self.secret(name) for name in KEYS if self.has_secret(name)},
            "TIENDO_UNIT_LOGINS": str(self.unit_logins),
            "TIENDO_UNIT_ACCOUNTS": str(self.unit_accounts),
            "DBT_PROJECT_DIR": str(project),
            "DBT_PROFILES_DIR": str(project),
            "DBT_TARGET_PATH": str(self.home / "dbt" / "target"),
            "DBT_LOG_PATH": str(self.log / "dbt"),
        }


def kept(path: Path, names: Iterable[str]) -> dict[str, str]:
    """The secrets `names` of a file that only we can read (0600); those that are missing are made now."""
    wanted = tuple(names)
    known = _read_secrets(path)
    if not known.keys() >= set(wanted):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.with_suffix(".lock")):
            known = _read_secrets(path)
            new = {n: secrets.token_urlsafe(SECRET_BYTES.get(n, 18)) for n in wanted if n not in known}
            known |= new
            if new:
                _write_secrets(path, known)
    return {name: known[name] for name in wanted}


def replace_secrets(path: Path, given: Mapping[str, str]) -> None:
    """Put these secrets into the file, in place of what it holds under their names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path.with_suffix(".lock")):
        known = _read_secrets(path)
        old = known.get("postgres", "")
        if old and given.get("postgres", old) != old:
            # Changed twice before a start: the server still has the first.
            known.setdefault(POSTGRES_BEFORE, old)
        _write_secrets(path, {**known, **given})


def forget_secret(path: Path, name: str) -> None:
    """Take this secret out of the file."""
    with _locked(path.with_suffix(".lock")):
        _write_secrets(path, {kept: text for kept, text in _read_secrets(path).items() if kept != name})


def default_home(checkout: Path) -> Path:
    """TIENDO_HOME, else <checkout>/.tiendo.

    As root in a folder that others cannot enter it is /var/lib/tiendo/<hash>: PostgreSQL does not run as root.
    """
    if os.environ.get("TIENDO_HOME"):
        return Path(os.environ["TIENDO_HOME"]).resolve()
    if os.geteuid() == 0 and not _others_may_enter(checkout):
        return Path("/var/lib/tiendo") / hashlib.sha256(str(checkout).encode()).hexdigest()[:12]
    return checkout / ".tiendo"


def _others_may_enter(folder: Path) -> bool:
    return all(part.stat().st_mode & stat.S_IXOTH for part in (folder, *folder.parents))


def _port(variable: str, default: int) -> int:
    text = os.environ.get(variable, str(default))
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingsError(
            f"{variable}={text!r} không phải là số cổng (1-65535). / "
            f"{variable}={text!r} is not a port number (1-65535)."
        )
    return int(text)


def _switch(variable: str) -> bool:
    text = os.environ.get(variable, "0")
    if text not in ("0", "1"):
        raise SettingsError(f"{variable}={text!r}: chỉ nhận 0 hoặc 1. / 0 or 1 is wanted.")
    return text == "1"


def _read_secrets(path: Path) -> dict[str, str]:
    try:
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return known


def _write_secrets(path: Path, known: dict[str, str]) -> None:
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
    draft.replace(path)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
