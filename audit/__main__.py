"""`python -m audit code`, `packages`, or `bom FILE`. Exit codes: 0 clean, 1 a finding, 2 the call, 3 not done.

Where no vulnerability service can be reached the packages are NOT audited; that is said loudly and ends as 0, unless
TIENDO_AUDIT=required, which makes it 3.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from audit import bom, code, excuses, packages

CLEAN, FINDING, CALL, NOT_DONE = 0, 1, 2, 3
SHOWN = 20


def say(text: str) -> None:
    """One message."""
    sys.stderr.write(f"{text}\n")


def audit_code() -> int:
    """Our own code."""
    known = [excuse for excuse in excuses.read() if excuse.tool == "bandit"]
    return _tell("bandit", excuses.judge(code.findings(), known, datetime.now(UTC).date()))


def audit_packages(ask: packages.Ask = packages.pip_audit) -> int:
    """What is pinned."""
    known = [excuse for excuse in excuses.read() if excuse.tool == "pip-audit"]
    done = packages.audit(ask)
    today = datetime.now(UTC).date()
    if not done.unknown:
        return _tell("pip-audit", excuses.judge(done.found, known, today))
    # What is not known excuses nothing and is excused by nothing; what was found counts all the same.
    needed = [excuse for excuse in known if any(excuse.covers(each) for each in done.found) or excuse.until < today]
    failed = _tell("pip-audit", excuses.judge(done.found, needed, today)) if done.found or needed else CLEAN
    shown = ", ".join(done.unknown[:SHOWN]) + (" …" if len(done.unknown) > SHOWN else "")
    line = "!" * 100
    say(
        f"{line}\n"
        f"CHƯA KIỂM TRA LỖ HỔNG của các gói sau: không hỏi được dịch vụ nào ({', '.join(packages.SERVICES)}).\n"
        f"NOT AUDITED for known holes: no vulnerability service could say anything about\n    {shown}\n{line}"
    )
    return failed or (NOT_DONE if os.environ.get("TIENDO_AUDIT") == "required" else CLEAN)


def write_bom(path: Path) -> int:
    """The bill of materials."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(bom.bom(), encoding="utf-8")
    say(f"bảng kê thành phần / bill of materials: {path}")
    return CLEAN


def _tell(tool: str, wrong: list[str]) -> int:
    for line in wrong:
        say(f"{tool}: {line}")
    say(f"{tool}: {len(wrong)} điều phải xử lý / to be dealt with" if wrong else f"{tool}: ✓")
    return FINDING if wrong else CLEAN


def main(words: list[str]) -> int:
    """One of the three."""
    match words:
        case ["code"]:
            return audit_code()
        case ["packages"]:
            return audit_packages()
        case ["bom", path]:
            return write_bom(Path(path))
    say(__doc__ or "")
    return CALL


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
