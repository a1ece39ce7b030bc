"""Reports put straight into raw, as they stand there once loaded and accepted: no workbook and no door.

In: `Sent` reports and a connection as tiendo_loader. Out: rows of raw.submission and raw.reported_value.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import psycopg

SUBMISSION = (
    "submission_id, sha256, door_code, file_name, byte_count, received_at, collected_at, is_historical, state, "
    "is_synthetic, form_version, unit_code, unit_valid_from, period_code, covers_from, covers_to"
)
VALUE = "submission_id, element_code, disaggregation_code, value_text, value_number, value_state, value_cell"


@dataclass(frozen=True)
class Sent:
    """One accepted report: who, for which period, when it came, and its numbers by (element, part); None is missing."""

    unit_code: str
    unit_valid_from: date
    period: str
    received_at: datetime
    numbers: Mapping[tuple[str, str], int | None] = field(hash=False)
    covers_from: date | None = None
    covers_to: date | None = None
    salt: str = ""

    @property
    def digest(self) -> str:
        """What stands for the SHA-256 of its bytes."""
        told = (self.unit_code, self.unit_valid_from, self.period, self.received_at, sorted(self.numbers.items()))
        return hashlib.sha256(repr((told, self.covers_from, self.covers_to, self.salt)).encode()).hexdigest()

    @property
    def submission_id(self) -> uuid.UUID:
        """The first 128 bits of it."""
        return uuid.UUID(self.digest[:32])


def insert(connection: psycopg.Connection[Any], reports: Sequence[Sent]) -> None:
    """Put reports into raw, in this order."""
    with connection.transaction(), connection.cursor() as cursor:
        with cursor.copy(f"copy raw.submission ({SUBMISSION}) from stdin".encode()) as copy:
            for each in reports:
                copy.write_row(
                    (
                        each.submission_id,
                        each.digest,
                        each.unit_code,
                        f"{each.period}.xlsx",
                        1,
                        each.received_at,
                        each.received_at,
                        True,
                        "accepted",
                        True,
                        "1",
                        each.unit_code,
                        each.unit_valid_from,
                        each.period,
                        each.covers_from,
                        each.covers_to,
                    )
                )
        with cursor.copy(f"copy raw.reported_value ({VALUE}) from stdin".encode()) as copy:
            for each in reports:
                for (element, part), number in each.numbers.items():
                    state = "missing" if number is None else "reported" if number else "zero"
                    text = None if number is None else str(number)
                    copy.write_row((each.submission_id, element, part, text, number, state, "Số liệu!E9"))


def set_state(connection: psycopg.Connection[Any], report: Sent, state: str) -> None:
    """Take a report out ('quarantined') or in again ('accepted')."""
    with connection.transaction():
        connection.execute(
            "update raw.submission set state = %s where submission_id = %s", (state, report.submission_id)
        )
