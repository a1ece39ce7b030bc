"""The numbers owed that a reading is made of: the units and places of its scope, over the window of its card.

In: a reading's basis, scope, period and card, and a day of knowledge. Out: `Cell`s, one for each unit, period, pair and
place, as intermediate.int_cell has them on that day, with what stands below the line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from tiendo.review.explain_reading import Window

# Of a unit that has ended, the last period stands for it in what accumulates; in its own scope it has ended.
PARTS = """
with life as (
    select unit_key, min(period_ordinal) as first_ordinal, max(period_ordinal) as last_ordinal
    from intermediate.int_expected_report
    group by unit_key
),

card as (
    select bool_and(denominator_source is not distinct from 'frame') as is_over_frames
    from intermediate.int_component
    where indicator_code = %(indicator)s and definition_version = %(version)s
),

part as (
    select
        scope_part.unit_key,
        scope_part.place_key,
        scope_part.is_whole,
        last_period.period_code as last_period_code,
        last_period.period_ordinal as last_ordinal,
        last_period.report_year as last_year
    from intermediate.int_scope_part as scope_part
    inner join life on scope_part.unit_key = life.unit_key
    inner join marts.dim_period as asked on asked.period_code = %(period)s
    inner join marts.dim_period as last_period
        on last_period.period_ordinal = least(asked.period_ordinal, life.last_ordinal)
    where
        scope_part.basis = %(basis)s
        and scope_part.scope_key = %(scope)s
        and life.first_ordinal <= asked.period_ordinal
        and (
            asked.period_ordinal <= life.last_ordinal
            or (
                (scope_part.basis <> 'as_reported' or scope_part.scope_kind <> 'unit')
                and (
                    %(window)s = 'since_start'
                    or (%(window)s = 'year' and asked.report_year = last_period.report_year)
                )
            )
        )
)
"""

CELLS = (
    PARTS
    + """
select
    cell.pair_key,
    cell.unit_key,
    part.place_key,
    part.is_whole,
    cell.period_code,
    cell.pair_no,
    cell.element_code,
    cell.disaggregation_code,
    component.denominator_source,
    component.denominator_code,
    case
        when component.denominator_source = 'element' then coalesce(
            component.denominator_part,
            case when component.numerator_part is null then cell.disaggregation_code else 'total' end
        )
    end as denominator_part,
    cell.numerator,
    cell.denominator,
    cell.weight,
    cell.is_counted,
    cell.is_covered,
    cell.is_questioned,
    cell.lower_numerator,
    cell.upper_numerator,
    cell.bound_denominator,
    card.is_over_frames,
    cell.source_period_code,
    cell.submission_id,
    cell.denominator_submission_id,
    cell.mark,
    cell.known_from
from part
inner join intermediate.int_cell as cell
    on
        part.unit_key = cell.unit_key
        and part.place_key = cell.place_key
        and case %(window)s
            when 'year' then cell.report_year = part.last_year and cell.period_ordinal <= part.last_ordinal
            when 'since_start' then cell.period_ordinal <= part.last_ordinal
            else cell.period_ordinal = part.last_ordinal
        end
inner join intermediate.int_component as component
    on
        cell.indicator_code = component.indicator_code
        and cell.definition_version = component.definition_version
        and cell.pair_no = component.pair_no
cross join card
left join marts.dim_unit as unit on cell.unit_key = unit.unit_key
where
    cell.indicator_code = %(indicator)s
    and cell.definition_version = %(version)s
    and cell.known_from <= %(day)s
    and cell.known_to > %(day)s
order by unit.sort_key, cell.unit_key, cell.place_key, cell.pair_no, cell.period_code
"""
)

UNIT_PARTS = (
    PARTS
    + """
select
    part.unit_key,
    part.place_key,
    unit_part.pair_no,
    coalesce(unit_part.numerator, 0) as numerator,
    coalesce(unit_part.denominator, 0) as denominator,
    unit_part.reported_count,
    unit_part.expected_count,
    unit_part.carried_count,
    unit_part.question_count
from part
inner join intermediate.int_unit_part as unit_part
    on
        part.unit_key = unit_part.scope_key
        and part.place_key = unit_part.place_key
        and part.last_period_code = unit_part.period_code
where
    unit_part.indicator_code = %(indicator)s
    and unit_part.definition_version = %(version)s
    and unit_part.known_from <= %(day)s
    and unit_part.known_to > %(day)s
"""
)


@dataclass(frozen=True)
class Cell:
    """A number owed: what it gives to the indicator as known on a day, and from which submission.

    `numerator` is in the element's unit of measure and None where it does not count; `source_period_code` is another
    period where it is carried; `weight` is None where nothing weighs it, `is_over_frames` is of the whole card.
    """

    pair_key: str
    unit_key: str
    place_key: str
    is_whole: bool
    period_code: str
    pair_no: int
    element_code: str
    disaggregation_code: str
    denominator_source: str | None
    denominator_code: str | None
    denominator_part: str | None
    numerator: Decimal | None
    denominator: Decimal | None
    weight: Decimal | None
    is_counted: bool
    is_covered: bool
    is_questioned: bool
    lower_numerator: Decimal
    upper_numerator: Decimal | None
    bound_denominator: Decimal | None
    is_over_frames: bool
    source_period_code: str
    submission_id: UUID | None
    denominator_submission_id: UUID | None
    mark: str | None
    known_from: date

    @property
    def is_carried(self) -> bool:
        """Whether an earlier period's number stands here."""
        return self.is_counted and not self.is_covered and not self.is_questioned


@dataclass(frozen=True)
class UnitPart:
    """What the models have a unit bring to the reading, for one place and pair."""

    unit_key: str
    place_key: str
    pair_no: int
    numerator: Decimal
    denominator: Decimal
    reported_count: int
    expected_count: int
    carried_count: int
    question_count: int


def read_cells(connection: psycopg.Connection[Any], window: Window, day: date) -> list[Cell]:
    """The numbers owed in the window, as known on a day."""
    with connection.cursor(row_factory=class_row(Cell)) as cursor:
        return cursor.execute(CELLS, window.values(day)).fetchall()


def read_unit_parts(connection: psycopg.Connection[Any], window: Window, day: date) -> list[UnitPart]:
    """What the models made of them, unit by unit."""
    with connection.cursor(row_factory=class_row(UnitPart)) as cursor:
        return cursor.execute(UNIT_PARTS, window.values(day)).fetchall()
