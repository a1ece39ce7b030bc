"""Workbooks read once more with pandas: nothing of the package.

In: the units' folders and the seeds. Out: `Books`, two frames: `reports`, one row a good workbook (report, unit_code,
period, covers_from, covers_to, received), and `numbers`, one row a number found in one (report, code, value, and
whether a warning stands in its row), by the code printed on the form. Dates are texts as 2024-01-31, '' where the sheet
gives none; received is in seconds.
"""

from __future__ import annotations

import hashlib
import io
import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd

NIL = {"-", "–", "không", "không có", "không phát sinh"}
ABSENT = {"chưa có số liệu", "chưa có", "không cung cấp", "x"}
SHEET = "Số liệu"
COLUMNS = ("Trong kỳ", "Lũy kế từ đầu năm", "Lũy kế từ đầu Đề án")
_READ: dict[Any, Books] = {}


class UnreadableError(Exception):
    """A cell or a workbook that no careful person would count."""


@dataclass(frozen=True, eq=False)
class Books:
    """What the good workbooks say."""

    reports: pd.DataFrame
    numbers: pd.DataFrame


@dataclass(frozen=True)
class Book:
    """One workbook: its head, the numbers by printed code, the codes with a cumulative that is less than its last part,
    and the bytes' digest.
    """

    unit_code: str
    period: str
    covers_from: str
    covers_to: str
    rows: dict[str, float | None]
    shrunken: frozenset[str]
    digest: str


def seeds(folder: Path, name: str) -> pd.DataFrame:
    """A seed as text; empty cells are empty strings."""
    return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)


def number(cell: Any, is_count: bool) -> float | None:
    """The number a person reads in a cell; None where none is given."""
    if cell is None or (isinstance(cell, float) and pd.isna(cell)):
        return None
    if isinstance(cell, str):
        text = cell.strip()
        if text == "" or text.lower() in ABSENT:
            return None
        if text.lower() in NIL:
            return 0.0
        if not re.fullmatch(r"\d+(,\d+)?|\d{1,3}(\.\d{3})+(,\d+)?", text):
            raise UnreadableError(text)
        cell = float(text.replace(".", "").replace(",", "."))
    if cell < 0 or (is_count and cell != int(cell)):
        raise UnreadableError(str(cell))
    return float(cell)


def day(text: str) -> str:
    """A date as 2024-01-31, however it was typed."""
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return text
    raise UnreadableError(text)


def covered(head: pd.DataFrame) -> tuple[str, str]:
    """The first and last day that a report says it speaks of, as the line of its head reads."""
    lines = (" ".join(str(cell) for cell in row if pd.notna(cell)) for row in head.itertuples(index=False))
    line = next((line for line in lines if "đến ngày" in line), "")
    first, last = (re.search(words, line) for words in (r"từ ngày (?!đến ngày)(\S+)", r"đến ngày (\S+)"))
    return day(first[1]) if first else "", day(last[1]) if last else ""


def read_book(path: Path, elements: dict[str, tuple[bool, bool]]) -> Book:
    """One workbook, its parts found by the words on the sheet; of each element whether it counts, and adds up."""
    content = path.read_bytes()
    try:
        sheet = pd.read_excel(io.BytesIO(content), sheet_name=SHEET, header=None, dtype=object, engine="openpyxl")
    except (ValueError, KeyError, OSError) as problem:
        raise UnreadableError(str(problem)) from problem
    head = {str(row[0]).strip(): str(row[2]).strip() for row in sheet.head(8).itertuples(index=False)}
    top = sheet.index[sheet[1].astype(str).str.strip() == "Mã số"][0]
    named = {str(sheet.loc[row, c]).strip(): c for row in (top, top + 1) for c in sheet}
    rows: dict[str, float | None] = {}
    shrunken = set()
    for label, *found in sheet.loc[top + 1 :, [1, *(named[column] for column in COLUMNS)]].itertuples(index=False):
        code = str(label).strip()
        if (element := code.split("/")[0]) in elements:
            is_count, adds_up = elements[element]
            rows[code], *sums = (number(cell, is_count) for cell in (found if adds_up else found[:1]))
            if any(one is not None and rows[code] is not None and one < rows[code] for one in sums):
                shrunken.add(code)
    covers_from, covers_to = covered(sheet.head(8))
    return Book(
        head["Mã đơn vị"].zfill(2),
        head["Kỳ báo cáo"],
        covers_from,
        covers_to,
        rows,
        frozenset(shrunken),
        hashlib.sha256(content).hexdigest(),
    )


def try_book(path: Path, elements: dict[str, tuple[bool, bool]]) -> Book | None:
    """A workbook, or None when no careful person would count it."""
    try:
        return read_book(path, elements)
    except UnreadableError:
        return None


def _more(book: Book, rules: pd.DataFrame) -> list[str]:
    """The codes of what is more than the rules allow."""
    pairs = [
        (rule.left_element, book.rows.get(rule.left_element), book.rows.get(rule.right_element))
        for rule in rules.itertuples()
    ]
    return [code for code, left, right in pairs if left is not None and right is not None and left > right]


def _splits(book: Book) -> dict[tuple[str, str], tuple[float | None, dict[str, float | None]]]:
    """Of each element and dimension the whole, None where it is not told, and its parts by code."""
    found: dict[tuple[str, str], tuple[float | None, dict[str, float | None]]] = {}
    for code, part in book.rows.items():
        element, _, tail = code.partition("/")
        if "." in tail:
            wholes = [each for other, each in book.rows.items() if _is_whole(other, element)]
            whole = None if not wholes or None in wholes else sum(filter(None, wholes))
            found.setdefault((element, tail.split(".")[0]), (whole, {}))[1][code] = part
    return found


def _is_sound(book: Book, rules: pd.DataFrame) -> bool:
    """Whether no part is more than its whole: by the rules of the seeds, and of each element its parts by dimension."""
    parts = [(whole, part) for whole, several in _splits(book).values() for part in several.values()]
    return not _more(book, rules) and not any(None not in pair and pair[1] > pair[0] for pair in parts)


def _asked(book: Book, rules: pd.DataFrame, partitions: dict[str, int]) -> set[str]:
    """The codes of the rows in which a warning stands: more than another number by a rule that only warns, a cumulative
    less than the number of the period, or the first of the parts that do not add up to their whole.
    """
    found = {*_more(book, rules), *book.shrunken}
    for (_, dimension), (whole, parts) in _splits(book).items():
        is_told = whole is not None and None not in parts.values() and len(parts) == partitions.get(dimension)
        if is_told and sum(filter(None, parts.values())) != whole:
            found.add(next(iter(parts)))
    return found


def _is_whole(code: str, element: str) -> bool:
    """Whether a code is an element's total, or what it is of one former unit."""
    found, _, tail = code.partition("/")
    return found == element and "." not in tail


def read_books(doors: Path, folder: Path) -> Books:
    """The good workbooks, each once whatever the names it came under; read once as long as no file changes."""
    paths = sorted(doors.rglob("*.xlsx"))
    marks = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
    names = ("validation_rule", "element", "disaggregation")
    key = (marks, folder, *((folder / f"{name}.csv").read_bytes() for name in names))
    if key not in _READ:
        _READ[key] = _read_all(paths, folder)
    return _READ[key]


def _read_all(paths: list[Path], folder: Path) -> Books:
    elements = {
        row.element_code: (row.number_kind == "count", row.time_rule != "stock")
        for row in seeds(folder, "element").itertuples()
    }
    rules = seeds(folder, "validation_rule").query("rule_kind == 'not_above'")
    errors, warnings = (rules[rules["severity"] == severity] for severity in ("error", "warning"))
    partitions = (
        seeds(folder, "disaggregation").query("is_partition == 'true'")["dimension_code"].value_counts().to_dict()
    )
    if len(paths) > 200:
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            books = list(pool.map(partial(try_book, elements=elements), paths, chunksize=64))
    else:
        books = [try_book(path, elements) for path in paths]
    reports: dict[str, dict[str, Any]] = {}
    numbers: dict[str, list[dict[str, Any]]] = {}
    for path, book in zip(paths, books, strict=True):
        if book is None or not _is_sound(book, errors):
            continue
        received = path.stat().st_mtime
        if book.digest in reports and reports[book.digest]["received"] <= received:
            continue
        head = {name: getattr(book, name) for name in ("unit_code", "period", "covers_from", "covers_to")}
        reports[book.digest] = {"report": book.digest, **head, "received": received}
        asked = _asked(book, warnings, partitions)
        numbers[book.digest] = [
            {"report": book.digest, "code": code, "value": value, "is_asked": code in asked}
            for code, value in book.rows.items()
            if value is not None
        ]
    columns = ["report", "unit_code", "period", "covers_from", "covers_to", "received"]
    return Books(
        pd.DataFrame(list(reports.values()), columns=columns),
        pd.DataFrame(
            [row for rows in numbers.values() for row in rows], columns=["report", "code", "value", "is_asked"]
        ),
    )
