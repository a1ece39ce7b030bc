"""Packets that wanted out of the project's networks, as the engine's own rules refused and counted them.

An internal network has a rule that drops whatever is not for the network itself; the proxy's has one that lets out what
nobody translates on its way. Both count from the moment the network is there. Needs root, as the engine does.
"""

from __future__ import annotations

import json
import re
import subprocess


def packets(project: str) -> dict[str, int]:
    """By network: how many packets were for somewhere else. A network without such a rule is an error."""
    listing = ["docker", "network", "ls", "-q", "--filter", f"label=com.docker.compose.project={project}"]
    ids = subprocess.run(listing, check=True, capture_output=True, text=True).stdout.split()
    told = subprocess.run(["docker", "network", "inspect", *ids], check=True, capture_output=True, text=True).stdout
    rules = subprocess.run(["iptables-save", "-c", "-t", "filter"], check=True, capture_output=True, text=True).stdout
    found = {}
    for network in json.loads(told):
        bridge = re.escape(f"br-{network['Id'][:12]}")
        leaves = rf"! -d \S+ -i {bridge} -j DROP" if network["Internal"] else rf"-i {bridge} ! -o {bridge} -j ACCEPT"
        counts = re.findall(rf"^\[(\d+):\d+\] -A \S+ {leaves}$", rules, re.MULTILINE)
        assert counts, f"{network['Name']}: no rule of the engine counts what leaves\n{rules}"
        found[network["Name"]] = sum(map(int, counts))
    return found
