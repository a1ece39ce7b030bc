"""The bill of materials: every pinned package with version, hashes and the sets it belongs to, as CycloneDX JSON.

In: the requirement files. Out: the text of the bill. It names no address: which registry a package comes from is the
business of whoever installs.
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

from audit.packages import REQUIREMENTS, SETS
from tiendo import __version__

PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


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


def bom(requirements: Path = REQUIREMENTS) -> str:
    """The bill of all sets, as indented JSON; the same pins give the same serial number."""
    of_sets: dict[Pin, list[str]] = {}
    for name in SETS:
        for pin in pins((requirements / f"{name}.txt").read_text(encoding="utf-8")):
            of_sets.setdefault(pin, []).append(name)
    serial = uuid.uuid5(uuid.NAMESPACE_OID, repr(sorted(of_sets, key=lambda pin: (pin.name, pin.version))))
    bill = Bom(serial_number=serial, components=[_component(pin, sets) for pin, sets in of_sets.items()])
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
