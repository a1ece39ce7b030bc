"""What docker/stack reads and tidies, with an engine that only notes what it was asked: no container is started."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from dotenv import dotenv_values

ROOT = Path(__file__).parents[2]
VERSIONS = ("first", "second")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """docker/stack in a folder of its own, and a `docker` that notes its words and succeeds."""
    for name in ("docker/stack", "docker/backups.sh", "src/tiendo/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    engine = tmp_path / "bin" / "docker"
    engine.parent.mkdir()
    engine.write_text(f'#!/bin/sh\necho "$*" >>{tmp_path}/asked\n', encoding="utf-8")
    engine.chmod(0o755)
    (tmp_path / "asked").touch()
    return tmp_path


def stack(checkout: Path, *words: str) -> str:
    """What it says; nothing of our own environment decides what it does."""
    environment = {"PATH": f"{checkout / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(
        [str(checkout / "docker" / "stack"), *words], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("TIENDO_HOST=a.example", "a.example"),
        ('TIENDO_HOST="a.example"', "a.example"),
        ("TIENDO_HOST='a.example' # our own", "a.example"),
        ("  export TIENDO_HOST = a.example  # our own", "a.example"),
        ("TIENDO_HOST=a.example\r", "a.example"),
        ("TIENDO_HOST=z.example\nTIENDO_HOST=a.example", "a.example"),
        ("TIENDO_HOST=a#b", "a#b"),
        ("TIENDO_HOST=#b", "#b"),
        ("TIENDO_HOST=", "localhost"),
        ("TIENDO_HOST=''", "localhost"),
        ("# TIENDO_HOST=a.example", "localhost"),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_settings_are_read_as_compose_reads_them(checkout: Path, mark: str, line: str, host: str) -> None:
    (checkout / ".env").write_text(f"{mark}{line}\nTIENDO_VERSION=first\n", encoding="utf-8", newline="")
    assert stack(checkout, "address") == f"https://{host}:8444"
    # Compose's own reader; what is empty stands for the default there.
    assert (dotenv_values(checkout / ".env", encoding="utf-8-sig").get("TIENDO_HOST") or "localhost") == host


def test_images_stay_as_long_as_a_backup_of_their_version(checkout: Path) -> None:
    (checkout / ".env").write_text("TIENDO_VERSION=second\nTIENDO_KEEP_BACKUPS=3\n", encoding="utf-8")
    made = checkout / "backups"
    for number in range(40):
        backup = made / f"20260101T0000{number:02}Z-{VERSIONS[number > 20]}"
        backup.mkdir(parents=True)
        (backup / "version").write_text(f"{VERSIONS[number > 20]}\n")
    (made / "installed").mkdir()
    (made / "installed" / "version").write_text("second\n")
    # What the last upgrade came from: kept however old it is.
    (made / "installed" / "back").write_text(f"{made}/20260101T000000Z-first\n")
    tidy = f"source docker/stack address >{os.devnull}; tidy"
    environment = {"PATH": f"{checkout / 'bin'}:{os.environ['PATH']}"}

    def tidied() -> list[str]:
        subprocess.run(["bash", "-c", tidy, "docker/stack"], cwd=checkout, env=environment, check=True)
        return sorted(path.name for path in made.glob("2*"))

    assert tidied() == [f"20260101T0000{number:02}Z-{VERSIONS[number > 20]}" for number in (0, 37, 38, 39)]
    assert "image rm" not in (checkout / "asked").read_text()
    (made / "installed" / "back").unlink()
    assert tidied() == [f"20260101T0000{number:02}Z-second" for number in (37, 38, 39)]
    assert [line.split()[-1] for line in (checkout / "asked").read_text().splitlines() if "image rm" in line] == [
        f"tiendo-{part}:first" for part in ("platform", "superset", "proxy")
    ]
