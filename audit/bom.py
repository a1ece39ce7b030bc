"""The bill of materials, as CycloneDX JSON: every pinned package with version, hashes and the sets it belongs to; and
the images that the house of containers is built on.

In: the requirement files, the Dockerfile and the compose file. Out: the text of the bill. It names no address: which
registry a package or an image comes from is the business of whoever installs.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from audit.packages import SETS
from tiendo import __version__

PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
CHECKOUT = Path(__file__).parents[1]
# An image of others stands there as the default of a setting; what has no such default is made here.
IMAGE = re.compile(r"^(?:FROM| *image:) \$\{\w+_IMAGE:-(?P<name>[^}\s]+)\}", re.MULTILINE)
NOT_LISTED = {
    "vi": "Gói Debian trong các ảnh nền; những gì nằm trong gói Python: thư viện C, JavaScript của trang Superset và "
    "Airflow, Node của Playwright (chỉ để kiểm tra); ảnh nền khác mà ai đó đặt trong .env.",
    "en": "Debian packages inside the base images; what Python packages carry inside: libraries in C, the JavaScript "
    "of Superset's and Airflow's pages, the Node of Playwright (for tests alone); other base images set in .env.",
}


@dataclass(frozen=True)
class Pin:
    """One line of a requirement file with its hashes."""

    name: str
    version: str
    hashes: tuple[str, ...]


def pins(text: str) -> Iterator[Pin]:
    """The pins of a compiled requirement file; ValueError for one without a hash, which could be anything."""
    for block in re.split(r"\n(?=[A-Za-z0-9])", "\n" + text):
        pin = PIN.match(block.strip())
        if pin:
            hashes = tuple(HASH.findall(block))
            if not hashes:
                raise ValueError(f"{pin[1]}=={pin[2]}: không có mã băm / has no hash")
            yield Pin(pin[1], pin[2], hashes)


def images(text: str) -> Iterator[tuple[str, str]]:
    """Name and tag of the images of others in a Dockerfile or a compose file; ValueError for one without a tag."""
    for found in IMAGE.finditer(text):
        name, _, tag = found["name"].rpartition(":")
        if not name:
            raise ValueError(f"{tag}: không ghim phiên bản / is not pinned")
        yield name, tag


def bom(checkout: Path = CHECKOUT) -> str:
    """The bill of all sets and images, as indented JSON; the same pins give the same serial number."""
    of_sets: dict[Pin, list[str]] = {}
    for name in SETS:
        for pin in pins((checkout / "requirements" / f"{name}.txt").read_text(encoding="utf-8")):
            of_sets.setdefault(pin, []).append(name)
    parts = [_component(pin, sets) for pin, sets in of_sets.items()]
    for name in ("Dockerfile", "docker-compose.yml"):
        parts += [_image(*image, name) for image in images((checkout / name).read_text(encoding="utf-8"))]
    serial = uuid.uuid5(uuid.NAMESPACE_OID, repr(sorted((str(part.purl), sorted(part.hashes)) for part in parts)))
    bill = Bom(serial_number=serial, components=parts)
    bill.metadata.properties.update(
        Property(name=f"tiendo:not-listed:{language}", value=text) for language, text in NOT_LISTED.items()
    )
    whole = Component(type=ComponentType.APPLICATION, name="tiendo", version=__version__, bom_ref="tiendo")
    bill.metadata.component = whole
    bill.register_dependency(whole, bill.components)
    return JsonV1Dot6(bill).output_as_string(indent=1)


def _component(pin: Pin, sets: list[str]) -> Component:
    purl = PackageURL("pypi", name=re.sub(r"[-_.]+", "-", pin.name).lower(), version=pin.version)
    return Component(
        type=ComponentType.LIBRARY,
        name=pin.name,
        version=pin.version,
        purl=purl,
        bom_ref=f"{purl}#{'+'.join(sets)}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=content) for content in pin.hashes],
        properties=[Property(name="tiendo:set", value=name) for name in sets],
    )


def _image(name: str, tag: str, named_in: str) -> Component:
    purl = PackageURL("docker", name=name, version=tag)
    return Component(
        type=ComponentType.CONTAINER,
        name=name,
        version=tag,
        purl=purl,
        bom_ref=str(purl),
        properties=[Property(name="tiendo:named-in", value=named_in)],
    )
