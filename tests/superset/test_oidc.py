"""Whom docker/oidc.py lets into which account, over stand-ins for what Superset and Airflow bring."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

ROOT = Path(__file__).resolve().parents[2]
BROUGHT = (
    "flask",
    "flask_appbuilder",
    "flask_appbuilder.security",
    "flask_appbuilder.security.decorators",
    "flask_appbuilder.security.forms",
    "flask_appbuilder.utils",
    "flask_appbuilder.utils.base",
    "flask_login",
    "werkzeug",
    "werkzeug.security",
)


class Manager:
    """As much of Flask-AppBuilder's security manager as a sign-in touches; a group is a role of the same name."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.accounts: dict[str, SimpleNamespace] = {}

    def get_roles_from_keys(self, keys: list[str]) -> set[str]:
        return {key for key in keys if key in ("evaluators", "engineers")}

    def find_user(self, username: str) -> SimpleNamespace | None:
        return self.accounts.get(username.lower())

    def add_user(self, name: str, *words: Any, **_: Any) -> SimpleNamespace:
        self.accounts[name.lower()] = SimpleNamespace(username=name, roles=words[-1])
        return self.accounts[name.lower()]

    def update_user(self, _user: SimpleNamespace) -> bool:
        return True

    def auth_user_oauth(self, userinfo: dict[str, Any]) -> SimpleNamespace | None:
        user = self.find_user(userinfo["username"])
        if user:
            user.roles = list(self.get_roles_from_keys(userinfo["role_keys"]))
        return user


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A security manager with the provider's people."""
    for name in BROUGHT:
        monkeypatch.setitem(sys.modules, name, MagicMock())
    monkeypatch.setitem(sys.modules, "flask_appbuilder.security.views", MagicMock(AuthOAuthView=object))
    monkeypatch.setenv("TIENDO_OIDC_ISSUER", "https://id.example.invalid/")
    monkeypatch.setattr(sys, "path", [str(ROOT / "docker"), *sys.path])
    oidc = importlib.import_module("oidc")
    with Session(create_engine("sqlite://")) as session:
        made = type("Made", (oidc.OfProvider, Manager), {})(session)
        made.user_of = oidc.user_of
        yield made
    sys.modules.pop("oidc", None)


def sign_in(manager: Any, name: str, subject: str, *groups: str) -> list[str] | None:
    """The roles of who signed in, None for who was turned away."""
    claims = {"sub": subject, "preferred_username": name, "groups": list(groups)}
    user = manager.auth_user_oauth(manager.user_of({"userinfo": claims}))
    manager.session.rollback()
    return None if user is None else user.roles


def test_a_name_that_passes_to_another_opens_nothing(manager: Any) -> None:
    assert sign_in(manager, "lan", "1", "evaluators") == ["evaluators"]
    for groups in (("engineers",), ()):
        assert sign_in(manager, "Lan", "2", *groups) is None
        assert manager.find_user("lan").roles == ["evaluators"]
    assert sign_in(manager, "lan", "1", "engineers") == ["engineers"]
    # Who left the groups, and came back.
    assert sign_in(manager, "lan", "1") is None
    assert manager.find_user("lan").roles == []
    assert sign_in(manager, "lan", "1", "evaluators") == ["evaluators"]
    # An engineer gave the account another name: this one is free.
    manager.accounts["lan-2026"] = manager.accounts.pop("lan")
    assert sign_in(manager, "lan", "2", "engineers") == ["engineers"]
    assert sign_in(manager, "lan", "1", "evaluators") is None


def test_another_provider_says_anew_who_is_who(manager: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sign_in(manager, "lan", "1", "evaluators") == ["evaluators"]
    monkeypatch.setenv("TIENDO_OIDC_ISSUER", "https://new.example.invalid")
    assert sign_in(manager, "lan", "a", "evaluators") == ["evaluators"]
    assert sign_in(manager, "lan", "1", "evaluators") is None


def test_an_account_of_before_the_notes_is_its_first_ones(manager: Any) -> None:
    manager.add_user("minh", ["evaluators"])
    assert sign_in(manager, "minh", "1", "evaluators") == ["evaluators"]
    assert sign_in(manager, "minh", "2", "evaluators") is None


@pytest.mark.parametrize("name", ["leader", "Engineer", "tiendo_unit_01_20250701"])
def test_nobody_of_the_provider_becomes_an_account_of_ours(manager: Any, name: str) -> None:
    assert sign_in(manager, name, "1", "engineers") is None
    assert manager.accounts == {}
