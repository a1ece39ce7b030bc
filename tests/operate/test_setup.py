"""What `setup.py` says when the machine lacks something, and that it leaves what is current alone."""

import ast
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tiendo.operate import setup
from tiendo.operate.settings import Settings, kept
from tiendo.operate.setup import SetupError


def program(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_it_can_be_read_by_python_3_8() -> None:
    for name in ("setup.py", "settings.py"):
        source = Path(setup.__file__).with_name(name).read_text(encoding="utf-8")
        ast.parse(source, feature_version=(3, 8))


def test_this_python_is_taken_when_it_is_suitable() -> None:
    assert setup.suitable_python() == sys.executable


def test_a_shim_that_fails_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program(tmp_path / "shims", "python3.12", "echo 'command not found' >&2; exit 127")
    program(tmp_path / "old", "python3", "echo 3 9")
    real = program(tmp_path / "real", "python3.11", "echo 3 11")
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))
    monkeypatch.setenv("PATH", os.pathsep.join(str(tmp_path / name) for name in ("shims", "old", "real")))
    assert setup.suitable_python() == str(real)


def test_a_wrong_python_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert setup.main([]) == 3
    told = capsys.readouterr().err
    assert "cần Python 3.11 hoặc 3.12" in told
    assert "Install python3.12 (or python3.11)" in told
    assert "3.8" in told


def test_a_full_disk_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**10, 10**10, 10**9))
    with pytest.raises(SetupError, match=r"0\.9 GB[\s\S]*TIENDO_HOME"):
        setup.check_disk(tmp_path / "not" / "yet" / "there")


def test_no_venv_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(program(tmp_path, "python-without-venv", "exit 1")))
    with pytest.raises(SetupError, match="apt install python3-venv"):
        setup.installer(tmp_path / "env")


def test_uv_of_the_machine_is_preferred(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    uv = program(tmp_path, "uv", "exit 0")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert setup.installer(tmp_path / "env") == str(uv)


def test_no_network_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    uv = program(tmp_path, "uv", "echo 'error: Failed to fetch: dns error' >&2; exit 2")
    failures: list[SetupError] = []
    setup.install(str(uv), tmp_path / "env" / "platform", [setup.REQUIREMENTS / "platform.txt"], failures)
    assert len(failures) == 1
    assert "PIP_INDEX_URL" in str(failures[0])
    assert "dns error" in str(failures[0])
    assert not setup.is_current(tmp_path / "env" / "platform", [setup.REQUIREMENTS / "platform.txt"])


def test_what_is_current_is_left_alone_until_a_requirement_changes(tmp_path: Path) -> None:
    requirements = tmp_path / "some.txt"
    requirements.write_text("a==1\n", encoding="utf-8")
    environment = tmp_path / "env"
    program(environment / "bin", "python", "echo 3 11")
    assert not setup.is_current(environment, [requirements])
    (environment / "stamp").write_text(setup.fingerprint([requirements]), encoding="utf-8")
    assert setup.is_current(environment, [requirements])
    requirements.write_text("a==2\n", encoding="utf-8")
    assert not setup.is_current(environment, [requirements])


def test_forget_spares_what_others_keep_in_a_chosen_home(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "letters.txt").write_text("mine", encoding="utf-8")
    settings = replace(Settings.read(), home=tmp_path)
    settings.secret("loader")
    for path in (settings.unit_logins, settings.unit_accounts):
        kept(path, ["a unit's"])
    setup.forget(tmp_path, is_ours=False)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_forget_refuses_while_services_run(tmp_path: Path) -> None:
    (tmp_path / "supervisor.sock").touch()
    with pytest.raises(SetupError, match="make down"):
        setup.forget(tmp_path, is_ours=True)
