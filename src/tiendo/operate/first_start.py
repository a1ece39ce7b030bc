"""The secrets of an installation of containers: made at the first start, kept, handed out as needed.

In: passwords that somebody set in .env, certificates that somebody laid into docker/tls, or nothing. Out: a folder for
each part under /run/tiendo, and each is a volume that only that part mounts. An empty or well-known password is refused
by name before anything starts, and so is a demo over real data or the other way round.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values

from tiendo.operate import identity_provider, tls, unit_logins
from tiendo.operate.errors import OperateError
from tiendo.operate.settings import (
    ACCOUNTS,
    LOGIN_ROLES,
    SECRET_BYTES,
    Production,
    Settings,
    kept,
    replace_secrets,
)
from tiendo.programme import Programme

FOLDERS = Path("/run/tiendo")
GIVEN_CERTIFICATE = Path("/run/given-tls")
# The file .env itself: in the environment of a container what it holds would be shown by `docker inspect`.
GIVEN_SETTINGS = Path("/run/given-env")
KINDS = ("demo", "production")
# What somebody may set in .env instead of having it made.
VARIABLES = {
    **{f"TIENDO_{name.upper()}_PASSWORD": name for name in ("postgres", *ACCOUNTS)},
    "TIENDO_SECRET_OIDC_CLIENT": identity_provider.CLIENT,
}
NAMES = ("postgres", *LOGIN_ROLES, "airflow", "superset", *ACCOUNTS, "redis", *SECRET_BYTES)
# Who is given what, beside the files written below. Tasks need no password of a database but the warehouse's own roles.
AIRFLOW = ("airflow", "airflow_fernet_key", "airflow_jwt_key", "airflow_api_key", identity_provider.CLIENT)
SUPERSET = ("superset", "superset_key", "reader", identity_provider.CLIENT)
SHARES: dict[str, tuple[str, ...]] = {
    "airflow": AIRFLOW,
    "scheduler": (*AIRFLOW, "redis"),
    "worker": ("redis", "loader", "builder", "publisher"),
    "superset": SUPERSET,
    "superset-init": (*SUPERSET, *ACCOUNTS),
}
WELL_KNOWN = frozenset(
    {
        *ACCOUNTS,
        "admin",
        "administrator",
        "airflow",
        "changeme",
        "changeit",
        "default",
        "example",
        "guest",
        "letmein",
        "matkhau",
        "password",
        "passw0rd",
        "postgres",
        "qwerty",
        "redis",
        "root",
        "secret",
        "superset",
        "test",
        "tiendo",
        "123456",
        "12345678",
        "123456789",
    }
)
SHORTEST = 12


class SecretRefusedError(OperateError):
    """What was given cannot protect anything."""

    exit_code = 2


def check(settings: Settings) -> dict[str, str]:
    """Refuse all that a start would refuse, and write nothing: an upgrade asks before it stops what runs.

    The secrets that somebody set, by name.
    """
    production = Production.read()
    given = require_good(chosen(GIVEN_SETTINGS))
    require_same_kind(FOLDERS / "all" / "kind", production.kind)
    tls.given(GIVEN_CERTIFICATE, production.host)
    if identity_provider.is_named():
        is_kept = keeps_client(FOLDERS / "all" / "secrets.json")
        identity_provider.require_whole(has_secret=is_kept or identity_provider.CLIENT in given)
    Programme.read(settings.programme_dir)
    return given


def prepare(settings: Settings) -> None:
    """Refuse, make, hand out."""
    production, everything = Production.read(), FOLDERS / "all"
    given = check(settings)
    _write(everything / "kind", production.kind)
    known = make(everything / "secrets.json", given)
    units = replace(settings, given_secrets=everything)
    unit_logins.make_passwords(units, Programme.read(settings.programme_dir))
    for part, names in SHARES.items():
        _write(FOLDERS / part / "secrets.json", json.dumps({name: known[name] for name in names if name in known}))
    _write(FOLDERS / "superset" / "unit_logins.json", units.unit_logins.read_text(encoding="utf-8"))
    for name in ("unit_logins.json", "unit_accounts.json"):
        _write(FOLDERS / "superset-init" / name, (everything / name).read_text(encoding="utf-8"))
    _write(FOLDERS / "postgres" / "password", known["postgres"])
    _write(FOLDERS / "redis" / "redis.conf", redis_configuration(known["redis"]))
    for name, text in tls.certificate(everything, GIVEN_CERTIFICATE, production.host).items():
        _write(FOLDERS / "proxy" / name, text)


def chosen(path: Path) -> dict[str, str]:
    """The secrets that somebody set in .env, by variable: an empty one is set. Nothing in them stands for another."""
    try:
        text = path.read_text(encoding="utf-8")
    except PermissionError:
        raise SecretRefusedError(
            "nhóm 10001 không đọc được .env: hãy chạy chgrp 10001 .env rồi chmod 640 .env.\n"
            "        .env is not readable by group 10001: run chgrp 10001 .env, then chmod 640 .env."
        ) from None
    found = dotenv_values(stream=StringIO(text), interpolate=False)
    return {name: found[name] or "" for name in VARIABLES if name in found}


def require_good(given: Mapping[str, str]) -> dict[str, str]:
    """The secrets that somebody set, by name; refused by the name of their variable when they are none."""
    for variable, text in given.items():
        fault = fault_of(text)
        if fault:
            raise SecretRefusedError(
                f"{variable} trong .env {fault[0]}: hãy xóa dòng đó để hệ thống tự tạo, hoặc đặt một mật khẩu riêng.\n"
                f"        {variable} in .env {fault[1]}: delete the line and one is generated, or set one of your own."
            )
    return {VARIABLES[variable]: text for variable, text in given.items()}


def fault_of(password: str) -> tuple[str, str] | None:
    """Why a password is none, in both languages."""
    if not password.strip():
        return "để trống", "is empty"
    bare = "".join(letter for letter in password.lower() if letter.isalnum())
    if bare in WELL_KNOWN or bare.rstrip("0123456789") in WELL_KNOWN:
        return "là mật khẩu ai cũng biết", "is a well-known password"
    if len(password) < SHORTEST:
        return f"ngắn hơn {SHORTEST} ký tự", f"is shorter than {SHORTEST} characters"
    return None


def require_same_kind(note: Path, kind: str) -> None:
    """Real reports and the sample never share an installation."""
    if kind not in KINDS:
        raise SecretRefusedError(
            f"COMPOSE_PROFILES={kind!r} trong .env: hãy đặt demo (dữ liệu giả lập) hoặc production.\n"
            f"        COMPOSE_PROFILES={kind!r} in .env: set demo (synthetic data) or production."
        )
    before = note.read_text(encoding="utf-8") if note.exists() else kind
    if before != kind:
        raise SecretRefusedError(
            f"bản cài này là {before}, không thành {kind} được: dữ liệu giả lập và dữ liệu thật không bao giờ lẫn.\n"
            f"        this installation is {before} and cannot become {kind}: synthetic and real data never mix."
        )


def make(path: Path, given: Mapping[str, str]) -> dict[str, str]:
    """All secrets: those given, those that are there, and the rest made now."""
    if given:
        replace_secrets(path, given)
    return kept(path, [*NAMES, identity_provider.CLIENT] if keeps_client(path) else NAMES)


def keeps_client(path: Path) -> bool:
    """Whether the secret that the identity provider gave our client is there: it cannot be made up."""
    return path.exists() and identity_provider.CLIENT in json.loads(path.read_text(encoding="utf-8"))


def redis_configuration(password: str) -> str:
    """A queue in memory: what it forgets, the scheduler queues again."""
    lines = ("requirepass " + password, "bind * -::*", 'save ""', "appendonly no", "dir /tmp")
    return "\n".join([*lines, "maxmemory 192mb", "maxmemory-policy noeviction", ""])


def _write(path: Path, text: str) -> None:
    # By another name first: who reads it meanwhile reads the old one whole.
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o640)
    draft.write_text(text, encoding="utf-8")
    draft.chmod(0o440)
    draft.replace(path)
