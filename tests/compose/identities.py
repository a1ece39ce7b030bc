"""The identity provider of the tests, on the network that leads out: invented people, an authority of its own."""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.compose.conftest import PROJECT, SETTINGS, wait_until

HOST = "id.example.test"
ISSUER = f"https://{HOST}:9443"
APP = Path(__file__).parent / "provider" / "app.py"
CLIENT_SECRET = secrets.token_urlsafe(24)
NAME = f"{PROJECT}-provider"
# By the name on the provider's button: the claims of a person.
PEOPLE: dict[str, dict[str, Any]] = {
    "evaluator-one": {"preferred_username": "evaluator-one", "groups": ["staff", "ministry-evaluators"]},
    "engineer-one": {"preferred_username": "engineer-one", "groups": ["ministry-engineers"]},
    "visitor-one": {"preferred_username": "visitor-one", "groups": ["staff"]},
    # The same evaluator, after the ministry took the group away.
    "evaluator-one-moved": {"sub": "id-of-evaluator-one", "preferred_username": "evaluator-one", "groups": ["staff"]},
    # Another, who took that name.
    "evaluator-two": {"preferred_username": "evaluator-one", "groups": ["ministry-engineers"]},
    # Names of accounts that are made here.
    "like-the-leader": {"preferred_username": "Leader", "groups": ["ministry-engineers"]},
}


def settings(port: int) -> dict[str, str]:
    """The lines of .env; the port keeps the bridges of two test runs apart."""
    return {
        "TIENDO_OIDC_ISSUER": ISSUER,
        "TIENDO_OIDC_CLIENT_ID": "tiendo",
        "TIENDO_SECRET_OIDC_CLIENT": CLIENT_SECRET,
        "TIENDO_OIDC_ROLES": "ministry-engineers=engineer,ministry-evaluators=evaluator",
        "TIENDO_OIDC_BRIDGE": f"tiendo-t{port}",
    }


def certify(folder: Path) -> str:
    """An authority nobody outside knows; the provider's certificate and key by it are written into the folder."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("test authority", HOST)]
    now, made = datetime.now(UTC), []
    for number in range(2):
        builder = x509.CertificateBuilder().subject_name(names[number]).issuer_name(names[0])
        builder = builder.public_key(keys[number].public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        builder = builder.add_extension(x509.BasicConstraints(ca=number == 0, path_length=None), critical=True)
        key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key())
        builder = builder.add_extension(key_id, critical=False)
        own_id = x509.SubjectKeyIdentifier.from_public_key(keys[number].public_key())
        builder = builder.add_extension(own_id, critical=False)
        if number:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        made.append(builder.sign(keys[0], hashes.SHA256()))
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "tls.key").write_bytes(keys[1].private_bytes(serialization.Encoding.PEM, *plain))
    (folder / "tls.crt").write_bytes(made[1].public_bytes(serialization.Encoding.PEM))
    return made[0].public_bytes(serialization.Encoding.PEM).decode()


@contextlib.contextmanager
def provider(checkout: Path, version: str) -> Iterator[Callable[[], str]]:
    """Lays its authority into the checkout's docker/ca; gives what starts it on a network, and says where it is."""
    folder = Path(tempfile.mkdtemp(prefix="tiendo-provider-"))
    authority = checkout / "docker" / "ca" / "ministry.crt"
    authority.write_text(certify(folder), encoding="utf-8")
    (folder / "people.json").write_text(json.dumps(PEOPLE), encoding="utf-8")
    shutil.copy(APP, folder / "app.py")
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755)
    try:
        yield lambda: start(folder, f"{SETTINGS['TIENDO_IMAGES']}-superset:{version}")
    finally:
        subprocess.run(["docker", "rm", "--force", NAME], check=False, capture_output=True)
        authority.unlink()
        shutil.rmtree(folder)


def start(folder: Path, image: str) -> str:
    """The provider on the network that leads out, under its name; its address there."""
    network = f"{PROJECT}_provider"
    variables = {"ISSUER": ISSUER, "CLIENT_ID": "tiendo", "CLIENT_SECRET": CLIENT_SECRET}
    command = ["docker", "run", "--detach", "--name", NAME, "--network", network, "--network-alias", HOST]
    command += [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
    command += ["--volume", f"{folder}:/provider:ro", "--entrypoint", "python", image, "/provider/app.py"]
    subprocess.run(["docker", "rm", "--force", NAME], check=False, capture_output=True)
    subprocess.run(command, check=True, capture_output=True)
    look = ["docker", "exec", NAME, "python", "-c", "import socket; socket.create_connection(('127.0.0.1', 9443), 2)"]
    wait_until(
        "the provider listens", lambda: not subprocess.run(look, capture_output=True, check=False).returncode, 60
    )
    said = subprocess.run(["docker", "inspect", NAME], check=True, capture_output=True, text=True).stdout
    return str(json.loads(said)[0]["NetworkSettings"]["Networks"][network]["IPAddress"])
