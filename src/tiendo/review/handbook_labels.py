"""Headings, heads of tables and the words of the index, in both languages; the sections in the order of every page.

Each value is (Vietnamese, English).
"""

from __future__ import annotations

SECTIONS = {
    "place": ("Tên và vị trí chính thức", "Name and official place"),
    "definition": ("Đếm cái gì", "What is counted"),
    "formula": ("Công thức", "Formula"),
    "who": ("Ai đếm", "Who counts"),
    "frame": ("Khung tổng thể", "Frame"),
    "window": ("Cửa sổ thời gian", "Window"),
    "basis": ("Cơ sở đơn vị", "Basis"),
    "direction": ("Chiều và ngưỡng", "Direction and strictness"),
    "baseline": ("Giá trị gốc", "Baseline"),
    "target": ("Mục tiêu và lộ trình", "Target and path"),
    "break": ("Khi phạm vi được đếm thay đổi", "When what is counted changes"),
    "small": ("Ô số nhỏ", "Small cells"),
    "level": ("Đầu ra hay kết quả", "Output or outcome"),
    "method": ("Phương pháp", "Method"),
    "readings": ("Cách hiểu khác", "Other readings"),
    "caveats": ("Lưu ý khi đọc", "Caveats"),
    "duty": ("Ai phải báo cáo", "Who owes it"),
    "tasks": ("Nhiệm vụ liên quan", "Tasks it follows"),
    "signing": ("Ký duyệt", "Signing"),
    "version": ("Phiên bản và hiệu lực", "Version and validity"),
}

LABELS = {
    "handbook": ("Sổ tay chỉ số", "Handbook of indicators"),
    "rules": ("Quy tắc chung", "Rules shared by all"),
    "other_language": ("English", "Tiếng Việt"),
    # heads of tables
    "code": ("Mã", "Code"),
    "name": ("Tên", "Name"),
    "measure": ("Đơn vị tính", "Unit of measure"),
    "source": ("Nguồn", "Source"),
    "adds_up": ("Cộng theo thời gian", "Over time"),
    "from": ("Từ", "From"),
    "to": ("Đến", "To"),
    "element": ("Chỉ tiêu báo cáo", "Element"),
    "unit": ("Đơn vị", "Unit"),
    "scope": ("Phạm vi", "Scope"),
    "breakdown": ("Cách hỏi", "Asked"),
    "role": ("Vai trò", "Role"),
    "path": ("Lộ trình", "Path"),
    "value": ("Giá trị", "Value"),
    "state": ("Trạng thái", "State"),
    "period": ("Kỳ", "Period"),
    "known_from": ("Biết đến từ ngày", "Known from"),
    "in_force_from": ("Hiệu lực từ", "In force from"),
    "in_force_to": ("Hiệu lực đến", "In force to"),
    "approved_on": ("Ngày ký", "Signed on"),
    "version_no": ("Phiên bản", "Version"),
    "milestone": ("Mốc", "Milestone"),
    "evidence": ("Bằng chứng cần có", "Evidence it needs"),
    # place, definition
    "belongs_to": ("Thuộc", "Belongs to"),
    "official_place": ("Vị trí chính thức", "Official place"),
    # index
    "index_intro": (
        "Mỗi chỉ số của {programme} có một phiếu: đếm cái gì, ai đếm, trên khung nào, theo công thức nào, mục tiêu và "
        "lộ trình do ai đặt. Các trang này viết ra từ dữ liệu của chương trình bằng `make handbook`; sửa ở dữ liệu, "
        "không sửa ở đây.",
        "Each indicator of {programme} has a card: what is counted, by whom, over which frame, by which formula, and "
        "whose the target and the path are. These pages are written from the programme's data by `make handbook`; "
        "mend the data, not the pages.",
    ),
    "index_no_outcome": (
        "Chương trình chưa có kết quả (outcome) nào được đo: các chỉ số tính được đều là đầu ra.",
        "The programme measures no outcome: all indicators that can be computed are outputs.",
    ),
    "index_outcomes": ("Kết quả được đo: {codes}.", "Outcomes measured: {codes}."),
    "goals.target": ("Theo mục tiêu", "By goal"),
    "goals.task_group": ("Theo nhóm nhiệm vụ", "By task group"),
    "no_cards": ("Chưa có chỉ số.", "No indicator yet."),
    "target": ("Mục tiêu", "Target"),
    "signed_short": ("đã ký {day}", "signed {day}"),
    "unsigned_short": ("chưa ký", "not signed"),
    "method_missing_short": ("chưa có phương pháp", "no method"),
    "card_state": ("Phiếu", "Card"),
    "task": ("Nhiệm vụ", "Task"),
    "lead": ("Chủ trì", "Lead"),
}
