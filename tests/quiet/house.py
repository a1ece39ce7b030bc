"""Everything that can be started of the house, one after the other, in the network that `watched.py` makes.

In: TIENDO_* variables of a home of its own. Out: on standard output a JSON object: what each way of starting ended as,
which addresses beyond the loopback the pages asked the browser for, and which running part lacks a switch.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Page, sync_playwright

from tests.browser import conftest as browser
from tests.receive.forms import filled
from tiendo.operate.settings import QUIET, Settings
from tiendo.programme import Programme

# The browser is the visitor's and no part of the house: it looks up no name for itself; what a page asks for is seen
# before that.
FLAGS = (*browser.FLAGS, "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1")
FIRST, LAST = "2026-09", "2026-10"
# What `make up` does once the services are there.
DAGS = """
from tiendo.operate import up
from tiendo.operate.progress import Reporter
from tiendo.operate.settings import Settings

with Reporter() as reporter:
    up.run_dags(Settings.read(), reporter)
"""
# What units may write into the narrative part of a report, one a theme.
HARM = {
    "result": "<script>window.pwned=1</script><img src=x onerror=window.pwned=1><b>đậm</b>",
    "difficulty": "=cmd|' /C calc'!A0",
    "cause": "{{constructor.constructor('window.pwned=1')()}} {{{7*7}}} ${7*7} {% raw %}",
    "lesson": "<a href=javascript:window.pwned=1>bấm</a><svg onload=window.pwned=1></svg>\u202egnp",
    "proposal": "@SUM(1+1) " + "ầ" * 10_000,
}
HOSTILE_NAME = "<img src=x onerror=window.pwned=1>'; drop table raw.submission; --.xlsx"
PAGES = ("scorecard", "compliance", "explorer")


def run(name: str, command: list[str], environment: dict[str, str], cwd: Path) -> dict[str, Any]:
    """One way of starting: its exit code, how long it took, and its last words when it failed."""
    began = time.monotonic()
    done = subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, check=False)
    words = (done.stdout + done.stderr)[-3000:] if done.returncode else ""
    return {"way": name, "code": done.returncode, "words": words, "seconds": round(time.monotonic() - began)}


def bare() -> dict[str, str]:
    """The environment of a person who has set no switch."""
    return {name: value for name, value in os.environ.items() if name not in QUIET}


def loud(settings: Settings) -> list[str]:
    """The running parts that lack a switch: postgres is given no environment, and sends nothing by itself."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            environment = dict(word.partition("=")[::2] for word in path.read_bytes().decode().split("\0") if word)
            command = (path.parent / "cmdline").read_bytes().decode().replace("\0", " ")
        except OSError:
            continue
        if environment.get("TIENDO_HOME") == str(settings.home) and "AIRFLOW_HOME" in environment:
            lacking = [name for name, value in QUIET.items() if environment.get(name, "").lower() != value]
            found += [f"{command[:80]}: {', '.join(lacking)}"] if lacking else ["ok"]
    return found


def lay_harm(settings: Settings) -> None:
    """Reports that are in order but for their words, at the doors of the units whose words the review shows first."""
    programme = Programme.read(settings.programme_dir)
    at_doors = {path.name for path in settings.doors.iterdir()}
    units = sorted((unit.key, unit.code) for unit in programme.units if unit.code in at_doors and not unit.valid_to)
    for _, code in units[:3]:
        content = filled(programme, code, LAST, texts=HARM)
        (settings.doors / code / HOSTILE_NAME).write_bytes(content)


def pages(settings: Settings) -> dict[str, Any]:
    """What the pages ask for beyond the loopback, and what became of hostile words on them.

    Each is opened by the engineer, who sees most. An address that the page's own rules (CSP) refuse is never asked for.
    """
    superset = f"http://127.0.0.1:{settings.superset_port}"
    inside = ("http://127.0.0.1:", "data:", "blob:")
    asked: list[str] = []
    refused: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.CHROMIUM, args=list(FLAGS))
        page = browser.new_page(chromium)
        page.on("request", lambda request: asked.append(request.url))
        page.on("requestfailed", lambda request: request.failure == "csp" and refused.append(request.url))
        browser.sign_in(page, superset, "engineer", settings.secret("engineer"))
        for name in PAGES:
            page.goto(f"{superset}/superset/dashboard/{name}/")
            page.wait_for_selector(".dashboard-component-chart-holder")
            page.wait_for_load_state("networkidle")
        words = words_on_the_page(page, superset)
        page.goto(f"http://127.0.0.1:{settings.airflow_port}/")
        page.wait_for_load_state("networkidle")
        chromium.close()
    outside = {address for address in asked if not address.startswith(inside)}
    return {"asked": len(asked), "outside": sorted(outside - {*refused}), "refused": sorted({*refused}), "words": words}


def words_on_the_page(page: Page, superset: str) -> dict[str, Any]:
    """The units' words as the review shows them, and as they are downloaded."""
    page.goto(f"{superset}/superset/dashboard/final/")
    page.wait_for_selector(".td-quote")
    page.wait_for_load_state("networkidle")
    themes = page.locator(".td-theme")
    found = {
        "quotes": [quote.split(" (")[0] for quote in page.locator(".td-quote").all_inner_texts()],
        "alive": themes.locator("script, img, a, svg, b, iframe").count(),
        "pwned": page.evaluate("window.pwned ?? null"),
    }
    token = page.request.get(f"{superset}/api/v1/security/csrf_token/").json()["result"]
    listed = page.request.get(f"{superset}/api/v1/dataset/?q=(page_size:100)").json()["result"]
    number = next(each["id"] for each in listed if each["table_name"] == "fct_narrative")
    query = {"columns": ["body"], "metrics": ["count"], "row_limit": 1000}
    for kind in ("csv", "xlsx"):
        answer = page.request.post(
            f"{superset}/api/v1/chart/data",
            headers={"X-CSRFToken": token, "Referer": superset},
            data={
                "datasource": {"id": number, "type": "table"},
                "queries": [query],
                "result_format": kind,
                "result_type": "full",
            },
        )
        if kind == "csv":
            found[kind] = [line for line in answer.text().splitlines() if "C calc" in line or "SUM" in line]
        else:
            cells = [cell for row in openpyxl.load_workbook(BytesIO(answer.body())).active.iter_rows() for cell in row]
            found[kind] = [cell.value[:40] for cell in cells if "cmd|" in str(cell.value) or "SUM" in str(cell.value)]
            found["formulas"] = [cell.value for cell in cells if cell.data_type == "f"]
    return found


def main() -> int:
    """All ways, then down. A few months of the sample are enough: every part runs, and none waits for millions."""
    settings = Settings.read()
    here, programs = settings.checkout, settings.platform_env / "bin"
    python, tiendo = sys.executable, str(settings.platform_env / "bin" / "tiendo")
    ways = []
    seen: dict[str, Any] = {}

    def way(name: str, *command: str) -> None:
        ways.append(run(name, list(command), bare(), here))

    try:
        way("make start", python, "-m", "tiendo.operate", "start")
        way("tiendo sample", tiendo, "sample", str(settings.doors), "--first", FIRST)
        lay_harm(settings)
        way("the DAGs in Airflow", python, "-c", DAGS)
        way("make dashboards", python, "-m", "tiendo.operate", "dashboards")
        seen["loud"] = loud(settings)
        if not any(each["code"] for each in ways):
            seen["pages"] = pages(settings)
        way("tiendo build", tiendo, "build", "--changed")
        way("tiendo validate", tiendo, "validate", "--gate", "marts")
        way("python -m expectations", python, "-m", "expectations", "--gate", "raw")
        ways.append(by_hand(settings, programs))
    finally:
        way("make down", python, "-m", "tiendo.operate", "down")
    sys.stdout.write(json.dumps({"ways": ways, **seen}))
    return 0


def by_hand(settings: Settings, programs: Path) -> dict[str, Any]:
    """dbt as a modeller starts it, in the project's folder and with none of our variables but the programme's."""
    with tempfile.TemporaryDirectory() as folder:
        project = settings.checkout / "dbt_project"
        environment = {
            **bare(),
            "DBT_PROFILES_DIR": str(project),
            "DBT_TARGET_PATH": folder,
            "DBT_LOG_PATH": folder,
        }
        return run("dbt by hand", [str(programs / "dbt"), "parse"], environment, project)


if __name__ == "__main__":
    sys.exit(main())
