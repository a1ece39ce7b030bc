"""Services: a taken port, the supervisor's file, and a daemon that is started, asked and stopped."""

import dataclasses
import os
import socket
from pathlib import Path

import pytest

from tiendo.operate import airflow_settings, programs, services
from tiendo.operate.__main__ import main
from tiendo.operate.errors import PortTakenError, ServiceError
from tiendo.operate.settings import Settings
from tiendo.operate.supervisor import Program, Supervisor, tail


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return dataclasses.replace(Settings.read(), home=tmp_path)


def test_a_taken_port_is_named_with_the_variable_that_moves_it(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        # 0 is any free one: a neighbour of ours may be taken too.
        taken = dataclasses.replace(settings, airflow_port=port, postgres_port=0, superset_port=0)
        with pytest.raises(PortTakenError, match=rf"{port}[\s\S]*TIENDO_AIRFLOW_PORT") as caught:
            services.require_free_ports(taken)
    assert caught.value.exit_code == 3


def test_a_port_of_another_is_exit_code_3(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIENDO_HOME", str(tmp_path))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("TIENDO_POSTGRES_PORT", str(other.getsockname()[1]))
        assert main(["start"]) == 3
    told = capsys.readouterr().err
    assert "đang bị chương trình khác dùng" in told
    assert "set TIENDO_POSTGRES_PORT to another port" in told


def test_a_port_that_is_none_is_exit_code_2(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIENDO_HOME", str(tmp_path))
    monkeypatch.setenv("TIENDO_SUPERSET_PORT", "many")
    assert main(["status"]) == 2


def test_nothing_running_is_said_and_down_is_not_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIENDO_HOME", str(tmp_path))
    assert main(["status"]) == 3
    assert main(["down"]) == 0


def test_work_is_done_once_for_a_key(settings: Settings) -> None:
    done: list[str] = []
    for key in ("one", "one", "two"):
        services.run_once(settings, "thing", key, lambda: done.append("x"))
    assert len(done) == 2


def test_work_that_failed_is_not_noted_as_done(settings: Settings) -> None:
    settings.log.mkdir()
    command = ["sh", "-c", "echo 'the last words' >&2; exit 4"]

    def work() -> None:
        services.run_logged(command, dict(os.environ), settings.log / "a.log", settings.home)

    for _ in range(2):
        with pytest.raises(ServiceError, match="the last words"):
            services.run_once(settings, "thing", "one", work)


def test_no_password_is_written_into_the_configuration(settings: Settings) -> None:
    supervisor = Supervisor(settings)
    environment = programs.environment(settings)
    supervisor.write(programs.programs(settings), environment)
    text = supervisor.configuration.read_text(encoding="utf-8")
    for name in ("loader", "postgres", "airflow", "superset", "airflow_jwt_key", "engineer"):
        assert settings.secret(name) not in text
    assert supervisor.write(programs.programs(settings), environment)
    assert not supervisor.write(programs.programs(settings), {**environment, "TIENDO_PROGRAMME": "/other"})


def test_airflow_is_told_everything_it_would_make_up(settings: Settings) -> None:
    environment = airflow_settings.environment(settings)
    assert environment["AIRFLOW__API__INSTANCE_NAME"].endswith("DỮ LIỆU GIẢ LẬP")
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert environment["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"
    assert len(environment["AIRFLOW__CORE__FERNET_KEY"]) == 44
    assert 2 <= int(environment["AIRFLOW__CORE__PARALLELISM"]) <= 8


def test_a_daemon_starts_answers_and_stops(settings: Settings, tmp_path: Path) -> None:
    settings.log.mkdir()
    command = ("sh", "-c", "echo Số liệu; exec sleep 600")
    waiting = Program(name="waiting", command=command, directory=tmp_path, priority=1)
    broken = Program(name="broken", command=("sh", "-c", "echo 100% lost; exit 1"), directory=tmp_path, priority=2)
    supervisor = Supervisor(settings)
    assert not supervisor.is_running()
    supervisor.write([waiting, broken], {})
    supervisor.launch(dict(os.environ))
    try:
        assert set(supervisor.states().values()) == {"STOPPED"}
        supervisor.start("waiting", "broken")
        supervisor.start("waiting")
        assert supervisor.states()["waiting"] in ("STARTING", "RUNNING")
        with pytest.raises(ServiceError, match="100% lost"):
            while True:
                supervisor.require_up("waiting", "broken")
    finally:
        supervisor.stop()
    assert not supervisor.is_running()
    assert tail(settings.log / "waiting.log").strip() == "Số liệu"
