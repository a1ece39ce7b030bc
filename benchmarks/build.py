"""The full build outside Airflow: both gates, the models and the publication, as commands one after another.

In: a warehouse with the sample loaded. Out: one figure, the sum, with its parts.
"""

from __future__ import annotations

from benchmarks.figures import Figure
from benchmarks.installation import Installation

BUILD_SECONDS = 60
# A quarantined report is a fault of the data; the rest goes on.
STEPS: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "gate raw": (("validate", "--gate", "raw", "--json"), (0, 1)),
    "dbt": (("build", "--json"), (0,)),
    "gate marts": (("validate", "--gate", "marts", "--json"), (0,)),
    "publish": (("publish", "--json"), (0,)),
}


def measure(installation: Installation) -> list[Figure]:
    """All steps once, from a project that dbt has not parsed yet to the first publication."""
    done = {name: installation.tiendo(*words, allowed=allowed) for name, (words, allowed) in STEPS.items()}
    seconds = {name: timed.seconds for name, timed in done.items()}
    return [
        Figure(
            "build_outside",
            sum(seconds.values()),
            limit=BUILD_SECONDS,
            note=", ".join(f"{name} {value:.1f}" for name, value in seconds.items()),
            detail={"seconds": seconds, "cpu_seconds": {name: timed.cpu_seconds for name, timed in done.items()}},
        )
    ]
