"""Known holes from a folder, where no service may be reached: a copy of a public database of advisories.

In: a folder of advisories in OSV's format, YAML or JSON, as the Python Packaging Advisory Database and the exports of
OSV have them. Out: an address on the loopback that answers OSV's query from them, for pip-audit to ask, and the day of
the newest one: of later holes the folder says nothing.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ECOSYSTEM = "PyPI"
Advisory = dict[str, Any]


@dataclass(frozen=True)
class Folder:
    """The advisories by package, each with what it says about that package; and the day of the newest."""

    newest: date
    of_package: dict[str, list[tuple[Advisory, Advisory]]] = field(repr=False)

    def about(self, name: str, version: str) -> list[Advisory]:
        """Every advisory that touches this version of the package."""
        wanted = Version(version)
        found = self.of_package.get(canonicalize_name(name), [])
        return [advisory for advisory, affected in found if touches(affected, wanted)]


def read(folder: Path) -> Folder:
    """All advisories below a folder. ValueError for a folder without any, and for a file that is none."""
    of_package: dict[str, list[tuple[Advisory, Advisory]]] = defaultdict(list)
    days = []
    for path in sorted(path for end in ("json", "yaml") for path in folder.rglob(f"*.{end}")):
        text = path.read_text(encoding="utf-8")
        advisory = json.loads(text) if path.suffix == ".json" else yaml.load(text, yaml.CSafeLoader)
        if not isinstance(advisory, dict) or not {"id", "modified"} <= advisory.keys():
            raise ValueError(f"{path}: không phải một cảnh báo OSV / is no advisory in OSV's format")
        for affected in advisory.get("affected", []):
            package = affected.get("package", {})
            if package.get("ecosystem") == ECOSYSTEM:
                of_package[canonicalize_name(package["name"])].append((advisory, affected))
                days.append(date.fromisoformat(str(advisory["modified"])[:10]))
    if not days:
        raise ValueError(f"{folder}: không có cảnh báo nào / has no advisories")
    return Folder(max(days), dict(of_package))


def touches(affected: Advisory, version: Version) -> bool:
    """Whether a version is listed, or lies in a range from where the hole came in to where it was closed."""
    if str(version) in affected.get("versions", []):
        return True
    return any(_within(each["events"], version) for each in affected.get("ranges", []) if each["type"] == "ECOSYSTEM")


def _within(events: list[dict[str, str]], version: Version) -> bool:
    """The last event at or before the version decides. An unreadable version counts as touched, to be looked at."""
    is_touched = False
    try:
        in_order = sorted(((_version(text), kind) for event in events for kind, text in event.items()))
    except InvalidVersion:
        return True
    for at, kind in in_order:
        if kind == "introduced" and at <= version:
            is_touched = True
        elif (kind == "fixed" and at <= version) or (kind == "last_affected" and at < version):
            is_touched = False
    return is_touched


def _version(text: str) -> Version:
    """OSV's 0 is before all versions, pre-releases of 0 too."""
    return Version("0.dev0" if text == "0" else text)


def _as_osv_writes_it(moment: datetime) -> str:
    """A moment, which YAML knows and JSON does not."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"


@contextmanager
def served(folder: Folder) -> Iterator[str]:
    """The address of OSV's query on the loopback, for the length of a `with` block."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            holes = folder.about(asked["package"]["name"], asked["version"])
            told = json.dumps({"vulns": holes}, default=_as_osv_writes_it).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: object) -> None:
            """Hundreds of questions, all alike."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()
