"""Every command that the README shows is run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import Stack

ROOT = Path(__file__).parents[2]


def commands() -> list[list[str]]:
    """The commands of the README's sh blocks, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    return [words for block in blocks for line in block.splitlines() if (words := shlex.split(line, comments=True))]


def test_the_readme_shows_commands() -> None:
    assert {words[0] for words in commands()} == {"make", "tiendo"}


@pytest.mark.parametrize("words", [words for words in commands() if words[0] == "make"], ids=" ".join)
def test_a_make_command_exists_and_is_explained(words: list[str]) -> None:
    # Up, down and the tests are run for real by the other tests and by CI; here each recipe is read by make.
    subprocess.run([*words, "--dry-run"], cwd=ROOT, check=True, capture_output=True)
    listed = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert re.search(rf"make {words[1]} ", listed)


def test_the_tiendo_commands_run_in_the_order_shown(stack: Stack, tmp_path: Path) -> None:
    shown = [words for words in commands() if words[0] == "tiendo"]
    assert len(shown) >= 10
    for words in shown:
        done = subprocess.run(
            [sys.executable, "-m", "tiendo.cli", *words[1:]],
            cwd=tmp_path,
            env=stack.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{words}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


def test_every_command_has_help() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tiendo.cli", "--help"], check=True, capture_output=True, text=True
    ).stdout
    for name in {words[1] for words in commands() if words[0] == "tiendo"}:
        assert re.search(rf"│ {name} +\S", done), name
        own = subprocess.run(
            [sys.executable, "-m", "tiendo.cli", name, "--help"], check=True, capture_output=True, text=True
        ).stdout
        assert f"tiendo {name}" in own.split("example:")[1], name
