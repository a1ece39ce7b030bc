"""Superset's configuration.

In: environment variables, as `tiendo.operate.settings` hands them to its children. Out: the module that Superset loads
through SUPERSET_CONFIG_PATH. Nothing secret is written here, and no asset holds a password: the mutator below puts the
signed-in user's login into each connection.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, redirect, request, session
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool
from superset.exceptions import SupersetException
from werkzeug.wrappers import Response

HOST = os.environ.get("TIENDO_POSTGRES_HOST", "127.0.0.1")
PORT = int(os.environ.get("TIENDO_POSTGRES_PORT", "54320"))
READER = "tiendo_reader"
UNIT_ROLE = "unit"

# --- Superset's own database -----------------------------------------------------------------------------------------
SECRET_KEY = os.environ["TIENDO_SECRET_SUPERSET_KEY"]
SQLALCHEMY_DATABASE_URI = URL.create(
    "postgresql+psycopg2", "superset", os.environ["TIENDO_SUPERSET_PASSWORD"], HOST, PORT, "superset"
).render_as_string(hide_password=False)
SUPERSET_WEBSERVER_PORT = int(os.environ.get("TIENDO_SUPERSET_PORT", "8088"))


# --- The warehouse ---------------------------------------------------------------------------------------------------
def _database_login(username: str | None, security_manager: Any) -> tuple[str, str]:
    """Login and password of the signed-in user: a unit's own, or the reader's; none rather than the wrong one."""
    user = security_manager.find_user(username=username) if username else None
    if user is None:
        raise SupersetException("chưa đăng nhập / nobody is signed in")
    # Read at each connection, so that a password that was changed counts at once.
    logins: dict[str, str] = json.loads(Path(os.environ["TIENDO_UNIT_LOGINS"]).read_text(encoding="utf-8"))
    if user.username in logins:
        return user.username, logins[user.username]
    if any(role.name == UNIT_ROLE for role in security_manager.get_user_roles(user)):
        raise SupersetException(
            f"{user.username}: đơn vị chưa có tài khoản cơ sở dữ liệu / the unit has no database login"
        )
    return READER, os.environ["TIENDO_READER_PASSWORD"]


def DB_CONNECTION_MUTATOR(  # noqa: N802  Superset's own name for it
    uri: URL, params: dict[str, Any], username: str | None, security_manager: Any, _source: Any
) -> tuple[URL, dict[str, Any]]:
    """Give a connection to the warehouse its address and the signed-in user's own login, and let it read only.

    Superset takes `username` from flask.g.user for pages, downloads and SQL Lab alike, whoever the database is set to
    impersonate.
    """
    if uri.username != READER:
        return uri, params
    login, password = _database_login(username, security_manager)
    arguments = {
        **params.get("connect_args", {}),
        "application_name": "superset",
        "options": "-c default_transaction_read_only=on -c statement_timeout=30000",
    }
    database = os.environ.get("TIENDO_DATABASE", "tiendo")
    address = uri.set(host=HOST, port=PORT, database=database, username=login, password=password)
    # A pool could hand one user's connection to another.
    return address, {**params, "connect_args": arguments, "poolclass": NullPool}


# A cached answer would outlive the publication it was read from.
CACHE_CONFIG = {"CACHE_TYPE": "NullCache", "CACHE_NO_NULL_WARNING": True}
DATA_CACHE_CONFIG: dict[str, Any] = CACHE_CONFIG
if os.environ.get("TIENDO_SUPERSET_DATA_CACHE") == "1":
    # For the test that no user is given another's answer.
    folder = str(Path(os.environ["SUPERSET_HOME"]) / "cache")
    DATA_CACHE_CONFIG = {"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": folder, "CACHE_DEFAULT_TIMEOUT": 600}
ROW_LIMIT = 10_000
SUPERSET_WEBSERVER_TIMEOUT = 60
SQLLAB_CTAS_NO_LIMIT = False

# --- Sessions, forms, login ------------------------------------------------------------------------------------------
# Cookies know no ports: Airflow on the same host must not overwrite ours.
SESSION_COOKIE_NAME = "tiendo_superset"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# A proxy in front ends TLS, and says who asks and how; on the desk there is none.
BEHIND_TLS = os.environ.get("TIENDO_BEHIND_TLS") == "1"
SESSION_COOKIE_SECURE = BEHIND_TLS
ENABLE_PROXY_FIX = BEHIND_TLS
PROXY_FIX_CONFIG = {"x_for": 1, "x_proto": 1, "x_host": 0, "x_port": 0, "x_prefix": 0}
PERMANENT_SESSION_LIFETIME = timedelta(hours=12)
# A program's too: it would be 30 days. The token that it asks with is good for a quarter of an hour.
JWT_REFRESH_TOKEN_EXPIRES = PERMANENT_SESSION_LIFETIME
WTF_CSRF_ENABLED = True
AUTH_USER_REGISTRATION = False
PUBLIC_ROLE_LIKE = None
FAB_API_SWAGGER_UI = False
RATELIMIT_ENABLED = True
RATELIMIT_STORAGE_URI = "memory://"
# Superset 6.1 puts this limit on the view that shows the form and not on the one that takes it: FLASK_APP_MUTATOR does.
AUTH_RATE_LIMITED = True
AUTH_RATE_LIMIT = "10 per minute"
LOGIN_PATHS = ("/login/", "/api/v1/security/login")
ENABLE_CORS = False
SHOW_STACKTRACE = False

FIRST_PAGE = "/superset/dashboard/scorecard/"
# Where pages tell what was done on them.
DIARY = "/superset/log/"


def FLASK_APP_MUTATOR(app: Flask) -> None:  # noqa: N802  Superset's own name for it
    """Count login attempts of an address, in each worker; open the scorecard where Superset would show own lists; take
    no diary of the page of sign-in.
    """
    attempts = MovingWindowRateLimiter(MemoryStorage())

    def before_any_view() -> Response | None:
        if request.method == "POST" and request.path in LOGIN_PATHS:
            if not attempts.hit(parse(AUTH_RATE_LIMIT), "login", request.remote_addr or ""):
                return Response("429: quá nhiều lần đăng nhập, hãy đợi một phút. / too many attempts, wait.", 429)
        elif request.path == DIARY and "_user_id" not in session:
            # Superset would refuse it, and note so in the session: where that answer comes after the sign-in's, its
            # cookie replaces the new one, and who has just signed in is asked to sign in. (Asking flask_login who it is
            # would write the session too.)
            return Response(status=204)
        elif request.path == "/superset/welcome/":
            return redirect(FIRST_PAGE)
        return None

    app.before_request(before_any_view)


# --- What a browser may do -------------------------------------------------------------------------------------------
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'", "data:"],
        "frame-ancestors": ["'self'"],
        "form-action": ["'self'"],
        # Handlebars compiles its templates by Function(), hence unsafe-eval; only scripts with our nonce may start.
        "script-src": ["'self'", "'strict-dynamic'", "'unsafe-eval'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    # The proxy answers http by https, and says so to browsers (HSTS).
    "force_https": False,
    "session_cookie_secure": BEHIND_TLS,
}
HTML_SANITIZATION = True
# Just what the pages use beyond the default list: classes, the colour of a span, small print, a line for the trend.
HTML_SANITIZATION_SCHEMA_EXTENSIONS = {
    "tagNames": ["small", "svg", "path"],
    "attributes": {
        "*": ["className"],
        "span": ["style"],
        "svg": ["viewBox", "preserveAspectRatio", "role", "ariaLabel"],
        "path": ["d"],
    },
}

# --- Features --------------------------------------------------------------------------------------------------------
FEATURE_FLAGS = {
    "ENABLE_TEMPLATE_PROCESSING": True,
    "RLS_IN_SQLLAB": True,
    # A page that is printed must be whole, also below the fold.
    "DASHBOARD_VIRTUALIZATION": False,
    "DRILL_BY": False,
    "DRILL_TO_DETAIL": False,
    "EMBEDDABLE_CHARTS": False,
    "FILTERBAR_CLOSED_BY_DEFAULT": True,
}

# --- Looks -----------------------------------------------------------------------------------------------------------
APP_NAME = "tiến độ"
_WORDMARK = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 116 32'>"
    "<path d='M4 24 12 15 18 19 28 7' fill='none' stroke='#1f3a5f' stroke-width='3' stroke-linecap='round'/>"
    "<text x='36' y='22' font-family='Inter,Helvetica,Arial,sans-serif' font-size='19' font-weight='600' "
    "fill='#1f3a5f'>tiến độ</text></svg>"
)
THEME_DEFAULT = {
    "algorithm": "default",
    "token": {
        "brandAppName": APP_NAME,
        "brandLogoAlt": APP_NAME,
        "brandLogoUrl": f"data:image/svg+xml,{quote(_WORDMARK)}",
        "brandLogoHref": "/",
        "brandLogoHeight": "30px",
        "brandLogoMargin": "14px 0",
        "brandIconMaxWidth": 116,
        "colorPrimary": "#1f3a5f",
        "colorLink": "#1f3a5f",
        "colorError": "#b2182b",
        "colorWarning": "#b35806",
        "colorSuccess": "#1b7837",
        "colorInfo": "#2166ac",
        "fontUrls": [],
        "fontFamily": "Inter, Helvetica, Arial, sans-serif",
        "fontFamilyCode": "'IBM Plex Mono', 'Courier New', monospace",
        "transitionTiming": 0.2,
    },
}
THEME_DARK = None


ENABLE_UI_THEME_ADMINISTRATION = False
THEME_FONT_URL_ALLOWED_DOMAINS: list[str] = []
# Superset has no Vietnamese catalogue: its own chrome stays English, titles and labels are ours.
LANGUAGES: dict[str, dict[str, str]] = {}

# --- Accounts of an identity provider --------------------------------------------------------------------------------
if os.environ.get("TIENDO_OIDC_ISSUER"):
    import oidc

    globals().update(oidc.superset())
