"""One login for each unit in PostgreSQL, and which units each may see.

In: the units of the seeds, and a migrated warehouse. Out: a role a unit with its own generated password, which reads
`published` and nothing else; the table `ops.unit_login` that the row-level rules of the store go by. The database
passwords lie in <home>/unit_logins.json, those of the units' Superset accounts in <home>/unit_accounts.json.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Any

import psycopg
from psycopg import sql

from tiendo.operate import postgres
from tiendo.operate.errors import ServiceError
from tiendo.operate.roles import LOCK, TEMP_FILES, UNIT_ROLE
from tiendo.operate.settings import Settings, kept
from tiendo.programme import Programme
from tiendo.programme.units import Unit

# PostgreSQL cuts longer names off without a word, and two units would share a login.
NAME_BYTES = 63
# A page asks for each of its charts at once.
CONNECTIONS = 20
# Where a session of a unit starts; the last one it may not change.
SETTINGS = {"default_transaction_read_only": "on", "statement_timeout": "30s", "temp_file_limit": TEMP_FILES}


def login_of(unit: Unit) -> str:
    """The unit's login: its code and its first day, since a code alone may mean two units over time."""
    login = f"{UNIT_ROLE}_{unit.code}_{unit.valid_from:%Y%m%d}".lower()
    if not re.fullmatch(r"[a-z0-9_]+", login) or len(login) > NAME_BYTES:
        raise ServiceError(
            f"{unit.key}: không tạo được tên đăng nhập từ mã đơn vị ({login}): chỉ chữ a-z, số và _, tối đa "
            f"{NAME_BYTES} byte.\n        {unit.key}: its code makes no login: a-z, digits and _, "
            f"{NAME_BYTES} bytes at most."
        )
    return login


def visible_keys(programme: Programme, unit: Unit) -> list[str]:
    """The keys of the units whose rows a unit may see: its own, and what it came from or became alone.

    What others became too, or others came from too, is the sum of several: less one's own rows it would be theirs.
    """
    before, after = programme.ancestors(unit), programme.descendants(unit)
    line = {unit, *before, *after}
    kept_before = [each for each in before if line.issuperset(programme.descendants(each))]
    kept_after = [each for each in after if line.issuperset(programme.ancestors(each))]
    return [each.key for each in (unit, *kept_before, *kept_after)]


def make_passwords(settings: Settings, programme: Programme) -> tuple[dict[str, Unit], dict[str, str]]:
    """The units by login, and the passwords of their logins; those that are missing are made, accounts' too."""
    units = {login_of(unit): unit for unit in programme.units}
    if len(units) < len(programme.units):
        raise ServiceError("hai đơn vị có cùng tên đăng nhập / two units would have the same login")
    kept(settings.unit_accounts, units)
    return units, kept(settings.unit_logins, units)


def prepare(settings: Settings) -> None:
    """Bring the units' logins, and what each may see, to what the seeds say, in one transaction."""
    programme = Programme.read(settings.programme_dir)
    units, passwords = make_passwords(settings, programme)
    with postgres.connect(settings, settings.database) as connection, connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        _roles(connection, passwords)
        connection.execute("delete from ops.unit_login")
        with connection.cursor().copy("copy ops.unit_login (login, unit_key) from stdin") as copy:
            for login, unit in units.items():
                for key in visible_keys(programme, unit):
                    copy.write_row((login, key))


def _roles(connection: psycopg.Connection[Any], passwords: dict[str, str]) -> None:
    known: dict[str, str] = dict(
        connection.execute(
            "select r.rolname, case when r.rolcanlogin then coalesce(r.rolpassword, '') else '' end "
            "from pg_authid as r inner join pg_auth_members as m on m.member = r.oid where m.roleid = %s::regrole",
            (UNIT_ROLE,),
        ).fetchall()
    )
    statements = []
    for login, password in passwords.items():
        name = sql.Identifier(login)
        if login not in known:
            statements.append(sql.SQL("create role {} nologin nosuperuser nocreatedb nocreaterole").format(name))
            # Without `set`, or the login could become the group, which is no unit.
            statements.append(
                sql.SQL("grant {} to {} with inherit true, set false").format(sql.Identifier(UNIT_ROLE), name)
            )
        # Each time: a login of before may lack one, and some are the login's own to change.
        statements += [
            sql.SQL("alter role {} set {} = {}").format(name, sql.Identifier(setting), sql.Literal(value))
            for setting, value in SETTINGS.items()
        ]
        if not _is_verified(password, known.get(login, "")):
            # Hashed here, so that the password itself is in no statement and hence in no log.
            hashed = connection.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
            statements.append(
                sql.SQL("alter role {} login connection limit {} password {}").format(
                    name, sql.Literal(CONNECTIONS), sql.Literal(hashed)
                )
            )
    # Units that the seeds no longer have: their roles stay, nobody comes in by them.
    statements += [
        sql.SQL("alter role {} nologin").format(sql.Identifier(login)) for login in known.keys() - passwords.keys()
    ]
    if statements:
        connection.execute(sql.SQL("; ").join(statements))


def _is_verified(password: str, verifier: str) -> bool:
    """Whether a stored SCRAM verifier is that of the password: a role that has it already is left alone."""
    found = re.fullmatch(r"SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):.+", verifier)
    if not found:
        return False
    count, salt, stored = int(found[1]), base64.b64decode(found[2]), base64.b64decode(found[3])
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, count)
    key = hmac.digest(salted, b"Client Key", "sha256")
    return hmac.compare_digest(hashlib.sha256(key).digest(), stored)
