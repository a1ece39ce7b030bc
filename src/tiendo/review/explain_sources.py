"""From a number owed to what was reported: submission, file, sheet, cell, and what decisions and closing reports did.

In: cells and a day of knowledge. Out: `Books`, which answers for a unit, period, element and part with a `Number`
worked out again from the reported cell, or with the reason why there is none. Nothing of it is taken from the models'
values: which report was the last good one, which correction held and which closing report adds is decided once more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

TOTAL = "total"
ADDRESS = re.compile(r"(.+)![A-Z]+([0-9]+)")
Key = tuple[str, str, str, str]

SUBMISSIONS = """
select
    submission.unit_key,
    submission.period_code,
    submission.submission_id,
    submission.version,
    submission.state,
    submission.is_closing,
    submission.covers_from,
    submission.covers_to,
    left(raw.sha256, 12) as receipt,
    raw.door_code,
    raw.file_name,
    (raw.received_at at time zone programme.time_zone)::date as received_on,
    (submission.known_from at time zone programme.time_zone)::date as known_on
from marts.fct_submission as submission
inner join raw.submission as raw using (submission_id)
cross join seeds.programme
where
    submission.unit_key = any(%(units)s)
    and submission.period_code = any(%(periods)s)
    and (submission.known_from at time zone programme.time_zone)::date <= %(day)s
order by raw.received_at, submission.submission_id
"""

REPORTED = """
select submission_id, element_code, disaggregation_code, value_text, value_number, value_state, value_cell
from raw.reported_value
where submission_id = any(%(submissions)s) and element_code = any(%(elements)s)
"""

QUESTIONS = """
select submission_id, cell
from raw.problem
where submission_id = any(%(submissions)s) and severity = 'warning'
"""

CORRECTIONS = """
select
    unit_code || '@' || unit_valid_from as unit_key,
    period_code,
    element_code,
    disaggregation_code,
    reported_value,
    corrected_value,
    known_from,
    decided_by,
    reason_vi,
    reason_en
from seeds.correction
where correction_kind = 'value' and known_from <= %(day)s
order by known_from
"""

PREDECESSORS = """
select distinct
    successor_code || '@' || successor_valid_from as unit_key,
    unit_code || '@' || valid_from as predecessor_key
from seeds.unit_successor
where succession_kind <> 'legal'
"""

FRAMES = """
select frame.frame_code, frame.unit_key, period.period_code, frame.frame_count, frame.valid_from, frame.known_from
from intermediate.int_frame as frame
inner join marts.dim_period as period
    on period.end_date >= frame.valid_from and period.end_date <= coalesce(frame.valid_to, period.end_date)
where
    frame.frame_code = any(%(frames)s)
    and frame.unit_key = any(%(units)s)
    and frame.known_from <= %(day)s
    and frame.known_to > %(day)s
"""


@dataclass(frozen=True)
class Submission:
    """A file received: whose, for which period, its version and where to find it; `receipt` begins its SHA-256."""

    unit_key: str
    period_code: str
    submission_id: UUID
    version: int
    state: str
    is_closing: bool
    covers_from: date
    covers_to: date
    receipt: str
    door_code: str
    file_name: str
    received_on: date
    known_on: date


@dataclass(frozen=True)
class Reported:
    """One element of a submission as found and as read, with its sheet and cell."""

    submission_id: UUID
    element_code: str
    disaggregation_code: str
    value_text: str | None
    value_number: Decimal | None
    value_state: str
    value_cell: str


@dataclass(frozen=True)
class Correction:
    """An office's decision that a reported number is to be read as another."""

    unit_key: str
    period_code: str
    element_code: str
    disaggregation_code: str
    reported_value: Decimal
    corrected_value: Decimal
    known_from: date
    decided_by: str
    reason_vi: str
    reason_en: str


@dataclass(frozen=True)
class Frame:
    """A count of what exists, as known on the day."""

    frame_code: str
    unit_key: str
    period_code: str
    frame_count: Decimal
    valid_from: date
    known_from: date


@dataclass(frozen=True)
class Number:
    """A number worked out again from its cell; `value` is None with the `state` that says why.

    States: those of raw.reported_value, in_question, quarantined, no_report. `mark`: reported, corrected, or
    closing_added.
    """

    value: Decimal | None
    state: str
    mark: str | None = None
    submission: Submission | None = None
    reported: Reported | None = None
    correction: Correction | None = None
    closing: tuple[Number, ...] = ()
    is_questioned: bool = False


@dataclass(frozen=True)
class Books:
    """Everything that was reported of the units and periods of a reading, by a day."""

    submissions: dict[tuple[str, str], list[Submission]]
    reported: dict[tuple[UUID, str, str], Reported]
    corrections: dict[tuple[str, str, str, str], list[Correction]]
    predecessors: dict[str, list[str]]
    stocks: frozenset[str]
    frames: dict[tuple[str, str, str], Frame]
    questions: frozenset[tuple[UUID, str]]

    def number(self, key: Key) -> Number:
        """The number of (unit, period, element, part) by the last good report, with corrections and closing reports."""
        unit_key, period_code, element_code, part = key
        received = [each for each in self.submissions.get((unit_key, period_code), ()) if not each.is_closing]
        accepted = [each for each in received if each.state == "accepted"]
        if not accepted:
            waiting = received[-1] if received else None
            return Number(None, "quarantined" if waiting else "no_report", None, waiting)
        own = self._stated(accepted[-1], element_code, part)
        if own.value is None or element_code in self.stocks:
            return own
        closing = tuple(
            self._stated(last, element_code, told)
            for former in self.predecessors.get(unit_key, ())
            for last in self._closed(former, period_code)
            for told in ((TOTAL,) if part == former else (part,))
        )
        closing = tuple(each for each in closing if each.value is not None)
        if not closing:
            return own
        if any(own.submission and each.submission and _overlaps(own.submission, each.submission) for each in closing):
            return Number(None, "in_question", None, own.submission, own.reported, own.correction, closing)
        value = own.value + sum((each.value or Decimal(0) for each in closing), Decimal(0))
        asked = own.is_questioned or any(each.is_questioned for each in closing)
        return Number(value, own.state, "closing_added", own.submission, own.reported, own.correction, closing, asked)

    def frame(self, frame_code: str, unit_key: str, period_code: str) -> Frame | None:
        """How many there are in the unit at the period's end; None when nobody counted."""
        return self.frames.get((frame_code, unit_key, period_code))

    def _closed(self, unit_key: str, period_code: str) -> list[Submission]:
        found = self.submissions.get((unit_key, period_code), [])
        return [each for each in found if each.is_closing and each.state == "accepted"][-1:]

    def _stated(self, submission: Submission, element_code: str, part: str) -> Number:
        found = self.reported.get((submission.submission_id, element_code, part))
        if found is None or found.value_number is None:
            return Number(None, found.value_state if found else "missing", None, submission, found)
        key = (submission.unit_key, submission.period_code, element_code, part)
        decided = [each for each in self.corrections.get(key, ()) if each.reported_value == found.value_number]
        if decided:
            return Number(decided[-1].corrected_value, "reported", "corrected", submission, found, decided[-1])
        asked = (submission.submission_id, sheet_row(found.value_cell)) in self.questions
        return Number(found.value_number, found.value_state, "reported", submission, found, is_questioned=asked)


def sheet_row(cell: str) -> str | None:
    """Sheet and row of a cell such as Số liệu!E14, as Số liệu!14; None where the text is no address of one."""
    found = ADDRESS.fullmatch(cell)
    return found and f"{found[1]}!{found[2]}"


def _overlaps(own: Submission, closing: Submission) -> bool:
    return own.covers_from <= closing.covers_to


def open_books(
    connection: psycopg.Connection[Any], units: set[str], periods: set[str], codes: set[str], day: date
) -> Books:
    """What was reported of the units for the periods, by the day; `codes` are those of elements and frames."""
    former: dict[str, list[str]] = {}
    for unit_key, predecessor_key in connection.execute(PREDECESSORS):
        former.setdefault(unit_key, []).append(predecessor_key)
    reporters = units | {key for unit in units for key in former.get(unit, ())}
    asked = {
        "units": sorted(reporters),
        "periods": sorted(periods),
        "elements": sorted(codes),
        "frames": sorted(codes),
        "day": day,
    }
    submissions: dict[tuple[str, str], list[Submission]] = {}
    with connection.cursor(row_factory=class_row(Submission)) as cursor:
        for submission in cursor.execute(SUBMISSIONS, asked):
            submissions.setdefault((submission.unit_key, submission.period_code), []).append(submission)
    asked["submissions"] = [each.submission_id for several in submissions.values() for each in several]
    with connection.cursor(row_factory=class_row(Reported)) as cursor:
        reported = {
            (each.submission_id, each.element_code, each.disaggregation_code): each
            for each in cursor.execute(REPORTED, asked)
        }
    corrections: dict[Key, list[Correction]] = {}
    with connection.cursor(row_factory=class_row(Correction)) as cursor:
        for each in cursor.execute(CORRECTIONS, asked):
            key = (each.unit_key, each.period_code, each.element_code, each.disaggregation_code)
            corrections.setdefault(key, []).append(each)
    with connection.cursor(row_factory=class_row(Frame)) as cursor:
        frames = {
            (frame.frame_code, frame.unit_key, frame.period_code): frame for frame in cursor.execute(FRAMES, asked)
        }
    stocks = connection.execute("select element_code from seeds.element where time_rule = 'stock'").fetchall()
    rows = connection.execute(QUESTIONS, asked).fetchall()
    questions = frozenset((row[0], at) for row in rows if (at := sheet_row(row[1])))
    return Books(submissions, reported, corrections, former, frozenset(row[0] for row in stocks), frames, questions)
