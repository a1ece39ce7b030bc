"""The words of explanations and comparisons, Vietnamese and English. Names of the programme's own come from its tables.

Each value is (Vietnamese, English); `both` joins them as a line on the screen has them.
"""

from __future__ import annotations

WORDS = {
    # states and marks of a number
    "reported": ("đã báo cáo", "reported"),
    "zero": ("bằng 0", "zero"),
    "nil": ("không phát sinh", "nil report"),
    "missing": ("ô để trống", "cell left blank"),
    "withheld": ("giữ kín", "withheld"),
    "not_applicable": ("không áp dụng", "not applicable"),
    "in_question": ("đang hỏi lại: hai báo cáo trùng ngày", "in question: two reports tell of the same days"),
    "quarantined": ("báo cáo đang tạm giữ", "report quarantined"),
    "no_report": ("chưa có báo cáo", "no report"),
    "no_frame": ("chưa có số khung", "no frame count"),
    "corrected": ("đã đính chính", "corrected"),
    "closing_added": ("đã cộng báo cáo khoá sổ", "closing report added"),
    "carried": ("mang sang", "carried"),
    "asked": ("đang hỏi lại: có cảnh báo", "in question: a warning stands beside it"),
    "frame": ("khung tổng thể", "frame"),
    # why there is no value
    "no_method": ("chưa có phương pháp", "no method"),
    "border": (
        "số liệu vắt qua địa giới, không chia được",
        "numbers lie across a border and are not split",
    ),
    "nothing_known": ("chưa biết số liệu nào", "nothing known"),
    "no_row": ("không ai trong phạm vi phải báo cáo", "nobody in the scope owes it"),
    # bases and windows
    "as_reported": ("đơn vị như khi báo cáo", "units as they reported"),
    "current": ("đơn vị hiện nay", "current units"),
    "original": ("đơn vị ban đầu", "original units"),
    "point": ("tại một thời điểm; thiếu thì mang sang", "at one point; carried where missing"),
    "period": ("trong kỳ", "of the period"),
    "year": ("từ đầu năm báo cáo", "since the report year began"),
    "since_start": ("từ đầu chương trình", "since the programme began"),
    # heads of lines
    "scope": ("Phạm vi", "scope"),
    "period_of": ("Kỳ", "period"),
    "basis": ("Cơ sở", "basis"),
    "known_on": ("Theo số liệu biết đến", "as known on"),
    "formula": ("Công thức", "formula"),
    "window": ("Cửa sổ thời gian", "window"),
    "value": ("Giá trị", "value"),
    "numbers": ("Số liệu đã có", "numbers known"),
    "coverage": ("Độ phủ", "coverage"),
    "bounds": ("Cận dưới … cận trên", "lowest … highest it could be"),
    "why_none": ("Vì sao chưa có giá trị", "why there is no value"),
    "recomputed": ("Tính lại từ ô", "worked out from the cells"),
    "equal": ("khớp", "equal"),
    "not_equal": ("KHÔNG KHỚP", "NOT EQUAL"),
    "version_of": ("phiên bản phiếu", "card version"),
    # tables
    "by_unit": ("Theo đơn vị", "By unit"),
    "cells": ("Từ số liệu đến ô", "From number to cell"),
    "gaps": ("Số liệu còn thiếu", "What is missing"),
    "corrections": ("Quyết định đính chính", "Corrections decided"),
    "cut": ("Không chia được", "Cannot be split"),
    "places": ("Nơi đã có", "Places reached"),
    "milestones": ("Mốc", "Milestones"),
    "differences": ("Chỗ không khớp: lưu / tính lại", "Not equal: stored / worked out"),
    "unit": ("Đơn vị", "Unit"),
    "place": ("Nơi được tính", "Place"),
    "number_of": ("Chỉ tiêu", "Element"),
    "numerator": ("Tử số", "Numerator"),
    "denominator": ("Mẫu số", "Denominator"),
    "covered": ("n / N", "n / N"),
    "mark": ("Dấu", "Mark"),
    "report": ("Báo cáo", "Report"),
    "file": ("Tệp, ô", "File, cell"),
    "received": ("Nhận ngày", "Received"),
    "why": ("Vì sao", "Why"),
    "reason": ("Lý do", "Reason"),
    "office": ("Nơi quyết định", "Decided by"),
    "belongs_to": ("Thuộc cả", "Belongs to all of"),
    "state": ("Trạng thái", "State"),
    "document": ("Văn bản", "Document"),
    "more": ("… còn {count} số; thêm --all để xem hết", "… {count} more numbers; add --all to see them"),
    # milestones
    "not_begun": ("chưa bắt đầu", "not begun"),
    "drafting": ("đang soạn thảo", "drafting"),
    "issued": ("đã ban hành", "issued"),
    "in_operation": ("đã vận hành", "in operation"),
    "done": ("đã ban hành hoặc đã vận hành", "issued or in operation"),
    "unknown": ("chưa rõ", "not known"),
    # comparisons
    "two_readings": ("Hai lần đọc", "Two readings"),
    "then": ("Lúc đó", "Then"),
    "now": ("Bây giờ", "Now"),
    "day": ("Ngày", "Day"),
    "difference": ("Chênh lệch", "Difference"),
    "part": ("Phần", "Part"),
    "after": ("Giá trị sau đó", "Value after it"),
    "because": ("Gồm", "Made of"),
    "definition": ("Định nghĩa", "Definition"),
    "border_step": ("Địa giới", "Border"),
    "correction": ("Đính chính", "Correction"),
    "late_report": ("Báo cáo muộn", "Late report"),
    "new_period": ("Kỳ mới", "New period"),
    "total": ("Tổng", "Total"),
    "numbers_changed": ("số liệu thay đổi", "numbers changed"),
    "numbers_late": ("số liệu đến sau", "numbers came later"),
    "numbers_behind": ("Số liệu đằng sau", "The numbers behind"),
    "more_json": ("… còn {count} số; thêm --json để xem hết", "… {count} more numbers; add --json to see them"),
    "cannot_split": (
        "không tách được: có giá trị không tính được",
        "cannot be told apart: a value on the way cannot be had",
    ),
}


def both(code: str, **values: object) -> str:
    """The words for a code in both languages: chưa có báo cáo / no report."""
    vi, en = WORDS[code]
    said = vi if vi == en else f"{vi} / {en}"
    return said.format(**values) if values else said


def heads(*codes: str) -> tuple[str, ...]:
    """Heads of a table's columns."""
    return tuple(both(code) for code in codes)
