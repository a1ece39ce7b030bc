"""The registry links units, forms and frames as the seeds say, and names file, row and reason when they are wrong."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from tiendo.programme import Programme, SeedError

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"


@pytest.fixture(scope="module")
def programme() -> Programme:
    return Programme.read(SEEDS)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_63_and_34_provinces(programme: Programme) -> None:
    for on, count in ((date(2025, 6, 30), 63), (date(2025, 7, 1), 34)):
        assert sum(unit.kind == "province" for unit in programme.units_in_force(on)) == count


def test_every_province_has_its_tile_at_both_times(programme: Programme) -> None:
    own = [tile.unit_key for tile in programme.tiles if tile.tile_no == 1]
    assert sorted(own) == sorted(unit.key for unit in programme.units if unit.kind == "province")


@pytest.mark.parametrize("on", [date(2025, 6, 30), date(2025, 7, 1)])
def test_the_tile_map_is_the_country(programme: Programme, on: date) -> None:
    tiles = [tile for tile in programme.tiles if programme.unit_by_key[tile.unit_key].in_force(on)]
    islands = {tile.label_vi: tile for tile in tiles if tile.tile_no > 1}
    land = {programme.unit_by_key[tile.unit_key].name_vi: tile for tile in tiles if tile.tile_no == 1}
    assert {label: tile.unit_key[:2] for label, tile in islands.items()} == {"Hoàng Sa": "48", "Trường Sa": "56"}
    for island in islands.values():
        near = {name for name, tile in land.items() if abs(tile.row - island.row) <= 1 and tile.column >= island.column - 1}
        assert not near, f"{island.label_vi} lies at sea"
    assert land["Cao Bằng"].row == 1
    assert land["Cà Mau"].row == max(tile.row for tile in tiles)
    assert land["Điện Biên"].column == 1
    down = ("Cao Bằng", "Hà Nội", "Thanh Hóa", "Nghệ An", "Hà Tĩnh", "Quảng Trị", "Đà Nẵng", "Quảng Ngãi", "Đắk Lắk")
    rows = [land[name].row for name in down]
    assert rows == sorted(set(rows))
    # Narrow where the country is: nothing lies beside Quảng Trị.
    assert sum(tile.row == land["Quảng Trị"].row for tile in tiles) == 1


def test_a_code_means_another_unit_after_the_merger(programme: Programme) -> None:
    before, after = programme.unit_at("15", date(2025, 6, 30)), programme.unit_at("15", date(2025, 7, 1))
    assert before is not None
    assert after is not None
    assert (before.name_vi, after.name_vi) == ("Yên Bái", "Lào Cai")
    assert (before.key, after.key) == ("15@2022-09-14", "15@2025-07-01")
    assert {unit.name_vi for unit in programme.predecessors(after)} == {"Yên Bái", "Lào Cai"}


def test_who_carries_on_the_scheme(programme: Programme) -> None:
    former = programme.unit_by_key["BTTTT@2022-09-14"]
    assert [unit.code for unit in programme.successors(former)] == ["BVHTTDL"]
    assert {unit.code for unit in programme.successors(former, "legal")} == {"BKHCN", "BCA"}


def test_every_original_province_has_one_successor(programme: Programme) -> None:
    originals = [unit for unit in programme.units_in_force(date(2025, 6, 30)) if unit.kind == "province"]
    assert all(len(programme.successors(unit)) == 1 for unit in originals)


def test_the_form_asks_by_former_province_after_the_merger(programme: Programme) -> None:
    period = programme.period("2025-07")
    assert period is not None
    unit = programme.unit_at("51", period.end)
    assert unit is not None
    rows = {row.form_code: row.disaggregation_code for row in programme.form_rows(unit, period)}
    assert rows["E0301/62"] == "62@2022-09-14"
    assert rows["E0201"] == "total"
    assert "E0301" not in rows
    assert "E0103" not in rows


def test_the_last_day_of_a_period_decides_who_reports(programme: Programme) -> None:
    july = programme.period("2025-07")
    assert july is not None
    assert july.start < date(2025, 7, 1)
    codes = {unit.code for unit in programme.expected(july)}
    assert "62" not in codes


def test_expected_reports_until_october_2026(programme: Programme) -> None:
    assert sum(len(programme.expected(period)) for period in programme.periods if period.code <= "2026-10") == 4229


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("unit.csv", "BCA,2022-09-14", "BCA,14/9/2022", "valid_from"),
        ("unit.csv", "BCT,2022-09-14", "BCA,2022-09-14", "already in row 2"),
        ("unit.csv", "24,2025-07-01", "24,2025-06-01", "begins while"),
        ("unit_successor.csv", "BTTTT,2022-09-14,BKHCN", "BTTTT,2022-09-14,BKHC", "not a unit"),
        ("element_applicability.csv", "E0101", "E9999", "not in element.csv"),
        ("element.csv", "stock", "stok", "known are"),
        ("programme.csv", "Asia/Ho_Chi_Minh", "Asia/Atlantis", "not known"),
        ("programme.csv", "2023-01,", "2023-1,", "not written as"),
    ],
)
def test_a_broken_seed_names_file_and_reason(copy: Path, file: str, old: str, new: str, reason: str) -> None:
    spoil(copy, file, old, new)
    with pytest.raises(SeedError, match=reason) as found:
        _ = Programme.read(copy).time_zone
    assert found.value.file == file
    assert found.value.row is not None


def test_a_missing_seed_is_named(copy: Path) -> None:
    (copy / "unit.csv").unlink()
    with pytest.raises(SeedError, match=r"unit\.csv"):
        Programme.read(copy)


def test_the_hash_knows_names_and_bytes(programme: Programme, copy: Path) -> None:
    assert Programme.read(copy).seeds_hash() == programme.seeds_hash()
    spoil(copy, "holiday.csv", "2023-01-01", "2023-01-03")
    assert Programme.read(copy).seeds_hash() != programme.seeds_hash()


def test_a_changed_seed_is_read_again(copy: Path) -> None:
    assert Programme.read(copy) is Programme.read(copy)
    first = Programme.read(copy)
    spoil(copy, "programme.csv", "QD1079", "QD-1079")
    assert Programme.read(copy) is not first
    assert Programme.read(copy).code == "QD-1079"


def test_a_region_counts_from_when_the_unit_begins(programme: Programme) -> None:
    assert programme.region_key_of(programme.unit_by_key["24@2022-09-14"]) == "NMM@2022-09-14"
    assert programme.region_key_of(programme.unit_by_key["24@2025-07-01"]) == "RRD@2025-07-01"
    assert programme.region_key_of(programme.unit_by_key["BTP@2022-09-14"]) is None
