"""The process that keeps the services running: its configuration file, and the questions one asks it.

In: the programs of `programs.py` and the environment they share. Out: a supervisord that daemonises, restarts what
falls over and stops in order. It is spoken to over a socket in <home>; passwords are in its environment, in no file.
"""

from __future__ import annotations

import configparser
import hashlib
import subprocess
import tempfile
import time
import xmlrpc.client
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport  # type: ignore[import-untyped]

from tiendo.operate.errors import ServiceError
from tiendo.operate.settings import Settings

STOP_SECONDS = 90
# The kernel refuses longer names of sockets (108 bytes); supervisor adds a suffix of its own.
SOCKET_LENGTH = 90
UP = ("STARTING", "RUNNING", "BACKOFF")


@dataclass(frozen=True)
class Program:
    """One service: what is started, where, as whom, and how it is asked to stop."""

    name: str
    command: tuple[str, ...]
    directory: Path
    priority: int
    user: str | None = None
    stop_signal: str = "TERM"
    stop_seconds: int = 20
    stop_group: bool = True
    variables: dict[str, str] = field(default_factory=dict)


class Supervisor:
    """The supervisord of one home."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.configuration = settings.home / "supervisor.conf"
        self.pid_file = settings.home / "supervisor.pid"
        socket = settings.home / "supervisor.sock"
        if len(str(socket)) > SOCKET_LENGTH:
            name = hashlib.sha256(str(settings.home).encode()).hexdigest()[:16]
            socket = Path(tempfile.gettempdir()) / f"tiendo-{name}.sock"
        self.socket = socket

    def is_running(self) -> bool:
        """Whether it answers."""
        try:
            return bool(self._call("getState")["statename"] == "RUNNING")
        except OSError:
            return False

    def states(self) -> dict[str, str]:
        """State of each program: RUNNING, STOPPED, FATAL, …"""
        return {info["name"]: info["statename"] for info in self._call("getAllProcessInfo")}

    def write(self, programs: list[Program], environment: dict[str, str]) -> bool:
        """Write the configuration. True when it says what the last one said: what runs from it can be kept."""
        text = self._text(programs, environment)
        same = self.configuration.exists() and self.configuration.read_text(encoding="utf-8") == text
        self.configuration.touch(mode=0o600)
        self.configuration.write_text(text, encoding="utf-8")
        return same

    def launch(self, environment: dict[str, str]) -> None:
        """Start the daemon itself; programs that wait for the database are started one by one."""
        self.socket.unlink(missing_ok=True)
        program = self._settings.platform_env / "bin" / "supervisord"
        done = subprocess.run(
            [str(program), "-c", str(self.configuration)],
            env=environment,
            cwd=self._settings.home,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServiceError(
                f"supervisord không chạy được / supervisord did not start: {(done.stderr or done.stdout).strip()}"
            )
        deadline = time.monotonic() + 20
        while not self.is_running():
            if time.monotonic() > deadline:
                raise ServiceError("supervisord không trả lời / supervisord does not answer")
            time.sleep(0.1)

    def start(self, *names: str) -> None:
        """Start programs that are not up."""
        states = self.states()
        for name in names:
            if states[name] not in UP:
                self._call("startProcess", name, False)

    def require_up(self, *names: str) -> None:
        """Raise when one of them has given up, with the last lines it wrote."""
        states = self.states()
        for name in names:
            if states[name] in ("FATAL", "EXITED", "UNKNOWN"):
                path = self._settings.log / f"{name}.log"
                raise ServiceError(f"{name} không chạy được, xem / did not start, see {path}:\n{tail(path)}")

    def stop(self) -> None:
        """Stop what serves people, all at once, then the database, then the daemon; return when all are gone."""
        states = self.states()
        serving = [name for name, state in states.items() if state in UP and name != "postgres"]
        for name in serving:
            self._call("stopProcess", name, False)
        deadline = time.monotonic() + STOP_SECONDS
        while any(state in (*UP, "STOPPING") for name, state in self.states().items() if name in serving):
            if time.monotonic() > deadline:
                break
            time.sleep(0.2)
        pid = int(self.pid_file.read_text()) if self.pid_file.exists() else None
        self._call("shutdown")
        while pid and Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        if pid and Path(f"/proc/{pid}").exists():
            raise ServiceError(f"supervisord ({pid}) chưa dừng / has not stopped after {STOP_SECONDS} s")

    def _call(self, method: str, *arguments: Any) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self.socket}")
        server = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
        try:
            return getattr(server.supervisor, method)(*arguments)
        except xmlrpc.client.Fault as fault:
            # Between the question and the answer a program may have reached the state we ask for; and one that ended at
            # once is tried again by supervisor and told of, with its log, by `require_up`.
            if fault.faultString.startswith(("ALREADY_STARTED", "NOT_RUNNING", "SPAWN_ERROR", "ABNORMAL_TERMINATION")):
                return None
            raise ServiceError(f"supervisor: {method} {arguments}: {fault.faultString}") from fault
        finally:
            transport.close()

    def _text(self, programs: list[Program], environment: dict[str, str]) -> str:
        home = self._settings.home
        signature = hashlib.sha256(repr(sorted(environment.items())).encode()).hexdigest()
        sections: dict[str, dict[str, str]] = {
            "unix_http_server": {"file": str(self.socket), "chmod": "0700"},
            "supervisord": {
                "pidfile": str(self.pid_file),
                "logfile": str(self._settings.log / "supervisor.log"),
                "logfile_maxbytes": "5MB",
                "logfile_backups": "1",
                "umask": "022",
                "directory": str(home),
                "identifier": f"tiendo-{signature[:16]}",
            },
            "rpcinterface:supervisor": {
                "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
            },
            "supervisorctl": {"serverurl": f"unix://{self.socket}"},
        }
        for program in programs:
            sections[f"program:{program.name}"] = self._section(program)
        parser = configparser.RawConfigParser()
        parser.read_dict(sections)
        with tempfile.TemporaryFile("w+", encoding="utf-8") as text:
            parser.write(text)
            text.seek(0)
            return text.read()

    def _section(self, program: Program) -> dict[str, str]:
        section = {
            "command": " ".join(_quoted(word) for word in program.command),
            "directory": str(program.directory),
            "priority": str(program.priority),
            "autostart": "false",
            "autorestart": "unexpected",
            "startsecs": "2",
            "startretries": "3",
            "stopsignal": program.stop_signal,
            "stopwaitsecs": str(program.stop_seconds),
            "stopasgroup": str(program.stop_group).lower(),
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": str(self._settings.log / f"{program.name}.log").replace("%", "%%"),
            "stdout_logfile_maxbytes": "20MB",
            "stdout_logfile_backups": "2",
        }
        if program.user:
            section["user"] = program.user
        if program.variables:
            section["environment"] = ",".join(f"{key}={_quoted(value)}" for key, value in program.variables.items())
        return section


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log, indented; nothing when there is no log."""
    if not path.exists():
        return ""
    found = path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in found)


def _quoted(word: str) -> str:
    # supervisor expands %(…)s and reads a semicolon as a comment.
    plain = word.replace("%", "%%")
    return plain if plain.replace("/", "").replace("-", "").replace("_", "").isalnum() else f'"{plain}"'
