"""A ministry's identity provider, of authlib's own parts: OpenID Connect with codes, PKCE and signed tokens.

Runs in the image of Superset, which has authlib and Flask. Whoever asks chooses who to be: this is for tests. In: the
folder of this file, with people.json, tls.crt and tls.key, and ISSUER, CLIENT_ID, CLIENT_SECRET.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, render_template_string, request
from joserfc.jwk import KeySet, RSAKey

HERE = Path("/provider")
ISSUER, SECRET = os.environ["ISSUER"], os.environ["CLIENT_SECRET"]
PEOPLE: dict[str, dict[str, Any]] = json.loads((HERE / "people.json").read_text(encoding="utf-8"))
KEY = RSAKey.generate_key(2048, {"kid": "test", "use": "sig", "alg": "RS256"})
ENDS = ("/oauth-authorized/tiendo", "/auth/oauth-authorized/tiendo")
CODES: dict[str, Code] = {}
PAGE = """<!doctype html><title>id</title><form method=post>{% for name in people %}
<button name=person value="{{ name }}">{{ name }}</button>{% endfor %}</form>"""


class Client(ClientMixin):  # type: ignore[misc]
    """The one client, with a secret."""

    def get_client_id(self) -> str:
        return os.environ["CLIENT_ID"]

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.startswith("https://localhost:") and urlsplit(redirect_uri).path in ENDS

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    """What a code stands for."""

    def __init__(self, asked: Any) -> None:
        # Now: later there is another request.
        self.person, self.said = str(asked.user), dict(asked.payload.data)
        self.code_challenge = self.said["code_challenge"]
        self.code_challenge_method = self.said["code_challenge_method"]

    def get_redirect_uri(self) -> str:
        return str(self.said["redirect_uri"])

    def get_scope(self) -> str:
        return str(self.said["scope"])

    def get_nonce(self) -> str:
        return str(self.said["nonce"])

    def get_auth_time(self) -> None:
        return None

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Codes(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    """Codes that are good for one time."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

    def save_authorization_code(self, code: str, request: Any) -> None:
        assert request.payload.data.get("code_challenge_method") == "S256", "PKCE"
        CODES[code] = Code(request)

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return CODES.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        CODES.pop(next(code for code, of in CODES.items() if of is authorization_code))

    def authenticate_user(self, authorization_code: Code) -> str:
        return authorization_code.person


class Identity(OpenIDCode):  # type: ignore[misc]
    """Signed tokens of who somebody is."""

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return False

    def resolve_client_private_key(self, client: Client) -> Any:
        return KEY

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": ISSUER, "aud": [client.get_client_id()]}

    def get_encode_header(self, client: Client) -> dict[str, str]:
        return {"alg": "RS256", "kid": "test"}

    def generate_user_info(self, user: str, scope: str) -> Any:
        return UserInfo(**{"sub": f"id-of-{user}", **PEOPLE[user]})


app = Flask(__name__)
server = AuthorizationServer(app, query_client=lambda _: Client(), save_token=lambda token, request: None)
server.register_grant(Codes, [CodeChallenge(required=True), Identity(require_nonce=True)])


@app.get("/.well-known/openid-configuration")
def configuration() -> Any:
    ways = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
    return jsonify(
        issuer=ISSUER,
        **{name: f"{ISSUER}/{path}" for name, path in ways.items()},
        response_types_supported=["code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=["RS256"],
        code_challenge_methods_supported=["S256"],
    )


@app.get("/keys")
def keys() -> Any:
    return jsonify(KeySet([KEY]).as_dict(private=False))


@app.get("/authorize")
def ask() -> Any:
    server.get_consent_grant(end_user=None)
    return render_template_string(PAGE, people=PEOPLE)


@app.post("/authorize")
def answer() -> Any:
    return server.create_authorization_response(
        grant=server.get_consent_grant(end_user=None), grant_user=request.form["person"]
    )


@app.post("/token")
def token() -> Any:
    return server.create_token_response()


if __name__ == "__main__":
    port = urlsplit(ISSUER).port
    app.run("0.0.0.0", port, ssl_context=(str(HERE / "tls.crt"), str(HERE / "tls.key")))
