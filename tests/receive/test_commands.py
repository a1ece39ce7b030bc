"""The commands as a person calls them: what they print, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.conftest import Warehouse
from tests.receive.forms import at, changed, filled
from tiendo.cli import app
from tiendo.programme import Programme

runner = CliRunner()


def test_form_then_check(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    assert runner.invoke(app, ["form", "51", "2025-08", "-o", str(path)]).exit_code == 0
    checked = runner.invoke(app, ["check", str(path)])
    assert checked.exit_code == 0, checked.output
    assert runner.invoke(app, ["form", "51", "2025-08", "-o", str(path)]).exit_code == 2
    assert runner.invoke(app, ["form", "51", "2025-08", "-o", str(path), "--force"]).exit_code == 0


@pytest.mark.parametrize("call", [["form", "62", "2025-08"], ["form", "51", "2025-8"], ["check"], ["check", "nowhere"]])
def test_a_bad_call_is_exit_code_2(call: list[str]) -> None:
    assert runner.invoke(app, call).exit_code == 2


def test_check_names_cell_and_both_languages(tmp_path: Path, programme: Programme) -> None:
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    good.write_bytes(filled(programme))
    bad.write_bytes(changed(programme, {"E{E0206}": "12o"}))
    cell = at(programme, "Số liệu!E{E0206}")
    told = runner.invoke(app, ["check", str(good), str(bad)])
    assert told.exit_code == 1
    for words in ("bad.xlsx", cell, "12o", "không phải là một con số", "is not a number"):
        assert words in told.output
    asked = runner.invoke(app, ["check", "--json", str(good), str(bad)])
    assert asked.exit_code == 1
    found = json.loads(asked.stdout)
    assert [each["has_errors"] for each in found] == [False, True]
    assert found[1]["problems"][0]["cell"] == cell


def test_sample_collect_load(database: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIENDO_DATABASE", database.settings.database)
    doors = database.settings.doors
    call = ["sample", str(doors), "--units", "51,62", "--first", "2025-06", "--last", "2025-07", "--json"]
    written = json.loads(runner.invoke(app, call).stdout)
    collected = runner.invoke(app, ["collect", "--historical", "--json"])
    assert collected.exit_code == 0, collected.output
    assert json.loads(collected.stdout)["new_count"] == written["file_count"] > 0
    (doors / "51" / "bad.xlsx").write_bytes(b"no spreadsheet")
    assert runner.invoke(app, ["collect"]).exit_code == 0
    loaded = runner.invoke(app, ["load", "--json"])
    assert loaded.exit_code == 1, loaded.output
    assert json.loads(loaded.stdout)["quarantined_count"] == 1
    assert runner.invoke(app, ["load"]).exit_code == 0


def test_no_database_is_exit_code_3(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIENDO_POSTGRES_PORT", "1")
    assert runner.invoke(app, ["load"]).exit_code == 3
