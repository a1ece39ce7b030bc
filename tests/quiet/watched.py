"""A network of its own, with the loopback and a watcher behind the only way out: `python watched.py LOG COMMAND`.

In: a command. Out: its exit code, and in LOG one JSON line for each packet that wanted to leave: to where, by which
protocol, the name when a name server is asked, and the process. Everything is refused at once ("port unreachable"), so
that nothing waits for an answer. Needs iproute2, and root or a kernel that lets users make namespaces; exit code 77
says that they are not there. Standard library only, and Linux only.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TextIO

IMPOSSIBLE = 77
INSIDE, OUTSIDE = "tiendo-in", "tiendo-out"
# Addresses that are reserved for documents: nobody has them.
V4, V6 = ("192.0.2.2", "192.0.2.1"), ("2001:db8::2", "2001:db8::1")
NAMES = "192.0.2.53"
ETHERNET = 14
IPV4, IPV6, TCP, UDP = 0x0800, 0x86DD, 6, 17
ADDRESS_OF_OUTSIDE = "02:00:00:00:00:01"


def namespace() -> list[str]:
    """The words before a command that put it into a new network and a new view of the files."""
    if os.geteuid() == 0:
        return ["unshare", "--net", "--mount"]
    return ["unshare", "--user", "--map-root-user", "--net", "--mount"]


def is_possible() -> bool:
    """Whether this machine lets us watch."""
    try:
        probe = [*namespace(), "ip", "link", "add", INSIDE, "type", "veth", "peer", "name", OUTSIDE]
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def prepare() -> socket.socket:
    """Loopback, the way out, and a socket at its far end. Runs inside the new network."""
    for words in (
        "link set lo up",
        f"link add {INSIDE} type veth peer name {OUTSIDE} address {ADDRESS_OF_OUTSIDE}",
        f"link set {OUTSIDE} up",
        f"link set {INSIDE} up",
        f"addr add {V4[0]}/30 dev {INSIDE}",
        f"-6 addr add {V6[0]}/126 dev {INSIDE} nodad",
        # The far end answers no questions about its address.
        *(f"neigh add {there} lladdr {ADDRESS_OF_OUTSIDE} dev {INSIDE} nud permanent" for there in (V4[1], V6[1])),
        f"route add default via {V4[1]}",
        f"-6 route add default via {V6[1]} dev {INSIDE}",
    ):
        subprocess.run(["ip", *words.split()], check=True)
    # What asks for a name asks beyond the loopback, where it is seen.
    with tempfile.NamedTemporaryFile("w", prefix="tiendo-resolv-", delete=False) as names:
        names.write(f"nameserver {NAMES}\noptions attempts:1 timeout:2\n")
    Path(names.name).chmod(0o644)
    real = Path("/etc/resolv.conf").resolve()
    if real.exists():
        subprocess.run(["mount", "--bind", names.name, str(real)], check=True)
    # What is mounted stays.
    Path(names.name).unlink()
    far = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    far.bind((OUTSIDE, 0))
    return far


def watch(far: socket.socket, log: TextIO) -> None:
    """Write down and refuse, until the network goes."""
    while True:
        with contextlib.suppress(IndexError, struct.error):
            frame, where = far.recvfrom(65535)
            found = None if where[2] == socket.PACKET_OUTGOING else attempt(frame)
            if found:
                log.write(json.dumps({**found, "by": process(found)}) + "\n")
                log.flush()
                far.send(refusal(frame))


def attempt(frame: bytes) -> dict[str, str | int] | None:
    """What a packet wanted; None for the kernel's own talk with its neighbours (ARP, discovery, multicast groups)."""
    kind, packet = struct.unpack("!H", frame[12:14])[0], frame[ETHERNET:]
    if kind == IPV4:
        protocol, body = packet[9], packet[(packet[0] & 15) * 4 :]
        to = socket.inet_ntop(socket.AF_INET, packet[16:20])
    elif kind == IPV6 and packet[6] not in (0, 58):
        protocol, body = packet[6], packet[40:]
        to = socket.inet_ntop(socket.AF_INET6, packet[24:40])
    else:
        return None
    if protocol not in (TCP, UDP):
        return {"protocol": protocol, "to": to, "port": 0, "from": 0, "name": ""}
    source, port = struct.unpack("!HH", body[:4])
    name = asked(body[8:]) if protocol == UDP and port == 53 else ""
    return {"protocol": {TCP: "tcp", UDP: "udp"}[protocol], "to": to, "port": port, "from": source, "name": name}


def asked(question: bytes) -> str:
    """The name that a question to a name server is about."""
    labels, place = [], 12
    while question[place]:
        labels.append(question[place + 1 : place + 1 + question[place]].decode("ascii", "replace"))
        place += question[place] + 1
    return ".".join(labels)


def process(found: dict[str, str | int]) -> str:
    """The command line that holds the port a packet came from; empty when it has gone already."""
    inodes = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/self/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            words = line.split()
            if int(words[1].rpartition(":")[2], 16) == found["from"] and words[9] != "0":
                inodes.add(f"socket:[{words[9]}]")
    for handle in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if str(handle.readlink()) in inodes:
                words = (handle.parents[1] / "cmdline").read_bytes().replace(b"\0", b" ")
                return words.decode("utf-8", "replace")[:300]
    return ""


def refusal(frame: bytes) -> bytes:
    """The answer "port unreachable" to a packet."""
    to, by, packet = frame[6:12], frame[0:6], frame[ETHERNET:]
    if frame[12:14] == struct.pack("!H", IPV4):
        quoted = packet[:28]
        icmp = struct.pack("!BBHI", 3, 3, checksum(struct.pack("!BBHI", 3, 3, 0, 0) + quoted), 0) + quoted
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(icmp), 0, 0, 64, 1, 0) + packet[16:20] + packet[12:16]
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
        return to + by + struct.pack("!H", IPV4) + head + icmp
    quoted, ends = packet[:1000], packet[24:40] + packet[8:24]
    bare = struct.pack("!BBHI", 1, 4, 0, 0) + quoted
    total = checksum(ends + struct.pack("!II", len(bare), 58) + bare)
    head = struct.pack("!IHBB", 0x60000000, len(bare), 58, 64) + ends
    return to + by + struct.pack("!H", IPV6) + head + bare[:2] + struct.pack("!H", total) + bare[4:]


def checksum(content: bytes) -> int:
    """The checksum of the internet protocols."""
    padded = content + b"\0" * (len(content) % 2)
    total = sum(struct.unpack(f"!{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def main(words: list[str]) -> int:
    """Enter a new network, or, being in it, watch it while the command runs."""
    if words[0] != "--inside":
        if not is_possible():
            sys.stderr.write("không theo dõi được mạng ở máy này / this machine does not let us watch a network\n")
            return IMPOSSIBLE
        user = [f"--user={os.geteuid()}:{os.getegid()}"] if os.geteuid() else []
        again = [*namespace(), sys.executable, __file__, "--inside", *user, *words]
        return subprocess.run(again, check=False).returncode
    words = words[1:]
    drop: list[str] = []
    if words[0].startswith("--user="):
        user, group = words.pop(0).removeprefix("--user=").split(":")
        # Root here is the caller outside; the command shall find itself to be the caller.
        drop = ["unshare", "--user", f"--map-user={user}", f"--map-group={group}"]
    with open(words[0], "a", encoding="utf-8") as log:  # noqa: PTH123
        far = prepare()
        threading.Thread(target=watch, args=(far, log), daemon=True).start()
        return subprocess.run([*drop, *words[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
