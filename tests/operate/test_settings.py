"""Settings: defaults, refusals, secrets."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tiendo.operate import settings as module
from tiendo.operate.settings import Settings, SettingsError, default_home


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    for name in list(os.environ):
        if name.startswith("TIENDO_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TIENDO_HOME", str(tmp_path))
    return Settings.read()


def test_defaults(here: Settings, tmp_path: Path) -> None:
    assert here.home == tmp_path
    assert (here.postgres_port, here.airflow_port, here.superset_port) == (54320, 8080, 8088)
    assert here.host == "127.0.0.1"
    assert here.programme_dir == here.checkout / "dbt_project" / "seeds"
    assert (here.checkout / "pyproject.toml").exists()


def test_programme_is_swapped_by_a_variable(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    other = here.checkout / "tests" / "other_programme"
    monkeypatch.setenv("TIENDO_PROGRAMME", "../tests/other_programme")
    assert Settings.read().programme_dir == other
    monkeypatch.setenv("TIENDO_PROGRAMME", str(other))
    assert Settings.read().programme_dir == other
    # What children are told leads to the same folder again.
    monkeypatch.setenv("TIENDO_PROGRAMME", Settings.read().child_environment()["TIENDO_PROGRAMME"])
    assert Settings.read().programme_dir == other


def test_a_programme_elsewhere_is_refused(here: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIENDO_PROGRAMME", str(tmp_path))
    with pytest.raises(SettingsError, match="must lie inside"):
        Settings.read()


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_refused_by_name(here: Settings, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("TIENDO_AIRFLOW_PORT", text)
    with pytest.raises(SettingsError, match="TIENDO_AIRFLOW_PORT"):
        Settings.read()


def test_citus_is_a_switch_that_children_are_told(here: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not here.citus
    assert here.child_environment()["TIENDO_CITUS"] == "0"
    monkeypatch.setenv("TIENDO_CITUS", "1")
    assert Settings.read().citus
    assert Settings.read().child_environment()["TIENDO_CITUS"] == "1"
    monkeypatch.setenv("TIENDO_CITUS", "yes")
    with pytest.raises(SettingsError, match="TIENDO_CITUS"):
        Settings.read()


def test_a_secret_is_made_once_and_kept_to_oneself(here: Settings) -> None:
    first = here.secret("loader")
    assert Settings.read().secret("loader") == first
    assert here.secret("builder") != first
    assert stat.S_IMODE((here.home / "secrets.json").stat().st_mode) == 0o600


def test_many_processes_agree_on_a_secret(here: Settings) -> None:
    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(lambda _: here.secret("shared"), range(64)))) == 1


@pytest.mark.parametrize("variable", ["TIENDO_LOADER_PASSWORD", "TIENDO_SECRET_LOADER"])
def test_the_environment_overrides_a_secret(here: Settings, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "p@ss word")
    assert here.secret("loader") == "p@ss word"
    assert here.dsn("tiendo_loader") == "postgresql://tiendo_loader:p%40ss%20word@127.0.0.1:54320/tiendo"
    assert here.dsn("loader") == here.dsn("tiendo_loader")


def test_airflow_and_superset_have_databases_of_their_own(here: Settings) -> None:
    assert here.dsn("airflow").endswith("/airflow")
    assert here.dsn("superset", driver="postgresql+psycopg2").startswith("postgresql+psycopg2://superset:")
    assert here.dsn("tiendo_reader", "other").endswith("/other")


def test_children_are_told_where_they_are_and_to_be_quiet(here: Settings) -> None:
    environment = here.child_environment()
    assert environment["TIENDO_BUILDER_PASSWORD"] == here.secret("builder")
    assert environment["DBT_TARGET_PATH"] == str(here.home / "dbt" / "target")
    assert environment["DO_NOT_TRACK"] == "1"
    assert environment["AIRFLOW__COSMOS__ENABLE_TELEMETRY"] == "false"
    assert "TIENDO_OWNER_PASSWORD" not in environment
    assert "TIENDO_POSTGRES_PASSWORD" not in environment


def test_root_in_a_closed_folder_keeps_its_state_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TIENDO_HOME", raising=False)
    checkout = tmp_path / "closed" / "checkout"
    checkout.mkdir(parents=True)
    monkeypatch.setattr(module, "_others_may_enter", lambda folder: False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_home(checkout).parent == Path("/var/lib/tiendo")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert default_home(checkout) == checkout / ".tiendo"
