"""Everything that can be wrong with one file: its door, its bytes, and the one problem it must end as."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.receive.forms import cells, edited, empty_workbook, filled
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


def form_with(**changes: object) -> Make:
    return lambda programme: edited(filled(programme), cells(**changes))


def without_row(number: int) -> Make:
    def make(programme: Programme) -> bytes:
        def spoil(book: Any) -> None:
            for cell in book["Số liệu"][number]:
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


BAD = [
    Bad("text file", lambda _: b"STT;Chi tieu;So luong\n1;Lop;2\n", "file_unreadable", ""),
    Bad("no bytes", lambda _: b"", "file_unreadable", ""),
    Bad("torn file", torn, "file_unreadable", ""),
    Bad("zip of text", zip_of_text, "file_unreadable", ""),
    Bad("empty workbook", lambda _: empty_workbook(), "workbook_empty", ""),
    Bad("far cell", far_cell, "sheet_too_large", "", says="C1000000"),
    Bad("no narrative sheet", without_sheet("Báo cáo"), "sheet_missing", "Báo cáo"),
    Bad("no table sheet", without_sheet("Số liệu"), "sheet_missing", "Số liệu"),
    Bad("form version", form_with(C6="9"), "form_version_unknown", "Số liệu!C6", says="phiên bản 1"),
    Bad("unknown unit", form_with(C3="00"), "unit_unknown", "Số liệu!C3", says="“00”", door="00"),
    Bad("unit of before", form_with(C3="62", C4="Tỉnh Kon Tum"), "unit_ended", "Số liệu!C3",
        says="Tỉnh Quảng Ngãi (51)", door="62"),
    Bad("old letterhead, code in use", lambda programme: edited(
        filled(programme, "15"), cells(C4="Tỉnh Yên Bái")), "unit_ended", "Số liệu!C4", says="Tỉnh Lào Cai (15)",
        door="15"),
    Bad("unit not yet there", lambda programme: edited(
        filled(programme, "BNNMT", "2025-08"), cells(C5="2024-08")), "unit_not_yet", "Số liệu!C3", says="01/03/2025",
        door="BNNMT"),
    Bad("month in the future", lambda programme: filled(programme, period="2026-12"), "period_future", "Số liệu!C5",
        says="14/12/2026"),
    Bad("month before the programme", form_with(C5="2022-12"), "period_outside", "Số liệu!C5", says="2023-01"),
    Bad("month in words", form_with(C5="tháng Tám"), "period_unreadable", "Số liệu!C5", says="tháng Tám"),
    Bad("door of another", filled, "door_mismatch", "Số liệu!C3", says="52", door="52"),
    Bad("unknown element", form_with(A60="24", B60="E9999", E60=3), "element_unknown", "Số liệu!B60", says="E9999"),
    Bad("number without an element", form_with(C60="Tổng cộng", E60=3), "element_unknown", "Số liệu!B60"),
    Bad("element of others", form_with(B60="E0103", E60=3), "element_not_applicable", "Số liệu!B60", says="E0103"),
    Bad("another's former unit", form_with(B60="E0301/10", E60=0), "element_not_applicable", "Số liệu!B60"),
    Bad("row twice", form_with(B60="E0206", E60=3), "form_row_duplicated", "Số liệu!B60", says="Số liệu!B19"),
    Bad("row gone", without_row(19), "form_row_missing", "Số liệu!B19", says="E0206"),
    Bad("negative count", form_with(E19=-3), "number_negative", "Số liệu!E19", says="-3"),
    Bad("letter in a number", form_with(E19="12o"), "number_unreadable", "Số liệu!E19", says="12o"),
    Bad("vague number", form_with(E18="gần 150"), "number_unreadable", "Số liệu!E18", says="gần 150"),
    Bad("English decimal", form_with(E37="12.5"), "number_unreadable", "Số liệu!E37", says="12.5"),
    Bad("a date in a number", form_with(E19="14/7"), "number_unreadable", "Số liệu!E19"),
    Bad("unreadable cumulative", form_with(G19="khoảng 9"), "number_unreadable", "Số liệu!G19"),
    Bad("half a person", form_with(E18="1,5"), "count_not_whole", "Số liệu!E18", says="lượt người"),
    Bad("far too many", form_with(E18=10**15), "number_too_large", "Số liệu!E18"),
    Bad("part above whole", form_with(E29=8, E30=1, E31=1, E32=1), "union_le_total_products", "Số liệu!E29",
        says="E29, E28"),
]  # fmt: skip
