"""What the leader sees is what the database holds, and what anyone can recompute from the workbooks."""

from __future__ import annotations

import csv
import math
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from playwright.sync_api import Browser, Page

from tests.browser.conftest import SCREENSHOTS, Stack, new_page
from tests.integration.compare import as_frame, difference
from tests.integration.recompute import scorecard as recomputed
from tests.integration.recompute_books import read_books
from tests.integration.recompute_indicators import COLUMNS, GRAIN, indicators_of
from tests.integration.recompute_progress import LEAST, NUMBERS, WORDS, plain, progress
from tiendo.programme import Programme

SYNTHETIC = "DỮ LIỆU GIẢ LẬP"
TRANSPARENT = "rgba(0, 0, 0, 0)"
WHITE = "rgb(255, 255, 255)"


def words(text: str | None) -> str:
    """Text with its white space folded."""
    return " ".join((text or "").split())


def test_the_scorecard_is_the_one_that_pandas_recomputes_from_the_workbooks(stack: Stack) -> None:
    shown = stack.published("select * from published.rpt_scorecard order by display_order")
    period = stack.status()["data_to_period"]
    again = recomputed(stack.settings.doors, stack.settings.programme_dir, period)
    assert [row["indicator_code"] for row in shown] == list(again.index)
    assert sum(row["value"] is not None for row in shown) >= 10
    for row in shown:
        mine = again.loc[row["indicator_code"]]
        assert (row["reported_count"], row["expected_count"]) == (mine["reported"], mine["expected"]), row
        assert row["status_code"] == mine["status"], row
        for ours, theirs in (
            (row["value"], mine["value"]),
            (row["path_value"], mine["path"]),
            (row["coverage_pct"], mine["coverage"]),
        ):
            if ours is None:
                assert theirs is None or math.isnan(theirs), row
            else:
                assert math.isclose(float(ours), theirs, rel_tol=1e-9), row


def test_every_cell_of_the_sample_is_the_one_that_pandas_recomputes(stack: Stack) -> None:
    """All bases, scopes, periods and indicators, as known early, later and now."""
    days = [row["known_from"] for row in stack.published("select distinct known_from from published.fct_indicator")]
    days, seeds = sorted(days), stack.settings.programme_dir
    books, period = read_books(stack.settings.doors, seeds), stack.status()["data_to_period"]
    for day in (days[len(days) // 3], days[2 * len(days) // 3], days[-1]):
        known = f"known_from <= '{day}' and known_to > '{day}'"
        rows = stack.published(f"select {', '.join(COLUMNS)} from published.fct_indicator where {known}")
        ours = as_frame([tuple(row.values()) for row in rows], COLUMNS)
        said = difference(ours, indicators_of(books, seeds, period, str(day)))
        assert not said, f"as known on {day}\n{said}"


def test_every_cell_of_progress_in_the_sample_is_the_one_that_pandas_recomputes(stack: Stack) -> None:
    names = [*GRAIN, *NUMBERS, *WORDS]
    shown = stack.published(f"select {', '.join(names)}, reason_vi, reason_en from published.fct_progress")
    again = progress(stack.settings.doors, stack.settings.programme_dir, stack.status()["data_to_period"])
    said = difference(plain(pd.DataFrame(shown)), again, measures=[*NUMBERS, *WORDS], words=WORDS, least=LEAST)
    assert not said, said
    assert all(row[name] and "{" not in row[name] for row in shown for name in ("reason_vi", "reason_en"))


def test_the_calendar_of_the_forms_is_the_calendar_of_the_models(stack: Stack) -> None:
    rows = stack.published(
        "select period_code, start_date, end_date, due_date from published.dim_period order by period_code"
    )
    periods = Programme.read(stack.settings.programme_dir).periods
    assert [tuple(row.values()) for row in rows] == [(p.code, p.start, p.end, p.due) for p in periods]


SHOWN = """
select
    s.*, i.measure_vi, p.reason_vi, t.target_vi,
    (
        select k.value - f.value
        from published.fct_indicator as f
        inner join published.fct_indicator as k
            using (scope_key, basis, indicator_code, definition_version, period_code)
        inner join published.dim_period as d using (period_code)
        where
            f.scope_key = 'nation' and f.indicator_code = p.indicator_code and f.basis = p.basis
            and f.definition_version = p.definition_version and k.known_to = '9999-12-31'
            and d.due_date >= f.known_from and d.due_date < f.known_to
            and period_code = (
                select max(e.period_code) from published.dim_period as e where e.period_code < s.period_code
            )
    ) as late
from published.rpt_scorecard as s
inner join published.dim_indicator as i on s.indicator_code = i.indicator_code and i.is_in_force
inner join published.fct_progress as p
    on s.indicator_code = p.indicator_code and i.definition_version = p.definition_version and i.basis = p.basis
    and s.period_code = p.period_code and p.scope_key = 'nation'
left join published.dim_target as t on s.indicator_code = t.indicator_code and t.scope_key = 'nation'
order by s.display_order
"""


def written(value: Decimal | None, decimals: int) -> str:
    """A number as Vietnamese readers write it; a dash where there is none."""
    if value is None:
        return "—"
    exact = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{exact:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def difference_of(value: Decimal | None, decimals: int) -> Decimal:
    """A difference as it is written, nothing where there is none."""
    return (value or Decimal(0)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def signed(value: Decimal | int, decimals: int) -> str:
    """A difference with its sign."""
    return ("+" if value > 0 else "−" if value < 0 else "") + written(Decimal(abs(value)), decimals)


def test_every_number_on_the_screen_is_the_one_in_the_database(stack: Stack, scorecard: Page) -> None:
    rows = stack.published(SHOWN)
    with (stack.settings.programme_dir / "status.csv").open(encoding="utf-8", newline="") as handle:
        names = {row["status_code"]: row["name_vi"] for row in csv.DictReader(handle)}
    lines = scorecard.locator(".td-table tbody tr")
    assert lines.count() == len(rows)
    for index, row in enumerate(rows):
        line = lines.nth(index)
        cells = [words(cell) for cell in line.locator("th, td").all_inner_texts()]
        assert cells[0].startswith(row["indicator_code"]) and words(row["name_vi"]) in cells[0]
        assert words(line.locator(".td-value").inner_text()) == written(row["value"], row["decimals"])
        assert cells[2].split(" ")[0] == written(row["path_value"], row["decimals"])
        assert cells[3] == words(row["target_vi"] or "—")
        assert names[row["status_code"]] in cells[4] and row["status_sign"] in cells[4]
        assert words(row["reason_vi"]) in cells[4]
        if row["expected_count"]:
            counts = (written(Decimal(row[name]), 0) for name in ("reported_count", "expected_count"))
            assert " trên ".join(counts) in cells[5]
        if row["coverage_pct"] is not None:
            assert f"{math.floor(row['coverage_pct'])} %" in cells[5]
        if row["trend_points"] and row["value_change"]:
            parts = [difference_of(row[name], row["decimals"]) for name in ("value_change", "late")]
            assert cells[6].startswith(signed(sum(parts), row["decimals"]))
            assert (f"{signed(parts[1], row['decimals'])})" in cells[6]) == bool(parts[1])


def test_a_provisional_status_is_an_outline(stack: Stack, scorecard: Page) -> None:
    rows = stack.published("select is_provisional, status_code from published.rpt_scorecard order by display_order")
    assert any(row["is_provisional"] for row in rows)
    pills = scorecard.locator(".td-table tbody .td-pill")
    for index, row in enumerate(rows):
        background = pills.nth(index).evaluate("pill => getComputedStyle(pill).backgroundColor")
        if row["is_provisional"] or row["status_code"] == "no_verdict":
            assert background in (TRANSPARENT, WHITE), (row, background)


def test_units_that_have_not_reported_are_named(stack: Stack, scorecard: Page) -> None:
    missing = stack.published(
        "select unit_name_vi from published.rpt_compliance where is_data_to and state in ('missing', 'quarantined')"
    )
    names = {
        words(scorecard.locator(".td-unit-name").nth(index).evaluate("name => name.firstChild.textContent"))
        for index in range(scorecard.locator(".td-unit-name").count())
    }
    assert names
    assert names == {words(row["unit_name_vi"]) for row in missing}


def test_the_date_of_the_data_and_the_synthetic_mark_are_on_the_page(stack: Stack, scorecard: Page) -> None:
    row = stack.published("select data_to, known_at from published.rpt_scorecard limit 1")[0]
    head = words(scorecard.locator(".td-head").inner_text())
    known_at = row["known_at"].astimezone(Programme.read(stack.settings.programme_dir).time_zone)
    assert f"{row['data_to']:%d/%m/%Y}" in head and f"{known_at:%d/%m/%Y %H:%M}" in head
    assert SYNTHETIC in head


def test_a_screenshot_is_kept(scorecard: Page) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / "scorecard.png"
    scorecard.screenshot(path=path, full_page=True)
    assert path.stat().st_size > 50_000


def test_airflow_says_that_the_data_are_synthetic(stack: Stack, browser: Browser) -> None:
    page = new_page(browser)
    page.goto(stack.airflow)
    page.fill("input[name='username']", "engineer")
    page.fill("input[name='password']", stack.settings.secret("engineer"))
    page.click("button[type='submit']")
    page.wait_for_url(lambda address: "/login" not in address)
    page.wait_for_function(
        "mark => document.title.includes(mark) || document.body.innerText.includes(mark)", arg=SYNTHETIC
    )
    page.close()


def test_a_second_start_reuses_what_is_there(stack: Stack) -> None:
    before = stack.status()
    assert SYNTHETIC in stack.first_words and str(stack.settings.superset_port) in stack.first_words
    stack.operate("up")
    assert stack.status() == before
