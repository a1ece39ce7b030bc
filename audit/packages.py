"""Known holes in the pinned packages, as a vulnerability service or a folder of advisories knows them.

In: the requirement files, and who to ask. Out: findings and the packages that no service could say anything about.
pip-audit counts a package that its service does not know as skipped and ends well; here it was not audited.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from audit.excuses import Finding

REQUIREMENTS = Path(__file__).parents[1] / "requirements"
# The smallest first: where it cannot be looked up, the others need not be tried.
SETS = ("uv", "platform", "production", "superset", "dev")
SERVICES = ("pypi", "osv")
SECONDS = 900
# A service, or an address that answers OSV's query; the file; what pip-audit wrote on standard output, or nothing.
Ask = Callable[[str, Path], str]


@dataclass
class Audited:
    """What was found, and what is still unknown."""

    found: list[Finding] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def pip_audit(service: str, path: Path) -> str:
    """Ask one service about one requirement file; nothing is installed and nothing resolved."""
    known = service in SERVICES
    asked = ["--vulnerability-service", service] if known else ["--vulnerability-service", "osv", "--osv-url", service]
    words = ["--require-hashes", "--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off"]
    command = [sys.executable, "-m", "pip_audit", *asked, "-r", str(path), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


def audit(ask: Ask = pip_audit, requirements: Path = REQUIREMENTS, services: tuple[str, ...] = SERVICES) -> Audited:
    """Every set, by the first service that knows all of its packages."""
    done = Audited()
    for number, name in enumerate(SETS):
        tries = [_read(ask(service, requirements / f"{name}.txt"), name) for service in services]
        best = min(tries, key=lambda each: len(each.unknown))
        # A hole that one service knows is a hole, whatever the other one says.
        done.found += list({(each.name, each.where): each for one in tries for each in one.found}.values())
        done.unknown += best.unknown
        if best.unknown and number == 0:
            done.unknown += [f"{other}.txt" for other in SETS[1:]]
            break
    return done


def _read(told: str, name: str) -> Audited:
    try:
        rows = json.loads(told)["dependencies"]
    except (ValueError, KeyError):
        return Audited(unknown=[f"{name}.txt"])
    found = [
        Finding("pip-audit", hole["id"], row["name"], f"{row['version']}, fixed in {', '.join(hole['fix_versions'])}")
        for row in rows
        for hole in row.get("vulns", [])
    ]
    return Audited(found, [row["name"] for row in rows if "skip_reason" in row])
