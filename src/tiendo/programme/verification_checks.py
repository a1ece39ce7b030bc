"""What the seed verification must hold: a cell that a unit was asked for, an office, documents and no persons.

In: a programme. Out: nothing, or a SeedError with file, row and reason in both languages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tiendo.programme.cards import Verification
from tiendo.programme.checks import known_period, one_of_known
from tiendo.programme.personal import personal_data
from tiendo.programme.seeds import SeedRow

if TYPE_CHECKING:
    from tiendo.programme.registry import Programme

REQUIRED = ("evidence_vi", "evidence_en", "checked_by", "source_note")


def check_verifications(programme: Programme) -> None:
    """Raise SeedError at the first spot check that does not hold."""
    for row, check in zip(programme.table("verification"), programme.verifications, strict=True):
        if check.unit_key not in programme.unit_by_key:
            raise row.error(f"không có đơn vị {check.unit_key} / there is no unit {check.unit_key}")
        one_of_known(row, "element_code", set(programme.elements))
        known_period(programme, row, "period_code")
        for column in REQUIRED:
            row.required(column)
        _numbers(programme, row, check)
        _days(programme, row, check)
        for column in ("evidence_vi", "evidence_en", "checked_by"):
            if found := personal_data(row.text(column)):
                # What it is is said; the text itself is repeated nowhere.
                raise row.error(f"{column} có {found[0]}; chỉ ghi văn bản, cơ quan / holds {found[1]}; name documents")


def _numbers(programme: Programme, row: SeedRow, check: Verification) -> None:
    is_count = programme.elements[check.element_code].is_count
    for column, number in (("reported_value", check.reported_value), ("found_value", check.found_value)):
        row.required(column)
        if number is None or not number.is_finite() or number < 0:
            raise row.error(f"{column} phải là số từ 0 trở lên / {column} must be 0 or more")
        if is_count and number != number.to_integral_value():
            raise row.error(f"{column} phải là số nguyên / {column} must be a whole number")
    row.required("inclusion_probability")
    chance = check.inclusion_probability
    if chance is None or not chance.is_finite() or not 0 < chance <= 1:
        raise row.error(
            "inclusion_probability phải lớn hơn 0, không quá 1 / inclusion_probability must be above 0, at most 1"
        )


def _days(programme: Programme, row: SeedRow, check: Verification) -> None:
    period = next(each for each in programme.periods if each.code == check.period_code)
    unit = programme.unit_by_key[check.unit_key]
    if unit.valid_from > period.end or (unit.valid_to or period.end) < period.start:
        raise row.error(f"{check.unit_key} không báo cáo kỳ {period.code} / does not report period {period.code}")
    if check.quarter != period.quarter:
        raise row.error(
            f"kỳ {period.code} thuộc quý {period.quarter}, không phải {check.quarter!r} / "
            f"period {period.code} is of quarter {period.quarter}, not {check.quarter!r}"
        )
    if check.checked_on < period.last_day_of(unit):
        raise row.error(
            f"kiểm chứng ngày {check.checked_on}, trước khi kỳ {period.code} kết thúc / "
            f"checked on {check.checked_on}, before period {period.code} ended"
        )
    if check.known_from < check.checked_on:
        raise row.error(
            f"known_from {check.known_from} trước ngày kiểm chứng {check.checked_on} / "
            f"known_from {check.known_from} lies before the day of the check, {check.checked_on}"
        )
