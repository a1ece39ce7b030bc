"""What is in, late, quarantined and published.

In: a connection as tiendo_publisher, and which code and seeds there are now. Out: `Status`, counts only. Before the
first publication the counts of the period shown are empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import psycopg

from tiendo.publish.runs import is_outdated


@dataclass(frozen=True)
class Status:
    """Counts of what was received, and of the reports owed for the period that is shown."""

    units: int
    reports: dict[str, int]
    values: int
    problems: dict[str, int]
    publication: int | None
    published_at: datetime | None
    known_at: datetime | None
    data_to_period: str | None
    owed: dict[str, int]
    is_synthetic: bool
    # The last build was not published, or by other code or of other seeds than there are now.
    is_outdated: bool


def read_status(connection: psycopg.Connection[Any], made_by: tuple[str, str]) -> Status:
    """The state of the warehouse now."""
    shown = connection.execute(
        "select p.publication_no, p.published_at, p.known_at, p.data_to_period "
        "from ops.publication as p inner join ops.shown using (publication_no)"
    ).fetchone() or (None, None, None, None)
    owed = _counts(
        connection,
        "select state, count(*) from store.rpt_compliance as c "
        "inner join ops.shown as s on c.pub_from <= s.publication_no and c.pub_to > s.publication_no "
        "where c.is_data_to group by state",
    )
    return Status(
        units=_number(connection, "select count(distinct unit_code) from raw.submission where unit_code is not null"),
        reports=_counts(connection, "select state, count(*) from raw.submission group by state"),
        values=_number(connection, "select count(*) from raw.reported_value"),
        problems=_counts(connection, "select severity, count(*) from raw.problem group by severity"),
        publication=shown[0],
        published_at=shown[1],
        known_at=shown[2],
        data_to_period=shown[3],
        owed=owed,
        is_synthetic=bool(_number(connection, "select count(*) from raw.submission where is_synthetic")),
        is_outdated=is_outdated(connection, made_by),
    )


def _counts(connection: psycopg.Connection[Any], query: LiteralString) -> dict[str, int]:
    return dict(sorted(connection.execute(query).fetchall()))


def _number(connection: psycopg.Connection[Any], query: LiteralString) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
