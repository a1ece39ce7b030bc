"""No part calls home: the whole house runs in a network where every way out is refused and written down.

The watcher is tried first, with attempts of each kind and with a telemetry that is on: it can fail.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from benchmarks.installation import fresh_home
from tests.quiet import watched
from tests.quiet.conftest import CHECKOUT, House, attempts
from tiendo.operate import programs
from tiendo.operate.settings import QUIET, Settings

PLANT = """
import socket
for family, to in ((socket.AF_INET, "198.51.100.7"), (socket.AF_INET6, "2001:db8:1::7")):
    with socket.socket(family) as out:
        print(out.connect_ex((to, 443)))
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
    out.sendto(b"x", ("203.0.113.1", 8125))
try:
    socket.create_connection(("stats.example.org", 443))
except OSError as told:
    print(type(told).__name__)
with socket.socket() as own:
    own.bind(("127.0.0.1", 0))
    own.listen()
    socket.create_connection(own.getsockname()).close()
print("loopback")
"""


def test_an_attempt_is_refused_and_written_down(tmp_path: Path) -> None:
    out, found = attempts(tmp_path, [sys.executable, "-c", PLANT], dict(os.environ))
    assert out.split() == ["111", "111", "gaierror", "loopback"]
    assert {(each["protocol"], each["to"], each["port"], each["name"]) for each in found} == {
        ("tcp", "198.51.100.7", 443, ""),
        ("tcp", "2001:db8:1::7", 443, ""),
        ("udp", "203.0.113.1", 8125, ""),
        ("udp", watched.NAMES, 53, "stats.example.org"),
    }
    assert sys.executable in found[0]["by"]


def test_a_telemetry_that_is_on_is_caught(tmp_path: Path) -> None:
    """dbt, told to send its statistics, against what the project says."""
    folder = tmp_path / "dbt"
    folder.mkdir()
    # Where its profile lies dbt also leaves the number by which it would know us again.
    shutil.copy(CHECKOUT / "dbt_project" / "profiles.yml", folder)
    environment = {name: value for name, value in os.environ.items() if name not in QUIET}
    environment |= {"DBT_TARGET_PATH": str(folder), "DBT_LOG_PATH": str(folder)}
    dbt = [str(Path(sys.executable).parent / "dbt"), "--send-anonymous-usage-stats", "debug", "--config-dir"]
    places = ["--project-dir", str(CHECKOUT / "dbt_project"), "--profiles-dir", str(folder)]
    _, found = attempts(tmp_path, [*dbt, *places], environment)
    assert {each["name"] for each in found} == {"fishtownanalytics.sinter-collect.com"}


def test_every_way_of_starting_works_with_no_way_out(house: House) -> None:
    assert len(house.ways) == 9


def test_nothing_wants_out(house: House) -> None:
    assert house.attempts == []


def test_no_page_asks_a_browser_to_go_elsewhere(house: House) -> None:
    assert house.pages["asked"] > 100
    assert house.pages["outside"] == []
    # Superset's own pages carry this picture and no switch for it; what the pages may load (CSP) keeps it from being
    # asked for. Another one has to be looked at.
    assert {address.split("/")[2] for address in house.pages["refused"]} <= {"apachesuperset.gateway.scarf.sh"}


def test_every_running_part_has_every_switch(house: House) -> None:
    assert len(house.parts) >= 7
    assert set(house.parts) == {"ok"}


def test_the_switches_reach_what_is_started(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """All environments that anything of ours is started with, also where the caller says otherwise."""
    for name in QUIET:
        monkeypatch.setenv(name, "loud")
    with fresh_home() as installation:
        started = [settings.child_environment(), programs.environment(settings), installation.environment]
    for environment in started:
        assert {name: environment.get(name, "").lower() for name in QUIET} == QUIET
