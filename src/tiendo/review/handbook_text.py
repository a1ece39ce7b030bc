"""Sentences of a card's page in both languages. Single words of the system live in the seed term.csv.

Each value is (Vietnamese, English).
"""

from __future__ import annotations

TEXT = {
    # formula
    "no_formula": (
        "Chưa có công thức: chưa thống nhất phương pháp, xem mục Phương pháp.",
        "No formula: no method is agreed, see Method.",
    ),
    "in_words": ("Bằng lời", "In words"),
    "sum_reading.one": (
        "Σ cộng mọi đơn vị của phạm vi, ở chính kỳ đó. Mã được giải thích trong bảng dưới.",
        "Σ adds all units of the scope, in that one period. The table below explains the codes.",
    ),
    "sum_reading.many": (
        "Σ cộng mọi đơn vị của phạm vi, ở mọi kỳ của cửa sổ thời gian. Mã được giải thích trong bảng dưới.",
        "Σ adds all units of the scope, over all periods of the window. The table below explains the codes.",
    ),
    "place_reading": (
        "p là một địa bàn, # là số địa bàn; Σ cộng mọi kỳ của cửa sổ thời gian. Theo đơn vị hiện nay, một đơn vị được "
        "tính khi một địa bàn bất kỳ của nó có. Mã được giải thích trong bảng dưới.",
        "p is a place, # is how many places; Σ adds all periods of the window. On the basis of current units, a unit "
        "counts when any place of it has one. The table below explains the codes.",
    ),
    "whole_reading": (
        "p là một địa bàn, o là một phần ban đầu của p, # là số địa bàn; Σ cộng mọi kỳ của cửa sổ thời gian. Theo đơn "
        "vị hiện nay, một đơn vị chỉ được tính khi mọi phần ban đầu của nó đều có. Mã được giải thích trong bảng dưới.",
        "p is a place, o an original part of p, # is how many places; Σ adds all periods of the window. By "
        "today's units, one counts only when all its original parts have one. The table below explains the codes.",
    ),
    "milestone_reading": (
        "m là một mốc của các nhiệm vụ được nêu, # là số mốc có trạng thái cuối cùng là đã ban hành hoặc đã vận hành.",
        "m is a milestone of the tasks named, # is how many whose last state is issued or in operation.",
    ),
    "issued": ("đã ban hành hoặc đã vận hành", "issued or in operation"),
    "pair_reading": (
        "Tử số chỉ được tính ở nơi mẫu số đi cùng ({pairs}) cũng biết được, của cùng đơn vị, cùng kỳ, cùng thời điểm "
        "biết; thiếu một vế thì cả cặp không tính.",
        "A numerator counts only where the denominator it goes with ({pairs}) is known too, for the same unit, period "
        "and moment of knowledge; where one is missing, neither counts.",
    ),
    "part_of": ("{name}: {part}", "{name}: {part}"),
    "from_reports": ("báo cáo hằng tháng", "monthly report"),
    "from_frame": ("khung tổng thể", "frame"),
    "from_tasks": ("sổ theo dõi nhiệm vụ", "register of tasks"),
    "milestones_measure": ("mốc", "milestone"),
    # who counts, frame
    "counted_by": ("Số liệu do **{who}** báo cáo.", "Told by the **{who}**."),
    "memo": (
        "Số của nơi khác về cùng việc chỉ để tham khảo: được lưu, được hiển thị, không bao giờ cộng vào.",
        "Others' figures on the same thing are memo items: kept, shown, never added.",
    ),
    "nobody_counts": ("Chưa xác định: chỉ số chưa có công thức.", "Not settled: the indicator has no formula."),
    "no_frame": (
        "Không chia cho khung tổng thể nào.",
        "It is not divided by a frame.",
    ),
    "frame_reading": (
        "Mẫu số lấy từ khung tổng thể: số đếm có ngày, không báo cáo nào thay đổi được. Không lấy từ chính báo cáo mà "
        "nó dùng để đo.",
        "The denominator comes from a frame: a dated count that no report may change, never taken from the report it "
        "judges.",
    ),
    "element_below": (
        "Mẫu số là chỉ tiêu báo cáo, cùng đơn vị và cùng kỳ với tử số: {codes}.",
        "The denominator is a reported number, of the same unit and period as the numerator: {codes}.",
    ),
    "frame_line": ("`{code}` {name} ({measure})", "`{code}` {name} ({measure})"),
    "frame_synthetic": ("số đếm của khung này là giả lập", "the counts of this frame are synthetic"),
    "no_frame_values": ("chưa có số đếm", "no counts yet"),
    # window, basis, direction
    "window.point": (
        "Số hiện có ở kỳ đó. Kỳ không có số thì lấy kỳ gần nhất trong {carry} kỳ trước, cả tử số và mẫu số cùng một "
        "kỳ; số lấy lại có trong giá trị, không được tính vào độ phủ.",
        "What there is in the period. Where a period has no number, the latest of the {carry} before stands in, "
        "numerator and denominator of one period; what is carried is in the value and not in the coverage.",
    ),
    "window.period": ("Chỉ số liệu của chính kỳ đó.", "The numbers of that period alone."),
    "window.year": (
        "Mọi kỳ của năm báo cáo, từ kỳ đầu năm đến kỳ đó.",
        "All periods of the report year, from its first to that one.",
    ),
    "window.since_start": (
        "Mọi kỳ từ kỳ đầu tiên của chương trình đến kỳ đó; tự cộng từ số từng kỳ, không lấy số lũy kế do đơn vị ghi.",
        "All periods from the programme's first to that one; summed from the periods, not taken from the cumulative "
        "figures that units write.",
    ),
    "frequency": ("Tần suất: {name}.", "Frequency: {name}."),
    "basis_reading": (
        "Mục tiêu được đánh giá trên cơ sở này; chỉ số vẫn được tính trên cả ba cơ sở, xem [{link}]({page}#bases).",
        "The target is judged on this basis; the indicator is computed on all three, see [{link}]({page}#bases).",
    ),
    "direction.at_least": (
        "Càng cao càng tốt. Đạt khi giá trị bằng hoặc lớn hơn mục tiêu.",
        "More is better. Met when the value is the target or above.",
    ),
    "direction.at_least.strict": (
        "Càng cao càng tốt. Chỉ đạt khi giá trị lớn hơn mục tiêu; bằng mục tiêu là chưa đạt.",
        "More is better. Met only above the target; reaching it is not enough.",
    ),
    "direction.at_most": (
        "Càng thấp càng tốt. Đạt khi giá trị bằng hoặc nhỏ hơn mục tiêu.",
        "Less is better. Met when the value is the target or below.",
    ),
    "direction.at_most.strict": (
        "Càng thấp càng tốt. Chỉ đạt khi giá trị nhỏ hơn mục tiêu; bằng mục tiêu là chưa đạt.",
        "Less is better. Met only below the target; being at it is not enough.",
    ),
    "direction.band": (
        "Đạt khi giá trị nằm trong khoảng, kể cả hai đầu.",
        "Met when the value lies in the band, its ends included.",
    ),
    "direction.band.strict": (
        "Đạt khi giá trị nằm trong khoảng, không kể hai đầu.",
        "Met when the value lies in the band, its ends not included.",
    ),
    # baseline, target, path
    "no_target": (
        "Không có mục tiêu bằng số: chỉ đếm, không kết luận.",
        "No numeric target: a count without a verdict.",
    ),
    "no_baseline_value": ("chưa có giá trị", "no value"),
    "baseline_reading.measured": (
        "Giá trị gốc đã được đo.",
        "The baseline was measured.",
    ),
    "baseline_reading.by_construction": (
        "Giá trị gốc theo cách tính: chỉ số bắt đầu đếm từ kỳ này.",
        "The baseline holds by construction: counting begins with this period.",
    ),
    "baseline_reading.none": (
        "Giá trị gốc chưa được đo: số đang dùng (nếu có) là giả định, nên mọi đánh giá chỉ là tạm tính.",
        "The baseline is not measured: the number used, if any, is assumed, and every status is provisional.",
    ),
    "at": ("{value} ở kỳ {period}", "{value} in {period}"),
    "by": ("{value} vào kỳ {period}", "{value} by {period}"),
    "upper_mark": ("mức trên {value}", "upper mark {value}"),
    "no_path": ("Chưa có lộ trình, nên chưa so được với tiến độ.", "No path, so no pace can be told."),
    "path_line": (
        "Lộ trình **{kind}**, căn cứ: **{basis}**; phê duyệt: {approved}.",
        "The path is **{kind}**, its basis: **{basis}**; approved by: {approved}.",
    ),
    "assumption_reading": (
        "Lộ trình là giả định, không do văn bản nào quy định: đánh giá theo lộ trình này chỉ là tạm tính.",
        "The path is an assumption that no document sets: a status judged by it is provisional.",
    ),
    "nobody_approved": ("chưa có", "nobody yet"),
    "path_short": ("lộ trình {kind} ({basis})", "{kind} path ({basis})"),
    "no_path_short": ("chưa có lộ trình", "no path"),
    "all_targets": (
        "Mọi mục tiêu đã ghi, theo phạm vi và theo ngày biết đến:",
        "All targets on record, by scope and by day of knowledge:",
    ),
    "chart_alt": (
        "Mục tiêu và lộ trình của {code}, {scope}, từ {first} đến {last}",
        "Target and path of {code}, {scope}, from {first} to {last}",
    ),
    "chart_axis_x": ("kỳ báo cáo", "report month"),
    # break, small cells, level
    "break.segment": (
        "Khi luật thay đổi những gì được đếm, một đoạn số liệu mới bắt đầu. Hai đoạn không so sánh trực tiếp: phần "
        "chênh do đổi khung được tách riêng và không bao giờ gọi là tiến bộ.",
        "When the law changes what is counted a new segment begins. Two segments do not compare directly: what the "
        "change of frame does is shown apart and never called progress.",
    ),
    "break.none": (
        "Không ngắt đoạn: cả chuỗi số liệu là một đoạn.",
        "No breaks: the whole series is one segment.",
    ),
    "break_none_yet": (
        "Chưa ghi nhận lần thay đổi nào của khung tổng thể mà chỉ số này dùng.",
        "No change is on record of a frame that this indicator uses.",
    ),
    "small.none": (
        "Không che ô nào: chỉ số không tách theo nhóm người.",
        "No cell is hidden: the indicator is not split by groups of people.",
    ),
    "small.under_5": (
        "Khi tách theo nhóm người, ô từ 1 đến 4 bị che, cùng với ô khác để không suy ngược được.",
        "Where people are split into groups, cells of 1 to 4 are suppressed, with another cell so that they cannot be "
        "worked out.",
    ),
    "level_source": ("Nguồn số liệu: {source}.", "Source: {source}."),
    "level.output": (
        "Đây là việc chương trình làm ra, do chính nơi thực hiện báo cáo; không phải tác động của chương trình.",
        "This is what the programme produces, reported by those who carry it out; not its effect.",
    ),
    "level.outcome": (
        "Đây là điều thay đổi nhờ chương trình hoặc cùng với chương trình.",
        "This is what changes through the programme, or beside it.",
    ),
    "outcome_unmeasured": (
        "Kết quả này chưa được đo: chưa có phương pháp.",
        "This outcome is not measured: there is no method.",
    ),
    "goal_has_outcome": (
        "Kết quả được đo cho {goal}: {codes}.",
        "Outcomes measured for {goal}: {codes}.",
    ),
    "goal_no_outcome": (
        "Chưa có kết quả nào được đo cho {goal}.",
        "No outcome is measured for {goal}.",
    ),
    # method, readings, caveats
    "method_plain": (
        "Không cần phương pháp riêng: giá trị tính thẳng từ số liệu báo cáo theo công thức ở trên.",
        "No method of its own is needed: the value follows from the reported numbers by the formula above.",
    ),
    "method_missing": (
        "Chưa có phương pháp, nên không có kết luận, không xếp hạng, không lên bản đồ. Còn thiếu:",
        "There is no method, so no verdict, no rank and no map. What is missing:",
    ),
    "no_other_reading": ("Không ghi nhận cách hiểu nào khác.", "No other reading is on record."),
    "no_caveat": ("Không có.", "None."),
    # duty, tasks
    "nobody_owes": (
        "Chưa ai phải báo cáo: chỉ số chưa có công thức.",
        "Nobody owes a report: the indicator has no formula.",
    ),
    "nobody_owes_element": ("chưa giao cho đơn vị nào", "asked of no unit yet"),
    "tasks_owe": (
        "Không tính từ biểu báo cáo: trạng thái từng mốc do cơ quan chủ trì nhiệm vụ thông báo, kèm văn bản.",
        "Not computed from the monthly form: the lead agency of a task tells the state of each milestone, with its "
        "document.",
    ),
    "duty_reading": (
        "Đơn vị nêu theo tên thì đơn vị kế thừa nó trong chương trình tiếp tục báo cáo. Đơn vị có kế hoạch riêng chỉ "
        "phải báo cáo từ khi kế hoạch có hiệu lực, xem [{link}]({page}#plans).",
        "Of a unit that is named, the unit that carries on after it in the programme reports on. A unit with a plan of "
        "its own owes reports only from when the plan binds it, see [{link}]({page}#plans).",
    ),
    "then": ("{unit}, sau đó {next}", "{unit}, then {next}"),
    "since": ("{unit} từ {day}", "{unit} from {day}"),
    "no_task": (
        "Sổ theo dõi chưa có nhiệm vụ nào gắn với chỉ số này.",
        "The register has no task tied to this indicator.",
    ),
    "no_responsibility": ("Chưa ghi cơ quan nào.", "No agency is on record."),
    "task_rhythm": ("Nhịp: {rhythm}.", "Rhythm: {rhythm}."),
    "task_place": ("Vị trí chính thức: {place}.", "Official place: {place}."),
    # signing, version
    "signed": ("Cơ quan ký: **{office}**; ngày ký: {day}.", "Signing office: **{office}**; signed on {day}."),
    "unsigned": (
        "Cơ quan ký: **{office}**. **Chưa ký**: mọi đánh giá theo phiếu này chỉ là tạm tính.",
        "Signing office: **{office}**. **Not signed yet**: every status by this card is provisional.",
    ),
    "no_office": ("chưa xác định", "not settled"),
    "version_reading": (
        "Trang này trình bày phiên bản {version}. Mọi phiên bản đã ghi:",
        "This page presents version {version}. All versions on record:",
    ),
}
