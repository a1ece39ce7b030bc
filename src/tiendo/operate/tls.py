"""The proxy's certificate: the one somebody gave, else one of our own making.

In: a folder that may hold tls.crt and tls.key, the host's name, and the folder where ours is kept. Out: both files'
text. One that is given is refused where no browser would take it, or the proxy could not start with it. Ours is
self-signed: a browser warns of it, and it is renewed a month before it ends.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tiendo.operate.errors import OperateError

FILES = ("tls.crt", "tls.key")
DAYS = 397
RENEW = timedelta(days=30)


def certificate(ours: Path, folder: Path, host: str) -> dict[str, str]:
    """Text of tls.crt and tls.key."""
    if found := given(folder, host):
        return found
    names = sorted({host or "localhost", "localhost", "127.0.0.1"})
    if not _is_good(ours / FILES[0], names):
        for name, text in self_signed(names).items():
            (ours / name).unlink(missing_ok=True)
            (ours / name).touch(mode=0o600)
            (ours / name).write_text(text, encoding="utf-8")
    return {name: (ours / name).read_text(encoding="utf-8") for name in FILES}


def given(folder: Path, host: str) -> dict[str, str]:
    """The text of what somebody laid there; nothing where there is nothing, and a refusal where it is of no use."""
    found = {name: content for name in FILES if (content := _read(folder / name)) is not None}
    if len(found) == 1:
        missing = next(name for name in FILES if name not in found)
        raise OperateError(
            f"docker/tls có {next(iter(found))} mà không có {missing}: hãy đặt cả hai, hoặc không đặt gì.\n"
            f"        docker/tls holds {next(iter(found))} but no {missing}: lay both there, or none."
        )
    if found:
        require_usable(found, host or "localhost")
    return {name: content.decode("utf-8", "replace") for name, content in found.items()}


def require_usable(found: Mapping[str, bytes], host: str) -> None:
    """Refuse a certificate and a key that are not of each other, of this host and of today."""
    try:
        leaf = x509.load_pem_x509_certificates(found["tls.crt"])[0]
        certified, names = leaf.public_key(), _names(leaf)
    except (ValueError, UnsupportedAlgorithm):
        raise _refused(
            "tls.crt",
            ("không phải là chứng thư PEM", "hãy đặt chứng thư của máy chủ, rồi chuỗi của nó, dạng PEM"),
            ("is no certificate in PEM", "lay the server's certificate and then its chain there, in PEM"),
        ) from None
    try:
        key = serialization.load_pem_private_key(found["tls.key"], password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _refused(
            "tls.key",
            ("không phải là khóa PEM không mật khẩu", "hãy đặt khóa dạng PEM đã bỏ mật khẩu"),
            ("is no key in PEM without a password", "lay the key there in PEM, its password taken off"),
        ) from None
    if key.public_key() != certified:
        raise _refused(
            "tls.key",
            ("không khớp chứng thư đầu tiên của tls.crt", "hãy đặt khóa của chính chứng thư ấy, chuỗi đứng sau nó"),
            ("does not match the first certificate of tls.crt", "lay that certificate's key there, its chain after it"),
        )
    first, last = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if not first <= datetime.now(UTC) <= last:
        raise _refused(
            "tls.crt",
            (f"chỉ có hiệu lực từ {first:%Y-%m-%d} đến {last:%Y-%m-%d}", "hãy đặt chứng thư đang có hiệu lực"),
            (f"is valid from {first:%Y-%m-%d} to {last:%Y-%m-%d} only", "lay one there that is valid now"),
        )
    if not _covers(names, host):
        told = ", ".join(names) or "-"
        raise _refused(
            "tls.crt",
            (f"là của {told}, không phải của TIENDO_HOST={host}", "hãy đặt chứng thư của máy ấy, hoặc sửa TIENDO_HOST"),
            (
                f"is of {told} and not of TIENDO_HOST={host}",
                "lay a certificate of that host there, or mend TIENDO_HOST",
            ),
        )


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


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except PermissionError:
        raise _refused(
            path.name,
            ("thì nhóm 10001 không đọc được", "hãy chgrp 10001 cả thư mục lẫn hai tệp, chmod 750 thư mục, 640 hai tệp"),
            (
                "is not readable by group 10001",
                "chgrp 10001 the folder and both files, chmod 750 the folder, 640 the files",
            ),
        ) from None


def _refused(file: str, vietnamese: tuple[str, str], english: tuple[str, str]) -> OperateError:
    return OperateError(
        f"docker/tls/{file} {vietnamese[0]}: {vietnamese[1]}.\n        docker/tls/{file} {english[0]}: {english[1]}."
    )


def _names(leaf: x509.Certificate) -> list[str]:
    # Browsers have not looked at the common name for years.
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    return [*(name.lower() for name in names.get_values_for_type(x509.DNSName)), *addresses]


def _covers(names: list[str], host: str) -> bool:
    # A star stands for the first part of a name and no more.
    return host.lower() in names or "*." + host.lower().partition(".")[2] in names


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
