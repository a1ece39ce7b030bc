"""Everybody who evaluates finds the saved questions, each a copy of the own: import_assets.py over stand-ins."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid4, uuid5

import pytest
import yaml
from sqlalchemy import Uuid, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

ROOM = Path(__file__).resolve().parents[2] / "superset"
ROLES = {1: ("evaluator", ["evaluator"]), 2: ("minh", ["Gamma", "evaluator"]), 3: ("leader", ["leader"])}
FIRST, SECOND, GONE = (uuid5(NAMESPACE_DNS, name) for name in ("first", "second", "gone"))


class Base(DeclarativeBase):
    """The tables of this test."""


class User(Base):
    """As much of an account as the questions need."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str]

    @property
    def roles(self) -> list[str]:
        """A role is its name."""
        return ROLES[self.id][1]


class Database(Base):
    """The warehouse."""

    __tablename__ = "dbs"
    id: Mapped[int] = mapped_column(primary_key=True)
    is_managed_externally: Mapped[bool]


class SavedQuery(Base):
    """As Superset's: a UUID is there once."""

    __tablename__ = "saved_query"
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(Uuid, unique=True)
    user_id: Mapped[int]
    created_by_fk: Mapped[int]
    db_id: Mapped[int]
    label: Mapped[str]
    description: Mapped[str]
    schema: Mapped[str]
    sql: Mapped[str]


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A database with three accounts, and stand-ins for what Superset brings."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        opened.add(Database(id=7, is_managed_externally=True))
        opened.add_all(User(id=number, username=name) for number, (name, _) in ROLES.items())
        opened.commit()
        manager = SimpleNamespace(
            user_model=User,
            find_role=lambda name: name,
            find_user=lambda username: opened.query(User).filter(User.username == username).one_or_none(),
        )
        stubs: dict[str, dict[str, Any]] = {
            "superset": {},
            "superset.app": {"create_app": None},
            "superset.extensions": {"db": SimpleNamespace(session=opened), "security_manager": manager},
            "superset.models": {},
            "superset.models.core": {"Database": Database},
            "superset.models.sql_lab": {"SavedQuery": SavedQuery},
        }
        for name, members in stubs.items():
            module = ModuleType(name)
            vars(module).update(members)
            monkeypatch.setitem(sys.modules, name, module)
        monkeypatch.syspath_prepend(str(ROOM))
        yield opened
    for name in ("import_assets", "questions"):
        sys.modules.pop(name, None)


def lay_out(*uuids: UUID) -> None:
    """An import of a folder with these questions."""
    assets = {
        f"questions/{uuid}.yaml": {"uuid": str(uuid), "label": f"of {uuid}", "description": "", "schema": "", "sql": ""}
        for uuid in uuids
    }
    contents = {path: yaml.safe_dump(asset) for path, asset in assets.items()}
    importlib.import_module("import_assets").save_questions(contents)


def found(session: Session) -> dict[str, dict[str, UUID]]:
    """The UUID of each question by owner and label."""
    session.rollback()
    rows: dict[str, dict[str, UUID]] = {}
    for each in session.query(SavedQuery):
        rows.setdefault(ROLES[each.user_id][0], {})[each.label] = each.uuid
    return rows


def test_everybody_who_evaluates_finds_them_and_an_import_tends_them(session: Session) -> None:
    lay_out(FIRST, GONE)
    own = uuid4()
    theirs = {"uuid": own, "user_id": 2, "created_by_fk": 2, "db_id": 7, "description": "", "schema": "", "sql": ""}
    session.add(SavedQuery(label="my own", **theirs))
    session.commit()
    before = found(session)
    assert before["evaluator"] == {f"of {FIRST}": FIRST, f"of {GONE}": GONE}
    assert before["minh"].keys() == {f"of {FIRST}", f"of {GONE}", "my own"}
    lay_out(FIRST, SECOND)
    after = found(session)
    assert after.keys() == {"evaluator", "minh"}
    assert after["minh"].keys() == {f"of {FIRST}", f"of {SECOND}", "my own"}
    assert after["minh"][f"of {FIRST}"] == before["minh"][f"of {FIRST}"]
    assert after["minh"]["my own"] == own


def test_who_comes_between_two_imports_finds_them_too(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(FIRST, SECOND)
    monkeypatch.setitem(ROLES, 4, ("lan", ["evaluator"]))
    new = User(id=4, username="lan")
    session.add(new)
    session.commit()
    importlib.import_module("questions").hand_on(new)
    at_once = found(session)
    lay_out(FIRST, SECOND)
    assert len(at_once["lan"]) == 2
    assert found(session) == at_once


def test_where_none_are_laid_out_yet_nothing_is_handed_on(session: Session) -> None:
    questions = importlib.import_module("questions")
    questions.hand_on(session.get_one(User, 2))
    session.delete(session.get_one(User, 1))
    session.commit()
    questions.hand_on(session.get_one(User, 2))
    assert found(session) == {}
