"""Reporting units, their validity, regions and successions, from the seeds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tiendo.programme.seeds import SeedRow

SUCCESSION_KINDS = frozenset({"both", "legal", "programme"})


@dataclass(frozen=True)
class Unit:
    """A body that reports. (code, valid_from) is its key: a code alone may mean two bodies over time."""

    code: str
    valid_from: date
    valid_to: date | None
    name_vi: str
    name_en: str
    kind: str
    type_vi: str
    region_code: str
    sort_key: str

    @classmethod
    def from_row(cls, row: SeedRow) -> Unit:
        """A unit from its seed row."""
        unit = cls(
            code=row.required("unit_code"),
            valid_from=row.day("valid_from"),
            valid_to=row.day_or_none("valid_to"),
            name_vi=row.required("name_vi"),
            name_en=row.required("name_en"),
            kind=row.required("unit_kind"),
            type_vi=row.text("unit_type_vi"),
            region_code=row.text("region_code"),
            sort_key=row.required("sort_key"),
        )
        if unit.valid_to is not None and unit.valid_to < unit.valid_from:
            raise row.error(f"valid_to {unit.valid_to} trước / lies before valid_from {unit.valid_from}")
        return unit

    @cached_property
    def key(self) -> str:
        """code@valid_from, as in CODE@2001-01-31."""
        return f"{self.code}@{self.valid_from}"

    @property
    def full_name_vi(self) -> str:
        """The name with its kind before it; a ministry's name says it already."""
        short = self.type_vi.removesuffix(" trực thuộc Trung ương")
        return f"{short} {self.name_vi}".strip()

    def in_force(self, on: date) -> bool:
        """Whether the unit exists on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class Region:
    """A region with its validity; key as in CODE@2001-01-31."""

    code: str
    valid_from: date
    valid_to: date | None
    name_vi: str
    name_en: str
    sort_key: str

    @classmethod
    def from_row(cls, row: SeedRow) -> Region:
        """A region from its seed row."""
        return cls(
            row.required("region_code"),
            row.day("valid_from"),
            row.day_or_none("valid_to"),
            row.required("name_vi"),
            row.required("name_en"),
            row.required("sort_key"),
        )

    @property
    def key(self) -> str:
        """code@valid_from."""
        return f"{self.code}@{self.valid_from}"


@dataclass(frozen=True)
class Tile:
    """A square of the tile map that stands for a unit: as long as the unit, and called as the unit or by its label."""

    unit_key: str
    tile_no: int
    column: int
    row: int
    label_vi: str
    label_en: str

    @classmethod
    def from_row(cls, row: SeedRow) -> Tile:
        """A tile from its seed row."""
        return cls(
            unit_key=f"{row.required('unit_code')}@{row.day('valid_from')}",
            tile_no=row.whole("tile_no"),
            column=row.whole("tile_column"),
            row=row.whole("tile_row"),
            label_vi=row.text("label_vi"),
            label_en=row.text("label_en"),
        )


@dataclass(frozen=True)
class Succession:
    """One unit followed by another. 'programme' is who carries on the scheme, 'legal' who inherits, 'both' is both."""

    unit_key: str
    successor_key: str
    effective: date
    kind: str
    share_kind: str
    is_seat: bool

    @classmethod
    def from_row(cls, row: SeedRow) -> Succession:
        """A succession from its seed row."""
        return cls(
            unit_key=f"{row.required('unit_code')}@{row.day('valid_from')}",
            successor_key=f"{row.required('successor_code')}@{row.day('successor_valid_from')}",
            effective=row.day("effective_date"),
            kind=row.one_of("succession_kind", SUCCESSION_KINDS),
            share_kind=row.required("share_kind"),
            is_seat=row.one_of("is_seat", frozenset({"true", "false"})) == "true",
        )
