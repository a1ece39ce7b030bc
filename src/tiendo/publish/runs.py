"""Opening a run: what the next build is told in place of a clock and of variables.

In: a connection as tiendo_builder, the programme, and what the caller asks for. Out: one row of `ops.run` and, in
`ops.run_pair`, the set of (period, scope) pairs that the build recomputes. A full run holds all of them. The seeds as
they were found are kept in `ops.seed_file`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import psycopg

from tiendo.programme.periods import Period
from tiendo.programme.registry import Programme
from tiendo.programme.units import Unit
from tiendo.publish.errors import PublishError, WishError

NATION = "nation"
# Seeds whose rows are known from a day on.
KNOWN_LATER = ("indicator", "target", "frame_value", "milestone_state", "correction", "finding", "verification")
# Reports that the last build did not have, or had in another state; and whether one of their numbers is the first in
# its place for so many months: it then bounds what was missing before it.
NEWS = """
select s.unit_code || '@' || s.unit_valid_from, s.period_code, bool_or(
    exists (
        select 1 from raw.reported_value as v
        where
            v.submission_id = s.submission_id and v.value_number is not null
            and not exists (
                select 1 from raw.submission as e inner join raw.reported_value as w using (submission_id)
                where
                    e.unit_code = s.unit_code and e.unit_valid_from = s.unit_valid_from and e.state = 'accepted'
                    and e.period_code < s.period_code and e.period_code >= to_char(
                        (s.period_code || '-01')::date - make_interval(months => %(months)s), 'YYYY-MM'
                    )
                    and w.element_code = v.element_code and w.disaggregation_code = v.disaggregation_code
                    and w.value_number is not null
            )
    )
)
from raw.submission as s
where
    s.state in ('accepted', 'quarantined') and s.unit_code is not null and s.period_code <= %(last)s
    and not exists (
        select 1 from marts.fct_submission as built
        where built.submission_id = s.submission_id and built.state = s.state
    )
group by s.unit_code, s.unit_valid_from, s.period_code
"""
Pair = tuple[str, str]


@dataclass(frozen=True)
class Run:
    """One build: its number, whether it recomputes everything, its last period, its knowledge, its number of pairs.

    `room` is the schema it writes: marts, or asof for an earlier knowledge.
    """

    run_id: int
    is_full: bool
    data_to_period: str
    known_at: datetime
    pair_count: int
    room: str = "marts"


@dataclass(frozen=True)
class Wish:
    """What the caller asks for; None everywhere is a full build of all that is known now.

    `from_period` and `unit_code` narrow the set to that unit's cone from that period on; `only_changed` narrows it to
    what has come in since the last build. `known_on` asks for everything as it was known at the end of that day.
    """

    data_to_period: str | None = None
    from_period: str | None = None
    unit_code: str | None = None
    known_on: date | None = None
    only_changed: bool = False

    @property
    def is_full(self) -> bool:
        """Whether nothing narrows the set."""
        return self.from_period is None and self.unit_code is None and not self.only_changed


def open_run(connection: psycopg.Connection[Any], programme: Programme, wish: Wish, code_version: str) -> Run:
    """Open a run; one that was left open is abandoned, since only one can be built at a time.

    A narrowed wish becomes a full run when there is nothing to build upon. Raises PublishError when nothing that is due
    has been received, WishError when a period or unit is unknown.
    """
    room = "marts" if wish.known_on is None else "asof"
    known_at = _known_at(connection, programme, wish)
    data_to = _data_to(connection, programme, wish, known_at)
    seeds_hash = programme.seeds_hash()
    built_to = None
    if not (wish.is_full or wish.known_on):
        built_to = _built_to(connection, programme, (code_version, seeds_hash), data_to)
    if built_to is None:
        pairs = all_pairs(programme, programme.periods[0].code, data_to)
    else:
        pairs = set() if wish.only_changed else cone(programme, wish, data_to)
        # What is known now is known for all: whoever else reported since the last build is built too.
        months = _threshold(programme, "plausible_periods")
        for unit_key, period, is_first in connection.execute(NEWS, {"last": data_to, "months": months}).fetchall():
            first = _before(programme, period, months) if is_first else period
            pairs |= _reach(programme, [programme.unit_by_key[unit_key]], first, data_to)
        pairs |= all_pairs(programme, _after(programme, built_to), data_to)
    with connection.transaction():
        connection.execute(
            "delete from ops.run_pair as p using ops.run as r where p.run_id = r.run_id and r.room = %s", (room,)
        )
        connection.execute(
            "update ops.run set state = 'abandoned', finished_at = clock_timestamp() "
            "where state in ('building', 'validated') and room = %s",
            (room,),
        )
        run_id = _one(
            connection,
            "insert into ops.run (state, room, is_full, data_to_period, known_at, code_version, seeds_hash) "
            "values ('building', %s, %s, %s, %s, %s, %s) returning run_id",
            (room, built_to is None, data_to, known_at, code_version, seeds_hash),
        )
        _keep_seeds(connection, programme, seeds_hash)
        with connection.cursor().copy("copy ops.run_pair (run_id, period_code, scope_key) from stdin") as copy:
            for period_code, scope_key in sorted(pairs):
                copy.write_row((run_id, period_code, scope_key))
        # The models join on it next; a plan made without knowing how many pairs there are took minutes.
        connection.execute("analyze ops.run_pair")
    return Run(run_id, built_to is None, data_to, known_at, len(pairs), room)


def _built_to(
    connection: psycopg.Connection[Any], programme: Programme, made_by: tuple[str, str], data_to: str
) -> str | None:
    """The last period of what a narrowed run can build upon: the last run, published, of the same code and seeds."""
    row = _last_run(connection)
    # A run that was not published may have left the marts half changed; an earlier last period needs rows taken away.
    if row is None or row[:3] != ("published", *made_by) or row[3] > data_to:
        return None
    # A card, frame or correction whose day has come since then may change any scope.
    known_on = row[4].astimezone(programme.time_zone).date()
    today = _one(connection, "select clock_timestamp()").astimezone(programme.time_zone).date()
    days = (seed.day("known_from") for name in KNOWN_LATER for seed in programme.table(name))
    return None if any(known_on < day <= today for day in days) else str(row[3])


def is_outdated(connection: psycopg.Connection[Any], made_by: tuple[str, str]) -> bool:
    """Whether the last build has to be done again: it was not published, or by other code or of other seeds."""
    row = _last_run(connection)
    return row is not None and row[:3] != ("published", *made_by)


def _last_run(connection: psycopg.Connection[Any]) -> tuple[Any, ...] | None:
    return connection.execute(
        "select state, code_version, seeds_hash, data_to_period, known_at from ops.run where room = 'marts' "
        "order by run_id desc limit 1"
    ).fetchone()


def end_run(connection: psycopg.Connection[Any], run_id: int, state: str) -> None:
    """Say how a run ended that is not published: 'failed', or 'built' beside the marts."""
    connection.execute(
        "update ops.run set state = %s, finished_at = clock_timestamp() where run_id = %s", (state, run_id)
    )
    connection.commit()


def seeds_published_by(connection: psycopg.Connection[Any], known_on: datetime) -> dict[str, str] | None:
    """The seeds of the last publication made by then, {file name: content}; None when there was none."""
    row = connection.execute(
        "select seeds_hash from ops.publication where published_at <= %s order by publication_no desc limit 1",
        (known_on,),
    ).fetchone()
    if row is None:
        return None
    files = connection.execute("select file_name, content from ops.seed_file where seeds_hash = %s", row).fetchall()
    return {str(name): str(content) for name, content in files}


def _keep_seeds(connection: psycopg.Connection[Any], programme: Programme, seeds_hash: str) -> None:
    for path in sorted(programme.folder.glob("*.csv")):
        connection.execute(
            "insert into ops.seed_file (seeds_hash, file_name, content) values (%s, %s, %s) on conflict do nothing",
            (seeds_hash, path.name, path.read_text(encoding="utf-8-sig")),
        )


def all_pairs(programme: Programme, first: str, last: str) -> set[Pair]:
    """Every (period, scope) from `first` to `last`: each unit that has begun, in every basis."""
    return _reach(programme, programme.units, first, last)


def cone(programme: Programme, wish: Wish, last: str) -> set[Pair]:
    """The pairs that a change of one unit (or of all) from one period on can reach: what accumulates carries it on."""
    first = wish.from_period or programme.periods[0].code
    periods = [period for period in programme.periods if first <= period.code <= last]
    if not periods or periods[0].code != first:
        raise WishError(f"kỳ {first} không có hoặc sau kỳ {last}. / period {first} is unknown or after {last}.")
    units = programme.units if wish.unit_code is None else _units(programme, wish.unit_code, periods)
    return _reach(programme, units, first, last)


def _reach(programme: Programme, units: Sequence[Unit], first: str, last: str) -> set[Pair]:
    return {
        (period.code, scope)
        for unit in units
        for scope in _scopes(programme, unit)
        for period in programme.periods
        if first <= period.code <= last and unit.valid_from <= period.end
    }


def _units(programme: Programme, code: str, periods: list[Period]) -> list[Unit]:
    first, last = periods[0].start, periods[-1].end
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


def _scopes(programme: Programme, unit: Unit) -> set[str]:
    """The scopes a unit's numbers can be part of: what it became and came from, their regions, the nation."""
    lineage = {unit, *programme.descendants(unit), *programme.ancestors(unit)}
    regions = {programme.region_key_of(each) for each in lineage} - {None}
    return {NATION, *(each.key for each in lineage), *(region for region in regions if region)}


def _known_at(connection: psycopg.Connection[Any], programme: Programme, wish: Wish) -> datetime:
    now: datetime = _one(connection, "select clock_timestamp()")
    if wish.known_on is None:
        return now
    known_at = datetime.combine(wish.known_on, time.max, programme.time_zone)
    if known_at > now:
        raise WishError(f"{wish.known_on} chưa qua hết. / the day {wish.known_on} is not over yet.")
    return known_at


def _data_to(connection: psycopg.Connection[Any], programme: Programme, wish: Wish, known_at: datetime) -> str:
    # A month is judged once it is due, not while it is being collected: from the morning after.
    today = known_at.astimezone(programme.time_zone).date()
    due = [period.code for period in programme.periods if period.due < today or period.due == wish.known_on]
    if wish.data_to_period:
        if wish.data_to_period not in due:
            shown = f"{due[0]} … {due[-1]}" if due else "—"
            raise WishError(
                f"kỳ {wish.data_to_period} không có hoặc chưa đến hạn nộp; các kỳ đã đến hạn: {shown}.\n"
                f"        period {wish.data_to_period} is unknown or not due yet; the periods due are {shown}."
            )
        return wish.data_to_period
    received = {
        row[0]
        for row in connection.execute(
            "select distinct period_code from raw.submission where state = 'accepted' and period_code is not null "
            "and case when is_historical then received_at else collected_at end <= %s",
            (known_at,),
        )
    }
    found = [code for code in due if code in received]
    if not found:
        raise PublishError(
            "chưa có báo cáo nào đã đến hạn được tiếp nhận; hãy chạy tiendo collect và tiendo load trước.\n"
            "        no report that is due has been accepted yet; run tiendo collect and tiendo load first."
        )
    return found[-1]


def _threshold(programme: Programme, code: str) -> int:
    return next(
        row.whole("threshold_value")
        for row in programme.table("status_threshold")
        if row.text("threshold_code") == code
    )


def _before(programme: Programme, code: str, count: int) -> str:
    """The period so many before another; the first one where there are not so many."""
    earlier = [period.code for period in programme.periods if period.code <= code]
    return earlier[max(0, len(earlier) - 1 - count)]


def _after(programme: Programme, code: str) -> str:
    later = [period.code for period in programme.periods if period.code > code]
    return later[0] if later else "9999-12"


def _one(connection: psycopg.Connection[Any], statement: str, values: tuple[Any, ...] = ()) -> Any:
    row = connection.execute(statement.encode(), values).fetchone()
    if row is None:
        raise PublishError(f"không có kết quả / no result: {statement}")
    return row[0]
