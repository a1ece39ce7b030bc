"""Units, regions and successions of one programme, linked and checked. In: the seeds. Out: look-ups by code and day."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tiendo.programme import seeds
from tiendo.programme.cards import Plan, read_row
from tiendo.programme.seeds import SeedFolder, SeedRow
from tiendo.programme.units import Region, Succession, Tile, Unit


@dataclass(frozen=True, eq=False)
class UnitTables(SeedFolder):
    """Who reports, when, in which region, where on the map, and who follows whom."""

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
                    raise row.error(
                        f"{after.key} bắt đầu khi {before.key} còn hiệu lực / "
                        f"{after.key} begins while {before.key} is in force"
                    )
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

    @cached_property
    def tiles(self) -> tuple[Tile, ...]:
        """The squares of the tile map, in the order of their file."""
        return tuple(Tile.from_row(row) for row in self.table("tile"))

    def region_key_of(self, unit: Unit) -> str | None:
        """The key of the region a unit lies in when it begins, as in CODE@2001-01-31."""
        if not unit.region_code:
            return None
        for region in self.regions:
            ends = region.valid_to or date.max
            if region.code == unit.region_code and region.valid_from <= unit.valid_from <= ends:
                return region.key
        raise seeds.SeedError(
            "unit.csv",
            None,
            f"{unit.key}: vùng {unit.region_code!r} khi đó không có / has no such region in force then",
        )

    @cached_property
    def successions(self) -> tuple[Succession, ...]:
        """Who followed whom."""
        found = []
        for row in self.table("unit_successor"):
            succession = Succession.from_row(row)
            for key in (succession.unit_key, succession.successor_key):
                if key not in self.unit_by_key:
                    raise row.error(f"{key} không có trong unit.csv / is not a unit of unit.csv")
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

    def descendants(self, unit: Unit) -> tuple[Unit, ...]:
        """All that carry the programme on after `unit`, through every re-organisation; without itself."""
        return _closure(unit, self.successors)

    def ancestors(self, unit: Unit) -> tuple[Unit, ...]:
        """All that `unit` carries the programme on from; without itself."""
        return _closure(unit, self.predecessors)

    def current_of(self, unit: Unit, on: date = date.max) -> tuple[Unit, ...]:
        """Who carries the programme on after `unit` by that day, with nobody after them; itself when nobody follows."""
        line = (unit, *_closure(unit, lambda each: self._heirs(each, on)))
        return tuple(each for each in line if not self._heirs(each, on))

    def originals_of(self, unit: Unit) -> tuple[Unit, ...]:
        """The first units that `unit` carries the programme on from; itself when there was none before."""
        return tuple(each for each in (unit, *self.ancestors(unit)) if not self.predecessors(each))

    def _heirs(self, unit: Unit, on: date) -> tuple[Unit, ...]:
        found = (s for s in self.successions if s.unit_key == unit.key and s.kind in ("programme", "both"))
        return tuple(self.unit_by_key[s.successor_key] for s in found if s.effective <= on)

    @cached_property
    def plans(self) -> tuple[Plan, ...]:
        """The units' own plans."""
        rows = list(self.table("plan"))
        seeds.check_unique(rows, "unit_code", "unit_valid_from")
        found = []
        for row in rows:
            plan = read_row(Plan, row)
            if plan.unit_key not in self.unit_by_key:
                raise row.error(f"{plan.unit_key} không có trong unit.csv / is not a unit of unit.csv")
            found.append(plan)
        return tuple(found)

    @cached_property
    def _obliged_from(self) -> dict[str, date]:
        return {plan.unit_key: plan.obliged_from for plan in self.plans}

    def is_obliged(self, unit: Unit, on: date) -> bool:
        """Whether `unit` owes anything of a period that ends on that day: not from before its own plan."""
        return self._obliged_from.get(unit.key, on) <= on

    def holds(self, unit_kind: str, unit_code: str, since: date, unit: Unit, on: date) -> bool:
        """Whether a rule for a kind or a code speaks of `unit` on a day.

        A code means the unit that had it on the rule's first day, `since`, and from the day of the succession whoever
        carries the programme on after it.
        """
        if unit_kind:
            return unit.kind == unit_kind
        named = self.unit_at(unit_code, since)
        return named is not None and (unit == named or self._took_over(named, unit, on))

    def _took_over(self, former: Unit, unit: Unit, on: date) -> bool:
        heirs = [s for s in self.successions if s.unit_key == former.key and s.kind in ("programme", "both")]
        return any(
            (heir.successor_key == unit.key and heir.effective <= on)
            or self._took_over(self.unit_by_key[heir.successor_key], unit, on)
            for heir in heirs
        )

    @cached_property
    def _successions_to(self) -> dict[str, list[Succession]]:
        found: dict[str, list[Succession]] = defaultdict(list)
        for succession in sorted(
            self.successions, key=lambda s: (not s.is_seat, self.unit_by_key[s.unit_key].sort_key)
        ):
            found[succession.successor_key].append(succession)
        return dict(found)


def _closure(unit: Unit, step: Callable[[Unit], tuple[Unit, ...]]) -> tuple[Unit, ...]:
    found: dict[str, Unit] = {}
    waiting = list(step(unit))
    while waiting:
        each = waiting.pop(0)
        if each.key not in found and each != unit:
            found[each.key] = each
            waiting += step(each)
    return tuple(found.values())
