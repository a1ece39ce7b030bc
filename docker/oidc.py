"""Accounts of an identity provider, for Airflow and for Superset, by environment variables alone.

In: TIENDO_OIDC_ISSUER, TIENDO_OIDC_CLIENT_ID, the client's secret (TIENDO_SECRET_OIDC_CLIENT), and which group of the
provider is which role here (TIENDO_OIDC_ROLES, such as "tiendo-engineers=engineer,tiendo-leaders=leader"). Out: the
options of Flask-AppBuilder, which both use. Who is in none of these groups gets in nowhere; no unit is there.
"""

# ruff: noqa: PLC0415  each of the two houses has only its own half of this

from __future__ import annotations

import os
from typing import Any

PROVIDER = "tiendo"
# Our role, and what it is called in each house. A role that a house does not know lets nobody in there.
AIRFLOW_ROLES = {"engineer": "Admin", "viewer": "Viewer"}
SUPERSET_ROLES = {"engineer": ["Admin"], "evaluator": ["Gamma", "sql_lab", "evaluator"], "leader": ["leader"]}


def airflow() -> dict[str, Any]:
    """Options for Airflow's webserver_config.py."""
    from airflow.providers.fab.auth_manager.security_manager.override import FabAirflowSecurityManagerOverride

    class SecurityManager(FabAirflowSecurityManagerOverride):  # type: ignore[misc]
        """Knows the claims of OIDC."""

        def get_oauth_user_info(self, provider: str, resp: dict[str, Any]) -> dict[str, Any]:
            """Who has signed in."""
            return user_of(resp)

    mapping = {group: [AIRFLOW_ROLES[role]] for group, role in groups().items() if role in AIRFLOW_ROLES}
    return {**shared(mapping), "SECURITY_MANAGER_CLASS": SecurityManager}


def superset() -> dict[str, Any]:
    """Options for superset_config.py."""
    from superset.security import SupersetSecurityManager

    class SecurityManager(SupersetSecurityManager):  # type: ignore[misc]
        """Knows the claims of OIDC."""

        def oauth_user_info(self, provider: str, response: dict[str, Any] | None = None) -> dict[str, Any]:
            """Who has signed in."""
            return user_of(response or {})

    mapping = {group: SUPERSET_ROLES[role] for group, role in groups().items() if role in SUPERSET_ROLES}
    return {**shared(mapping), "CUSTOM_SECURITY_MANAGER": SecurityManager}


def shared(mapping: dict[str, list[str]]) -> dict[str, Any]:
    """What both need: who the provider is, and that it alone says who somebody is, at each sign-in."""
    issuer = os.environ["TIENDO_OIDC_ISSUER"].rstrip("/")
    return {
        "AUTH_TYPE": 4,  # Flask-AppBuilder's AUTH_OAUTH
        "AUTH_USER_REGISTRATION": True,
        "AUTH_ROLES_SYNC_AT_LOGIN": True,
        "AUTH_ROLES_MAPPING": mapping,
        "OAUTH_PROVIDERS": [
            {
                "name": PROVIDER,
                "icon": "fa-key",
                "token_key": "access_token",
                "remote_app": {
                    "client_id": os.environ["TIENDO_OIDC_CLIENT_ID"],
                    "client_secret": os.environ["TIENDO_SECRET_OIDC_CLIENT"],
                    "server_metadata_url": f"{issuer}/.well-known/openid-configuration",
                    "client_kwargs": {"scope": "openid email profile", "code_challenge_method": "S256"},
                },
            }
        ],
    }


def groups() -> dict[str, str]:
    """Our role by the provider's group."""
    pairs = [pair.partition("=") for pair in os.environ.get("TIENDO_OIDC_ROLES", "").split(",") if "=" in pair]
    return {group.strip(): role.strip() for group, _, role in pairs}


def user_of(answer: dict[str, Any]) -> dict[str, Any]:
    """The provider's claims, checked by authlib against its keys, as Flask-AppBuilder wants them."""
    claims = answer.get("userinfo") or {}
    name = claims.get("preferred_username") or claims["sub"]
    return {
        "username": name,
        "email": claims.get("email") or f"{name}@tiendo.invalid",
        "first_name": claims.get("given_name") or name,
        "last_name": claims.get("family_name") or "",
        "role_keys": list(claims.get(os.environ.get("TIENDO_OIDC_GROUPS_CLAIM", "groups")) or []),
    }
