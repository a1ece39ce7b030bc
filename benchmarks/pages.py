"""How long a page takes until it is whole, beside a page with nothing on it, which is Superset's own floor.

In: a running house. Out: ratios to the floor of the same state: cold, a browser that has never been here; warm, the
same page again. The middle of several visits is taken, pages and floor turn about: both see the same machine.
"""

from __future__ import annotations

import shutil
import statistics
import time
from typing import Any

import yaml
from playwright.sync_api import APIRequestContext, BrowserContext, Page, sync_playwright

from benchmarks.figures import BenchError, Figure
from tiendo.operate.settings import Settings

# Five of the scorecard and of the empty page; the other pages are many, two of each.
VISITS, VISITS_OF_OTHERS = 5, 2
COLD_TIMES, WARM_TIMES, OTHER_TIMES = 1.7, 1.4, 2.5
FIRST = "scorecard"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
IS_WHOLE = """count => document.querySelector('[data-test="dashboard-content-wrapper"], .dashboard-content')
    && document.querySelectorAll('.handlebars, canvas').length >= count
    && !document.querySelector('[data-test="loading-indicator"], .loading')"""
FIGURES = ("page_cold", "page_warm", "page_other")


def measure(settings: Settings) -> list[Figure]:
    """The scorecard cold and warm, and the slowest other page warm, each beside the floor."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise BenchError("không có Chromium. / there is no Chromium.")
    charts = _pages(settings)
    address = f"http://127.0.0.1:{settings.superset_port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        signed_in = browser.new_context()
        page = signed_in.new_page()
        _sign_in(page, address, settings.secret("engineer"))
        empty = _make_empty(signed_in.request, address)
        try:
            cold: dict[str, list[float]] = {"": [], FIRST: []}
            warm: dict[str, list[float]] = {"": [], **{slug: [] for slug in charts}}
            for turn in range(VISITS):
                for slug, seen in cold.items():
                    fresh = browser.new_context(storage_state=signed_in.storage_state())
                    seen.append(_visit(fresh, address, slug or empty, charts.get(slug, 0)))
                    fresh.close()
                for slug, seen in warm.items():
                    if slug not in cold and turn >= VISITS_OF_OTHERS:
                        continue
                    seen.append(_visit(signed_in, address, slug or empty, charts.get(slug, 0)))
        finally:
            _remove(signed_in.request, address, empty)
        browser.close()
    middle = {
        state: {slug: statistics.median(seen) for slug, seen in found.items()}
        for state, found in (("cold", cold), ("warm", warm))
    }
    others = {slug: seconds for slug, seconds in middle["warm"].items() if slug not in ("", FIRST)}
    slowest = max(others, key=lambda slug: others[slug])

    def figure(name: str, seconds: float, floor: float, limit: float, about: str) -> Figure:
        note = f"{about}: {seconds:.2f} s, trang trống / empty page {floor:.2f} s"
        return Figure(name, seconds / floor, unit="×", limit=limit, note=note, detail={"seconds": middle})

    return [
        figure("page_cold", middle["cold"][FIRST], middle["cold"][""], COLD_TIMES, FIRST),
        figure("page_warm", middle["warm"][FIRST], middle["warm"][""], WARM_TIMES, FIRST),
        figure("page_other", others[slowest], middle["warm"][""], OTHER_TIMES, slowest),
    ]


def _pages(settings: Settings) -> dict[str, int]:
    """How many charts each page has, by its slug."""
    found = {}
    for path in sorted((settings.home / "superset" / "assets" / "dashboards").glob("*.yaml")):
        asset: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        parts = asset["position"].values()
        found[asset["slug"]] = sum(isinstance(part, dict) and part["type"] == "CHART" for part in parts)
    return found


def _sign_in(page: Page, address: str, password: str) -> None:
    page.goto(f"{address}/login/")
    page.fill("[data-test='username-input']", "engineer")
    page.fill("[data-test='password-input']", password)
    page.click("[data-test='login-button']")
    page.wait_for_url(lambda there: "/login" not in there)
    page.close()


def _visit(context: BrowserContext, address: str, slug: str, count: int) -> float:
    page = context.new_page()
    started = time.perf_counter()
    page.goto(f"{address}/superset/dashboard/{slug}/")
    page.wait_for_function(IS_WHOLE, arg=count, timeout=60_000)
    seconds = time.perf_counter() - started
    page.close()
    return seconds


def _make_empty(request: APIRequestContext, address: str) -> str:
    """A page without a chart; its id."""
    token = request.get(f"{address}/api/v1/security/csrf_token/").json()["result"]
    answer = request.post(
        f"{address}/api/v1/dashboard/",
        data={"dashboard_title": "empty", "published": False},
        headers={"X-CSRFToken": token, "Referer": address},
    )
    if not answer.ok:
        raise BenchError(f"{answer.status} {answer.text()[:300]}")
    return str(answer.json()["id"])


def _remove(request: APIRequestContext, address: str, dashboard: str) -> None:
    token = request.get(f"{address}/api/v1/security/csrf_token/").json()["result"]
    request.delete(f"{address}/api/v1/dashboard/{dashboard}", headers={"X-CSRFToken": token, "Referer": address})
