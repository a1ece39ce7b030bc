"""One story in order, each chapter standing on the one before: refused, started, upgraded, worked, hurt, taken back."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserType, Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, SCREENSHOTS, new_page, sign_in
from tests.compose import identities, outgoing
from tests.compose.conftest import (
    PROJECT,
    RENAMED,
    SETTINGS,
    House,
    builds,
    containers,
    logs,
    service,
    sick,
    take_down,
    wait_until,
)
from tiendo.operate import tls

log = logging.getLogger(__name__)

STARTED = ("postgres", "redis", "airflow-api-server", "airflow-scheduler", "airflow-dag-processor")
STARTED += ("airflow-triggerer", "airflow-worker", "airflow-worker", "superset", "proxy")
CHART = ".td-table tbody tr"
# The files of what is secret.
KEPT = ("secrets", "unit_accounts", "unit_logins")


@pytest.mark.parametrize(
    ("changes", "named", "english"),
    [
        ({"TIENDO_ENGINEER_PASSWORD": ""}, "TIENDO_ENGINEER_PASSWORD", "is empty"),
        ({"TIENDO_LEADER_PASSWORD": "changeme"}, "TIENDO_LEADER_PASSWORD", "is a well-known password"),
        ({"TIENDO_POSTGRES_PASSWORD": "Postgres123"}, "TIENDO_POSTGRES_PASSWORD", "is a well-known password"),
        ({"TIENDO_EVALUATOR_PASSWORD": "k7Qz"}, "TIENDO_EVALUATOR_PASSWORD", "is shorter than"),
        ({"COMPOSE_PROFILES": ""}, "COMPOSE_PROFILES", "set demo"),
    ],
)
def test_a_start_with_a_bad_setting_is_refused_in_a_sentence(
    house: House, changes: dict[str, str | None], named: str, english: str
) -> None:
    house.old.configure(**changes, TIENDO_BUILD="never")
    try:
        done = house.old.stack("up")
    finally:
        house.old.configure()
    assert done.returncode != 0
    assert re.search(rf"tiendo: .*{named}", done.stderr), done.stderr
    assert english in done.stderr
    # Nothing beyond the part that refuses has started.
    assert {service(found) for found in containers(everything=True)} <= {"secrets"}


def test_the_version_before_starts_and_publishes_the_sample(house: House) -> None:
    house.old.configure(TIENDO_BUILD="never")
    house.old.must("up")
    wait_until("all healthy", all_healthy, 240)
    assert house.version() == "old"

    # The sample's loader ends when the numbers are published.
    def ended() -> dict[str, Any] | None:
        found = [each for each in containers(everything=True) if service(each) == "demo"]
        return found[0] if found and found[0]["State"]["Status"] == "exited" else None

    demo = wait_until("the sample is published", ended, 1500)
    assert demo["State"]["ExitCode"] == 0, logs(demo)[-3000:] + sick()
    assert house.builds() == ["success"]


def test_an_upgrade_with_a_bad_setting_stops_nothing(house: House) -> None:
    house.new.configure(TIENDO_LEADER_PASSWORD="changeme")
    try:
        done = house.new.stack("upgrade")
    finally:
        house.new.configure()
    assert done.returncode == 2
    assert "TIENDO_LEADER_PASSWORD" in done.stderr and "nothing was upgraded" in done.stderr
    assert all_healthy() and house.version() == "old"
    assert house.backups() == []


def test_an_upgrade_that_breaks_is_tried_again_and_keeps_the_backup_from_before_it(house: House) -> None:
    # Its migrations end well, and then its Superset is none.
    for part, image in {"platform": "platform:new", "superset": "proxy:new", "proxy": "proxy:new"}.items():
        named = [f"{SETTINGS['TIENDO_IMAGES']}-{name}" for name in (image, f"{part}:broken")]
        subprocess.run(["docker", "tag", *named], check=True)
    house.new.configure(TIENDO_VERSION="broken", TIENDO_BUILD="never", TIENDO_DEMO="0")
    try:
        broken = house.new.stack("upgrade")
        refused = [house.new.stack(word) for word in ("up", "backup")]
        house.new.configure(TIENDO_KEEP_BACKUPS="0")
        keeping_none = house.new.stack("upgrade")
    finally:
        house.new.configure(TIENDO_BUILD="never")
    assert broken.returncode == 3
    assert "--- superset-init, exited" in broken.stderr, broken.stderr
    assert [(done.returncode, "the last upgrade did not end" in done.stderr) for done in refused] == [(2, True)] * 2
    assert "set a number from 1 on" in keeping_none.stderr
    assert [path.name.partition("-")[2] for path in house.backups()] == ["old"]


def test_the_upgrade_is_one_command(house: House) -> None:
    before, kept = house.secrets(), house.backups()
    house.new.must("upgrade")
    wait_until("all healthy", all_healthy, 240)
    assert house.version() == "new"
    assert house.secrets() == before
    # What lay there was half of each version, and no state to keep.
    assert house.backups() == kept
    assert house.new.stack("upgrade").returncode == 2


def all_healthy() -> bool:
    """Whether every service that stays is there and well."""
    found = containers()
    well = [service(each) for each in found if (each["State"].get("Health") or {}).get("Status") == "healthy"]
    return sorted(well) == sorted(STARTED)


def test_what_the_upgrade_says_anew_is_built_by_the_main_job_over_both_workers(house: House) -> None:
    # No report came: other seeds are reason enough. The broken upgrade may have begun one that was cut off.
    with house.api() as api:

        def last() -> dict[str, Any] | None:
            runs = builds(api)
            return runs[-1] if len(runs) > 1 and all(over(run["state"]) for run in runs) else None

        run = wait_until("the new seeds are published", last, 1500)
        assert run["state"] == "success", house.kept("log", "sh", "-c", "tail -n 40 /all/dbt/dbt.log")
        path = f"/api/v2/dags/build_indicators/dagRuns/{run['dag_run_id']}/taskInstances"
        tasks = api.get(path, params={"limit": 100}).json()["task_instances"]
    assert len({task["hostname"] for task in tasks if task["hostname"]}) == 2


def test_only_the_proxy_has_a_port_and_nobody_is_root(house: House) -> None:
    for found in containers():
        name, host = service(found), found["HostConfig"]
        ports = {port for port, of in (found["NetworkSettings"]["Ports"] or {}).items() if of}
        assert bool(ports) == (name == "proxy"), name
        assert found["Config"]["User"] not in ("", "0", "root"), name
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert any("no-new-privileges" in option for option in host["SecurityOpt"]), name
        assert host["Memory"] > 0 and host["NanoCpus"] > 0, name
    bound = {
        of["HostIp"]
        for found in containers()
        for of in (found["NetworkSettings"]["Ports"] or {}).values()
        if of
        for of in of
    }
    assert bound == {"127.0.0.1"}


def test_no_secret_is_in_what_the_engine_tells_or_in_a_log(house: House) -> None:
    kept = [json.loads(house.kept("secrets-all", "cat", f"/all/{name}.json")) for name in KEPT]
    secrets = {text for each in kept for text in each.values() if len(text) >= 12}
    assert len(secrets) > 200, "two a unit"
    secrets.add(house.kept("secrets-proxy", "sh", "-c", "sed -n 2p /all/tls.key").strip())
    told = json.dumps(containers(everything=True))
    for image in ("platform", "superset", "proxy"):
        told += subprocess.run(
            ["docker", "history", "--no-trunc", f"{SETTINGS['TIENDO_IMAGES']}-{image}:new"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    assert not [text for text in secrets if text in told]
    for found in containers(everything=True):
        said = logs(found)
        assert not [text for text in secrets if text in said], service(found)
    # What tasks, dbt and Airflow's parts wrote.
    written = house.kept("log", "sh", "-c", "find /all -type f -exec cat {} +")
    assert "build_indicators" in written
    assert not [text for text in secrets if text in written]


def test_each_part_is_given_only_its_own_secrets(house: House) -> None:
    known = house.secrets()
    own = {"redis": "redis", "postgres": "postgres", "airflow-worker": "builder", "superset": "reader"}
    services = ("api-server", "scheduler", "dag-processor", "triggerer")
    own |= {f"airflow-{name}": "airflow" for name in services}
    warehouse = ("postgres", "owner", "builder", "loader", "publisher", "superset")
    may_not = {
        "airflow-worker": ("postgres", "owner", "airflow", "superset", "airflow_fernet_key", "airflow_jwt_key"),
        "airflow-scheduler": warehouse,
        **{f"airflow-{name}": (*warehouse, "redis") for name in services if name != "scheduler"},
        "superset": ("postgres", "owner", "builder", "loader", "publisher", "airflow", "redis", "engineer"),
        "proxy": tuple(known),
        "redis": tuple(name for name in known if name != "redis"),
        "postgres": tuple(name for name in known if name != "postgres"),
    }
    for found in containers():
        look = ["docker", "exec", found["Id"], "sh", "-c", "cat /run/tiendo/*/* 2>/dev/null; env; true"]
        seen = subprocess.run(look, capture_output=True, text=True, check=True).stdout
        assert service(found) == "proxy" or known[own[service(found)]] in seen, f"{service(found)} was not looked into"
        for name in may_not[service(found)]:
            assert known[name] not in seen, f"{service(found)} holds {name}"


@pytest.fixture(scope="module")
def browsers() -> Iterator[BrowserType]:
    assert CHROMIUM, "không có Chromium / there is no Chromium"
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="module")
def page(house: House, browsers: BrowserType) -> Iterator[Page]:
    chromium = browsers.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield new_page(chromium, viewport={"width": 1280, "height": 900}, locale="vi-VN", ignore_https_errors=True)
    chromium.close()


def test_the_scorecard_is_seen_through_the_proxy(house: House, page: Page) -> None:
    sign_in(page, house.superset, "leader", house.secrets()["leader"])
    page.goto(f"{house.superset}/superset/dashboard/scorecard/")
    for block in (".td-head", CHART, ".td-units"):
        page.wait_for_selector(block)
    assert page.locator(CHART).count() > 3
    assert RENAMED in page.inner_text(CHART), "the seeds of this version"
    assert "DỮ LIỆU GIẢ LẬP" in page.inner_text("body")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "compose-scorecard.png")
    cookie = next(found for found in page.context.cookies() if found["name"] == "tiendo_superset")
    assert cookie["secure"] and cookie["httpOnly"]


def test_an_engineer_signs_in_to_airflow_through_the_proxy(house: House, page: Page) -> None:
    page.goto(f"{house.airflow}/")
    page.fill("input[name='username']", "engineer")
    page.fill("input[name='password']", house.secrets()["engineer"])
    page.click("input[type='submit'], button[type='submit']")
    page.wait_for_url(lambda address: "/login" not in address)
    page.goto(f"{house.airflow}/dags")
    page.wait_for_selector("text=build_indicators")
    ours = [found for found in page.context.cookies() if found["name"] in ("_token", "session")]
    assert ours and all(found["secure"] for found in ours)


@pytest.mark.parametrize("door", ["superset", "airflow"])
def test_the_proxy_says_what_browsers_may_do(house: House, door: str) -> None:
    address = getattr(house, door)
    headers = httpx.get(f"{address}/", verify=False, follow_redirects=True, timeout=60).headers
    assert "max-age=31536000" in headers["strict-transport-security"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "same-origin"
    assert re.fullmatch(r"nginx", headers["server"])
    assert "object-src 'none'" in headers["content-security-policy"]
    plain = httpx.get(address.replace("https:", "http:") + "/", follow_redirects=False, timeout=60)
    assert plain.status_code == 301
    assert plain.headers["location"].startswith(address)
    assert httpx.post(f"{address}/", verify=False, content=b"0" * 3_000_000, timeout=60).status_code == 413
    # What tasks speak to the API server by is not for anybody outside.
    if door == "airflow":
        assert httpx.get(f"{address}/execution/health", verify=False, timeout=60).status_code == 404


def test_a_worker_that_dies_in_the_middle_costs_only_a_retry(house: House) -> None:
    with house.api() as api:
        path = ""

        def tasks() -> dict[str, dict[str, Any]]:
            return {task["task_id"]: task for task in api.get(f"{path}/taskInstances").json()["task_instances"]}

        def busy() -> dict[str, Any] | None:
            return next((task for task in tasks().values() if task["state"] == "running" and task["hostname"]), None)

        for _ in range(3):
            answer = api.post("/api/v2/dags/collect_reports/dagRuns", json={"logical_date": None, "conf": {}})
            answer.raise_for_status()
            path = f"/api/v2/dags/collect_reports/dagRuns/{answer.json()['dag_run_id']}"
            hit = wait_until("a task runs", busy, 120)
            subprocess.run(["docker", "kill", hit["hostname"]], check=True, capture_output=True)
            # One that was done before the worker died is no case of it.
            if tasks()[hit["task_id"]]["state"] == "running":
                break
            house.new.must("workers", SETTINGS["TIENDO_WORKERS"])
        began = time.monotonic()
        state = wait_until("the run is over", lambda: over(api.get(path).json()["state"]), 420)
        log.info("recovered %.0f s after the worker died", time.monotonic() - began)
        again = tasks()[hit["task_id"]]
    assert state == "success"
    assert again["state"] == "success"
    assert again["try_number"] == hit["try_number"] + 1
    assert again["hostname"] != hit["hostname"]


def test_nothing_has_wanted_out_and_an_attempt_is_refused_and_counted(house: House) -> None:
    assert {network: count for network, count in outgoing.packets(PROJECT).items() if count} == {}
    # An address that is nobody's, and a name; the proxy is on the one network that is not internal.
    attempts = {
        "airflow-worker": [
            ["python", "-c", "import socket; socket.create_connection(('192.0.2.1', 9), timeout=2)"],
            ["python", "-c", "import socket; socket.getaddrinfo('id.example.invalid', 443)"],
        ],
        "proxy": [["timeout", "2", "bash", "-c", "exec 3<>/dev/tcp/192.0.2.1/9"]],
    }
    for name, commands in attempts.items():
        asks = next(found for found in containers() if service(found) == name)
        for command in commands:
            before = sum(outgoing.packets(PROJECT).values())
            tried = subprocess.run(["docker", "exec", asks["Id"], *command], capture_output=True, check=False)
            assert tried.returncode != 0, command
            assert sum(outgoing.packets(PROJECT).values()) > before, f"{name}: not counted: {command}"


@pytest.fixture(scope="module")
def signing_in(house: House, browsers: BrowserType) -> Iterator[Callable[[], Page]]:
    """A ministry's identity provider and its four lines in .env; gives browsers that know where it is."""
    # And the ministry's own certificate, laid in while the proxy runs.
    for name, text in tls.self_signed(["localhost"]).items():
        (house.new.folder / "docker" / "tls" / name).write_text(text, encoding="utf-8")
    with identities.provider(house.new.folder, house.new.version) as start:
        house.new.configure(**identities.settings(house.superset_port), TIENDO_DEMO="0", TIENDO_BUILD="never")
        house.new.must("up")
        rule = f"--host-resolver-rules=MAP {identities.HOST} {start()}"
        chromium = browsers.launch(executable_path=CHROMIUM, args=[*FLAGS, rule])
        yield lambda: new_page(chromium, locale="vi-VN", ignore_https_errors=True)
        chromium.close()


def enter(page: Page, door: str, person: str) -> None:
    """As a person of the ministry: to the provider, say who one is, and back."""
    page.goto(f"{door}/")
    page.click("[data-test='provider'], #btn-signin-tiendo")
    page.click(f"button[value='{person}']")
    page.wait_for_url(f"{door}/**")


def roles_in_superset(house: House, page: Page) -> list[str]:
    """What the one who is signed in there may be."""
    answer = page.request.get(f"{house.superset}/api/v1/me/roles/")
    return sorted(answer.json()["result"]["roles"]) if answer.ok else []


def accounts_of(database: str) -> set[str]:
    """The names that a house knows."""
    postgres = next(found for found in containers() if service(found) == "postgres")
    query = f"PGPASSWORD=$(cat $POSTGRES_PASSWORD_FILE) psql -h 127.0.0.1 -U postgres -At {database}"
    look = ["docker", "exec", postgres["Id"], "sh", "-c", f"{query} -c 'select username from ab_user'"]
    return set(subprocess.run(look, check=True, capture_output=True, text=True).stdout.split())


def test_people_of_the_ministry_sign_in_by_its_own_provider(house: House, signing_in: Callable[[], Page]) -> None:
    page, codes = signing_in(), set[str]()
    page.on("request", lambda request: codes.update(re.findall(r"[?&]code=([^&]+)", request.url)))
    enter(page, house.superset, "evaluator-one")
    assert roles_in_superset(house, page) == ["Gamma", "evaluator", "sql_lab"]
    page.goto(f"{house.superset}/superset/dashboard/scorecard/")
    page.wait_for_selector(CHART)
    enter(page, house.airflow, "engineer-one")
    page.goto(f"{house.airflow}/dags")
    page.wait_for_selector("text=build_indicators")
    assert len(codes) == 2
    for found in containers():
        said = logs(found)
        assert not [secret for secret in (*codes, identities.CLIENT_SECRET) if secret in said], service(found)
    # Who takes another's name at the provider gets nowhere by it, and changes nothing for them.
    other = signing_in()
    enter(other, house.superset, "evaluator-two")
    assert roles_in_superset(house, other) == []
    assert roles_in_superset(house, page) == ["Gamma", "evaluator", "sql_lab"]
    # Who is in the group no more is out at the next sign-in, and so is the session of before.
    enter(signing_in(), house.superset, "evaluator-one-moved")
    assert roles_in_superset(house, page) == []


@pytest.mark.parametrize("port", ["superset_port", "airflow_port"])
def test_a_new_certificate_is_served_at_once(house: House, signing_in: Callable[[], Page], port: str) -> None:
    laid = (house.new.folder / "docker" / "tls" / "tls.crt").read_text(encoding="utf-8")
    assert ssl.get_server_certificate(("localhost", getattr(house, port))) == laid


@pytest.mark.parametrize("door", ["superset", "airflow"])
@pytest.mark.parametrize("person", ["visitor-one", "like-the-leader"])
def test_who_is_in_no_group_or_is_called_like_an_account_of_ours_gets_in_nowhere(
    house: House, signing_in: Callable[[], Page], person: str, door: str
) -> None:
    page, before = signing_in(), accounts_of(door)
    enter(page, getattr(house, door), person)
    assert "/login" in page.url
    assert roles_in_superset(house, page) == []
    assert not {found["name"] for found in page.context.cookies()} & {"_token"}
    assert accounts_of(door) == before


def test_units_keep_their_passwords_and_no_other_password_is_taken(
    house: House, signing_in: Callable[[], Page]
) -> None:
    name, password = house.new.must("accounts", "units").splitlines()[0].split()
    page = signing_in()
    sign_in(page, house.superset, name, password, "/login/?next=/superset/dashboard/scorecard/")
    page.wait_for_url("**/superset/dashboard/scorecard/**")
    page.wait_for_selector(".dashboard")
    assert roles_in_superset(house, page) == ["unit"]
    with httpx.Client(verify=False, timeout=60) as client:
        local = {"username": "engineer", "password": house.secrets()["engineer"]}
        asked = {**local, "provider": "db"}
        assert client.post(f"{house.superset}/api/v1/security/login", json=asked).status_code in (400, 401)
        assert client.post(f"{house.airflow}/auth/token", json=local).status_code == 401
        # A hash of no password is one of NULs too.
        nothing = {"username": "engineer-one", "password": "\0"}
        assert client.post(f"{house.airflow}/auth/token", json=nothing).status_code == 401


def over(state: str) -> str | None:
    return state if state in ("success", "failed") else None


def test_the_way_back_is_one_command(house: House, page: Page) -> None:
    before = house.secrets()
    # Or the sample would be loaded anew at once.
    house.new.configure(TIENDO_DEMO="0", TIENDO_BUILD="never")
    # A newer one, as every night: it is not what one goes back to. A unit closed one of its files to us.
    worker = next(found["Id"] for found in containers() if service(found) == "airflow-worker")
    close = "cd $TIENDO_HOME/doors && echo > closed && chmod 0 closed"
    subprocess.run(["docker", "exec", worker, "sh", "-c", close], check=True, capture_output=True)
    house.new.must("backup")
    house.new.must("back")
    wait_until("all healthy", all_healthy, 240)
    assert house.version() == "old"
    assert house.secrets() == before
    # Accounts made here again, and no way out.
    assert not [
        service(found) for found in containers() if f"{PROJECT}_provider" in found["NetworkSettings"]["Networks"]
    ]
    # The data are those of the moment before the upgrade: one publication, of the seeds of then.
    assert house.builds() == ["success"]
    page.goto(f"{house.superset}/superset/dashboard/scorecard/")
    page.wait_for_selector(CHART)
    assert page.locator(CHART).count() > 3
    assert RENAMED not in page.inner_text("body")
    # What there was in between is put aside; and there is no way further back but by name.
    assert [path.name.partition("-")[2] for path in house.backups()] == ["old", "new", "new-left"]
    assert "choose a backup" in house.new.stack("back").stderr


def test_real_and_synthetic_data_never_share_an_installation(house: House) -> None:
    house.old.configure(COMPOSE_PROFILES="production", TIENDO_BUILD="never")
    try:
        done = house.old.stack("up")
    finally:
        house.old.configure(TIENDO_BUILD="never")
    assert done.returncode != 0
    assert "synthetic and real data never mix" in done.stderr


def test_a_backup_makes_the_house_again_on_a_machine_with_nothing(house: House, page: Page) -> None:
    before = house.secrets()
    folder = house.backups()[-1]
    assert "docker/stack down" in house.new.stack("restore", str(folder)).stderr
    assert {path.stat().st_mode & 0o77 for path in [folder, *folder.iterdir()]} == {0}
    take_down()
    shutil.rmtree(folder.parent / "installed")
    # Cut off in the middle: nothing but the same again is taken.
    broken = shutil.copytree(folder, folder.parent / "broken")
    (broken / "files.tar").write_bytes((broken / "files.tar").read_bytes()[:5000])
    assert house.new.stack("restore", str(broken)).returncode != 0
    for words in (("up",), ("back", str(folder)), ("restore", str(folder))):
        refused = house.new.stack(*words)
        assert refused.returncode == 2 and ("again" in refused.stderr or "holds data" in refused.stderr), refused.stderr
    shutil.rmtree(broken)
    shutil.copytree(folder, broken)
    house.new.must("restore", str(broken))
    wait_until("all healthy", all_healthy, 240)
    assert house.version() == "new"
    assert house.secrets() == before
    assert house.builds()[-1] == "success"
    worker = next(found["Id"] for found in containers() if service(found) == "airflow-worker")
    count = ["docker", "exec", worker, "sh", "-c", "find /var/lib/tiendo/landing -type f | wc -l"]
    assert int(subprocess.run(count, check=True, capture_output=True, text=True).stdout) > 60
    page.context.clear_cookies()
    test_the_scorecard_is_seen_through_the_proxy(house, page)


@pytest.mark.parametrize(
    ("door", "path"), [("superset", "/login/"), ("airflow", "/auth/login/"), ("airflow", "/auth/token")]
)
def test_who_tries_passwords_is_told_to_wait(house: House, door: str, path: str) -> None:
    address, tried = f"{getattr(house, door)}{path}", {"username": "leader", "password": "not this one"}
    with httpx.Client(verify=False, timeout=60) as client:
        answers = [client.post(address, json=tried).status_code for _ in range(30)]
    assert answers.count(httpx.codes.TOO_MANY_REQUESTS) >= 15, answers


def test_compose_alone_starts_the_house_and_builds_what_is_missing(house: House) -> None:
    house.new.must("down")
    subprocess.run(["docker", "rmi", f"{SETTINGS['TIENDO_IMAGES']}-proxy:new"], check=True, capture_output=True)
    command = ["docker-compose", "up", "-d", "--scale", "airflow-worker=2"]
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "DOCKER_BUILDKIT": "0"}
    done = subprocess.run(command, cwd=house.new.folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:] + sick()
    wait_until("all healthy", all_healthy, 240)
    assert house.version() == "new"


def test_everything_is_taken_down(house: House) -> None:
    house.new.must("down")
    assert containers(everything=True) == []
    listing = ["docker", "volume", "ls", "-q", "--filter", f"label=com.docker.compose.project={PROJECT}"]
    kept = subprocess.run(listing, check=True, capture_output=True, text=True).stdout.split()
    assert f"{PROJECT}_postgres" in kept, "data stay where only the containers are taken down"
    assert shutil.which("docker")
