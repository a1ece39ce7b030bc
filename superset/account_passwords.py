"""Which kept password each account was last given: one that somebody changed on the pages since then stays changed.

In: a session of the database that the accounts are in, and a key that is not in it. Out: the table `tiendo_account`, a
row an account, in that database: a backup holds the accounts and the rows of one moment. Superset's own start and
Airflow's use it; both bring SQLAlchemy. Of an identity provider's people docker/oidc.py notes who they are there.
"""

from __future__ import annotations

import hmac
from typing import Any

from sqlalchemy import text

TABLE = "create table if not exists tiendo_account (name varchar(256) primary key, digest varchar(64) not null)"
KNOWN = "select name, digest from tiendo_account"
NOTE = """
insert into tiendo_account (name, digest) values (:name, :digest)
on conflict (name) do update set digest = excluded.digest
"""
FORGET = "delete from tiendo_account where name = :name"


class Given:
    """What the accounts of one database were given; a change is the caller's to commit, with the password itself."""

    def __init__(self, session: Any, key: str) -> None:
        self.session = session
        self.key = key.encode()
        session.execute(text(TABLE))
        self.known: dict[str, str] = dict(session.execute(text(KNOWN)).fetchall())

    def knows(self, name: str) -> bool:
        """Whether the account was ever given one."""
        return name in self.known

    def is_new(self, name: str, password: str) -> bool:
        """Whether this is not the password that the account was given last."""
        return self.known.get(name) != self._digest(name, password)

    def note(self, name: str, password: str) -> None:
        """The account has this one now: said after it was set, never before, or a fault between would last."""
        digest = self._digest(name, password)
        if self.known.get(name) != digest:
            self.known[name] = digest
            self.session.execute(text(NOTE), {"name": name, "digest": digest})

    def _digest(self, name: str, password: str) -> str:
        # With a key, or whoever reads the table could try passwords at the speed of SHA-256.
        return hmac.digest(self.key, f"{name}\0{password}".encode(), "sha256").hex()

    def forget(self, name: str) -> None:
        """The account is closed: should it come back, it is new."""
        if self.known.pop(name, None):
            self.session.execute(text(FORGET), {"name": name})
