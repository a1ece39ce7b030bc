"""Looks into an .xlsx before the parser does: what would make the parser crash or fill the memory, and the cells whose
number it would lose without a word.

In: bytes. Out: `Package`, or the problem that says why it is not handed on.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from posixpath import join, normpath
from xml.etree.ElementTree import Element, ParseError, fromstring

from tiendo.receive.problems import Problem, make

LARGEST_FILE = 20_000_000
LARGEST_UNPACKED = 100_000_000
# A text is stored once and copied into every cell that names it: 30 kB of file can say 10 GB.
LARGEST_TEXTS = 200_000_000
# Two readers of one archive must see the same parts: it begins with its first part, ends with its own end, says nothing
# beside it, and has each name once. Anything before, behind or twice is read by one of them and not by the other.
FIRST_PART, END, END_LENGTH = b"PK\x03\x04", b"PK\x05\x06", 22
# UTF-16, in which the words that declare an entity are not found as bytes.
UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
OLE, ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "EncryptedPackage".encode("utf-16-le")
BROKEN_ARCHIVE = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    NotImplementedError,  # a kind of compression that zipfile does not know
    RuntimeError,  # an encrypted part
    zipfile.BadZipFile,
    zlib.error,
)

# The parser lays out everything up to the farthest cell: none may be in column AAA or row 10,000 or beyond. Every part
# is searched, because a workbook may call any part a sheet. The first pair is a quick look that errs on the safe side.
ANY_CELL = (re.compile(rb"<c[\s/>]"), re.compile(rb":c[\s/>]"))
NEAR_CELL = re.compile(rb"""<c r="[A-Z][A-Z]?[0-9]{1,4}"[ st="0-9bden]*/?>""")
CELL_NAME = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
CELL = re.compile(rb"<(?:[\w.-]+:)?c([^\w.:<>-][^<>]*)?>")
BLANK_CELL = re.compile(rb"""(?:\s+[\w:.-]+\s*=\s*"[^"]*")*\s*/""")
PLACE = re.compile(rb"""\sr\s*=\s*["']([^"']*)["']""")
NEAR = re.compile(rb"[A-Za-z]{1,2}[0-9]{1,4}")
KIND = re.compile(rb"""\st\s*=\s*["'](\w*)["']""")
RESULT = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?(?:/>|>([^<]*)<)")
FORMULA = re.compile(rb"<(?:[\w.-]+:)?f(?:\s[^<>]*?)?(?:/>|>([^<]*)<)")
MAYBE_LOST = (re.compile(rb"<f[\s/>]"), re.compile(rb":f[\s/>]"), re.compile(rb"""t\s*=\s*["']e["']"""))
ADDRESS = re.compile(r"([A-Za-z]{1,2})([0-9]{1,4})")


class Lost(str):
    """What stands in a cell whose number the parser does not see: #REF!, or a formula that was never calculated."""

    __slots__ = ()


@dataclass(frozen=True)
class Package:
    """The parts of an .xlsx by their names, each small enough to parse."""

    parts: dict[str, bytes]

    def lost_cells(self, wanted: frozenset[str]) -> dict[tuple[str, str], Lost]:
        """{(sheet, address): what stands there} of the wanted sheets; most workbooks have none."""
        sheets = {name: part for name, part in self.parts.items() if b"sheetData" in part}
        suspects = {name: part for name, part in sheets.items() if any(look.search(part) for look in MAYBE_LOST)}
        if not suspects:
            return {}
        try:
            found = [(name, part) for name, part in self._sheets() if name in wanted and part in suspects]
            return {(sheet, place): text for sheet, part in found for place, text in _lost(suspects[part])}
        except (ParseError, KeyError, ValueError):
            # The parser will say what it thinks of such a workbook.
            return {}

    def _sheets(self) -> Iterator[tuple[str, str]]:
        """(name of the sheet in NFC, name of its part) as the workbook lists them."""
        book, relations = (
            fromstring(self._part("xl/workbook.xml")),  # noqa: S314  without entities: see _unfit
            fromstring(self._part("xl/_rels/workbook.xml.rels")),  # noqa: S314
        )
        targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
        for sheet in book.iter():
            if _tag(sheet) == "sheet":
                identity = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
                path = normpath(join("/xl", targets.get(identity, ""))).lstrip("/")
                yield unicodedata.normalize("NFC", sheet.get("name", "")), self._name(path)

    def _name(self, path: str) -> str:
        same = (name for name in self.parts if name.replace("\\", "/").lower() == path.lower())
        return next(same, path)

    def _part(self, path: str) -> bytes:
        return self.parts[self._name(path)]


def unpack(content: bytes) -> Package | Problem:
    """The parts of an .xlsx, or why the file goes no further."""
    size = len(content)
    if size > LARGEST_FILE:
        return make("file_too_large", "", f"{size / 1e6:.0f} MB", f"{LARGEST_FILE / 1e6:.0f} MB")
    if content.startswith(OLE):
        return make("file_encrypted" if ENCRYPTED in content else "file_not_xlsx", "")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked > LARGEST_UNPACKED:
                return make("file_too_large", "", f"{unpacked / 1e6:.0f} MB", f"{LARGEST_UNPACKED / 1e6:.0f} MB")
            _require_one_archive(content, entries)
            package = Package({entry.filename: archive.read(entry) for entry in entries})
    except BROKEN_ARCHIVE:
        return make("file_unreadable", "")
    if not any(name.replace("\\", "/").lower() == "xl/workbook.xml" for name in package.parts):
        is_other = any(name in package.parts for name in ("mimetype", "xl/workbook.bin"))
        return make("file_not_xlsx" if is_other else "file_unreadable", "")
    return _unfit(package) or package


def _require_one_archive(content: bytes, entries: list[zipfile.ZipInfo]) -> None:
    begins = content.startswith(FIRST_PART) and any(entry.header_offset == 0 for entry in entries)
    ends = content[-END_LENGTH:].startswith(END)
    names = {entry.filename.replace("\\", "/").lower() for entry in entries}
    if not begins or not ends or len(names) < len(entries):
        raise zipfile.BadZipFile


def _unfit(package: Package) -> Problem | None:
    """What the parser must not be given: cells far outside a form, and texts that multiply."""
    cell_count = 0
    for part in package.parts.values():
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part or part.startswith(UTF_16):
            # No honest workbook declares entities; without them its XML is safe to parse.
            return make("file_unreadable", "")
        if b"sheetData" in part:
            here = sum(len(look.findall(part)) for look in ANY_CELL)
            cell_count += here
            if here != len(NEAR_CELL.findall(part)) and (problem := _far(part)):
                return problem
    texts = next((part for name, part in package.parts.items() if name.lower().endswith("sharedstrings.xml")), b"")
    if cell_count * len(texts) > LARGEST_TEXTS:
        references = sum(len(re.findall(rb"""\st\s*=\s*["']s["']""", part)) for part in package.parts.values())
        said = references * max(map(len, texts.split(b"si>")))
        if said > LARGEST_TEXTS:
            return make("file_too_large", "", f"{said / 1e6:.0f} MB", f"{LARGEST_TEXTS / 1e6:.0f} MB")
    return None


def _far(part: bytes) -> Problem | None:
    seen = 0
    for match in CELL.finditer(part):
        seen += 1
        attributes = match[1] or b""
        if BLANK_CELL.fullmatch(attributes):
            continue
        places = PLACE.findall(attributes)
        if len(places) != 1:
            return make("file_unreadable", "")
        if not NEAR.fullmatch(places[0]):
            return make("sheet_too_large", "", places[0].decode("utf-8", "replace"))
    return None if seen == len(CELL_NAME.findall(part)) else make("file_unreadable", "")


def _lost(part: bytes) -> Iterator[tuple[str, Lost]]:
    """(address, text) of the cells that hold an error, or a formula without its result."""
    cells = list(CELL.finditer(part))
    for cell, end in zip(cells, [*(cell.start() for cell in cells[1:]), len(part)], strict=True):
        attributes, inside = cell[1] or b"", part[cell.end() : end]
        kind, place = KIND.search(attributes), PLACE.search(attributes)
        is_error, is_text = kind is not None and kind[1] == b"e", kind is not None and kind[1] == b"str"
        if place is None or attributes.endswith(b"/") or not (is_error or FORMULA.search(inside)):
            continue
        result, formula = RESULT.search(inside), FORMULA.search(inside)
        said = _text(result)
        if is_error:
            yield place[1].decode(), Lost(said or "#?")
        elif not said and not (result and is_text):
            # A formula that says "" has its result: <v></v> of type str.
            yield place[1].decode(), Lost(f"={_text(formula)}")


def _text(found: re.Match[bytes] | None) -> str:
    return unescape(((found and found[1]) or b"").decode("utf-8", "replace")).strip()


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def place_of(address: str) -> tuple[int, int]:
    """Row and column, from 0, of an address such as E19; ValueError when it is none."""
    match = ADDRESS.fullmatch(address)
    if match is None or match[2].startswith("0"):
        raise ValueError(address)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
