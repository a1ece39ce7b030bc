"""Opening a run: what the next build is told in place of a clock and of variables.

In: a connection as tiendo_builder, the programme, and what the caller asks for. Out: one row of `ops.run` and, in
`ops.run_pair`, the set of (period, scope) pairs that the build recomputes. A full run holds all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from tiendo.programme.periods import Period
from tiendo.programme.registry import Programme
from tiendo.programme.units import Unit
from tiendo.publish.errors import PublishError, WishError

NATION = "nation"
# Reports that the last build did not have, or had in another state.
NEWS = """
select distinct unit_code, period_code from raw.submission as s
where
    state in ('accepted', 'quarantined') and unit_code is not null and period_code <= %s
    and not exists (
        select 1 from marts.fct_submission as built
        where built.submission_id = s.submission_id and built.state = s.state
    )
"""
Pair = tuple[str, str]


@dataclass(frozen=True)
class Run:
    """One build: its number, whether it recomputes everything, its last period, its knowledge, its number of pairs."""

    run_id: int
    is_full: bool
    data_to_period: str
    known_at: datetime
    pair_count: int


@dataclass(frozen=True)
class Wish:
    """What the caller asks for; None everywhere is a full build of all that is known now.

    `from_period` and `unit_code` narrow the set to that unit's cone from that period on.
    """

    data_to_period: str | None = None
    from_period: str | None = None
    unit_code: str | None = None

    @property
    def is_full(self) -> bool:
        """Whether nothing narrows the set."""
        return self.from_period is None and self.unit_code is None


def open_run(connection: psycopg.Connection[Any], programme: Programme, wish: Wish, code_version: str) -> Run:
    """Open a run; one that was left open is abandoned, since only one can be built at a time.

    A narrowed wish becomes a full run when there is nothing to build upon. Raises PublishError when nothing that is due
    has been received, WishError when a period or unit is unknown.
    """
    known_at = _one(connection, "select clock_timestamp()")
    data_to = _data_to(connection, programme, wish, known_at)
    seeds_hash = programme.seeds_hash()
    built_to = None if wish.is_full else _built_to(connection, (code_version, seeds_hash), data_to)
    if built_to is None:
        pairs = all_pairs(programme, programme.periods[0].code, data_to)
    else:
        # What is known now is known for all: whoever else reported since the last build is built too.
        news = connection.execute(NEWS, (data_to,)).fetchall()
        wishes = [wish, *(Wish(from_period=period, unit_code=unit) for unit, period in news)]
        pairs = set().union(*(cone(programme, each, data_to) for each in wishes))
        pairs |= all_pairs(programme, _after(programme, built_to), data_to)
    with connection.transaction():
        connection.execute("delete from ops.run_pair")
        connection.execute(
            "update ops.run set state = 'abandoned', finished_at = clock_timestamp() "
            "where state in ('building', 'validated')"
        )
        run_id = _one(
            connection,
            "insert into ops.run (state, is_full, data_to_period, known_at, code_version, seeds_hash) "
            "values ('building', %s, %s, %s, %s, %s) returning run_id",
            (built_to is None, data_to, known_at, code_version, seeds_hash),
        )
        with connection.cursor().copy("copy ops.run_pair (run_id, period_code, scope_key) from stdin") as copy:
            for period_code, scope_key in sorted(pairs):
                copy.write_row((run_id, period_code, scope_key))
    return Run(run_id, built_to is None, data_to, known_at, len(pairs))


def _built_to(connection: psycopg.Connection[Any], made_by: tuple[str, str], data_to: str) -> str | None:
    """The last period of what a narrowed run can build upon: the last run, published, of the same code and seeds."""
    row = connection.execute(
        "select state, code_version, seeds_hash, data_to_period from ops.run order by run_id desc limit 1"
    ).fetchone()
    # A run that was not published may have left the marts half changed; an earlier last period needs rows taken away.
    if row is None or row[:3] != ("published", *made_by) or row[3] > data_to:
        return None
    return str(row[3])


def fail_run(connection: psycopg.Connection[Any], run_id: int) -> None:
    """Say that the build of a run failed; nothing is published from it."""
    connection.execute(
        "update ops.run set state = 'failed', finished_at = clock_timestamp() where run_id = %s", (run_id,)
    )
    connection.commit()


def all_pairs(programme: Programme, first: str, last: str) -> set[Pair]:
    """Every (period, scope) from `first` to `last`: the units in force on the last day, their regions, the nation."""
    return {
        (period.code, scope)
        for period in programme.periods
        if first <= period.code <= last
        for unit in programme.units_in_force(period.end)
        for scope in _scopes(programme, unit)
    }


def cone(programme: Programme, wish: Wish, last: str) -> set[Pair]:
    """The pairs that a change of one unit (or of all) from one period on can reach: what accumulates carries it on."""
    first = wish.from_period or programme.periods[0].code
    periods = [period for period in programme.periods if first <= period.code <= last]
    if not periods or periods[0].code != first:
        raise WishError(f"kỳ {first} không có hoặc sau kỳ {last}. / period {first} is unknown or after {last}.")
    if wish.unit_code is None:
        return all_pairs(programme, periods[0].code, last)
    # A unit that has ended is no scope any more, but what it brought in still counts in its region and the nation.
    reached = {
        (period.code, scope)
        for unit in _units(programme, wish.unit_code, periods)
        for period in periods
        if unit.valid_from <= period.end
        for scope in _scopes(programme, unit)
    }
    return reached & all_pairs(programme, periods[0].code, last)


def _units(programme: Programme, code: str, periods: list[Period]) -> list[Unit]:
    first, last = periods[0].end, periods[-1].end
    found = [
        unit
        for unit in programme.units
        if unit.code == code and unit.valid_from <= last and (unit.valid_to is None or unit.valid_to >= first)
    ]
    if not found:
        known = ", ".join(sorted({unit.code for unit in programme.units}))
        raise WishError(
            f"không có đơn vị {code} trong các kỳ này; các mã đơn vị: {known}.\n"
            f"        no unit {code} in these periods; the unit codes are listed above."
        )
    return found


def _scopes(programme: Programme, unit: Unit) -> tuple[str, ...]:
    region = programme.region_key_of(unit)
    return (unit.key, NATION) if region is None else (unit.key, region, NATION)


def _data_to(connection: psycopg.Connection[Any], programme: Programme, wish: Wish, known_at: datetime) -> str:
    codes = [period.code for period in programme.periods]
    if wish.data_to_period:
        if wish.data_to_period not in codes:
            raise WishError(
                f"không có kỳ {wish.data_to_period}; các kỳ từ {codes[0]} đến {codes[-1]}.\n"
                f"        no period {wish.data_to_period}; periods go from {codes[0]} to {codes[-1]}."
            )
        return wish.data_to_period
    received = {
        row[0]
        for row in connection.execute(
            "select distinct period_code from raw.submission where state = 'accepted' and period_code is not null"
        )
    }
    # The newest month that is due and of which something has come: a month still being collected judges nobody.
    today = known_at.astimezone(programme.time_zone).date()
    due = [period.code for period in programme.periods if period.due < today and period.code in received]
    if not due:
        raise PublishError(
            "chưa có báo cáo nào đã đến hạn được tiếp nhận; hãy chạy tiendo collect và tiendo load trước.\n"
            "        no report that is due has been accepted yet; run tiendo collect and tiendo load first."
        )
    return due[-1]


def _after(programme: Programme, code: str) -> str:
    later = [period.code for period in programme.periods if period.code > code]
    return later[0] if later else "9999-12"


def _one(connection: psycopg.Connection[Any], statement: str, values: tuple[Any, ...] = ()) -> Any:
    row = connection.execute(statement.encode(), values).fetchone()
    if row is None:
        raise PublishError(f"không có kết quả / no result: {statement}")
    return row[0]
