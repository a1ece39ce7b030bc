"""The sample of one report quarter: which reported numbers may be drawn, and the draw.

In: a connection to the marts, a programme, a quarter. Out: a `Sample`. Only accepted reports that are current, and only
the elements above the line of a card that has a target. What is asked by former province has no total and is not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import psycopg

from tiendo.programme import Programme
from tiendo.review.checks_draw import Cell, Drawn, draw
from tiendo.review.errors import ReviewError

NUMBERS = """
select
    submission.unit_key,
    submission.period_code,
    value.element_code,
    value.value_number,
    raw.file_name,
    value.value_cell,
    submission.is_synthetic
from marts.fct_submission as submission
inner join raw.submission as raw using (submission_id)
inner join raw.reported_value as value using (submission_id)
where
    submission.state = 'accepted'
    and submission.known_to = 'infinity'
    and submission.period_code = any(%(periods)s)
    and value.element_code = any(%(elements)s)
    and value.disaggregation_code = 'total'
    and value.value_number > 0
    and not (submission.is_synthetic and exists (
        select 1 from raw.submission where state = 'accepted' and not is_synthetic
    ))
"""


@dataclass(frozen=True)
class Sample:
    """The numbers drawn in one report quarter, of how many, and the seed that draws them again."""

    quarter: str
    seed: str
    cell_count: int
    drawn: tuple[Drawn, ...]

    @property
    def is_synthetic(self) -> bool:
        """Whether any of the reports is made up."""
        return any(drawn.cell.is_synthetic for drawn in self.drawn)


def checked_elements(programme: Programme) -> frozenset[str]:
    """Elements that stand above the line of a card with a target."""
    aimed = {target.indicator_code for target in programme.targets}
    cards = [card for card in programme.indicators if card.indicator_code in aimed]
    return frozenset(term.code for card in cards for term in card.parsed.numerators if term.code in programme.elements)


def draw_sample(
    connection: psycopg.Connection[Any], programme: Programme, quarter: str, count: int, seed: str | None = None
) -> Sample:
    """The sample of a quarter; ReviewError when there is no such quarter or nothing was reported in it."""
    periods = [period.code for period in programme.periods if period.quarter == quarter]
    if not periods:
        first, last = programme.periods[0].quarter, programme.periods[-1].quarter
        raise ReviewError(
            f"Không có quý {quarter!r}; có từ {first} đến {last}. / "
            f"There is no quarter {quarter!r}; they run from {first} to {last}."
        )
    if count < 1:
        raise ReviewError(f"Cần rút ít nhất một số, không phải {count}. / At least one is drawn, not {count}.")
    wanted = {"periods": periods, "elements": sorted(checked_elements(programme))}
    rows = connection.execute(NUMBERS, wanted).fetchall()
    cells = [
        Cell(unit, period, element, Fraction(number), file, cell, is_synthetic)
        for unit, period, element, number, file, cell, is_synthetic in rows
    ]
    if not cells:
        raise ReviewError(
            f"Quý {quarter} chưa có số liệu nào được chấp nhận. / No number of quarter {quarter} is accepted yet."
        )
    chosen = seed or f"{programme.code} {quarter}"
    return Sample(quarter, chosen, len(cells), draw(cells, count, chosen))
