"""The whole house, up for real: PostgreSQL, Airflow and Superset on ports of their own, the sample built by the DAGs
in Airflow, and a Chromium in front of it.
Up once for all tests of this folder, down before the next folder's.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.conftest import free_port
from tiendo.operate.settings import Settings

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
# On a busy machine a page takes its time, and Playwright gives up after 30 s: no test is about how fast one is drawn.
PATIENCE = 120_000


def new_page(browser: Browser, **options: Any) -> Page:
    """A page with patience, in a context of its own: every wait, navigation and request of it has the same."""
    page = browser.new_page(**options)
    page.context.set_default_timeout(PATIENCE)
    return page


def sign_in(page: Page, superset: str, name: str, password: str, path: str = "/login/") -> None:
    """To Superset with a name and a password; where they let nobody in, an error with what the page says."""
    page.goto(f"{superset}{path}")
    page.fill("[data-test='username-input']", name)
    page.fill("[data-test='password-input']", password)
    page.click("[data-test='login-button']")
    try:
        page.wait_for_url(lambda address: "/login" not in address)
    except PlaywrightTimeoutError as error:
        raise AssertionError(f"{name}: {page.url}\n{page.inner_text('body')[:1000]}") from error


@dataclass(frozen=True)
class Stack:
    """A running house."""

    settings: Settings
    environment: dict[str, str]
    first_words: str

    @property
    def superset(self) -> str:
        """Superset's address."""
        return f"http://127.0.0.1:{self.settings.superset_port}"

    @property
    def airflow(self) -> str:
        """Airflow's address."""
        return f"http://127.0.0.1:{self.settings.airflow_port}"

    def operate(self, *words: str) -> str:
        """Run what the Makefile runs; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "tiendo.operate", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{words}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def published(self, query: str) -> list[dict[str, Any]]:
        """Rows of a query as a reader sees them."""
        with psycopg.connect(self.settings.dsn("reader"), row_factory=psycopg.rows.dict_row) as connection:
            return connection.execute(query.encode()).fetchall()

    def status(self) -> dict[str, Any]:
        """What `tiendo status` says."""
        done = subprocess.run(
            [sys.executable, "-m", "tiendo.cli", "status", "--json"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return dict(json.loads(done.stdout))


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    """`make up` in a home of its own."""
    home = Path(tempfile.mkdtemp(prefix="tiendo-stack-"))
    home.chmod(0o755)
    ports = {f"{name}_port": free_port() for name in ("postgres", "airflow", "superset")}
    settings = replace(Settings.read(), home=home, **ports)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TIENDO_")}
    environment |= {"TIENDO_HOME": str(home), "PYTHONPATH": str(settings.checkout / "src")}
    environment |= {f"TIENDO_{name.upper()}": str(port) for name, port in ports.items()}
    # Superset keeps answers here, so that one user's answer given to another would be seen.
    environment["TIENDO_SUPERSET_DATA_CACHE"] = "1"
    built = Stack(settings, environment, "")
    try:
        yield replace(built, first_words=built.operate("up"))
    finally:
        built.operate("down")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium that talks to nobody but us."""
    if CHROMIUM is None:
        pytest.skip("KHÔNG CÓ CHROMIUM, các kiểm tra trình duyệt bị bỏ qua / no Chromium: browser tests are skipped")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def scorecard(stack: Stack, browser: Browser) -> Iterator[Page]:
    """The scorecard as the leader sees it after signing in."""
    page = new_page(browser, viewport={"width": 1280, "height": 900}, locale="vi-VN")
    sign_in(page, stack.superset, "leader", stack.settings.secret("leader"))
    page.goto(f"{stack.superset}/superset/dashboard/scorecard/")
    for block in (".td-head", ".td-table tbody tr", ".td-units"):
        page.wait_for_selector(block)
    yield page
    page.close()
