"""From a question to the row of marts.fct_indicator that answers it, with the card it was computed by.

In: a connection as tiendo_publisher, which reads what was built last. Out: `Build`, `Card` and `Reading`. What is not
there raises ReviewError with what is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, LiteralString

import psycopg
from psycopg.rows import class_row

from tiendo.review.errors import ReviewError

BASES = ("as_reported", "current", "original")
NAMED = 30


@dataclass(frozen=True)
class Build:
    """The last build: what it knows, by the day, and the last period it shows."""

    run_id: int
    known_at: datetime
    known_on: date
    data_to_period: str
    is_synthetic: bool


@dataclass(frozen=True)
class Card:
    """What of a measurement card a value is computed by."""

    indicator_code: str
    definition_version: str
    name_vi: str
    name_en: str
    formula: str | None
    formula_vi: str | None
    formula_en: str | None
    method: str
    method_gap_vi: str | None
    method_gap_en: str | None
    measured_over: str
    basis: str
    measure_vi: str
    measure_en: str
    valid_from: date


@dataclass(frozen=True)
class Scope:
    """A nation, region or unit, by its key."""

    scope_key: str
    scope_kind: str
    name_vi: str
    name_en: str


@dataclass(frozen=True)
class Period:
    """A report month as the models have it."""

    period_code: str
    end_date: date
    due_date: date


@dataclass(frozen=True)
class Window:
    """Whose numbers, over which periods, by which card."""

    card: Card
    basis: str
    scope_key: str
    period_code: str

    def values(self, day: date) -> dict[str, Any]:
        """What the queries are asked with."""
        return {
            "indicator": self.card.indicator_code,
            "version": self.card.definition_version,
            "window": self.card.measured_over,
            "basis": self.basis,
            "scope": self.scope_key,
            "period": self.period_code,
            "day": day,
        }


@dataclass(frozen=True)
class Reading:
    """One row of marts.fct_indicator: a value and how much is behind it, as known from one day to another."""

    basis: str
    scope_key: str
    period_code: str
    indicator_code: str
    definition_version: str
    known_from: date
    known_to: date
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    null_reason: str | None
    reported_count: int
    expected_count: int
    carried_count: int
    carried_pct: Decimal | None
    question_count: int
    question_pct: Decimal | None
    coverage_pct: Decimal | None
    lower_value: Decimal | None
    upper_value: Decimal | None


def last_build(connection: psycopg.Connection[Any]) -> Build:
    """The build whose rows the marts hold. Raises ReviewError when there is none, or it failed half-way."""
    row = connection.execute(
        "select run_id, state, known_at, data_to_period from ops.run where room = 'marts' order by run_id desc limit 1"
    ).fetchone()
    if row is None or row[1] == "failed":
        raise ReviewError(
            "chưa có lần dựng nào xong; hãy chạy tiendo build. / no build was finished; run tiendo build."
        )
    about = connection.execute(
        "select (%s at time zone (select time_zone from seeds.programme))::date, "
        "exists (select 1 from raw.submission where is_synthetic)",
        (row[2],),
    ).fetchone()
    known_on, is_synthetic = about or (row[2].date(), False)
    return Build(row[0], row[2], known_on, row[3], is_synthetic)


def day_known(build: Build, day: date | None) -> date:
    """The day whose knowledge is asked for; the build's own when none is. It cannot lie after it."""
    if day is not None and day > build.known_on:
        raise ReviewError(
            f"lần dựng gần nhất chỉ biết đến {build.known_on}, không biết ngày {day}. / "
            f"the last build knows things up to {build.known_on}, not {day}."
        )
    return day or build.known_on


def find_scope(connection: psycopg.Connection[Any], asked: str, on: date) -> Scope:
    """The scope with a key such as UNIT@DATE, or the one whose code it is on that day."""
    with connection.cursor(row_factory=class_row(Scope)) as cursor:
        found = cursor.execute(
            "select scope_key, scope_kind, name_vi, name_en from marts.dim_scope "
            "where scope_key = %(asked)s or (split_part(scope_key, '@', 1) = %(asked)s and valid_from <= %(day)s "
            "and (valid_to is null or valid_to >= %(day)s)) order by scope_key <> %(asked)s",
            {"asked": asked, "day": on},
        ).fetchall()
    if found:
        return found[0]
    same_code = names(
        connection,
        "select scope_key from marts.dim_scope where split_part(scope_key, '@', 1) = split_part(%s, '@', 1) order by 1",
        (asked,),
    )
    known = same_code or names(connection, "select scope_key from marts.dim_scope order by sort_key, scope_key")
    raise unknown("phạm vi", "scope", asked, known)


def find_period(connection: psycopg.Connection[Any], indicator_code: str, asked: str | None, day: date) -> Period:
    """The period asked for, else the newest that was due by that day and is built."""
    with connection.cursor(row_factory=class_row(Period)) as cursor:
        due = cursor.execute(
            "select period_code, end_date, due_date from marts.dim_period where due_date <= %s and period_code in "
            "(select period_code from marts.fct_indicator where indicator_code = %s) order by period_code",
            (day, indicator_code),
        ).fetchall()
    found = due[-1:] if asked is None else [period for period in due if period.period_code == asked]
    if found:
        return found[0]
    if asked is None:
        raise ReviewError(f"ngày {day} chưa kỳ nào đến hạn. / no period was due on {day} yet.")
    reached = f"{due[0].period_code} … {due[-1].period_code}" if due else "—"
    raise ReviewError(
        f"kỳ {asked} không có, chưa dựng hoặc chưa đến hạn ngày {day}; các kỳ đã đến hạn: {reached}.\n"
        f"        period {asked} is unknown, not built or not due on {day}; the periods due are {reached}."
    )


def find_card(
    connection: psycopg.Connection[Any], indicator_code: str, version: str | None, on: date, day: date
) -> Card:
    """The card of that version, else the one in force on `on` by what was known on `day`."""
    with connection.cursor(row_factory=class_row(Card)) as cursor:
        found = cursor.execute(
            "select indicator_code, definition_version, name_vi, name_en, formula, formula_vi, formula_en, method, "
            "method_gap_vi, method_gap_en, measured_over, basis, measure_vi, measure_en, valid_from "
            "from marts.dim_indicator where indicator_code = %(code)s and case when %(version)s::text is not null "
            "then definition_version = %(version)s else known_from <= %(day)s and valid_from <= %(on)s "
            "and (valid_to is null or valid_to >= %(on)s) end order by valid_from desc, known_from desc",
            {"code": indicator_code, "version": version, "on": on, "day": day},
        ).fetchone()
    if found is not None:
        return found
    check_indicator(connection, indicator_code)
    versions = names(
        connection,
        "select definition_version || ' (' || valid_from || ' … ' || coalesce(valid_to::text, '') || ')' "
        "from marts.dim_indicator where indicator_code = %s order by valid_from",
        (indicator_code,),
    )
    if version is None:
        raise unknown("phiên bản phiếu có hiệu lực ngày", "version of the card in force on", str(on), versions)
    raise unknown("phiên bản phiếu", "version of the card", version, versions)


def check_indicator(connection: psycopg.Connection[Any], indicator_code: str) -> None:
    """Raise ReviewError with the known codes when there is no such indicator."""
    codes = names(
        connection,
        "select indicator_code from marts.dim_indicator group by indicator_code "
        "order by min(display_order), indicator_code",
    )
    if indicator_code not in codes:
        raise unknown("chỉ số", "indicator", indicator_code, codes)


def check_basis(basis: str | None) -> None:
    """Raise ReviewError when there is no such basis; None is the card's own."""
    if basis is not None and basis not in BASES:
        raise unknown("cơ sở đơn vị", "basis", basis, list(BASES))


def find_reading(connection: psycopg.Connection[Any], window: Window, day: date) -> Reading | None:
    """The row as known on that day; None where the indicator has none."""
    with connection.cursor(row_factory=class_row(Reading)) as cursor:
        return cursor.execute(
            "select basis, scope_key, period_code, indicator_code, definition_version, known_from, known_to, "
            "numerator, denominator, value, null_reason, reported_count, expected_count, carried_count, carried_pct, "
            "question_count, question_pct, coverage_pct, lower_value, upper_value "
            "from marts.fct_indicator where basis = %(basis)s and scope_key = %(scope)s and period_code = %(period)s "
            "and indicator_code = %(indicator)s and definition_version = %(version)s "
            "and known_from <= %(day)s and known_to > %(day)s",
            window.values(day),
        ).fetchone()


def no_reading(connection: psycopg.Connection[Any], window: Window) -> ReviewError:
    """Why a known indicator has no row at a known scope and period: it is not asked of anyone in it."""
    known = names(
        connection,
        "select scope_key from marts.fct_indicator inner join marts.dim_scope using (scope_key) where basis = %s "
        "and period_code = %s and indicator_code = %s and definition_version = %s group by scope_key, sort_key "
        "order by sort_key",
        (window.basis, window.period_code, window.card.indicator_code, window.card.definition_version),
    )
    code, period_code, basis, scope_key = (
        window.card.indicator_code,
        window.period_code,
        window.basis,
        window.scope_key,
    )
    return ReviewError(
        f"{code} kỳ {period_code}, cơ sở {basis}: không ai trong {scope_key} phải báo cáo; có ở: "
        f"{listed(known)}.\n        {code} in {period_code} on the basis {basis}: nobody in "
        f"{scope_key} owes it; the scopes that have it are listed above."
    )


def unknown(what_vi: str, what_en: str, asked: str, known: list[str]) -> ReviewError:
    """The error for a name that is not known, with those that are."""
    return ReviewError(
        f"không có {what_vi} {asked}; có: {listed(known)}.\n        no {what_en} {asked}; known are those above."
    )


def listed(known: list[str]) -> str:
    """Names parted by commas, the first of many."""
    more = f", … (+{len(known) - NAMED})" if len(known) > NAMED else ""
    return (", ".join(known[:NAMED]) or "—") + more


def names(connection: psycopg.Connection[Any], query: LiteralString, values: tuple[Any, ...] = ()) -> list[str]:
    """The one column of a query, as text."""
    return [str(row[0]) for row in connection.execute(query, values)]
