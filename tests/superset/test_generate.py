"""The generated assets: the same bytes twice, no ids, no passwords, no column that the published views do not have."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from tiendo.programme.tile_checks import MOST

ROOT = Path(__file__).resolve().parents[2]
SERVER_IDS = {"id", "datasource", "datasource_id", "database_id", "dashboard_id", "slice_id", "theme_id", "changed_on"}
Room = dict[str, ModuleType]


@pytest.fixture(scope="module")
def out(room: Room, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assets")
    room["generate"].write(room["generate"].build(), folder)
    return folder


@pytest.fixture(scope="module")
def assets(out: Path) -> dict[str, Any]:
    return {path.relative_to(out).as_posix(): yaml.safe_load(path.read_text()) for path in sorted(out.rglob("*.yaml"))}


def test_the_scorecard_is_there(assets: dict[str, Any]) -> None:
    dashboard = assets["dashboards/scorecard.yaml"]
    assert dashboard["slug"] == "scorecard"
    assert dashboard["dashboard_title"] == "Bảng điểm tiến độ Đề án"
    assert len(charts_of(dashboard)) <= 4


def charts_of(dashboard: dict[str, Any]) -> set[str]:
    parts = dashboard["position"].values()
    return {part["meta"]["uuid"] for part in parts if isinstance(part, dict) and part["type"] == "CHART"}


def test_every_chart_stands_on_a_page_and_no_page_has_more_than_twelve(assets: dict[str, Any]) -> None:
    pages = {path: charts_of(asset) for path, asset in assets.items() if path.startswith("dashboards/")}
    assert {uuid for charts in pages.values() for uuid in charts} == {
        asset["uuid"] for path, asset in assets.items() if path.startswith("charts/")
    }
    assert all(2 <= len(charts) <= 12 for charts in pages.values())


def test_every_page_is_there_in_each_language_and_says_what_it_shows(assets: dict[str, Any]) -> None:
    pages = {asset["slug"]: asset for path, asset in assets.items() if path.startswith("dashboards/")}
    for slug in ("scorecard", "midterm", "final", "unit", "leads", "explorer"):
        assert pages[slug]["dashboard_title"] != pages[f"{slug}-en"]["dashboard_title"]
        assert charts_of(pages[slug]).isdisjoint(charts_of(pages[f"{slug}-en"]))
    # Whatever a page shows, it says first of which day that is and that it is made up.
    heads = {
        assets[f"charts/{name}.yaml"]["uuid"]
        for name in ("page_head", "page_head_en", "scorecard_head", "scorecard_head_en")
    }
    for asset in pages.values():
        assert charts_of(asset) & heads, asset["slug"]


def test_the_exposures_are_those_of_the_dashboards(room: Room) -> None:
    committed = (ROOT / "dbt_project" / "models" / "exposures.yml").read_text(encoding="utf-8")
    assert committed == room["generate"].exposures(room["generate"].build()), "run make dashboards"


def test_twice_the_same_bytes(room: Room, out: Path, tmp_path: Path) -> None:
    (tmp_path / "charts").mkdir()
    (tmp_path / "charts" / "left_over.yaml").write_text("uuid: 0")
    room["generate"].write(room["generate"].build(), tmp_path)
    first = {path.relative_to(out): path.read_bytes() for path in out.rglob("*.yaml")}
    assert {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.yaml")} == first


def test_every_asset_is_signed(assets: dict[str, Any]) -> None:
    signed = {path: asset for path, asset in assets.items() if "/" in path}
    assert assets["metadata.yaml"] == {"version": "1.0.0", "type": "assets"}
    managed = [asset for path, asset in signed.items() if not path.startswith("questions/")]
    assert all(asset["is_managed_externally"] is True for asset in managed)
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f-]{20,}", asset["uuid"]) for asset in signed.values())
    assert len({asset["uuid"] for asset in signed.values()}) == len(signed)


def test_no_server_ids(assets: dict[str, Any]) -> None:
    # A place on a page and a choice above it have ids of this file's own.
    own_ids = {"position", "native_filter_configuration"}

    def keys(value: Any, is_inside: bool = False) -> set[str]:
        if isinstance(value, list):
            return {key for part in value for key in keys(part, is_inside)}
        if not isinstance(value, dict):
            return set()
        own = set() if is_inside else set(value)
        return own | {key for name, part in value.items() for key in keys(part, is_inside or name in own_ids)}

    assert not keys(list(assets.values())) & SERVER_IDS


def test_no_passwords(out: Path, monkeypatch: pytest.MonkeyPatch, room: Room, tmp_path: Path) -> None:
    for name in ("READER", "SUPERSET", "LEADER"):
        monkeypatch.setenv(f"TIENDO_{name}_PASSWORD", "a-secret-that-must-not-travel")
    room["generate"].write(room["generate"].build(), tmp_path)
    text = "".join(path.read_text() for path in tmp_path.rglob("*.yaml"))
    assert "a-secret-that-must-not-travel" not in text
    assert "password" not in text.lower()
    database = yaml.safe_load((out / "databases" / "warehouse.yaml").read_text())
    assert re.fullmatch(r"postgresql\+psycopg2://tiendo_reader@\w+/\w+", database["sqlalchemy_uri"])


def test_charts_use_columns_of_their_dataset_and_datasets_those_of_the_views(
    room: Room, assets: dict[str, Any]
) -> None:
    views = room["contract"].published_views(ROOT / "dbt_project" / "models" / "marts")
    published = {name for columns in views.values() for name in columns}
    by_uuid = {asset["uuid"]: asset for path, asset in assets.items() if path.startswith("datasets/")}
    for dataset in by_uuid.values():
        names = {column["column_name"] for column in dataset["columns"]}
        if dataset["sql"] is None:
            assert names <= set(views[dataset["table_name"]])
        else:
            assert {name for name in names if f"as {name}" not in dataset["sql"]} <= published
    for path, chart in assets.items():
        if path.startswith("charts/"):
            names = {column["column_name"] for column in by_uuid[chart["dataset_uuid"]]["columns"]}
            assert set(chart["params"].get("all_columns", [])) <= names
            assert "\n" not in chart["params"].get("handlebarsTemplate", "")


def test_what_belongs_to_units_is_a_dataset_wherever_it_is_read(room: Room, assets: dict[str, Any]) -> None:
    """Superset's own row rule reaches into a query only where the view that it reads is a dataset."""
    views = room["contract"].published_views(ROOT / "dbt_project" / "models" / "marts")
    datasets = [asset for path, asset in assets.items() if path.startswith("datasets/")]
    plain = {dataset["table_name"]: dataset for dataset in datasets if dataset["sql"] is None}
    # Whose login it is decides there, and names of units and scopes are open to all.
    open_views = {"unit_login", "dim_unit", "dim_scope", "dim_tile", "fct_duty"}
    read = {view for dataset in datasets for view in room["generate"].views_of(dataset)} - open_views
    owned = {view for view in read if {"unit_key", "scope_key"} & set(views[view])}
    assert len(owned) >= 10
    assert owned <= set(plain)
    for view in owned:
        assert {"unit_key", "scope_key"} & {column["column_name"] for column in plain[view]["columns"]}, view


def test_a_column_renamed_in_dbt_stops_the_generator(room: Room, tmp_path: Path) -> None:
    for view, column in (("rpt_scorecard", "trend_points"), ("rpt_compliance", "days_late")):
        marts = tmp_path / view
        shutil.copytree(ROOT / "dbt_project" / "models" / "marts", marts)
        contract = next(marts.rglob(f"{view}.yml"))
        contract.write_text(contract.read_text().replace(f"- name: {column}\n", f"- name: {column}_renamed\n"))
        with pytest.raises(room["contract"].ContractError, match=column):
            room["generate"].build(marts=marts)


def test_an_unknown_word_stops_the_generator(room: Room, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in ("term.csv", "status.csv", "programme.csv"):
        shutil.copy(ROOT / "dbt_project" / "seeds" / name, seeds)
    lines = (seeds / "term.csv").read_text().splitlines(keepends=True)
    (seeds / "term.csv").write_text("".join(line for line in lines if not line.startswith("synthetic,")))
    with pytest.raises(room["pages"].TemplateError, match="synthetic"):
        room["generate"].build(seeds=seeds)


def test_nothing_names_a_programme(assets: dict[str, Any]) -> None:
    text = yaml.safe_dump(assets, allow_unicode=True)
    assert not re.search(r"1079|quyền con người|\bT[1-9][a-d]?\b", text)


def test_no_choice_reaches_what_every_page_says_first(assets: dict[str, Any]) -> None:
    heads = [asset for path, asset in assets.items() if path.startswith("datasets/page_head")]
    said = {column["column_name"] for head in heads for column in head["columns"]}
    assert said
    for path, page in assets.items():
        if path.startswith("dashboards/"):
            choices = page["metadata"]["native_filter_configuration"]
            chosen = {target["column"]["name"] for choice in choices for target in choice["targets"]}
            assert not chosen & said, path


def test_the_page_of_maps_has_a_place_for_every_tile_that_the_registry_takes() -> None:
    css = (ROOT / "superset" / "templates" / "dashboards" / "maps.css").read_text(encoding="utf-8")
    for side, rule, column in (("c", "grid-column", "tile_column"), ("r", "grid-row", "tile_row")):
        places = [(int(name), int(at)) for name, at in re.findall(rf"\.td-{side}(\d+) {{ {rule}: (\d+); }}", css)]
        assert places == [(number, number) for number in range(1, MOST[column] + 1)]


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("{{#each data}}{{name_vi}}{{/each}}", {"name_vi"}),
        ("{{#if a}}{{else if b}}{{/if}}{{#unless @last}}, {{/unless}}", {"a", "b"}),
        ('{{#group data by="c"}}{{this.value}}{{#each items}}{{d}}{{/each}}{{/group}}', {"c", "d"}),
        ("{{floor coverage_pct}} %", {"coverage_pct"}),
    ],
)
def test_names_in_page(room: Room, page: str, names: set[str]) -> None:
    assert room["pages"].names_in_page(page) == names
