"""The proxy's certificate: the one somebody gave, else one of our own making.

In: a folder that may hold tls.crt and tls.key, the host's name, and the folder where ours is kept. Out: both files'
text. Ours is self-signed: a browser warns of it, and it is renewed a month before it ends.
"""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tiendo.operate.errors import OperateError

FILES = ("tls.crt", "tls.key")
DAYS = 397
RENEW = timedelta(days=30)


def certificate(ours: Path, given: Path, host: str) -> dict[str, str]:
    """Text of tls.crt and tls.key."""
    found = [name for name in FILES if (given / name).exists()]
    if len(found) == 1:
        missing = next(name for name in FILES if name not in found)
        raise OperateError(
            f"docker/tls có {found[0]} mà không có {missing}: hãy đặt cả hai, hoặc không đặt gì.\n"
            f"        docker/tls holds {found[0]} but no {missing}: lay both there, or none."
        )
    if found:
        return {name: (given / name).read_text(encoding="utf-8") for name in FILES}
    names = sorted({host or "localhost", "localhost", "127.0.0.1"})
    if not _is_good(ours / FILES[0], names):
        for name, text in self_signed(names).items():
            (ours / name).unlink(missing_ok=True)
            (ours / name).touch(mode=0o600)
            (ours / name).write_text(text, encoding="utf-8")
    return {name: (ours / name).read_text(encoding="utf-8") for name in FILES}


def self_signed(hosts: list[str]) -> dict[str, str]:
    """A new key and its certificate for these names and addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tiendo")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([_general(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {"tls.crt": made.public_bytes(pem).decode(), "tls.key": private.decode()}


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _is_good(path: Path, hosts: list[str]) -> bool:
    if not path.exists():
        return False
    found = x509.load_pem_x509_certificate(path.read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {*names} == {_general(host) for host in hosts} and found.not_valid_after_utc - RENEW > datetime.now(UTC)
