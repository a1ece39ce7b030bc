"""Excuses have an end, an audit that was not done is said, and the bill of materials names all that is pinned."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from packaging.version import Version

from audit import __main__ as command
from audit import advisories, bom, code, excuses, packages
from audit.excuses import Excuse, Finding

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 27)
FOUND = Finding("bandit", "B608", "src/a.py", "text")
EXCUSE = Excuse("bandit", "B608", "src/*.py", date(2026, 12, 31), "vì", "because")


def told(*rows: dict[str, object]) -> str:
    return json.dumps({"dependencies": list(rows), "fixes": []})


CLEAN = told({"name": "a", "version": "1", "vulns": []})
HOLE = told({"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]})
SKIPPED = told({"name": "a", "skip_reason": "Dependency not found"})


def test_what_is_excused_in_time_is_let_be() -> None:
    assert excuses.judge([FOUND], [EXCUSE], TODAY) == []
    assert excuses.judge([FOUND], [EXCUSE], EXCUSE.until) == []


def test_what_nobody_excused_is_told_with_its_place() -> None:
    other = replace(FOUND, where="dags/b.py")
    assert excuses.judge([FOUND, other], [EXCUSE], TODAY) == ["dags/b.py: B608 text"]
    assert excuses.judge([replace(FOUND, name="B102")], [], TODAY) == ["src/a.py: B102 text"]


def test_an_excuse_past_its_day_or_of_nothing_is_a_fault() -> None:
    (late,) = excuses.judge([FOUND], [EXCUSE], date(2027, 1, 1))
    assert "is past its day" in late
    (empty,) = excuses.judge([], [EXCUSE], TODAY)
    assert "excuses nothing any more" in empty


def test_our_excuses_are_whole_and_in_time() -> None:
    known = excuses.read()
    assert known
    assert [str(each) for each in known if each.until < datetime.now(UTC).date()] == []


def test_an_excuse_without_a_reason_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "excuses.yml"
    row = "[{tool: bandit, name: B1, where: '*', until: 2027-01-01, reason_vi: '', reason_en: x}]"
    path.write_text(row, encoding="utf-8")
    with pytest.raises(ValueError, match="B1"):
        excuses.read(path)


def test_our_code_is_clean_or_excused() -> None:
    assert command.audit_code() == command.CLEAN


def test_bandit_sees_every_room_and_what_is_planted(tmp_path: Path) -> None:
    for room in code.ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "a.py").write_text("import os\nos.system(input())\n", encoding="utf-8")
    assert {each.where for each in code.findings(tmp_path) if each.name == "B605"} == {
        f"{room}/a.py" for room in code.ROOMS
    }


def test_a_file_that_bandit_cannot_read_is_no_clean_file(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text("def (", encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"a\.py"):
        code.findings(tmp_path)


@pytest.mark.parametrize("answer", ["", "no json", SKIPPED])
def test_an_audit_that_was_not_done_is_said_loudly(
    answer: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TIENDO_AUDIT", raising=False)
    assert command.audit_packages(lambda *_: answer) == command.CLEAN
    said = capsys.readouterr().err
    assert "CHƯA KIỂM TRA LỖ HỔNG" in said
    assert "NOT AUDITED" in said
    assert all(f"{name}.txt" in said or name == "uv" for name in packages.SETS)
    assert "✓" not in said
    monkeypatch.setenv("TIENDO_AUDIT", "required")
    assert command.audit_packages(lambda *_: answer) == command.NOT_DONE


def test_all_sets_are_asked_and_a_hole_fails(capsys: pytest.CaptureFixture[str]) -> None:
    asked = []

    def ask(service: str, path: Path) -> str:
        asked.append((service, path.name))
        return HOLE if path.name == "superset.txt" and service == "osv" else CLEAN

    assert command.audit_packages(ask) == command.FINDING
    assert "a: PYSEC-1 1, fixed in 2" in capsys.readouterr().err
    assert {name for _, name in asked} == {f"{name}.txt" for name in packages.SETS}
    assert {path.name for path in packages.REQUIREMENTS.glob("*.txt")} == {name for _, name in asked}
    assert command.audit_packages(lambda *_: CLEAN) == command.CLEAN


def test_a_hole_fails_also_where_the_rest_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIENDO_AUDIT", raising=False)
    mixed = told(*json.loads(HOLE)["dependencies"], *json.loads(SKIPPED)["dependencies"])
    assert command.audit_packages(lambda *_: mixed) == command.FINDING


def test_what_one_service_does_not_know_another_may() -> None:
    done = packages.audit(lambda service, _: SKIPPED if service == "pypi" else CLEAN)
    assert (done.found, done.unknown) == ([], [])


UV = next(bom.pins((packages.REQUIREMENTS / "uv.txt").read_text(encoding="utf-8")))


def advisory(folder: Path, name: str, modified: date = TODAY, **more: object) -> None:
    """A made-up advisory about the version of uv that is pinned."""
    package = {"ecosystem": "PyPI", "name": "uv"}
    touched = {"package": package, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}]}
    told = {"id": name, "modified": f"{modified}T00:00:00Z", "summary": "made up", "affected": [touched], **more}
    (folder / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")


def test_a_folder_of_advisories_is_asked_where_no_service_is_reached(tmp_path: Path) -> None:
    advisory(tmp_path, "MADE-UP-1")
    advisory(tmp_path, "MADE-UP-2", withdrawn="2026-01-01T00:00:00Z")
    with advisories.served(advisories.read(tmp_path)) as address:
        told = json.loads(packages.pip_audit(address, packages.REQUIREMENTS / "uv.txt"))
    (row,) = told["dependencies"]
    assert (row["name"], row["version"]) == (UV.name, UV.version)
    assert [(hole["id"], hole["fix_versions"]) for hole in row["vulns"]] == [("MADE-UP-1", ["99"])]


@pytest.mark.parametrize("days, ended", [(command.OLD_DAYS, command.CLEAN), (command.OLD_DAYS + 1, command.NOT_DONE)])
def test_old_advisories_are_no_audit(
    days: int, ended: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    advisory(tmp_path, "MADE-UP-1", datetime.now(UTC).date() - timedelta(days))
    monkeypatch.setenv("TIENDO_ADVISORIES", str(tmp_path))
    monkeypatch.setenv("TIENDO_AUDIT", "required")
    assert command.audit_packages(lambda *_: CLEAN) == ended
    assert ("NOT AUDITED" in capsys.readouterr().err) == (ended == command.NOT_DONE)


def test_a_folder_without_advisories_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no advisories"):
        advisories.read(tmp_path)
    (tmp_path / "a.yaml").write_text("a: 1", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.yaml"):
        advisories.read(tmp_path)


@pytest.mark.parametrize(
    "events, version, is_touched",
    [
        ([{"introduced": "0"}, {"fixed": "2.0"}], "0.dev1", True),
        ([{"introduced": "0"}, {"fixed": "2.0"}], "1.9", True),
        ([{"introduced": "0"}, {"fixed": "2.0"}], "2.0", False),
        ([{"introduced": "1.0"}, {"last_affected": "2.0"}], "2.0", True),
        ([{"introduced": "1.0"}, {"last_affected": "2.0"}], "2.0.1", False),
        ([{"introduced": "1.0"}, {"last_affected": "2.0"}], "0.9", False),
        # Closed in one line of releases and open again in the next, written in any order.
        ([{"introduced": "3"}, {"fixed": "3.2"}, {"introduced": "1"}, {"fixed": "1.5"}], "2", False),
        ([{"introduced": "3"}, {"fixed": "3.2"}, {"introduced": "1"}, {"fixed": "1.5"}], "3.1", True),
        ([{"introduced": "0"}], "10", True),
        ([{"introduced": "what"}], "10", True),
    ],
)
def test_a_range_is_from_where_a_hole_came_in_to_where_it_was_closed(
    events: list[dict[str, str]], version: str, is_touched: bool
) -> None:
    assert advisories.touches({"ranges": [{"type": "ECOSYSTEM", "events": events}]}, Version(version)) is is_touched
    assert advisories.touches({"ranges": [{"type": "GIT", "events": events}]}, Version(version)) is False
    assert advisories.touches({"versions": [version]}, Version(version))


def test_the_bill_names_every_pin_with_its_hashes_and_no_address(tmp_path: Path) -> None:
    assert command.main(["bom", str(tmp_path / "build" / "sbom.json")]) == command.CLEAN
    text = (tmp_path / "build" / "sbom.json").read_text(encoding="utf-8")
    bill = json.loads(text)
    assert bill["bomFormat"] == "CycloneDX"
    listed = {
        (part["name"], part["version"], kept["value"]): {each["content"] for each in part["hashes"]}
        for part in bill["components"]
        if part["type"] == "library"
        for kept in part["properties"]
    }
    # Counted in the files by another way than the bill's own.
    lines = {name: (packages.REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8") for name in packages.SETS}
    pinned = {
        (found.split("==")[0].split("[")[0], found.split("==")[1], name)
        for name, content in lines.items()
        for found in (line.split()[0] for line in content.splitlines() if "==" in line and not line.startswith(" "))
    }
    assert set(listed) == pinned
    assert len(pinned) > 300
    assert set.union(*listed.values()) == set(re.findall(r"sha256:([0-9a-f]{64})", "".join(lines.values())))
    assert set(re.findall(r"https?://([\w.]+)", text)) <= {"cyclonedx.org"}
    assert json.loads(bom.bom())["serialNumber"] == bill["serialNumber"]


def test_the_bill_names_the_images_that_the_house_is_built_on_and_says_what_is_not_in_it() -> None:
    bill = json.loads(bom.bom())
    listed = {part["purl"] for part in bill["components"] if part["type"] == "container"}
    assert {purl.partition("@")[0].partition("/")[2] for purl in listed} == {"python", "nginx", "postgres", "redis"}
    # Whatever a container is started from is made here by a stage, or is listed; read by another way than the bill's.
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    made = re.findall(r"^FROM (\S+)(?: AS (\S+))?", dockerfile, re.MULTILINE)
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"].values()
    named = [base for base, _ in made] + [service["image"] for service in services]
    used = {re.sub(r"\$\{\w+:-(.*?)\}", r"\1", name) for name in named} - {stage for _, stage in made}
    assert used - {f"tiendo-{stage}:latest" for _, stage in made} == {
        purl.removeprefix("pkg:docker/").replace("@", ":") for purl in listed
    }
    told = {each["name"]: each["value"] for each in bill["metadata"]["properties"]}
    assert "Debian" in told["tiendo:not-listed:vi"] and "Debian" in told["tiendo:not-listed:en"]


def test_an_image_without_a_tag_is_refused() -> None:
    text = "FROM ${A_IMAGE:-a:1} AS a\nFROM a AS b\nimage: ${B_IMAGE:-b:2}\nimage: ${OURS:-c}-d:3\n"
    assert list(bom.images(text)) == [("a", "1"), ("b", "2")]
    with pytest.raises(ValueError, match="is not pinned"):
        list(bom.images("FROM ${A_IMAGE:-a}\n"))


def test_a_pin_without_a_hash_is_refused() -> None:
    with pytest.raises(ValueError, match="has no hash"):
        list(bom.pins("a==1 \\\n    --hash=sha256:" + "0" * 64 + "\nb==2\n"))


def test_a_call_that_is_none_is_exit_code_2() -> None:
    assert command.main(["all"]) == command.CALL
