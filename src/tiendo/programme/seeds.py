"""Reads seed files: one CSV in, typed rows out, and an error that names file, row and reason.

Standard library only: DAG files import the registry, so it must load in milliseconds.
"""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path


class SeedError(Exception):
    """A seed file is missing or holds a row that cannot be used; the reason is said in Vietnamese and English."""

    def __init__(self, file: str, row: int | None, reason: str) -> None:
        self.file, self.row, self.reason = file, row, reason
        super().__init__(f"{file}{f', dòng / row {row}' if row else ''}: {reason}")


@dataclass(frozen=True)
class SeedRow:
    """One row of one seed, with its line number for messages."""

    file: str
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """The cell of `column`; it may be empty, the column may not be absent."""
        if column not in self.cells:
            raise SeedError(self.file, None, f"thiếu cột / no column {column!r}; đang có / found {sorted(self.cells)}")
        return self.cells[column]

    def required(self, column: str) -> str:
        """The cell of `column`, which must not be empty."""
        text = self.text(column)
        if not text:
            raise self.error(f"{column} trống / {column} is empty")
        return text

    def day(self, column: str) -> date:
        """The cell as a date written 2001-01-31."""
        day = self.day_or_none(column)
        if day is None:
            raise self.error(f"{column} trống, cần một ngày như 2001-01-31 / {column} is empty, a date is needed")
        return day

    def day_or_none(self, column: str) -> date | None:
        """The cell as a date, or None when empty."""
        text = self.text(column)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError as found:
            raise self._not_a(column, text, "ngày như 2001-01-31", "date such as 2001-01-31") from found

    def number(self, column: str) -> float:
        """The cell as a number written with a decimal point."""
        text = self.required(column)
        try:
            return float(text)
        except ValueError as found:
            raise self._not_a(column, text, "số", "number") from found

    def decimal_or_none(self, column: str) -> Decimal | None:
        """The cell as an exact number written with a decimal point, or None when empty."""
        text = self.text(column)
        if not text:
            return None
        try:
            return Decimal(text)
        except InvalidOperation as found:
            raise self._not_a(column, text, "số", "number") from found

    def whole(self, column: str) -> int:
        """The cell as a whole number."""
        text = self.required(column)
        try:
            return int(text)
        except ValueError as found:
            raise self._not_a(column, text, "số nguyên", "whole number") from found

    def one_of(self, column: str, allowed: frozenset[str]) -> str:
        """The cell, which must be one of `allowed`."""
        text = self.required(column)
        if text not in allowed:
            listed = ", ".join(sorted(allowed))
            raise self.error(f"{column} là {text!r}, chỉ nhận {listed} / {column} is {text!r}; known are {listed}")
        return text

    def _not_a(self, column: str, text: str, wanted_vi: str, wanted_en: str) -> SeedError:
        return self.error(f"{column} là {text!r}, cần một {wanted_vi} / {column} is {text!r}; a {wanted_en} is needed")

    def error(self, reason: str) -> SeedError:
        """A SeedError at this row."""
        return SeedError(self.file, self.line, reason)


def rows_of(folder: Path, name: str) -> Iterator[SeedRow]:
    """The rows of <folder>/<name>.csv, NFC-normalised and stripped."""
    path = folder / f"{name}.csv"
    try:
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as found:
        raise SeedError(path.name, None, f"không có trong / not found in {folder}") from found
    except UnicodeDecodeError as found:
        raise SeedError(path.name, None, f"không phải / not UTF-8: {found}") from found
    reader = csv.DictReader(io.StringIO(unicodedata.normalize("NFC", content), newline=""))
    for cells in reader:
        if None in cells or None in cells.values():
            count = len(reader.fieldnames or [])
            reason = f"dòng không có đủ {count} cột / the row does not have {count} columns"
            raise SeedError(path.name, reader.line_num, reason)
        yield SeedRow(path.name, reader.line_num, {column: text.strip() for column, text in cells.items()})


@dataclass(frozen=True, eq=False)
class SeedFolder:
    """A folder of seeds."""

    folder: Path

    @cached_property
    def _tables(self) -> dict[str, tuple[SeedRow, ...]]:
        return {}

    def table(self, name: str) -> tuple[SeedRow, ...]:
        """The rows of any seed, as text: for what has no class of its own. Each file is read once."""
        if name not in self._tables:
            self._tables[name] = tuple(rows_of(self.folder, name))
        return self._tables[name]


def check_unique(rows: list[SeedRow], *columns: str) -> None:
    """Raise when two rows share the same values in `columns`."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row.text(column) for column in columns)
        if key in seen:
            named = dict(zip(columns, key, strict=True))
            raise row.error(f"{named} đã có ở dòng {seen[key]} / is already in row {seen[key]}")
        seen[key] = row.line


def signature(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of the seeds: cheap to take, changes when a seed does."""
    files = sorted(folder.glob("*.csv"))
    return tuple((path.name, (info := path.stat()).st_size, info.st_mtime_ns) for path in files)


def content_hash(folder: Path) -> str:
    """SHA-256 over names and bytes of all seeds, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        content = path.read_bytes()
        digest.update(f"{path.name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
