"""What the page of shared rules says, in both languages: one entry a section, with {places} for the programme's data.

Each value is (Vietnamese, English).
"""

from __future__ import annotations

# In the order of the page; each has a heading 'rule.<name>' and a text 'rule.<name>.text'.
RULE_SECTIONS = (
    "periods",
    "states",
    "sums",
    "bases",
    "coverage",
    "questions",
    "bounds",
    "known_at",
    "closing",
    "breaks",
    "plans",
    "verdicts",
    "reviews",
)

RULES = {
    "rules_intro": (
        "Quy tắc mà mọi phiếu cùng theo. Phiếu chỉ nói những gì riêng của chỉ số.",
        "The rules that all cards share. A card says only what is its own.",
    ),
    "rule.periods": ("Kỳ báo cáo", "Report months"),
    "rule.periods.text": (
        "{rule}. Theo quy tắc này, {label} chạy từ {start} đến {end}, hạn nộp {due}. Năm báo cáo gồm các kỳ mang tên "
        "các tháng của năm ấy. Chỉ tiêu theo tháng dương lịch: {calendar}. Đơn vị của một kỳ là đơn vị đang có ở ngày "
        "cuối kỳ.\n\nCơ sở của việc báo cáo: {basis}.",
        "{rule}. By this rule {label} runs from {start} to {end} and is due on {due}. A report year has the periods "
        "named for its months. Elements counted by calendar month: {calendar}. The unit of a period is the one in "
        "force on its last day.\n\nBasis of the reporting: {basis}.",
    ),
    "none_counted_so": ("không có", "none"),
    "rule.states": ("Trạng thái của một số liệu", "States of a value"),
    "rule.states.text": (
        "Ô trống không phải là không. Mỗi số liệu phải có mang đúng một trạng thái; chỉ hai trạng thái đầu và *không "
        "phát sinh* cho ra một số.",
        "An empty cell is not a zero. Each value owed has exactly one state; only the first two and *nothing arising* "
        "give a number.",
    ),
    "rule.states.marks": (
        "Ngoài trạng thái, số liệu có thể mang dấu:",
        "Beside its state a value may carry a mark:",
    ),
    "state.reported": ("đơn vị ghi một số", "the unit wrote a number"),
    "state.zero": ("đơn vị ghi số 0", "the unit wrote 0"),
    "state.nil": ("đơn vị ghi không phát sinh; tính là 0", "the unit wrote that nothing arose; counts as 0"),
    "state.not_applicable": ("không liên quan đến đơn vị; không có số", "does not concern the unit; no number"),
    "state.not_yet_due": ("chưa đến hạn nộp", "the report is not due yet"),
    "state.missing": ("phải có mà không có; không bao giờ là 0", "owed and not there; never 0"),
    "state.withheld": ("đơn vị cho biết là không cung cấp", "the unit said that it does not tell"),
    "state.in_question": (
        "đang hỏi lại đơn vị; chưa tính cho đến khi có trả lời",
        "the unit was asked; does not count until it is answered",
    ),
    "state.quarantined": (
        "báo cáo có lỗi, đang tạm giữ; không mất gì và không vào chỉ số",
        "the report has an error and waits; nothing of it is lost and nothing reaches an indicator",
    ),
    "state.carried": (
        "lấy của kỳ gần nhất trong {carry} kỳ trước; có trong giá trị, không có trong độ phủ",
        "taken from the latest of the {carry} periods before; in the value, not in the coverage",
    ),
    "state.corrected": (
        "một quyết định đã ghi thay số báo cáo bằng số khác từ một ngày; số báo cáo vẫn giữ",
        "a decision on record puts another number in its place from a day on; the reported one is kept",
    ),
    "rule.sums": ("Cách cộng", "How numbers add up"),
    "rule.sums.text": (
        "- Tỷ lệ là tỷ số của hai tổng trên khung tổng thể; không bao giờ là trung bình của các tỷ lệ.\n"
        "- Tử số và mẫu số thuộc cùng đơn vị, cùng kỳ, cùng thời điểm biết; thiếu một vế thì cả cặp không tính.\n"
        "- Lũy kế do hệ thống cộng từ số từng kỳ. Số trong kỳ, số lũy kế do đơn vị ghi và số lũy kế tự cộng là ba cột "
        "riêng, không trộn lẫn.\n"
        "- Chỉ những cách tách không chồng nhau mới được cộng lại; các loại chồng nhau được hỏi dưới dạng hợp.\n"
        "- Khi tách theo nhóm người, ô từ 1 đến 4 bị che, cùng với ô khác để không suy ngược được.",
        "- A ratio is a ratio of two sums over a frame, never a mean of percentages.\n"
        "- Numerator and denominator are of one unit, one period and one moment of knowledge; where one is missing, "
        "neither counts.\n"
        "- Cumulative values are summed here from the periods. The period's number, the cumulative one that a unit "
        "writes and the one summed here are three columns and are never mixed.\n"
        "- Only splits that do not overlap are added up; overlapping kinds are asked for as a union.\n"
        "- Where people are split into groups, cells of 1 to 4 are suppressed, with another cell so that they cannot "
        "be worked out.",
    ),
    "rule.bases": ("Ba cơ sở đơn vị", "Three bases"),
    "rule.bases.text": (
        "Đơn vị sáp nhập, chia tách; cùng một lịch sử được nhìn theo ba cách. Tổng thì cộng, tỷ lệ là tỷ số của tổng, "
        "không số nào bị chia theo tỷ phần. Chỗ không so sánh được thì để trống, có lý do.",
        "Units merge and split; one history is seen in three ways. Sums add, ratios are ratios of sums, and nothing is "
        "split by shares. What does not compare is empty, with its reason.",
    ),
    "basis.as_reported.text": (
        "mỗi đơn vị trong thời gian nó tồn tại, với số nó báo cáo; vùng gồm các đơn vị lúc ấy",
        "each unit while it exists, with what it reported; regions are made of the units of that day",
    ),
    "basis.current.text": (
        "mọi số được đưa về đơn vị kế thừa hiện nay; số của phần nằm vắt qua hai đơn vị thì để trống, lý do: ranh giới",
        "every number goes to today's successor; a part that lies across two units leaves it empty, with border as the "
        "reason",
    ),
    "basis.original.text": (
        "mọi số được đưa về đơn vị ban đầu; sau sáp nhập chỉ còn số mà biểu mẫu hỏi theo đơn vị cũ",
        "every number goes to the first unit; after a merger only what the form asks for the former unit is left",
    ),
    "rule.coverage": ("Độ phủ báo cáo", "Coverage"),
    "rule.coverage.text": (
        "Cùng mỗi giá trị là n trên N: trong N số liệu phải có trong cửa sổ thời gian, n số đã có. Độ phủ tính theo "
        "trọng số. Trên khung tổng thể, trọng số là khung: một đơn vị lớn im lặng làm giảm nhiều hơn. Còn lại, một số "
        "phải có nặng bằng trung bình của chính nơi ấy trong {plausible} kỳ trước (số đếm: tử số; tỷ lệ trên chỉ tiêu: "
        "mẫu số), cố định theo những gì đã biết vào ngày đến hạn của nó; số chưa có gì để so nặng bằng trung bình của "
        "các số khác. Số lấy kỳ trước, tạm giữ, không cung cấp và đang làm rõ không được tính là đã có. Độ phủ dưới "
        "{least} % thì không kết luận.",
        "With each value stands n of N: of N values owed in its window, n are there. Coverage goes by weight. Over a "
        "frame the frame is the weight, so that a large silent unit lowers it more. Otherwise a number owed weighs the "
        "mean of its own place in the {plausible} periods before (counts: the numerator; ratios over an element: the "
        "denominator), fixed by what was known on its due day; one with nothing to go by weighs the mean of the "
        "others. What is carried, quarantined, withheld or in question is not covered. Under {least} % there is no "
        "verdict.",
    ),
    "rule.questions": ("Số đang làm rõ", "Numbers in question"),
    "rule.questions.text": (
        "Số mà trên dòng của nó có một cảnh báo còn mở là số đang làm rõ: vẫn nằm trong giá trị, không được tính là đã "
        "có, và tỷ trọng của nó được nêu kèm. Quyết định đính chính trả lời câu hỏi ấy. Hai báo cáo cùng nói về những "
        "ngày ấy thì không số nào được tính cho đến khi có trả lời.",
        "A number in whose row an open warning stands is in question: it stays in the value, it is not covered, and "
        "its share is shown. A correction decided answers the question. Where two reports tell of the same days, "
        "neither counts until one of them answers.",
    ),
    "rule.bounds": ("Cận dưới và cận trên", "Bounds"),
    "rule.bounds.text": (
        "Giá trị có thể thấp nhất và cao nhất là bao nhiêu khi mọi số còn thiếu hoặc đang làm rõ được biết; số lấy kỳ "
        "trước không được dùng.\n"
        "- Số đếm: cận dưới là tổng các số đã có; cận trên (hợp lý) cộng thêm, cho mỗi số còn thiếu, số lớn nhất của "
        "chính nơi ấy trong {plausible} kỳ trước, hoặc, nếu trước đó không có, số đầu tiên sau đó.\n"
        "- Tỷ lệ trên khung: cận dưới lấy 0 cho số còn thiếu (chỉ tiêu chỉ tăng: số cuối cùng đã biết), cận trên lấy "
        "cả khung. Tỷ lệ trên chỉ tiêu: khung của số còn thiếu là mẫu số lớn nhất trong {plausible} kỳ trước.\n"
        "- Số nơi đã có: những nơi chắc chắn đã có; và những nơi có thể đã có.\n"
        "- Số còn thiếu mà chưa từng được báo cáo và không có khung thì không có cận.",
        "The lowest and the highest that the value could be once everything missing or in question is known; carried "
        "numbers are not used.\n"
        "- Counts: the lower bound is the known sum; the upper, plausible one adds for each missing number the "
        "greatest of its own place in the {plausible} periods before or, where there is none, the first after.\n"
        "- Ratios over a frame: below, a missing number is 0 (what only grows: the last known number), above, it is "
        "the whole frame. Ratios over an element: the frame of a missing number is the greatest denominator of the "
        "{plausible} periods before.\n"
        "- Places reached: those reached for certain; and those that could be.\n"
        "- What was never reported and has no frame cannot be bounded.",
    ),
    "rule.known_at": ("Theo số liệu biết đến ngày", "As known on a day"),
    "rule.known_at.text": (
        "Không số nào bị ghi đè. Báo cáo sửa là một phiên bản mới bên cạnh phiên bản cũ; số của mỗi phiên bản có ngày "
        "bắt đầu biết và ngày bị thay. Vì vậy mọi giá trị có thể tính lại đúng như đã biết ở một ngày trong quá khứ: "
        "`tiendo build --known-at`. Ngày tính theo giờ {zone}. Một kỳ chỉ vào chỉ số từ ngày đến hạn của kỳ ấy. Mục "
        "tiêu, khung tổng thể, lộ trình và phiếu chỉ số cũng có ngày biết đến.",
        "Nothing is overwritten. A corrected report is a new version beside the old one; each version's numbers have a "
        "day from which they were known and a day on which they were replaced. So any value can be computed again as "
        "it was known on a past day: `tiendo build --known-at`. Days are those of {zone}. A period enters the "
        "indicators on its due day. Targets, frames, paths and cards have their days of knowledge too.",
    ),
    "rule.closing": ("Báo cáo kết thúc của đơn vị thôi hoạt động", "Closing reports"),
    "rule.closing.text": (
        "Kỳ bị việc sắp xếp đơn vị cắt ngang thuộc trọn về đơn vị đang có ở ngày cuối kỳ, gồm cả những ngày của đơn vị "
        "cũ. Đơn vị thôi hoạt động giữa kỳ có thể gửi báo cáo kết thúc, ghi rõ số liệu từ ngày nào đến ngày nào; báo "
        "cáo này không bắt buộc. Số của nó được cộng vào số của đơn vị kế thừa, chỉ với chỉ tiêu cộng dồn và sự kiện, "
        "và chỉ khi biểu của đơn vị kế thừa bắt đầu sau ngày kết thúc ấy. Nếu hai khoảng ngày chồng nhau thì cả hai "
        "chưa tính cho đến khi đơn vị trả lời. Không có báo cáo của đơn vị kế thừa thì số vẫn là thiếu.",
        "A period cut by a re-organisation belongs whole to the unit in force on its last day, its predecessors' days "
        "included. A unit that ends inside a period may send a closing report that says from which day to which day it "
        "counts; nobody owes one. Its numbers are added to the successor's, for flows and events only, where the "
        "successor's form starts after those days. Where the two overlap, neither counts until it is answered. "
        "Without the successor's own report the value is missing.",
    ),
    "rule.breaks": ("Đoạn số liệu", "Segments"),
    "rule.breaks.text": (
        "Khi luật thay đổi những gì được đếm, chỉ số có quy tắc ngắt đoạn bắt đầu một đoạn mới. Phần chênh do đổi "
        "khung được tính trên khung còn lại, hiển thị riêng và không gọi là tiến bộ.",
        "When the law changes what is counted, an indicator with a break rule begins a new segment. What the change of "
        "frame does is computed on the surviving frame, shown apart and not called progress.",
    ),
    "no_breaks": ("Chưa ghi nhận lần thay đổi nào.", "No change is on record."),
    "rule.plans": ("Nghĩa vụ bắt đầu theo kế hoạch của đơn vị", "Obligations begin with a unit's plan"),
    "rule.plans.text": (
        "Đơn vị trong bảng không phải báo cáo các kỳ kết thúc trước ngày ghi ở cột cuối. Đơn vị không có trong bảng "
        "phải báo cáo từ khi phiếu và bảng áp dụng yêu cầu.",
        "A unit in the table owes nothing in periods that end before the day in the last column. A unit that is not in "
        "it owes from the day its elements apply.",
    ),
    "no_plans": ("Chưa ghi kế hoạch nào.", "No plan is on record."),
    "document": ("Văn bản", "Document"),
    "issued_on": ("Ngày ban hành", "Issued on"),
    "obliged_from": ("Phải báo cáo từ", "Obliged from"),
    "rule.verdicts": ("Kết luận", "Verdicts"),
    "rule.verdicts.text": (
        "Kết luận cần phiếu đầy đủ, có mục tiêu, có giá trị, đủ độ phủ và có lộ trình. Nhịp độ là quãng đường đã đi "
        "chia cho quãng đường lộ trình đòi hỏi đến nay. Giá trị gốc chưa đo, lộ trình là giả định hoặc phiếu chưa ký "
        "thì kết luận chỉ là **{provisional}**, vẽ bằng viền chứ không tô màu. Không có phương pháp thì không có kết "
        "luận.",
        "A verdict needs a complete card, a target, a value, enough coverage and a path. Pace is the way gone over the "
        "way that the path asks for by now. Where the baseline is not measured, the path is an assumption or the card "
        "is not signed, a verdict is **{provisional}**, drawn as an outline and not filled. Without a method there is "
        "no verdict.",
    ),
    "threshold": ("Ngưỡng", "Threshold"),
    "rule.reviews": ("Kỳ đánh giá", "Reviews"),
    "rule.reviews.text": (
        "Mỗi lần sơ kết, tổng kết đọc số liệu đến một ngày, theo số liệu biết đến một ngày.",
        "Each review reads the data to one day, as known on another.",
    ),
    "no_reviews": ("Chưa ghi kỳ đánh giá nào.", "No review is on record."),
    "data_to": ("Số liệu đến", "Data to"),
    "known_at": ("Biết đến", "Known at"),
    "indicator": ("Chỉ số", "Indicator"),
    "day": ("Ngày", "Day"),
    "change": ("Thay đổi", "Change"),
}
