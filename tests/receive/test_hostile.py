"""Names and contents made to do harm, through a real door to a real warehouse: each is data, or waits in quarantine."""

from __future__ import annotations

import io
import os
import re
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Warehouse
from tests.receive.forms import at, edited, filled, with_part
from tests.receive.test_collect_load import ARRIVED, Desk
from tiendo.programme import Programme
from tiendo.receive.problems import clean
from tiendo.receive.read import LONGEST_TEXT, read_report

BOOK, TEXTS, NUMBERS = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet2.xml"
RTL, ZERO_WIDTH = "\u202e", "\u200b"
NAMES = (
    "a..%2f..%2fx.xlsx",
    "a....xlsx",
    "a..\\..\\x.xlsx",
    "C:\\Windows\\x.xlsx",
    "-rf",
    "$(touch pwned)`touch pwned`;touch pwned|touch pwned.xlsx",
    "%s%n{0}{found}%(x)s.xlsx",
    "'); drop table raw.submission; --.xlsx",
    "\\. \\N \\x.xlsx",
    "dòng\nmới\r\n\ttab.xlsx",
    f"báo cáo{RTL}xslx.exe",
    f"a{ZERO_WIDTH}b\ufeff\u2066.xlsx",
    "=cmd|' calc'!A0.xlsx",
    "<img src=x onerror=window.pwned=1>.xlsx",
    "{{constructor.constructor('window.pwned=1')()}}.xlsx",
    "\x1b]0;pwned\x07\x1b[2J.xlsx",
    "con.xlsx",
    "n" * 250 + ".xls",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") + ".xlsx",
)
HARM = {
    "script": "<script>window.pwned=1</script><img src=x onerror=window.pwned=1>",
    "formula": "=cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "link": "external:\\\\192.0.2.1\\share\\x.xlsx",
    "template": "{{constructor.constructor('window.pwned=1')()}} {% import os %} ${7*7}",
    "copy": "\\N \\. \\x41 \t x",
    "sql": "'); drop table raw.submission; --",
    "long": "ầ" * 10_000,
}


@pytest.fixture
def desk(tmp_path: Path, database: Warehouse, programme: Programme) -> Desk:
    return Desk(tmp_path, database, programme)


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_no_name_does_more_than_name_a_file(desk: Desk, programme: Programme, tmp_path: Path) -> None:
    contents = [filled(programme, value=number) for number in range(1, len(NAMES) + 1)]
    for name, content in zip(NAMES, contents, strict=True):
        path = os.path.join(os.fsencode(desk.doors), b"51", name.encode())  # noqa: PTH118
        Path(os.fsdecode(path)).parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as handle:  # noqa: PTH123
            handle.write(content)
        os.utime(path, (ARRIVED.timestamp(), ARRIVED.timestamp()))
    at_doors = everything(desk.doors)
    assert desk.collect().new_count == len(NAMES)
    assert desk.load().submission_count == len(NAMES)
    known = [name for (name,) in desk.rows("select file_name from raw.submission")]
    assert sorted(known) == sorted(clean(name) for name in NAMES)
    # On one line, and nothing that turns the reading round or speaks to a terminal.
    assert all(name.isprintable() for name in known)
    assert everything(desk.doors) == at_doors
    assert all(re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{64}", name) for name in everything(desk.landing.root))
    assert everything(tmp_path) == {
        *(f"doors/{n}" for n in at_doors),
        *(f"landing/{n}" for n in everything(desk.landing.root)),
    }


def test_twins_of_a_name_are_two_files(desk: Desk, programme: Programme) -> None:
    names = [unicodedata.normalize(form, "Báo cáo tháng Tám.xlsx") for form in ("NFC", "NFD")]
    assert len(set(names)) == 2
    for number, name in enumerate(names, 1):
        desk.put("51", name, filled(programme, value=number))
    assert desk.collect().new_count == 2
    assert desk.collect().unchanged_count == 2
    assert desk.rows("select distinct file_name from raw.submission") == [(names[0],)]


def with_entry(content: bytes, name: str, body: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", method) as archive:
        archive.writestr(name, body)
    return out.getvalue()


def with_macro(content: bytes) -> bytes:
    """As a spreadsheet program saves a workbook with macros (.xlsm)."""
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    content = with_part(
        content,
        "[Content_Types].xml",
        lambda body: body.replace("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", kind),
    )
    return with_entry(content, "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Sub Auto_Open() Shell")


def entity(secret: Path) -> str:
    return f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}"><!ENTITY l "{"ha" * 100}"><!ENTITY m "{"&l;" * 100}">]>'


def declared(part: str, encoding: str) -> Callable[[bytes, Path], bytes]:
    """An entity declared in a part, which is written in an encoding of its own."""

    def spoil(content: bytes, secret: Path) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
            for entry in before.infolist():
                body = before.read(entry)
                if entry.filename == part:
                    text = re.sub(r"^<\?xml.*?\?>", "", body.decode())
                    root = re.sub(r"(<t[^>]*>)[^<]*<", r"\1&e;&m;<", text)
                    body = f'<?xml version="1.0" encoding="{encoding}"?>{entity(secret)}{root}'.encode(encoding)
                after.writestr(entry.filename, body)
        return out.getvalue()

    return spoil


def twice(content: bytes, secret: Path) -> bytes:
    """Two parts of one name: a reader that looks at one of them has not seen the other."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read(NUMBERS)
    far = body.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    with pytest.warns(UserWarning, match="Duplicate name"):
        first = with_entry(content, NUMBERS, far)
    with pytest.warns(UserWarning, match="Duplicate name"):
        return with_entry(first, NUMBERS, body)


def bomb(content: bytes, secret: Path) -> bytes:
    return with_entry(content, "xl/media/image1.png", b"\0" * 101_000_000)


def lying_bomb(content: bytes, secret: Path) -> bytes:
    """A part that says it is small: 90 MB that call themselves 9 bytes, in both headers."""
    body = b"\0" * 90_000_000
    bad = with_entry(content, "xl/media/image1.png", body)
    return bad.replace(len(body).to_bytes(4, "little"), (9).to_bytes(4, "little"))


REFUSED: dict[str, tuple[Callable[[bytes, Path], bytes], str]] = {
    "external entity in the texts": (declared(TEXTS, "utf-8"), "file_unreadable"),
    "external entity in the workbook": (declared(BOOK, "utf-8"), "file_unreadable"),
    "entity in UTF-16, workbook": (declared(BOOK, "utf-16"), "file_unreadable"),
    "entity in UTF-16, texts": (declared(TEXTS, "utf-16"), "file_unreadable"),
    "entity in UTF-16 without a mark": (declared(TEXTS, "utf-16-be"), "file_unreadable"),
    "two parts of one name": (twice, "file_unreadable"),
    "part named like another up to a zero": (
        lambda content, _: with_entry(content, "xl/worksheets/sheet2.xmlZ", b"x").replace(
            b"sheet2.xmlZ", b"sheet2.xml\0"
        ),
        "file_unreadable",
    ),
    "bomb": (bomb, "file_too_large"),
    "lying bomb": (lying_bomb, "file_unreadable"),
    "script before the archive": (lambda content, _: b"#!/bin/sh\ntouch pwned\nexit\n" + content, "file_unreadable"),
    "page before the archive": (
        lambda content, _: b"<html><script>window.pwned=1</script>" + content,
        "file_unreadable",
    ),
    "archive behind the archive": (lambda content, _: content + content, "file_unreadable"),
    "words behind the archive": (lambda content, _: content + b"<script>window.pwned=1</script>", "file_unreadable"),
}


@pytest.mark.parametrize("case", REFUSED, ids=list(REFUSED))
def test_a_workbook_made_to_do_harm_is_refused(programme: Programme, tmp_path: Path, case: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("tiendo-very-secret")
    make, rule = REFUSED[case]
    reading = read_report(make(filled(programme), secret), programme)
    assert [problem.rule_code for problem in reading.problems] == [rule]
    assert "tiendo-very-secret" not in repr(reading)
    assert reading.values == reading.texts == ()


@pytest.mark.parametrize(
    "harmless",
    [
        with_macro,
        lambda content: with_entry(content, "../../../x.xlsx", b"x"),
        lambda content: with_entry(content, "/etc/x", b"x"),
        lambda content: with_entry(content, "xl/nested.zip", content),
        lambda content: with_entry(content, "xl/externalLinks/externalLink1.xml", b"<externalLink/>"),
    ],
    ids=["macro", "path upwards", "path from the root", "archive in the archive", "external link"],
)
def test_what_is_beside_the_form_is_neither_run_nor_written_nor_followed(
    desk: Desk, programme: Programme, tmp_path: Path, harmless: Callable[[bytes], bytes]
) -> None:
    content = filled(programme)
    desk.put("51", "a.xlsm", harmless(content))
    before = everything(tmp_path)
    desk.collect()
    assert desk.load().quarantined_count == 0
    assert len(everything(tmp_path) - before) == 1
    assert read_report(harmless(content), programme).values == read_report(content, programme).values


@pytest.mark.parametrize("harm", HARM.values(), ids=list(HARM))
def test_words_in_a_form_arrive_as_they_are_and_do_nothing(desk: Desk, programme: Programme, harm: str) -> None:
    def spoil(book: openpyxl.Workbook) -> None:
        for cell in ("A15", "A20"):
            book["Báo cáo"][cell].value = harm
            book["Báo cáo"][cell].data_type = "s"

    desk.put("51", "a.xlsx", edited(filled(programme), spoil))
    desk.collect()
    desk.load()
    texts = desk.rows("select body from raw.reported_text where theme in ('difficulty')")
    assert texts == [("".join(c if c.isprintable() else " " for c in harm).strip()[:LONGEST_TEXT],)]
    assert desk.rows("select count(*) from raw.submission") == [(1,)]


@pytest.mark.parametrize("harm", HARM.values(), ids=list(HARM))
def test_words_where_a_number_belongs_are_shown_short_and_do_nothing(
    desk: Desk, programme: Programme, harm: str, capfd: pytest.CaptureFixture[str]
) -> None:
    def spoil(book: openpyxl.Workbook) -> None:
        cell = book["Số liệu"][at(programme, "E{E0206}")]
        cell.value, cell.data_type = harm, "s"

    desk.put("51", "a.xlsx", edited(filled(programme), spoil))
    desk.collect()
    assert desk.load().quarantined_count == 1
    ((found, said),) = desk.rows("select found, message_vi from raw.problem")
    assert len(found) <= 80
    assert found.isprintable() and found in said
    assert "pwned" not in capfd.readouterr().err


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_what_is_shown_of_a_name_is_one_readable_line(name: str) -> None:
    shown = clean(name)
    assert shown.isprintable()
    assert shown == clean(shown)
    assert not {"\n", "\r", "\x1b", RTL, "\0"} & set(shown)


def test_a_door_full_of_what_is_no_file_keeps_nobody_waiting(desk: Desk, programme: Programme) -> None:
    door = desk.put("51", "good.xlsx", filled(programme)).parent
    os.mkfifo(door / "pipe.xlsx")
    os.mknod(door / "socket.xlsx", 0o140600)
    for name, to in (("proc", "/proc/self/environ"), ("zero", "/dev/zero"), ("loop", "loop"), ("up", "../../..")):
        (door / f"{name}.xlsx").symlink_to(to)
    found = desk.collect()
    assert desk.rows("select file_name from raw.submission") == [("good.xlsx",)]
    assert found.waiting_count == 0
