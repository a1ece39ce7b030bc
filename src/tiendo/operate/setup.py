"""Make the two environments, then run a command inside the platform's.

In: requirements/*.txt (pinned, with hashes). Out: <home>/env/platform and <home>/env/superset, stamped with the hash of
what was installed, so that a second run is instant. Started by the Makefile on whatever `python3` the machine has:
standard library only, and nothing above Python 3.8 before `suitable_python` has had its say.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

SUPPORTED = ((3, 11), (3, 12))
SYSTEM_FAULT = 3
NEEDED_BYTES = 4 * 1024**3
CHECKOUT = Path(__file__).resolve().parents[3]
REQUIREMENTS = CHECKOUT / "requirements"
MADE_IN_HOME = (
    *("env", "postgres", "airflow", "superset", "landing", "doors", "log", "dbt", "prepared", "bench"),
    *("secrets.json", "secrets.lock", "supervisor.conf", "supervisor.pid"),
    *("unit_logins.json", "unit_logins.lock", "unit_accounts.json", "unit_accounts.lock"),
)
NETWORK_SIGNS = (
    "dns error",
    "error sending request",
    "failed to fetch",
    "name resolution",
    "connection refused",
    "connection error",
    "newconnectionerror",
    "timed out",
    "no matching distribution",
)


class SetupError(Exception):
    """The machine lacks something; the message says what to do about it, in Vietnamese and in English."""


def main(arguments: list[str]) -> int:
    """Set up what is missing, then replace this process by the command, if there is one."""
    parser = argparse.ArgumentParser(
        prog="setup.py", description="Make the environments, then run a command in the platform's"
    )
    parser.add_argument("--dev", action="store_true", help="also what tests and lint need")
    parser.add_argument("--existing", action="store_true", help="install nothing: run the command in what is there")
    parser.add_argument("--forget", action="store_true", help="delete the state folder; nothing may run from it")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="run this in the platform's environment afterwards")
    options = parser.parse_args(arguments)
    try:
        python = suitable_python()
        if python != sys.executable:
            os.execv(python, [python, __file__, *arguments])  # noqa: S606
        sys.path[0] = str(CHECKOUT / "src")
        from tiendo.operate.settings import default_home  # noqa: PLC0415  (only a suitable Python can read it)

        home = default_home(CHECKOUT)
        if options.forget:
            forget(home, is_ours=not os.environ.get("TIENDO_HOME"))
            return 0
        # Others may have to read what we write: PostgreSQL runs as a user of its own when we are root.
        os.umask(0o022)
        programs = home / "env" / "platform" / "bin"
        if not options.existing:
            make_environments(home / "env", options.dev)
        elif not (programs / "python").exists():
            say(f"chưa cài gì ở {home} / nothing is set up in {home}")
            return 0
        if options.command:
            run_in(programs, options.command)
    except SetupError as error:
        print(f"tiendo: {error}", file=sys.stderr)
        return SYSTEM_FAULT
    return 0


def suitable_python() -> str:
    """This Python when it is 3.11 or 3.12, else the first one on PATH that really runs (a shim may exist and fail)."""
    if sys.version_info[:2] in SUPPORTED:
        return sys.executable
    folders = os.get_exec_path()
    names = ["python3.12", "python3.11", "python3"]
    for candidate in (Path(folder) / name for name in names for folder in folders):
        if os.access(str(candidate), os.X_OK) and version_of(candidate) in SUPPORTED:
            return str(candidate)
    found = ".".join(str(part) for part in sys.version_info[:2])
    raise SetupError(
        f"cần Python 3.11 hoặc 3.12, máy này chỉ có {found}. Hãy cài python3.12 (hoặc python3.11) rồi chạy lại.\n"
        f"        Python 3.11 or 3.12 is needed, only {found} was found. Install python3.12 (or python3.11), run again."
    )


def version_of(python: Path) -> tuple[int, ...] | None:
    """(major, minor) of an interpreter, or None when it does not run."""
    probe = "import sys; print(sys.version_info[0], sys.version_info[1])"
    try:
        done = subprocess.run([str(python), "-c", probe], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return tuple(int(part) for part in done.stdout.split())


def make_environments(environments: Path, dev: bool) -> None:
    """Both environments, at the same time; does nothing when their stamps say they are current."""
    platform_files = [REQUIREMENTS / "platform.txt"]
    dev_file = REQUIREMENTS / "dev.txt"
    stamp = environments / "platform" / "stamp"
    # An environment that once had the development tools keeps them: `make up` after `make test` changes nothing.
    if dev or (stamp.exists() and "dev.txt" in stamp.read_text(encoding="utf-8")):
        platform_files.append(dev_file)
    wanted = {"platform": platform_files, "superset": [REQUIREMENTS / "superset.txt"]}
    missing = {name: files for name, files in wanted.items() if not is_current(environments / name, files)}
    if missing:
        check_disk(environments)
        uv = installer(environments)
        failures: list[SetupError] = []
        threads = [
            threading.Thread(target=install, args=(uv, environments / name, files, failures))
            for name, files in missing.items()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
    link_package(environments / "platform")


def fingerprint(files: list[Path]) -> str:
    """What an environment made of these files is stamped with: their names and the hash of their text."""
    lines = [f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file in files]
    return "\n".join([f"python {sys.version_info[0]}.{sys.version_info[1]}", *lines]) + "\n"


def is_current(environment: Path, files: list[Path]) -> bool:
    """Whether the environment was completed from exactly these files and its interpreter still runs."""
    stamp = environment / "stamp"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != fingerprint(files):
        return False
    return version_of(environment / "bin" / "python") is not None


def check_disk(environments: Path) -> None:
    """Refuse early where the environments and the data would not fit."""
    folder = environments
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(str(folder)).free
    if free < NEEDED_BYTES:
        raise SetupError(
            f"{folder} chỉ còn trống {free / 1024**3:.1f} GB, cần 4 GB. Hãy dọn bớt, hoặc đặt TIENDO_HOME ở ổ khác.\n"
            f"        only {free / 1024**3:.1f} GB free at {folder}, 4 GB are needed. Free some, or set TIENDO_HOME."
        )


def installer(environments: Path) -> str:
    """Path of uv: the machine's own, else one installed with pip, by hash, into a small environment of its own."""
    found = shutil.which("uv")
    if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
        return found
    own = environments / "uv"
    uv = own / "bin" / "uv"
    files = [REQUIREMENTS / "uv.txt"]
    if is_current(own, files):
        return str(uv)
    if subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode:
        raise SetupError(
            "Python này thiếu venv. Hãy chạy: apt install python3-venv (hoặc cài uv), rồi chạy lại.\n"
            "        this Python has no venv. Run: apt install python3-venv (or install uv), then run again."
        )
    say("uv: cài bằng pip / installing with pip")
    run([sys.executable, "-m", "venv", "--clear", str(own)], "uv")
    python = str(own / "bin" / "python")
    run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(files[0])], "uv")
    (own / "stamp").write_text(fingerprint(files), encoding="utf-8")
    return str(uv)


def install(uv: str, environment: Path, files: list[Path], failures: list[SetupError]) -> None:
    """One environment, made to hold exactly what the files pin. A failure is left in `failures` for the main thread."""
    started = time.monotonic()
    name = environment.name
    try:
        say(f"{name}: đang cài / installing {', '.join(file.name for file in files)}")
        if version_of(environment / "bin" / "python") != sys.version_info[:2]:
            shutil.rmtree(str(environment), ignore_errors=True)
            environment.parent.mkdir(parents=True, exist_ok=True)
            run([uv, "venv", "--quiet", "--python", sys.executable, str(environment)], name)
        python = str(environment / "bin" / "python")
        run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, *map(str, files)], name)
        (environment / "stamp").write_text(fingerprint(files), encoding="utf-8")
        say(f"{name}: xong / done, {time.monotonic() - started:.0f} s")
    except SetupError as error:
        failures.append(error)


def link_package(environment: Path) -> None:
    """Make `tiendo` importable and callable from the checkout itself.

    A .pth file and a short script: an editable install would need setuptools from the network for the same effect.
    """
    python = environment / "bin" / "python"
    library = environment / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    script = environment / "bin" / "tiendo"
    # Guarded, import and all: the readers' pool spawns processes, and each runs the script that started it.
    lines = (f"#!{python}", 'if __name__ == "__main__":', "    from tiendo.cli import app", "", "    app()", "")
    text = "\n".join(lines)
    (library / "tiendo.pth").write_text(f"{CHECKOUT / 'src'}\n", encoding="utf-8")
    if not script.exists() or script.read_text(encoding="utf-8") != text:
        script.write_text(text, encoding="utf-8")
        script.chmod(0o755)


def run(command: list[str], name: str) -> None:
    """A step of the installation; its own words are shown only when it fails."""
    # A closed network trusts its own certificates and knows its own index; uv reads neither from pip's settings.
    environment = {"UV_SYSTEM_CERTS": "1", **os.environ}
    if "PIP_INDEX_URL" in environment:
        environment.setdefault("UV_DEFAULT_INDEX", environment["PIP_INDEX_URL"])
    # The caller's environment must not become the target.
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, check=False
    )
    if done.returncode == 0:
        return
    tail = "\n".join(f"          {line}" for line in done.stdout.strip().splitlines()[-12:])
    if any(sign in done.stdout.lower() for sign in NETWORK_SIGNS):
        raise SetupError(
            f"không tải được gói cho {name}. Hãy kiểm tra mạng, proxy, hoặc đặt PIP_INDEX_URL tới kho gói nội bộ.\n"
            f"        packages of {name} could not be fetched. Check network and proxy, or set PIP_INDEX_URL.\n{tail}"
        )
    raise SetupError(f"cài {name} không thành công / installing {name} failed: {' '.join(command[:3])}\n{tail}")


def run_in(folder: Path, command: list[str]) -> None:
    """Replace this process by a program of the platform's environment."""
    program = folder / command[0]
    if not program.exists():
        raise SetupError(
            f"chưa có {program}. Hãy chạy: make up\n        {program} is not there yet. Run: make up",
        )
    environment = dict(os.environ, VIRTUAL_ENV=str(folder.parent))
    environment["PATH"] = os.pathsep.join([str(folder), environment.get("PATH", os.defpath)])
    # With bytecode kept, a program of this environment starts in a third of the time.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.stdout.flush()
    os.execve(str(program), [str(program), *command[1:]], environment)  # noqa: S606


def forget(home: Path, is_ours: bool) -> None:
    """Delete the state folder; of a folder that somebody else chose only what tiendo made in it."""
    if (home / "supervisor.sock").exists():
        raise SetupError("dịch vụ còn chạy, hãy chạy: make down\n        services are running. Run: make down")
    for path in [home] if is_ours else [home / name for name in MADE_IN_HOME]:
        if path.is_dir():
            shutil.rmtree(str(path))
        elif path.exists():
            path.unlink()
    if home.exists() and not any(home.iterdir()):
        home.rmdir()
    say(f"đã xoá / deleted: {home}")


def say(line: str) -> None:
    """One line of progress."""
    print(f"[setup] {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
