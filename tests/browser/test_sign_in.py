"""Signing in to Superset: attempts are counted, the cookie is the browser's alone, pages bring their rules."""

from __future__ import annotations

import base64
import json
import re

import httpx
import psycopg
from playwright.sync_api import Browser, Response

from tests.browser.conftest import Stack, new_page

# Each worker counts for itself: ten a minute, and never more than four workers.
ATTEMPTS = 45


def form(client: httpx.Client) -> str:
    """The word that the form of /login/ has to bring back."""
    found = re.search(
        r'name="csrf_token"[^>]*value="([^"]+)"|csrf_token&#34;: ?&#34;([^&]+)', client.get("/login/").text
    )
    assert found
    return found[1] or found[2]


def test_guessing_is_stopped_after_ten_attempts_a_minute(stack: Stack) -> None:
    # From an address of its own: other tests sign in too.
    transport = httpx.HTTPTransport(local_address="127.0.3.1")
    with httpx.Client(base_url=stack.superset, transport=transport, headers={"Referer": stack.superset}) as client:
        token, codes = form(client), []
        for number in range(ATTEMPTS):
            data = {"username": "leader", "password": f"guess-{number}", "csrf_token": token}
            answer = client.post("/login/", data=data)
            codes.append(answer.status_code)
            if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
                break
        assert codes[-1] == httpx.codes.TOO_MANY_REQUESTS
        assert "quá nhiều lần" in answer.text
        assert codes.count(httpx.codes.TOO_MANY_REQUESTS) == 1 and len(codes) > 10
        # The right password does not help whoever was guessing.
        data = {"username": "leader", "password": stack.settings.secret("leader"), "csrf_token": token}
        assert client.post("/login/", data=data).status_code == httpx.codes.TOO_MANY_REQUESTS


def test_the_sessions_cookie_is_the_browsers_alone(stack: Stack) -> None:
    answer = httpx.get(f"{stack.superset}/login/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("tiendo_superset=")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_nothing_that_the_page_of_sign_in_asks_for_writes_the_session(stack: Stack, browser: Browser) -> None:
    # An answer that did, and came after that of the sign-in, would put its session in the place of the new one.
    page, answers = new_page(browser), list[Response]()

    def keep(answer: Response) -> None:
        answers.append(answer)

    page.on("response", keep)
    with page.expect_response(lambda answer: "/superset/log/" in answer.url):
        page.goto(f"{stack.superset}/login/")
    page.wait_for_load_state("networkidle")
    wrote = [answer.url for answer in answers if "set-cookie" in answer.all_headers()]
    page.close()
    assert wrote == [f"{stack.superset}/login/"]


def test_pages_bring_their_rules_and_nothing_without_a_form_signs_in(stack: Stack) -> None:
    answer = httpx.get(f"{stack.superset}/login/")
    rules = answer.headers["content-security-policy"]
    for rule in ("default-src 'self'", "object-src 'none'", "img-src 'self' blob: data:", "connect-src 'self'"):
        assert rule in rules, rules
    assert re.search(r"script-src 'self' 'strict-dynamic' 'unsafe-eval' 'nonce-", rules)
    assert "frame-ancestors 'self'" in rules and answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["x-content-type-options"] == "nosniff"
    data = {"username": "leader", "password": stack.settings.secret("leader")}
    refused = httpx.post(f"{stack.superset}/login/", data=data)
    assert refused.status_code in (httpx.codes.BAD_REQUEST, httpx.codes.FOUND)
    me = httpx.get(f"{stack.superset}/api/v1/me/", cookies=refused.cookies)
    assert me.status_code == httpx.codes.UNAUTHORIZED


def test_tokens_end_with_the_day_and_an_account_that_is_switched_off_at_once(stack: Stack) -> None:
    transport = httpx.HTTPTransport(local_address="127.0.3.2")
    with httpx.Client(base_url=stack.superset, transport=transport, headers={"Referer": stack.superset}) as client:
        words = {"username": "leader", "password": stack.settings.secret("leader")}
        tokens = client.post("/api/v1/security/login", json={**words, "provider": "db", "refresh": True}).json()
        assert lifetime(tokens["access_token"]) <= lifetime(tokens["refresh_token"]) == 12 * 60 * 60
        client.post("/login/", data={**words, "csrf_token": form(client)})
        by_token = {"Authorization": f"Bearer {tokens['refresh_token']}"}

        def codes() -> tuple[int, int]:
            refreshed = httpx.post(f"{stack.superset}/api/v1/security/refresh", headers=by_token)
            return client.get("/api/v1/me/").status_code, refreshed.status_code

        assert codes() == (httpx.codes.OK, httpx.codes.OK)
        with psycopg.connect(stack.settings.dsn("superset", "superset"), autocommit=True) as accounts:
            accounts.execute("update ab_user set active = false where username = 'leader'")
            try:
                assert codes() == (httpx.codes.UNAUTHORIZED, httpx.codes.UNAUTHORIZED)
            finally:
                accounts.execute("update ab_user set active = true where username = 'leader'")


def lifetime(token: str) -> int:
    """Seconds that a token is good for, as it says itself."""
    words = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(words + "=" * (-len(words) % 4)))
    return int(claims["exp"] - claims["iat"])
