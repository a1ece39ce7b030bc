"""Everything that can be wrong with one file: its door, its bytes, and the one problem it must end as."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.receive.forms import at, cells, changed, edited, empty_workbook, filled, with_cell, with_part
from tiendo.programme import Programme

Make = Callable[[Programme], bytes]


@dataclass(frozen=True)
class Bad:
    """One bad file. `cell` is where its problem is, `says` what its Vietnamese sentence must contain."""

    name: str
    make: Make
    rule_code: str
    cell: str
    says: str = ""
    door: str = "51"


def form_with(changes: dict[str, object]) -> Make:
    return lambda programme: changed(programme, changes)


def without_row(code: str) -> Make:
    def make(programme: Programme) -> bytes:
        def spoil(book: Any) -> None:
            for cell in book["Số liệu"][int(at(programme, f"{{{code}}}"))]:
                cell.value = None

        return edited(filled(programme), spoil)

    return make


def without_sheet(name: str) -> Make:
    return lambda programme: edited(filled(programme), lambda book: book.remove(book[name]))


def far_cell(programme: Programme) -> bytes:
    return edited(filled(programme), lambda book: book["Số liệu"].cell(1_000_000, 3, "x"))


def torn(programme: Programme) -> bytes:
    return filled(programme)[:3000]


def zip_of_text(_: Programme) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "not xml")
    return out.getvalue()


def other_format(_: Programme) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office:document-content/>")
    return out.getvalue()


def ole(stream: str) -> Make:
    return lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + stream.encode("utf-16-le")


def with_xml(address: str, xml: str) -> Make:
    return lambda programme: with_cell(filled(programme), at(programme, address), xml)


def with_rows(rows: str) -> Make:
    """Rows that an honest program never writes, and that would make the parser ask for terabytes."""
    return lambda programme: with_part(
        filled(programme), "xl/worksheets/sheet2.xml", lambda body: body.replace("</sheetData>", rows + "</sheetData>")
    )


def far_cell_elsewhere(programme: Programme) -> bytes:
    """The sheet of numbers lies in a part by another name."""
    content = with_rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')(programme)
    content = with_part(content, "xl/_rels/workbook.xml.rels", lambda body: body.replace("sheet2.xml", "sheet2.dat"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.infolist():
            after.writestr(entry.filename.replace("sheet2.xml", "sheet2.dat"), before.read(entry))
    return out.getvalue()


def one_text_in_many_cells(programme: Programme) -> bytes:
    content = with_part(
        filled(programme),
        "xl/sharedStrings.xml",
        lambda body: body.replace("</sst>", f"<si><t>{'A' * 10**6}</t></si></sst>"),
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        last = archive.read("xl/sharedStrings.xml").count(b"<si>") - 1
    rows = "".join(f'<row r="{row}"><c r="K{row}" t="s"><v>{last}</v></c></row>' for row in range(1000, 1300))
    return with_part(
        content, "xl/worksheets/sheet2.xml", lambda body: body.replace("</sheetData>", rows + "</sheetData>")
    )


def inserted_column(programme: Programme) -> bytes:
    return edited(filled(programme), lambda book: book["Số liệu"].insert_cols(7))


BAD = [
    Bad("text file", lambda _: b"STT;Chi tieu;So luong\n1;Lop;2\n", "file_unreadable", ""),
    Bad("no bytes", lambda _: b"", "file_unreadable", ""),
    Bad("torn file", torn, "file_unreadable", ""),
    Bad("zip of text", zip_of_text, "file_unreadable", ""),
    Bad("empty workbook", lambda _: empty_workbook(), "workbook_empty", ""),
    Bad("far cell", far_cell, "sheet_too_large", "", says="C1000000"),
    Bad("another format", other_format, "file_not_xlsx", ""),
    Bad("old Excel", ole("Workbook"), "file_not_xlsx", ""),
    Bad("locked with a password", ole("EncryptedPackage"), "file_encrypted", "", says="mật khẩu"),
    Bad("far cell, oddly spaced", with_rows('<row r="9"><c r = "XFD1048576"><v>1</v></c></row>'), "sheet_too_large", "",
        says="XFD1048576"),
    Bad("far cell, named twice", with_rows('<row r="9"><c r="A9" r="XFD1048576"><v>1</v></c></row>'), "file_unreadable",
        ""),
    Bad("far cell, behind a bracket", with_rows('<row r="9"><c x=">" r="XFD1048576"><v>1</v></c></row>'),
        "file_unreadable", ""),
    Bad("far cell, unnamed", with_rows('<row r="1048576"><c><v>1</v></c></row>'), "file_unreadable", ""),
    Bad("far cell, in a part of another name", far_cell_elsewhere, "sheet_too_large", "", says="XFD1048576"),
    Bad("one text in many cells", one_text_in_many_cells, "file_too_large", "", says="200 MB"),
    Bad("inserted column", inserted_column, "column_moved", "Số liệu!G9", says="Lũy kế từ đầu Đề án"),
    Bad("no narrative sheet", without_sheet("Báo cáo"), "sheet_missing", "Báo cáo"),
    Bad("no table sheet", without_sheet("Số liệu"), "sheet_missing", "Số liệu"),
    Bad("form version", form_with({"C6": "9"}), "form_version_unknown", "Số liệu!C6", says="phiên bản 1"),
    Bad("unknown unit", form_with({"C3": "00"}), "unit_unknown", "Số liệu!C3", says="“00”", door="00"),
    Bad("unit of before", form_with({"C3": "62", "C4": "Tỉnh Kon Tum"}), "unit_ended", "Số liệu!C3",
        says="Tỉnh Quảng Ngãi (51)", door="62"),
    Bad("old letterhead, code in use", lambda programme: edited(
        filled(programme, "15"), cells(C4="Tỉnh Yên Bái")), "unit_ended", "Số liệu!C4", says="Tỉnh Lào Cai (15)",
        door="15"),
    Bad("old letterhead, short name", lambda programme: edited(
        filled(programme, "15"), cells(C4="YÊN BÁI")), "unit_ended", "Số liệu!C4", says="Tỉnh Lào Cai (15)", door="15"),
    Bad("unit not yet there", lambda programme: edited(
        filled(programme, "BNNMT", "2025-08"), cells(C5="2024-08", F5="15/07/2024", H5="14/08/2024")), "unit_not_yet",
        "Số liệu!C3", says="01/03/2025", door="BNNMT"),
    Bad("month in the future", lambda programme: filled(programme, period="2026-12"), "period_future", "Số liệu!C5",
        says="14/12/2026"),
    Bad("month before the programme", form_with({"C5": "2022-12"}), "period_outside", "Số liệu!C5", says="2023-01"),
    Bad("month in words", form_with({"C5": "tháng Tám"}), "period_unreadable", "Số liệu!C5", says="tháng Tám"),
    Bad("door of another", filled, "door_mismatch", "Số liệu!C3", says="52", door="52"),
    Bad("unknown element", form_with({"A{free}": "24", "B{free}": "E9999", "E{free}": 3}),
        "element_unknown", "Số liệu!B{free}", says="E9999"),
    Bad("number without an element", form_with({"C{free}": "Tổng cộng", "E{free}": 3}),
        "element_unknown", "Số liệu!B{free}"),
    Bad("element of others", form_with({"B{free}": "E0103", "E{free}": 3}),
        "element_not_applicable", "Số liệu!B{free}", says="E0103"),
    Bad("another's former unit", form_with({"B{free}": "E0301/10", "E{free}": 0}),
        "element_not_applicable", "Số liệu!B{free}"),
    Bad("row twice", form_with({"B{free}": "E0206", "E{free}": 3}),
        "form_row_duplicated", "Số liệu!B{free}", says="Số liệu!B{E0206}"),
    Bad("row gone", without_row("E0206"), "form_row_missing", "Số liệu!B{E0206}", says="E0206"),
    Bad("negative count", form_with({"E{E0206}": -3}), "number_negative", "Số liệu!E{E0206}", says="-3"),
    Bad("letter in a number", form_with({"E{E0206}": "12o"}), "number_unreadable", "Số liệu!E{E0206}", says="12o"),
    Bad("vague number", form_with({"E{E0205}": "gần 150"}), "number_unreadable", "Số liệu!E{E0205}", says="gần 150"),
    Bad("English decimal", form_with({"E{E0901}": "12.5"}), "number_unreadable", "Số liệu!E{E0901}", says="12.5"),
    Bad("a date in a number", form_with({"E{E0206}": "14/7"}), "number_unreadable", "Số liệu!E{E0206}"),
    Bad("unreadable cumulative", form_with({"G{E0206}": "khoảng 9"}), "number_unreadable", "Số liệu!G{E0206}"),
    Bad("error in a cell", with_xml("E{E0206}", '<c t="e"><v>#REF!</v>'),
        "cell_broken", "Số liệu!E{E0206}", says="#REF!"),
    Bad("formula with an error", with_xml("E{E0206}", '<c t="e"><f>1/0</f><v>#DIV/0!</v>'),
        "cell_broken", "Số liệu!E{E0206}",
        says="#DIV/0!"),
    Bad("error the parser cannot name", with_xml("E{E0206}", '<c t="e"><f>A1</f><v>#SPILL!</v>'), "cell_broken",
        "Số liệu!E{E0206}", says="#SPILL!"),
    Bad("error in a cumulative", with_xml("G{E0206}", '<c t="e"><v>#N/A</v>'),
        "cell_broken", "Số liệu!G{E0206}", says="#N/A"),
    Bad("formula never calculated", form_with({"E{E0206}": "=E18*2"}),
        "cell_broken", "Số liệu!E{E0206}", says="=E18*2"),
    Bad("shared formula never calculated", with_xml("E{E0206}", '<c t="str"><f t="shared" si="0"/>'), "cell_broken",
        "Số liệu!E{E0206}"),
    Bad("half a person", form_with({"E{E0205}": "1,5"}), "count_not_whole", "Số liệu!E{E0205}", says="lượt người"),
    Bad("more trained than there are", form_with({"E{E0201}": 99_999}),
        "above_frame", "Số liệu!E{E0201}", says="99999"),
    Bad("far too many", form_with({"E{E0205}": 10**15}), "number_too_large", "Số liệu!E{E0205}"),
    Bad("part above whole", form_with({"E{E0502}": 8, "E{E0503}": 1, "E{E0504}": 1, "E{E0505}": 1}),
        "union_le_total_products", "Số liệu!E{E0502}",
        says="E{E0502}, E{E0501}"),
]  # fmt: skip
