"""What bandit finds in our own code.

In: the folders of code. Out: findings, with files named from the checkout.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from audit.excuses import Finding

CHECKOUT = Path(__file__).parents[1]
ROOMS = ("src", "dags", "superset", "expectations", "docker", "benchmarks", "audit")


def findings(checkout: Path = CHECKOUT) -> list[Finding]:
    """All of them, whatever their severity. RuntimeError when bandit could not look at a file."""
    rooms = [room for room in ROOMS if (checkout / room).is_dir()]
    done = subprocess.run(
        [sys.executable, "-m", "bandit", "--quiet", "--format", "json", "--recursive", *rooms],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"bandit: {done.stderr.strip()}")
    told = json.loads(done.stdout)
    if told["errors"]:
        raise RuntimeError(f"bandit: {told['errors']}")
    return [
        Finding("bandit", row["test_id"], row["filename"], f"(line {row['line_number']}) {row['issue_text']}")
        for row in told["results"]
    ]
