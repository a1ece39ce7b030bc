"""Every page, in both languages: whole, readable by all, saying of which day it is; the same after another import."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import SCREENSHOTS, Stack, new_page, sign_in

SYNTHETIC = {"vi": "DỮ LIỆU GIẢ LẬP", "en": "SYNTHETIC DATA"}
GRAVE = {"serious", "critical"}
# Superset's own chrome is not ours to mend: a page is what stands on the sheet.
SHEET = ".grid-container"
IS_WHOLE = """count => document.querySelectorAll('.handlebars, canvas').length >= count
    && !document.querySelector('[data-test="loading-indicator"], .loading')"""


def pages_of(stack: Stack) -> dict[str, dict[str, Any]]:
    """Each generated page by its slug."""
    folder = stack.settings.home / "superset" / "assets" / "dashboards"
    pages = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))]
    return {page["slug"]: page for page in pages}


def open_page(page: Page, stack: Stack, slug: str) -> None:
    """Open a page and wait until each of its charts is drawn."""
    parts = pages_of(stack)[slug]["position"].values()
    charts = [part for part in parts if isinstance(part, dict) and part["type"] == "CHART"]
    page.goto(f"{stack.superset}/superset/dashboard/{slug}/")
    page.wait_for_function(IS_WHOLE, arg=len(charts))


def page_of(browser: Browser, stack: Stack, name: str) -> Page:
    """A page of somebody who has signed in."""
    page = new_page(browser, viewport={"width": 1440, "height": 1000}, locale="vi-VN")
    sign_in(page, stack.superset, name, stack.settings.secret(name))
    return page


@pytest.fixture(scope="module")
def evaluator(stack: Stack, browser: Browser) -> Iterator[Page]:
    page = page_of(browser, stack, "evaluator")
    yield page
    page.close()


def test_every_page_is_whole_says_its_state_and_has_no_grave_fault_for_any_reader(
    stack: Stack, evaluator: Page
) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    pages = pages_of(stack)
    assert len(pages) >= 14
    for slug in pages:
        open_page(evaluator, stack, slug)
        sheet = evaluator.locator(SHEET)
        text = sheet.inner_text()
        assert SYNTHETIC["en" if slug.endswith("-en") else "vi"] in text, slug
        assert not re.search(r"(Unexpected|Data|Network|Query) error|\bundefined\b|\bNaN\b|\bnull\b", text), slug
        faults = Axe().run(evaluator, context=SHEET).response["violations"]
        grave = [(fault["id"], fault["nodes"][0]["html"]) for fault in faults if fault["impact"] in GRAVE]
        assert not grave, (slug, grave)
        sheet.screenshot(path=SCREENSHOTS / f"page-{slug}.png")


def test_a_review_shows_what_the_database_holds(stack: Stack, evaluator: Page) -> None:
    open_page(evaluator, stack, "midterm")
    heading = evaluator.locator(".td-review h2").inner_text()
    rows = stack.published(
        "select i.display_order, i.indicator_code, i.decimals, m.value, m.reported_count, m.expected_count "
        "from published.dim_review as r cross join published.dim_indicator as i "
        "left join published.fct_indicator as m on m.indicator_code = i.indicator_code and m.basis = i.basis "
        "and m.definition_version = i.definition_version and m.period_code = r.shown_period "
        "and m.scope_key = 'nation' and m.known_to = '9999-12-31' "
        f"where r.name_vi = $${heading}$$ and i.is_in_force and i.is_headline"
    )
    shown = {}
    for line in evaluator.locator(".td-review-goals tbody tr").all():
        code = line.locator(".td-code").inner_text()
        shown[code] = (line.locator(".td-value").inner_text(), line.locator(".td-c-coverage").inner_text())
    assert set(shown) == {row["indicator_code"] for row in rows} and len(rows) > 10
    for row in rows:
        value, coverage = shown[row["indicator_code"]]
        assert value == written(row["value"], row["decimals"]), row
        if row["expected_count"]:
            counts = [written(Decimal(row[name]), 0) for name in ("reported_count", "expected_count")]
            assert " trên ".join(counts) in coverage, row


def written(value: Decimal | None, decimals: int) -> str:
    """A number as Vietnamese readers write it; a dash where there is none."""
    if value is None:
        return "—"
    exact = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{exact:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def test_the_explorer_answers_as_known_on_the_day_that_is_chosen(stack: Stack, evaluator: Page) -> None:
    open_page(evaluator, stack, "explorer")
    heading = evaluator.locator(".td-units-head h2").first.inner_text()
    code = heading.split(" · ")[0]
    lines = evaluator.locator(".td-table").first.locator("tbody tr")
    rows = stack.published(
        "select m.value, i.decimals from published.fct_indicator as m "
        "inner join published.dim_indicator as i using (indicator_code, definition_version) "
        f"where m.indicator_code = '{code}' and m.scope_key = 'nation' and m.basis = 'as_reported' "
        "and m.known_to = '9999-12-31' order by m.period_code"
    )
    assert lines.count() == len(rows) > 30
    shown = [cell.inner_text() for cell in lines.locator("td:nth-child(2) strong").all()]
    assert shown == [written(row["value"], row["decimals"]) for row in rows]


def test_the_scorecard_is_printed_on_one_page_of_a4(stack: Stack, evaluator: Page, tmp_path: Path) -> None:
    open_page(evaluator, stack, "scorecard")
    printed = evaluator.pdf(prefer_css_page_size=True)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    (SCREENSHOTS / "scorecard.pdf").write_bytes(printed)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45]\S* 84[12]\S*\]", printed)


def test_the_evaluator_finds_questions_to_start_from_and_each_has_an_answer(stack: Stack, evaluator: Page) -> None:
    answer = evaluator.request.get(f"{stack.superset}/api/v1/saved_query/?q=(page_size:100)")
    assert answer.ok, answer.text()[:300]
    saved = answer.json()["result"]
    assert len(saved) >= 8
    assert all(stack.published(question["sql"]) for question in saved)


def test_a_second_import_changes_nothing(stack: Stack, browser: Browser) -> None:
    page = page_of(browser, stack, "engineer")

    def exported() -> dict[str, str]:
        answer = page.request.get(f"{stack.superset}/api/v1/assets/export/")
        assert answer.ok, f"{answer.status} {answer.text()[:300]}"
        with zipfile.ZipFile(io.BytesIO(answer.body())) as archive:
            # The folder and the metadata carry the moment of the export.
            return {
                name.split("/", 1)[1]: archive.read(name).decode()
                for name in archive.namelist()
                if not name.endswith("metadata.yaml")
            }

    before = exported()
    stack.operate("dashboards")
    assert exported() == before
    assert len([name for name in before if name.startswith("dashboards/")]) == len(pages_of(stack))
    page.close()
