"""The house of containers, for real: an engine, stand-ins for the public base images, images of this checkout and of
the version before, and two workers. Run by `make test-compose`; `make test` passes this folder by.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.compose import engine, images
from tests.conftest import free_port

# No skip: what is not asked for is not there, and what is asked for runs.
collect_ignore_glob = [] if os.environ.get("TIENDO_TEST_COMPOSE") == "1" else ["test_*.py"]

ROOT = Path(__file__).parents[2]
# Two runs on one engine are kept apart by their names.
PROJECT = os.environ.get("TIENDO_TEST_PROJECT", "tiendo-test")
# Two months of all units: small, and with all that the pages show.
SAMPLE = "--first 2026-09"
SETTINGS = {
    "COMPOSE_PROJECT_NAME": PROJECT,
    "COMPOSE_PROFILES": "demo",
    "TIENDO_IMAGES": PROJECT,
    "TIENDO_HOST": "localhost",
    "TIENDO_WORKERS": "2",
    "TIENDO_HEARTBEAT_TIMEOUT": "30",
    "TIENDO_SAMPLE": SAMPLE,
    # One of one's own, so that what the engine tells is looked through for such a one too.
    "TIENDO_EVALUATOR_PASSWORD": "mot-cau-rieng-dai",
    # The machine's own way to the packages: an engine's network may have none.
    "TIENDO_BUILD_NETWORK": "host",
}

# What the seeds of this checkout call their first indicator, after its name in those of the version before.
RENAMED = " (tên mới)"


@dataclass(frozen=True)
class Checkout:
    """A copy of one version of the sources, and its docker/stack."""

    folder: Path
    version: str
    settings: dict[str, str]

    def configure(self, **changes: str | None) -> None:
        """Write .env; None leaves a setting out."""
        lines = {**self.settings, "TIENDO_VERSION": self.version, **changes}
        text = "".join(f"{name}={value}\n" for name, value in lines.items() if value is not None)
        (self.folder / ".env").write_text(text, encoding="utf-8")

    def stack(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run docker/stack; nothing of our own environment decides what it does."""
        environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "DOCKER_BUILDKIT": "0"}
        return subprocess.run(
            [str(self.folder / "docker" / "stack"), *words],
            env=environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def must(self, *words: str) -> str:
        """The same; what it said, when it went well."""
        done = self.stack(*words)
        assert done.returncode == 0, f"stack {words}\n{done.stdout[-3000:]}\n{done.stderr[-5000:]}\n{sick()}"
        return done.stdout


@dataclass(frozen=True)
class House:
    """This checkout, the version before, and where the proxy listens."""

    new: Checkout
    old: Checkout
    superset_port: int
    airflow_port: int

    @property
    def superset(self) -> str:
        """Superset's address."""
        return f"https://localhost:{self.superset_port}"

    @property
    def airflow(self) -> str:
        """Airflow's address."""
        return f"https://localhost:{self.airflow_port}"

    def kept(self, volume: str, *words: str) -> str:
        """What a command says that sees nothing but one volume, in /all."""
        command = ["docker", "run", "--rm", "--network", "none", "-v", f"{PROJECT}_{volume}:/all:ro", "--entrypoint"]
        command += [words[0], f"{SETTINGS['TIENDO_IMAGES']}-platform:{self.old.version}", *words[1:]]
        return subprocess.run(command, check=True, capture_output=True, text=True, errors="replace").stdout

    def secrets(self) -> dict[str, str]:
        """Everything secret, read where it is kept."""
        return dict(json.loads(self.kept("secrets-all", "cat", "/all/secrets.json")))

    def builds(self) -> list[str]:
        """How the runs of the main job ended, oldest first."""
        with self.api() as api:
            return [run["state"] for run in builds(api)]

    @contextlib.contextmanager
    def api(self) -> Iterator[httpx.Client]:
        """Airflow's API through the proxy, signed in as the engineer."""
        with httpx.Client(base_url=self.airflow, verify=False, timeout=60) as client:
            credentials = {"username": "engineer", "password": self.secrets()["engineer"]}
            answer = client.post("/auth/token", json=credentials)
            answer.raise_for_status()
            client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            yield client

    def backups(self) -> list[Path]:
        """All backups, oldest first."""
        return sorted(Path(self.new.settings["TIENDO_BACKUPS"]).glob("2*"))

    def version(self) -> str:
        """The version whose images run."""
        return {found["Config"]["Image"].partition(":")[2] for found in containers() if service(found) == "proxy"}.pop()


def builds(api: httpx.Client) -> list[dict[str, Any]]:
    """The runs of the main job, oldest first."""
    answer = api.get("/api/v2/dags/build_indicators/dagRuns", params={"order_by": "run_after"})
    answer.raise_for_status()
    return list(answer.json()["dag_runs"])


def containers(*, everything: bool = False) -> list[dict[str, Any]]:
    """What the engine says of the project's containers."""
    flags = ["--all"] if everything else []
    listing = ["docker", "ps", "-q", *flags, "--filter", f"label=com.docker.compose.project={PROJECT}"]
    ids = subprocess.run(listing, check=True, capture_output=True, text=True).stdout.split()
    if not ids:
        return []
    said = subprocess.run(["docker", "inspect", *ids], check=True, capture_output=True, text=True).stdout
    return list(json.loads(said))


def service(container: dict[str, Any]) -> str:
    """The service that a container belongs to."""
    return str(container["Config"]["Labels"]["com.docker.compose.service"])


def logs(container: dict[str, Any]) -> str:
    """All that a container has said."""
    done = subprocess.run(["docker", "logs", container["Id"]], check=True, capture_output=True, text=True)
    return done.stdout + done.stderr


def sick() -> str:
    """The last words of what is not well."""
    told = []
    for found in containers(everything=True):
        state = found["State"]
        if state.get("ExitCode") or (state.get("Health") or {}).get("Status") == "unhealthy":
            told.append(f"--- {found['Name']} {state['Status']} {state.get('ExitCode')}\n{logs(found)[-3000:]}")
    return "\n".join(told)


def wait_until(what: str, is_so: Any, seconds: float) -> Any:
    """The first answer that is true."""
    deadline = time.monotonic() + seconds
    while True:
        found = is_so()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s\n{sick()}"
        time.sleep(0.3)


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """Sources of both versions and the base images; nothing is started yet, all is taken down at the end."""
    folder = Path(tempfile.mkdtemp(prefix="tiendo-compose-"))
    ports = {"TIENDO_HTTPS_PORT": str(free_port()), "TIENDO_AIRFLOW_HTTPS_PORT": str(free_port())}
    settings = {**SETTINGS, **ports, "TIENDO_BACKUPS": str(folder / "backups")}
    if index := os.environ.get("PIP_INDEX_URL"):
        settings["PIP_INDEX_URL"] = index
    with engine.running():
        images.make()
        before = images.version_before(ROOT)
        images.copy_tree(ROOT, folder / "new")
        images.copy_commit(ROOT, before, folder / "old")
        rename(folder / "new")
        new = Checkout(folder / "new", "new", settings)
        old = Checkout(folder / "old", "old", settings)
        for checkout in (new, old):
            images.trust_this_machine(checkout.folder)
            checkout.configure()
        try:
            take_down()
            # Builds and then refuses to start: what an earlier run left under this name is of another version.
            old.configure(COMPOSE_PROFILES="")
            old.stack("up")
            old.configure()
            yield House(new, old, int(ports["TIENDO_HTTPS_PORT"]), int(ports["TIENDO_AIRFLOW_HTTPS_PORT"]))
        finally:
            take_down()
            shutil.rmtree(folder, ignore_errors=True)


def rename(checkout: Path) -> None:
    """Give the first indicator of the programme another name."""
    path = checkout / "dbt_project" / "seeds" / "indicator.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["name_vi"] += RENAMED
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def take_down() -> None:
    """Whatever there still is of the project, with its volumes."""
    # The tests' identity provider is none of its parts, and holds one of its networks.
    subprocess.run(["docker", "rm", "--force", f"{PROJECT}-provider"], check=False, capture_output=True)
    label = f"label=com.docker.compose.project={PROJECT}"
    for kind, remove in (("ps", ["rm", "-f", "-v"]), ("volume", ["volume", "rm"]), ("network", ["network", "rm"])):
        listing = ["docker", "ps", "-aq"] if kind == "ps" else ["docker", kind, "ls", "-q"]
        ids = subprocess.run([*listing, "--filter", label], check=True, capture_output=True, text=True).stdout.split()
        if ids:
            subprocess.run(["docker", *remove, *ids], check=True, capture_output=True)
