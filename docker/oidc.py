"""Accounts of an identity provider, for Airflow and for Superset, by environment variables alone.

In: TIENDO_OIDC_ISSUER, TIENDO_OIDC_CLIENT_ID, the client's secret (TIENDO_SECRET_OIDC_CLIENT), and which group of the
provider is which role here (TIENDO_OIDC_ROLES, such as "tiendo-engineers=engineer,tiendo-leaders=leader"). Out: the
options of Flask-AppBuilder, which both use. Who is in none of these groups gets in nowhere, and has no account.

Units sign in to Superset by password as before: a ministry's provider seldom knows its provinces. No other password is
taken, in neither house: not by a form, not for a token.
"""

# ruff: noqa: PLC0415  each of the two houses has only its own half of this

from __future__ import annotations

import logging
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from flask import flash, g, redirect, render_template_string, request, session
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.forms import LoginForm_db
from flask_appbuilder.security.views import AuthOAuthView
from flask_appbuilder.utils.base import get_safe_redirect
from flask_login import login_user
from werkzeug.security import generate_password_hash

# Superset's room keeps the notes of accounts and the questions, and is no package.
sys.path.append(str(Path(__file__).parents[1] / "superset"))
from account_passwords import Given

logger = logging.getLogger("tiendo.oidc")
PROVIDER = "tiendo"
# Our role, and what it is called in each house. A role that a house does not know lets nobody in there.
AIRFLOW_ROLES = {"engineer": ["Admin"], "viewer": ["Viewer"]}
SUPERSET_ROLES = {"engineer": ["Admin"], "evaluator": ["Gamma", "sql_lab", "evaluator"], "leader": ["leader"]}
# Accounts that are made here, by superset/prepare.py and airflow_accounts.py: nobody of the provider becomes one.
OURS = ("engineer", "evaluator", "leader")
UNITS = "tiendo_unit_"
UNIT_ROLE = "unit"


class OfProvider:
    """What both security managers do alike: the provider says who somebody is, and its groups what they may do."""

    def get_oauth_user_info(self: Any, provider: str, resp: dict[str, Any]) -> dict[str, Any]:
        """Who has signed in."""
        return user_of(resp)

    def set_oauth_session(self: Any, provider: str, oauth_response: dict[str, Any]) -> None:
        """Keep no token: nothing is asked of the provider later, and a cookie has room for 4 KB."""
        session["oauth_provider"] = provider

    def auth_user_oauth(self: Any, userinfo: dict[str, Any], **options: Any) -> Any:
        """The account of somebody in one of our groups, made at the first sign-in; None for anybody else."""
        name, roles = userinfo["username"], list(self.get_roles_from_keys(userinfo["role_keys"]))
        user = self.find_user(username=name)
        # Also who is found under such a name: the database has rules of its own for capitals.
        if is_ours(name) or (user is not None and is_ours(user.username)):
            return None
        # A name may pass to another, or be one's own to change; a subject of an issuer never is (OpenID Connect Core,
        # 5.7). No secret: without a key of the house, so that a new one locks nobody out.
        subjects = Given(self.session, key="")
        known_as = f"{issuer()} {user.username if user else name}"
        if user is not None and subjects.knows(known_as) and subjects.is_new(known_as, userinfo["subject"]):
            logger.warning("%s: người khác mang tên này / another person of the provider's by this name", user.username)
            return None
        if not roles:
            if user is not None:
                # Who left the groups must not go on by a session of before.
                user.roles = []
                self.update_user(user)
            return None
        if user is None:
            # Of an empty password Airflow would keep a hash that a password of NULs has too.
            unknown = generate_password_hash(secrets.token_urlsafe(32))
            names = (userinfo["first_name"], userinfo["last_name"], userinfo["email"])
            user = self.add_user(name, *names, roles, hashed_password=unknown)
        if user:
            subjects.note(known_as, userinfo["subject"])
            self.session.commit()
        return super().auth_user_oauth(userinfo, **options)  # type: ignore[misc]

    def auth_user_db(self: Any, username: str, password: str, **options: Any) -> Any:
        """A unit by its password, where there are units; nobody else."""
        user = self.find_user(username=username) if username else None
        if user is None or [role.name for role in user.roles] != [UNIT_ROLE]:
            return None
        return super().auth_user_db(username, password, **options)  # type: ignore[misc]


class SignIn(AuthOAuthView):  # type: ignore[misc]
    """Superset's page of sign-in: the provider for people of the ministry, a form for units."""

    invalid_login_message = "Tài khoản của bộ không vào được đây. / That ministry account does not get in here."
    page = Path(__file__).with_name("sign_in.html")

    @expose("/login/", methods=["GET", "POST"])
    @expose("/login/<provider>")
    @no_cache
    def login(self, provider: str | None = None) -> Any:
        """The page, and what its form sends."""
        if provider or g.user.is_authenticated:
            return super().login(provider)
        form, onward = LoginForm_db(), request.args.get("next", "")
        if form.validate_on_submit():
            user = self.appbuilder.sm.auth_user_db(form.username.data, form.password.data)
            if user:
                login_user(user, remember=False)
                return redirect(get_safe_redirect(onward))
            flash("Sai tên hoặc mật khẩu của đơn vị. / No unit has this name and password.", "warning")
        return render_template_string(
            self.page.read_text(encoding="utf-8"), form=form, provider=PROVIDER, onward=onward
        )


def airflow() -> dict[str, Any]:
    """Options for Airflow's webserver_config.py."""
    from airflow.providers.fab.auth_manager.security_manager.override import FabAirflowSecurityManagerOverride

    class SecurityManager(OfProvider, FabAirflowSecurityManagerOverride):  # type: ignore[misc]
        """Airflow's own, with the provider's people."""

    return {**shared(AIRFLOW_ROLES), "SECURITY_MANAGER_CLASS": SecurityManager}


def superset() -> dict[str, Any]:
    """Options for superset_config.py."""
    from questions import ASKER, hand_on
    from superset.security import SupersetSecurityManager

    class SecurityManager(OfProvider, SupersetSecurityManager):  # type: ignore[misc]
        """Superset's own, with the provider's people and a page that lets units in."""

        authoauthview = SignIn
        # Superset's page would show either the provider or the form.
        register_superset_auth_view = False

        def add_user(self, *words: Any, **options: Any) -> Any:
            """A new account; who evaluates finds the saved questions at once and not at the next import."""
            user = super().add_user(*words, **options)
            if user and ASKER in [role.name for role in user.roles]:
                hand_on(user)
            return user

    return {**shared(SUPERSET_ROLES), "CUSTOM_SECURITY_MANAGER": SecurityManager}


def shared(roles: dict[str, list[str]]) -> dict[str, Any]:
    """What both need: who the provider is, and that its groups are looked at anew at each sign-in."""
    return {
        "AUTH_TYPE": 4,  # Flask-AppBuilder's AUTH_OAUTH
        # Its own registering would give everybody an account with the role Public.
        "AUTH_USER_REGISTRATION": False,
        "AUTH_ROLES_SYNC_AT_LOGIN": True,
        "AUTH_ROLES_MAPPING": {group: roles[role] for group, role in groups().items() if role in roles},
        "OAUTH_PROVIDERS": [
            {
                "name": PROVIDER,
                "icon": "fa-key",
                "token_key": "access_token",
                "remote_app": {
                    "client_id": os.environ["TIENDO_OIDC_CLIENT_ID"],
                    "client_secret": os.environ["TIENDO_SECRET_OIDC_CLIENT"],
                    "server_metadata_url": f"{issuer()}/.well-known/openid-configuration",
                    "client_kwargs": {"scope": "openid email profile", "code_challenge_method": "S256"},
                },
            }
        ],
    }


def issuer() -> str:
    """Where the provider is."""
    return os.environ["TIENDO_OIDC_ISSUER"].rstrip("/")


def groups() -> dict[str, str]:
    """Our role by the provider's group."""
    pairs = [pair.partition("=") for pair in os.environ.get("TIENDO_OIDC_ROLES", "").split(",") if "=" in pair]
    return {group.strip(): role.strip() for group, _, role in pairs}


def is_ours(name: str) -> bool:
    """Whether a name is an account's of our own; names are the same in capitals."""
    return name.lower() in OURS or name.lower().startswith(UNITS)


def user_of(answer: dict[str, Any]) -> dict[str, Any]:
    """The provider's claims, checked by authlib against its keys, as Flask-AppBuilder wants them."""
    claims = answer.get("userinfo") or {}
    name = claims.get("preferred_username") or claims["sub"]
    keys = claims.get(os.environ.get("TIENDO_OIDC_GROUPS_CLAIM", "groups")) or []
    return {
        "username": name,
        "subject": claims["sub"],
        "email": claims.get("email") or f"{name}@tiendo.invalid",
        "first_name": claims.get("given_name") or name,
        "last_name": claims.get("family_name") or "",
        # One group alone may come as a word.
        "role_keys": [keys] if isinstance(keys, str) else list(keys),
    }
