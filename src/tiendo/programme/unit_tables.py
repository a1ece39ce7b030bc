"""Units, regions and successions of one programme, linked and checked. In: the seeds. Out: look-ups by code and day."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tiendo.programme import seeds
from tiendo.programme.seeds import SeedFolder, SeedRow
from tiendo.programme.units import Region, Succession, Unit


@dataclass(frozen=True, eq=False)
class UnitTables(SeedFolder):
    """Who reports, when, in which region, and who follows whom."""

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """All units that ever report, by sort_key."""
        rows = list(self.table("unit"))
        seeds.check_unique(rows, "unit_code", "valid_from")
        units = [Unit.from_row(row) for row in rows]
        by_code: dict[str, list[tuple[Unit, SeedRow]]] = defaultdict(list)
        for unit, row in zip(units, rows, strict=True):
            by_code[unit.code].append((unit, row))
        for same in by_code.values():
            same.sort(key=lambda pair: pair[0].valid_from)
            for (before, _), (after, row) in itertools.pairwise(same):
                if before.valid_to is None or before.valid_to >= after.valid_from:
                    raise row.error(f"{after.key} begins while {before.key} is in force")
        return tuple(sorted(units, key=lambda unit: (unit.sort_key, unit.valid_from, unit.code)))

    @cached_property
    def unit_by_key(self) -> dict[str, Unit]:
        """Units by code@valid_from."""
        return {unit.key: unit for unit in self.units}

    @cached_property
    def _units_by_code(self) -> dict[str, tuple[Unit, ...]]:
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit in sorted(self.units, key=lambda unit: unit.valid_from):
            found[unit.code].append(unit)
        return {code: tuple(units) for code, units in found.items()}

    def units_called(self, code: str) -> tuple[Unit, ...]:
        """All units that ever had this code, oldest first; empty when there is none."""
        return self._units_by_code.get(code, ())

    def units_in_force(self, on: date) -> tuple[Unit, ...]:
        """The units that exist on that day."""
        return tuple(unit for unit in self.units if unit.in_force(on))

    def unit_at(self, code: str, on: date) -> Unit | None:
        """The unit that has this code on that day."""
        return next((unit for unit in self.units_called(code) if unit.in_force(on)), None)

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """All regions, by validity and sort_key."""
        found = (Region.from_row(row) for row in self.table("region"))
        return tuple(sorted(found, key=lambda region: (region.valid_from, region.sort_key)))

    def region_key_of(self, unit: Unit) -> str | None:
        """The key of the region a unit lies in when it begins, as in RRD@2022-09-14."""
        if not unit.region_code:
            return None
        for region in self.regions:
            ends = region.valid_to or date.max
            if region.code == unit.region_code and region.valid_from <= unit.valid_from <= ends:
                return region.key
        raise seeds.SeedError("unit.csv", None, f"{unit.key}: region {unit.region_code!r} is not in force then")

    @cached_property
    def successions(self) -> tuple[Succession, ...]:
        """Who followed whom."""
        found = []
        for row in self.table("unit_successor"):
            succession = Succession.from_row(row)
            for key in (succession.unit_key, succession.successor_key):
                if key not in self.unit_by_key:
                    raise row.error(f"{key} is not a unit of unit.csv")
            found.append(succession)
        return tuple(found)

    def successors(self, unit: Unit, kind: str = "programme") -> tuple[Unit, ...]:
        """The units that carry on after `unit`: for the programme, or legally."""
        keys = [s.successor_key for s in self.successions if s.unit_key == unit.key and s.kind in (kind, "both")]
        return tuple(self.unit_by_key[key] for key in keys)

    def predecessors(self, unit: Unit, kind: str = "programme") -> tuple[Unit, ...]:
        """The units that `unit` carries on from, seat first, then by sort_key."""
        found = (s for s in self._successions_to.get(unit.key, ()) if s.kind in (kind, "both"))
        return tuple(self.unit_by_key[s.unit_key] for s in found)

    @cached_property
    def _successions_to(self) -> dict[str, list[Succession]]:
        found: dict[str, list[Succession]] = defaultdict(list)
        for succession in sorted(
            self.successions, key=lambda s: (not s.is_seat, self.unit_by_key[s.unit_key].sort_key)
        ):
            found[succession.successor_key].append(succession)
        return dict(found)
