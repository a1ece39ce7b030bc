"""Which passwords a start sets and which accounts it opens: prepare.py and airflow_accounts.py over stand-ins."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Boolean, String, create_engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, configure_mappers, mapped_column

ROOT = Path(__file__).parents[2]
PEOPLE = {"engineer": "a-first-one-of-theirs", "evaluator": "a-second-one", "leader": "a-third-one"}
UNITS = {"tiendo_unit_01": "of-unit-01", "tiendo_unit_02": "of-unit-02"}


class Base(DeclarativeBase):
    """The tables of this test."""


class User(Base):
    """As much of Flask-AppBuilder's user as a start touches."""

    __tablename__ = "ab_user"
    username: Mapped[str] = mapped_column(String, primary_key=True)
    password: Mapped[str | None] = mapped_column(String)
    active: Mapped[bool | None] = mapped_column(Boolean)
    roles: list[str] = []  # noqa: RUF012  not what is tried here

    def __init__(self, username: str, **_: str) -> None:
        super().__init__(username=username)

    @property
    def id(self) -> str:
        """Its key."""
        return self.username


class Manager:
    """As much of its security manager; both houses have one."""

    user_model = User

    def __init__(self, session: Session) -> None:
        self.session = session

    def find_role(self, name: str) -> str:
        """A role is its name."""
        return name

    def sync_roles(self) -> None:
        """There are none."""

    def find_user(self, username: str) -> User | None:
        """By name."""
        return self.session.get(User, username)

    def add_user(self, name: str, _first: str, _last: str, _mail: str, roles: Any, password: str) -> User:
        """A new one, committed as theirs is."""
        user = User(name)
        user.roles, user.password, user.active = roles, f"hash of {password}", True
        self.session.add(user)
        self.session.commit()
        return user

    def update_user(self, _user: User) -> bool:
        """Committed as theirs is: a fault of the database is an answer."""
        try:
            self.session.commit()
        except DatabaseError:
            self.session.rollback()
            return False
        return True

    def reset_password(self, name: str, password: str) -> bool:
        """As Airflow's; Superset's answers nothing."""
        found = self.find_user(name)
        assert found
        found.password = f"hash of {password}"
        return self.update_user(found)


def load(path: str) -> Any:
    """A script as a module."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


Given = load("superset/account_passwords.py").Given


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A database of accounts, and stand-ins for what Superset and Airflow bring."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    # Airflow, where another test imported it, looks for all of its models when the first of anybody's is used.
    configure_mappers()
    # A unit is known by its role, which this table has not.
    monkeypatch.setattr(User, "roles", ["unit"])
    with Session(engine) as opened:
        manager = Manager(opened)

        @contextmanager
        def builder() -> Iterator[Any]:
            yield SimpleNamespace(sm=manager)

        stubs: dict[str, dict[str, Any]] = {
            "superset.app": {"create_app": None},
            "superset.extensions": {"db": SimpleNamespace(session=opened), "security_manager": manager},
            "werkzeug.security": {"generate_password_hash": lambda password, *_: f"hash of {password}"},
            "airflow.providers.fab.auth_manager.cli_commands.utils": {"get_application_builder": builder},
            "airflow.utils.providers_configuration_loader": {"providers_configuration_loaded": lambda run: run},
        }
        for name, members in stubs.items():
            parts = name.split(".")
            for end in range(1, len(parts) + 1):
                monkeypatch.setitem(sys.modules, ".".join(parts[:end]), ModuleType(".".join(parts[:end])))
            vars(sys.modules[name]).update(members)
        for name, password in PEOPLE.items():
            monkeypatch.setenv(f"TIENDO_{name.upper()}_PASSWORD", password)
        monkeypatch.setenv("AIRFLOW__API__SECRET_KEY", "a-key")
        yield opened
    sys.modules.pop("prepare", None)
    sys.modules.pop("airflow_accounts", None)


@pytest.fixture
def people_of(session: Session) -> dict[str, Callable[[], object]]:
    """A start of each house."""
    prepare, airflow = load("superset/prepare.py"), load("docker/airflow_accounts.py")
    return {"superset": lambda: prepare.prepare_accounts(Given(session, "a-key")), "airflow": airflow.main}


@pytest.mark.parametrize("house", ["superset", "airflow"])
def test_a_password_that_its_owner_changed_stays_until_the_kept_one_is_changed(
    session: Session, people_of: dict[str, Callable[[], object]], house: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def engineers() -> str | None:
        session.expire_all()
        return session.get_one(User, "engineer").password

    start = people_of[house]
    start()
    assert engineers() == f"hash of {PEOPLE['engineer']}"
    session.get_one(User, "engineer").password = "hash of the engineer's own"
    session.commit()
    start()
    session.rollback()
    assert engineers() == "hash of the engineer's own"
    monkeypatch.setenv("TIENDO_ENGINEER_PASSWORD", "a-newer-one-of-theirs")
    start()
    session.rollback()
    assert engineers() == "hash of a-newer-one-of-theirs"
    session.delete(session.get_one(User, "engineer"))
    session.commit()
    start()
    assert engineers() == "hash of a-newer-one-of-theirs"


@pytest.mark.parametrize("house", ["superset", "airflow"])
def test_an_installation_that_kept_no_notes_is_given_the_kept_password_once(
    session: Session, people_of: dict[str, Callable[[], object]], house: str
) -> None:
    Manager(session).add_user("engineer", "", "", "", [], "of-before")
    people_of[house]()
    session.rollback()
    assert session.get_one(User, "engineer").password == f"hash of {PEOPLE['engineer']}"


@pytest.mark.parametrize("house", ["superset", "airflow"])
@pytest.mark.parametrize("fault_at", [1, 2, 3])
def test_a_start_whose_database_fails_says_so_and_the_next_one_sets_the_password(
    session: Session,
    people_of: dict[str, Callable[[], object]],
    house: str,
    fault_at: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = people_of[house]
    start()
    monkeypatch.setenv("TIENDO_ENGINEER_PASSWORD", "a-newer-one-of-theirs")
    commits, commit = 0, session.commit

    def failing() -> None:
        nonlocal commits
        commits += 1
        if commits == fault_at:
            raise DatabaseError("commit", None, OSError("the disk is full"))
        commit()

    with monkeypatch.context() as broken:
        broken.setattr(session, "commit", failing)
        try:
            was_told = start() not in (None, 0)
        except DatabaseError:
            was_told = True
    assert was_told == (commits >= fault_at)
    session.rollback()
    start()
    session.rollback()
    session.expire_all()
    assert session.get_one(User, "engineer").password == "hash of a-newer-one-of-theirs"


def test_an_account_of_a_unit_that_was_switched_off_stays_so(session: Session) -> None:
    prepare = load("superset/prepare.py")

    def start(passwords: dict[str, str]) -> dict[str, tuple[str | None, bool | None]]:
        prepare.prepare_unit_accounts(passwords, Given(session, "a-key"))
        session.rollback()
        session.expire_all()
        return {user.username: (user.password, user.active) for user in session.query(User)}

    first, second = UNITS
    made = start(UNITS)
    assert made == {name: (f"hash of {password}", True) for name, password in UNITS.items()}
    session.get_one(User, first).active = False
    session.get_one(User, second).password = "hash of its own"
    session.commit()
    as_left = {first: (f"hash of {UNITS[first]}", False), second: ("hash of its own", True)}
    assert start(UNITS) == as_left
    # A kept password that is new is set, and opens nothing.
    assert start({**UNITS, first: "newer"}) == {**as_left, first: ("hash of newer", False)}
    # A unit that is no more cannot sign in; one that comes back may, with the password that is kept for it.
    assert start({first: "newer"})[second] == ("hash of its own", False)
    assert start({first: "newer", second: UNITS[second]})[second] == made[second]


def test_a_note_tells_nobody_the_password(session: Session) -> None:
    for key in ("a-key", "another"):
        given = Given(session, key)
        assert given.is_new("leader", PEOPLE["leader"])
        given.note("leader", PEOPLE["leader"])
        assert not given.is_new("leader", PEOPLE["leader"])
        assert given.is_new("evaluator", PEOPLE["leader"])
        given.note("evaluator", PEOPLE["leader"])
    rows = session.execute(text("select name, digest from tiendo_account")).all()
    assert len({digest for _, digest in rows}) == 2
    assert PEOPLE["leader"] not in str(rows)
