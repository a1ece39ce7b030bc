"""What was measured, its limit, and whether it holds.

In: figures. Out: one table on the terminal and one JSON file. A figure that was not measured says why; none fails a
test, since a timer on somebody else's busy machine proves nothing.
"""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

LABELS = {
    "up_fresh": "make up, máy mới / fresh, to the scorecard",
    "up_again": "make up, lần sau / a second time",
    "load_times_faster": "Nạp báo cáo, so với tập lệnh ngày nay / landing to raw rows, beside the script of today",
    "sample": "Ghi báo cáo mẫu / write the sample",
    "collect": "Thu báo cáo / collect the sample",
    "build_outside": "Dựng toàn bộ, ngoài Airflow / full build outside Airflow",
    "backtest_cases": "Dự báo: số ca ít nhất mỗi bậc / forecast: least cases in a tenth",
    "backtest_gap": "Dự báo: lệch nhiều nhất giữa cơ hội đã nói và đã đạt / claimed against arrived, greatest gap",
    "backtest_least_held": "Dự báo: khoảng 80 %, giữ được ít nhất / 80 % intervals that held, least of the horizons",
    "backtest_most_held": "Dự báo: khoảng 80 %, giữ được nhiều nhất / 80 % intervals that held, most of the horizons",
    "backtest_family": "Dự báo: khoảng 80 %, nhóm kém nhất / 80 % intervals that held, worst family",
    "backtest_brier": "Dự báo: điểm Brier / forecast: Brier score, beside the base rate",
    "onpath_worse": "Đúng lộ trình mà bị coi là chậm / on the path and called worse",
    "onpath_planned": "Đúng kế hoạch theo mùa, được coi là đúng tiến độ / exactly on a seasonal plan and called so",
    "query_now": "Truy vấn của các trang, 11 triệu dòng, p95 / queries of all charts at 11 million rows, p95",
    "query_past": "Như biết một ngày đã qua, p95 / a series as known on a past day, p95",
    "page_cold": "Bảng điểm, trình duyệt mới / the scorecard in a new browser, beside an empty page",
    "page_warm": "Bảng điểm, lần sau / the scorecard again, beside an empty page",
    "page_other": "Trang khác chậm nhất / the slowest other page, beside an empty page",
    "build_inside": "Dựng toàn bộ, trong Airflow / full build inside Airflow",
}
VERDICTS = {True: "đạt / holds", False: "không đạt / does not hold", None: "—"}


class BenchError(Exception):
    """Something that had to work for a figure to be measured did not; the message holds its last words."""


@dataclass(frozen=True)
class Figure:
    """One figure, `name` being one of LABELS.

    `value` is None when it was not measured; `limit` is None when it only informs.
    """

    name: str
    value: float | None
    unit: str = "s"
    limit: float | None = None
    is_at_most: bool = True
    note: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What it is called, in both languages."""
        return LABELS[self.name]

    @property
    def holds(self) -> bool | None:
        """Whether the limit is kept; None when there is nothing to compare."""
        if self.value is None or self.limit is None:
            return None
        return self.value <= self.limit if self.is_at_most else self.value >= self.limit


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load_before": load(),
    }


def load() -> list[float]:
    """The machine's load averages over 1, 5 and 15 minutes: how busy it was with other things."""
    return [round(each, 2) for each in os.getloadavg()]


def show(figures: list[Figure], about: dict[str, Any], console: Console) -> None:
    """The table."""
    table = Table(title="tiendo: số đo / figures", title_justify="left", show_lines=True)
    for head in ("", "đo được / measured", "giới hạn / limit", "", "ghi chú / note"):
        table.add_column(head, overflow="fold", justify="right" if "/" in head and "note" not in head else "left")
    for figure in figures:
        table.add_row(
            figure.label, _written(figure.value, figure.unit), _limit(figure), VERDICTS[figure.holds], figure.note
        )
    console.print(table)
    if about["load_before"][0] > about["cores"] / 2:
        console.print("Máy đang bận, khi rảnh sẽ nhanh hơn. / The machine was busy; it is faster when it is idle.")
    console.print(
        f"{about['cores']} nhân / cores, {about['memory_gb']} GB, Python {about['python']}, {about['system']}; "
        f"tải trước, sau / load before, after: {about['load_before'][0]}, {about['load_after'][0]}"
    )


def keep(figures: list[Figure], about: dict[str, Any], path: Path) -> None:
    """The JSON file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = {"machine": about, "figures": [{**asdict(figure), "holds": figure.holds} for figure in figures]}
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _limit(figure: Figure) -> str:
    if figure.limit is None:
        return ""
    return f"{'≤' if figure.is_at_most else '≥'} {_written(figure.limit, figure.unit)}"


def _written(value: float | None, unit: str) -> str:
    return "—" if value is None else f"{value:,.1f} {unit}"
