"""`python -m expectations --gate raw|marts [--json]`: pass one gate.

Exit codes: 0 nothing at fault, 1 the data is at fault (at gate raw: something was quarantined and the rest goes on; at
gate marts: nothing is published), 2 the call is at fault, 3 the system is at fault.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence

import psycopg

from expectations import gate_marts, gate_raw, results
from expectations.errors import ExpectationsError
from tiendo.operate.settings import Settings, SettingsError
from tiendo.programme import SeedError

log = logging.getLogger("expectations")

GATES = {gate_raw.GATE: gate_raw.run, gate_marts.GATE: gate_marts.run}


def main(words: Sequence[str] | None = None) -> int:
    """Run one gate and tell what was found; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m expectations", description=__doc__)
    parser.add_argument("--gate", required=True, choices=sorted(GATES), help="which gate to pass")
    parser.add_argument("--json", action="store_true", help="tell it as one JSON object on standard output")
    options = parser.parse_args(words)
    told_to = logging.StreamHandler()
    # At the handler, because the library below sets levels of its own.
    told_to.setLevel(logging.WARNING)
    logging.basicConfig(handlers=[told_to], format="%(levelname)s %(name)s: %(message)s")
    try:
        found, is_faulty = GATES[options.gate](Settings.read())
    except ExpectationsError as error:
        log.error("%s", error)  # noqa: TRY400 - the sentence is the whole message
        return error.exit_code
    except (psycopg.Error, SettingsError, SeedError) as error:
        log.error("gate %s could not be run: %s", options.gate, error)  # noqa: TRY400
        return 3
    told = json.dumps(found, ensure_ascii=False, default=str) if options.json else "\n".join(results.lines(found))
    sys.stdout.write(told + "\n")
    return int(is_faulty)


if __name__ == "__main__":
    sys.exit(main())
