"""What can be wrong with a submission, and the sentence that tells a unit what to do, in Vietnamese and English.

In: a rule code and what was found. Out: a `Problem`. Found text is shortened and never interpreted.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

ERROR, WARNING = "error", "warning"
FOUND_LENGTH = 80


@dataclass(frozen=True)
class Problem:
    """One problem at one cell; `cell` is empty when the whole file is meant."""

    severity: str
    rule_code: str
    cell: str
    found: str | None
    expected: str | None
    message_vi: str
    message_en: str


# rule code: (severity, Vietnamese, English); {found} and {expected} are filled in, and what else the caller gives.
MESSAGES: dict[str, tuple[str, str, str]] = {
    "file_unreadable": (
        ERROR,
        "Tệp không phải là bảng tính đọc được. Hãy mở biểu mẫu bằng phần mềm bảng tính, lưu dạng .xlsx và gửi lại.",
        "The file is not a readable spreadsheet. Open the form in a spreadsheet program, save it as .xlsx, resend it.",
    ),
    "file_not_xlsx": (
        ERROR,
        "Tệp không ở dạng .xlsx. Hãy mở tệp bằng phần mềm bảng tính, lưu dạng .xlsx (không đặt mật khẩu) và gửi lại.",
        "The file is not an .xlsx. Open it in a spreadsheet program, save it as .xlsx (no password) and send it again.",
    ),
    "file_encrypted": (
        ERROR,
        "Tệp có mật khẩu nên không mở được. Hãy bỏ mật khẩu mở tệp, lưu dạng .xlsx và gửi lại.",
        "The file is locked with a password. Remove the password to open, save it as .xlsx and send it again.",
    ),
    "file_too_large": (
        ERROR,
        "Tệp quá lớn ({found}). Hãy gửi biểu mẫu gốc, không chèn ảnh hay trang khác (tối đa {expected}).",
        "The file is too large ({found}). Send the form itself, without pictures or other sheets (at most {expected}).",
    ),
    "sheet_too_large": (
        ERROR,
        "Có ô ghi ở ngoài biểu mẫu ({found}). Hãy xóa các hàng, cột thừa rồi gửi lại.",
        "A cell far outside the form is filled in ({found}). Delete surplus rows and columns and send it again.",
    ),
    "workbook_empty": (
        ERROR,
        "Tệp không có số liệu. Hãy điền vào biểu mẫu của đơn vị rồi gửi lại.",
        "The workbook is empty. Fill in the unit's form and send it again.",
    ),
    "sheet_missing": (
        ERROR,
        "Không có trang tính “{expected}”. Hãy dùng đúng biểu mẫu, không đổi tên hay xóa trang tính.",
        "There is no sheet “{expected}”. Use the form as it is; do not rename or delete its sheets.",
    ),
    "form_version_unknown": (
        ERROR,
        "Phiên bản biểu mẫu “{found}” không có. Hãy lấy biểu mẫu hiện hành (phiên bản {expected}) và điền lại.",
        "Form version “{found}” is not known. Take the current form (version {expected}) and fill it in again.",
    ),
    "form_version_wrong": (
        ERROR,
        "Phiên bản biểu mẫu “{found}” không dùng cho kỳ này. Hãy điền vào biểu mẫu phiên bản {expected}.",
        "Form version “{found}” is not used for this period. Fill in form version {expected}.",
    ),
    "period_unreadable": (
        ERROR,
        "Kỳ báo cáo “{found}” không đọc được. Hãy ghi năm và tháng, như {expected}.",
        "The period “{found}” cannot be read. Write year and month, as in {expected}.",
    ),
    "period_outside": (
        ERROR,
        "Kỳ {found} nằm ngoài thời gian của chương trình ({expected}). Hãy sửa kỳ báo cáo.",
        "Period {found} lies outside the programme ({expected}). Correct the period.",
    ),
    "period_future": (
        ERROR,
        "Kỳ {found} chưa kết thúc khi gửi báo cáo. Hãy sửa kỳ báo cáo, hoặc gửi lại sau ngày {expected}.",
        "Period {found} had not ended when the report was sent. Correct the period, or send it after {expected}.",
    ),
    "unit_unknown": (
        ERROR,
        "Không có đơn vị báo cáo mang mã “{found}”. Hãy dùng biểu mẫu của chính đơn vị, không sửa mã đơn vị.",
        "No reporting unit has the code “{found}”. Use your own unit's form and do not change the unit code.",
    ),
    "unit_ended": (
        ERROR,
        "{unit_vi} không còn là đơn vị báo cáo từ ngày {ended}. Hãy gửi biểu mẫu của đơn vị kế thừa: {expected}.",
        "{unit_en} no longer reports from {ended}. Send the form of the unit that follows it: {expected}.",
    ),
    "unit_ended_inside": (
        ERROR,
        "{unit_vi} không còn là đơn vị báo cáo từ ngày {ended}, trong kỳ này. Hãy gửi biểu mẫu của đơn vị kế thừa: "
        "{expected}; hoặc báo cáo kết thúc của chính đơn vị, với số liệu đến ngày {last}.",
        "{unit_en} no longer reports from {ended}, inside this period. Send the form of the unit that follows it: "
        "{expected}; or its own closing report, with data to {last}.",
    ),
    "unit_not_yet": (
        ERROR,
        "{unit_vi} chỉ báo cáo từ ngày {expected}. Hãy sửa kỳ báo cáo, hoặc dùng biểu mẫu của đơn vị khi đó.",
        "{unit_en} reports only from {expected}. Correct the period, or use the form of the unit of that time.",
    ),
    "day_unreadable": (
        ERROR,
        "Ngày “{found}” không đọc được. Hãy ghi ngày, tháng, năm, như {expected}.",
        "The day “{found}” cannot be read. Write day, month and year, as in {expected}.",
    ),
    "day_outside": (
        ERROR,
        "Ngày “{found}” nằm ngoài kỳ báo cáo ({expected}). Hãy sửa ngày, hoặc sửa kỳ báo cáo.",
        "The day “{found}” lies outside the period ({expected}). Correct the day, or the period.",
    ),
    "days_reversed": (
        ERROR,
        "Số liệu từ ngày {found} lại đến ngày {expected}. Hãy sửa hai ngày này.",
        "The data run from {found} to {expected}, which is before. Correct the two days.",
    ),
    "covers_from_late": (
        ERROR,
        "Số liệu chỉ từ ngày {found}, nên những ngày trước đó của kỳ không ai báo cáo. Hãy ghi {expected} và tính đủ "
        "số liệu.",
        "The data begin only on {found}, so that nobody reports the days before. Write {expected} and count them in.",
    ),
    "covers_to_early": (
        ERROR,
        "Số liệu chỉ đến ngày {found}, mà đơn vị còn báo cáo đến hết ngày {expected}. Hãy ghi {expected} và tính đủ số "
        "liệu.",
        "The data end on {found}, but the unit reports until {expected}. Write {expected} and count all its days in.",
    ),
    "unit_name_differs": (
        WARNING,
        "Tên đơn vị “{found}” khác tên của mã này ({expected}). Hãy kiểm tra xem có đúng biểu mẫu của đơn vị không.",
        "The unit's name “{found}” is not the one of this code ({expected}). Check that this is your unit's form.",
    ),
    "door_mismatch": (
        ERROR,
        "Báo cáo của đơn vị {found} nằm trong thư mục của đơn vị {expected}. Hãy gửi vào thư mục của chính đơn vị.",
        "The report of unit {found} came through the door of unit {expected}. Send it through your own unit's door.",
    ),
    "column_moved": (
        ERROR,
        "Đầu cột là “{found}”, không phải “{expected}”. Hãy dùng nguyên biểu mẫu, không chèn, xóa hay đổi chỗ cột.",
        "The column is headed “{found}”, not “{expected}”. Use the form as it is; do not insert, delete or move "
        "columns.",
    ),
    "element_unknown": (
        ERROR,
        "Không có chỉ tiêu mang mã “{found}”. Hãy dùng nguyên biểu mẫu, không sửa cột Mã số và không thêm dòng.",
        "No element has the code “{found}”. Use the form as it is; do not change the code column or add rows.",
    ),
    "element_not_applicable": (
        ERROR,
        "Chỉ tiêu {found} không thuộc phần báo cáo của đơn vị trong kỳ này. Hãy xóa dòng này hoặc dùng đúng biểu mẫu.",
        "Element {found} is not reported by this unit in this period. Remove the row or use the right form.",
    ),
    "form_row_duplicated": (
        ERROR,
        "Chỉ tiêu {found} có hai dòng (dòng trước ở {expected}). Hãy giữ lại một dòng.",
        "Element {found} has two rows (the first is at {expected}). Keep one of them.",
    ),
    "form_row_missing": (
        ERROR,
        "Thiếu dòng của chỉ tiêu {expected}. Hãy dùng nguyên biểu mẫu; để trống ô nếu chưa có số liệu.",
        "The row of element {expected} is missing. Use the whole form; leave the cell blank if there is no figure yet.",
    ),
    "number_unreadable": (
        ERROR,
        "“{found}” không phải là một con số. Hãy ghi một số như {expected}, hoặc để trống nếu chưa có số liệu.",
        "“{found}” is not a number. Write a number such as {expected}, or leave the cell blank if there is none yet.",
    ),
    "cell_broken": (
        ERROR,
        "Ô chứa công thức lỗi hoặc chưa được tính ({found}). Hãy ghi chính con số, hoặc để trống nếu chưa có số liệu.",
        "The cell holds a formula that failed or was never calculated ({found}). Write the number itself, or leave the "
        "cell blank if there is none yet.",
    ),
    "count_not_whole": (
        ERROR,
        "“{found}” không phải là số nguyên, mà chỉ tiêu này đếm theo {expected}. Hãy ghi số nguyên.",
        "“{found}” is not a whole number, but this element counts in {measure_en}. Write a whole number.",
    ),
    "number_negative": (
        ERROR,
        "“{found}” là số âm. Hãy ghi số từ 0 trở lên; nếu muốn sửa kỳ trước, hãy gửi lại báo cáo của kỳ đó.",
        "“{found}” is negative. Write 0 or more; to correct an earlier period, send that period's report again.",
    ),
    "number_too_large": (
        ERROR,
        "“{found}” lớn quá mức có thể. Hãy kiểm tra lại con số và đơn vị tính.",
        "“{found}” is larger than can be. Check the number and its unit of measure.",
    ),
    "above_frame": (
        ERROR,
        "“{found}” lớn hơn số hiện có của đơn vị ({expected}). Hãy kiểm tra lại; nếu số hiện có đã đổi, hãy báo cơ "
        "quan chủ trì.",
        "“{found}” is more than the unit has ({expected}). Check it; if that count has changed, tell the lead agency.",
    ),
    "part_above_total": (
        ERROR,
        "Số “{found}” của một phần lớn hơn tổng số ({expected}). Hãy kiểm tra lại hai ô {cells}.",
        "The part “{found}” is more than its total ({expected}). Check cells {cells}.",
    ),
    "parts_do_not_sum": (
        WARNING,
        "Các phần ({cells}) cộng lại là {found}, khác tổng số {expected}. Hãy kiểm tra lại.",
        "The parts ({cells}) add up to {found}, not to their total {expected}. Check them.",
    ),
    "cumulative_below_value": (
        WARNING,
        "Số lũy kế {found} nhỏ hơn số trong kỳ {expected}. Hãy kiểm tra lại hai ô.",
        "The cumulative {found} is smaller than the value of the period {expected}. Check both cells.",
    ),
    "synthetic_mixed": (
        ERROR,
        "Dữ liệu giả lập và báo cáo thật không được ở chung một kho. Hãy gửi vào đúng hệ thống.",
        "Synthetic data and real reports may not share one warehouse. Send it to the right system.",
    ),
}


def make(rule_code: str, cell: str, found: object = None, expected: object = None, **words: str) -> Problem:
    """A problem of a known rule, with its sentences filled in."""
    severity, message_vi, message_en = MESSAGES[rule_code]
    short = None if found is None else shorten(found)
    wanted = None if expected is None else str(expected)
    filled = {"found": short or "", "expected": wanted or "", **words}
    return Problem(
        severity, rule_code, cell, short, wanted, message_vi.format_map(filled), message_en.format_map(filled)
    )


def shorten(found: object) -> str:
    """Found text on one line, without control characters, at most 80 characters long."""
    text = clean(str(found))
    return text if len(text) <= FOUND_LENGTH else text[: FOUND_LENGTH - 1] + "…"


def clean(text: str) -> str:
    """Text in NFC on one line; what PostgreSQL or a terminal would choke on becomes a space."""
    normal = unicodedata.normalize("NFC", text)
    if normal.isprintable():
        return normal.strip()
    return " ".join("".join(c if c.isprintable() else " " for c in normal).split())
