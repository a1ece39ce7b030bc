"""What a service is handed to sign people in by an identity provider (docker/oidc.py does it).

In: the TIENDO_OIDC_* variables, the secret of our client, and certificates laid into docker/ca. Out: variables of the
service's environment, none where no provider is named. What is missing or misspelt is refused in a sentence. Standard
library and certifi only, which both houses have.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tiendo.operate.settings import Settings, SettingsError

GIVEN_AUTHORITIES = Path("/run/given-ca")
CLIENT = "oidc_client"
ROLES = ("engineer", "evaluator", "leader", "viewer")


def is_named() -> bool:
    """Whether people sign in by a provider."""
    return bool(os.environ.get("TIENDO_OIDC_ISSUER"))


def environment(settings: Settings) -> dict[str, str]:
    """The client's secret, and whose certificates are believed."""
    if not is_named():
        return {}
    require_whole(has_secret=settings.has_secret(CLIENT))
    return {"TIENDO_SECRET_OIDC_CLIENT": settings.secret(CLIENT), **trust(GIVEN_AUTHORITIES)}


def require_whole(*, has_secret: bool) -> None:
    """Refuse a provider that is named with half of what it takes."""
    if not os.environ.get("TIENDO_OIDC_CLIENT_ID") or not has_secret:
        raise SettingsError(
            "TIENDO_OIDC_ISSUER trong .env cần thêm TIENDO_OIDC_CLIENT_ID và TIENDO_SECRET_OIDC_CLIENT.\n"
            "        TIENDO_OIDC_ISSUER in .env needs TIENDO_OIDC_CLIENT_ID and TIENDO_SECRET_OIDC_CLIENT too."
        )
    require_roles(os.environ.get("TIENDO_OIDC_ROLES", ""))


def require_roles(text: str) -> None:
    """A group that means no role of ours lets nobody in, and nobody would know why."""
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    if not pairs or not all(group.strip() and role.strip() in ROLES for group, _, role in pairs):
        known = ", ".join(ROLES)
        raise SettingsError(
            f"TIENDO_OIDC_ROLES={text!r} trong .env: hãy viết nhóm=vai trò, cách nhau bởi dấu phẩy; vai trò: {known}.\n"
            f"        TIENDO_OIDC_ROLES={text!r} in .env: write group=role, separated by commas; roles: {known}."
        )


def trust(folder: Path) -> dict[str, str]:
    """What makes requests believe the public authorities and those in the folder; none where there are none."""
    # Not in the platform's environment on a desk's path of imports unless a provider is named.
    import certifi  # noqa: PLC0415

    try:
        # A folder that is closed to us is no empty folder, as `glob` would have it.
        given = sorted(path for path in folder.iterdir() if path.suffix == ".crt") if folder.exists() else []
        if not given:
            return {}
        texts = [path.read_text(encoding="utf-8") for path in (Path(certifi.where()), *given)]
    except (PermissionError, UnicodeDecodeError) as error:
        raise SettingsError(
            "docker/ca: tệp *.crt phải là PEM và ai cũng đọc được (chmod a+rX docker/ca docker/ca/*.crt).\n"
            "        docker/ca: *.crt have to be PEM that everybody may read (chmod a+rX docker/ca docker/ca/*.crt)."
        ) from error
    bundle = Path(tempfile.gettempdir()) / "authorities.pem"
    bundle.write_text("\n".join(texts), encoding="utf-8")
    return {"REQUESTS_CA_BUNDLE": str(bundle), "SSL_CERT_FILE": str(bundle)}
