"""The milestones of the tasks that an indicator names, each with its last state by a period's end, as known on a day.

In: a window and a day. Out: `Milestone`s with the document that is the evidence, and their reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from psycopg.rows import class_row

from tiendo.review.explain_count import Total, milestones_total
from tiendo.review.explain_reading import Window

MILESTONES = """
select
    milestone.milestone_code,
    milestone.task_code,
    milestone.name_vi,
    milestone.name_en,
    last_state.state,
    last_state.document_number,
    last_state.issuer,
    last_state.valid_from,
    last_state.known_from
from intermediate.int_component as component
inner join seeds.milestone as milestone on component.numerator_code = milestone.task_code
inner join marts.dim_period as period on period.period_code = %(period)s
left join lateral (
    select *
    from seeds.milestone_state as state
    where
        state.milestone_code = milestone.milestone_code
        and state.valid_from <= period.end_date
        and state.known_from <= %(day)s
    order by state.valid_from desc, state.known_from desc
    limit 1
) as last_state on true
where component.indicator_code = %(indicator)s and component.definition_version = %(version)s
order by milestone.display_order, milestone.milestone_code
"""


@dataclass(frozen=True)
class Milestone:
    """A milestone and its last state; None where none is known."""

    milestone_code: str
    task_code: str
    name_vi: str
    name_en: str
    state: str | None
    document_number: str | None
    issuer: str | None
    valid_from: date | None
    known_from: date | None


def read_milestones(connection: psycopg.Connection[Any], window: Window, day: date) -> tuple[Milestone, ...]:
    """The milestones that the window's card counts."""
    with connection.cursor(row_factory=class_row(Milestone)) as cursor:
        return tuple(cursor.execute(MILESTONES, window.values(day)))


def total(milestones: Sequence[Milestone]) -> Total:
    """How many are issued or in operation."""
    return milestones_total([milestone.state for milestone in milestones])
