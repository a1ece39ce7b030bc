"""`python -m audit code`, `packages`, or `bom FILE`. Exit codes: 0 clean, 1 a finding, 2 the call, 3 not done.

Where no vulnerability service can be reached the packages are NOT audited; that is said loudly and ends as 0, unless
TIENDO_AUDIT=required, which makes it 3. In a closed network TIENDO_ADVISORIES names a folder to ask instead: a copy of
a public database of advisories in OSV's format. One whose newest advisory is old is said loudly and ends alike.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from audit import advisories, bom, code, excuses, packages

CLEAN, FINDING, CALL, NOT_DONE = 0, 1, 2, 3
SHOWN = 20
# A public database takes in new advisories every few days.
OLD_DAYS = 31
LINE = "!" * 100


def say(text: str) -> None:
    """One message."""
    sys.stderr.write(f"{text}\n")


def audit_code() -> int:
    """Our own code."""
    known = [excuse for excuse in excuses.read() if excuse.tool == "bandit"]
    return _tell("bandit", excuses.judge(code.findings(), known, datetime.now(UTC).date()))


def audit_packages(ask: packages.Ask = packages.pip_audit) -> int:
    """What is pinned."""
    if folder := os.environ.get("TIENDO_ADVISORIES"):
        return _audit_by(Path(folder), ask)
    return _judge_packages(packages.audit(ask))


def _audit_by(path: Path, ask: packages.Ask) -> int:
    """What is pinned, as a folder of advisories knows it, and from which day on it knows nothing."""
    folder = advisories.read(path)
    with advisories.served(folder) as address:
        failed = _judge_packages(packages.audit(ask, services=(address,)))
    say(f"cảnh báo mới nhất / newest advisory: {folder.newest}")
    if (datetime.now(UTC).date() - folder.newest).days <= OLD_DAYS:
        return failed
    say(
        f"{LINE}\nCHƯA KIỂM TRA các lỗ hổng công bố sau {folder.newest}: kho cảnh báo này đã cũ, hãy chép bản mới.\n"
        f"NOT AUDITED for holes published after {folder.newest}: these advisories are old, bring a newer copy.\n{LINE}"
    )
    return failed or _not_done()


def _judge_packages(done: packages.Audited) -> int:
    known = [excuse for excuse in excuses.read() if excuse.tool == "pip-audit"]
    today = datetime.now(UTC).date()
    if not done.unknown:
        return _tell("pip-audit", excuses.judge(done.found, known, today))
    # What is not known excuses nothing and is excused by nothing; what was found counts all the same.
    needed = [excuse for excuse in known if any(excuse.covers(each) for each in done.found) or excuse.until < today]
    failed = _tell("pip-audit", excuses.judge(done.found, needed, today)) if done.found or needed else CLEAN
    shown = ", ".join(done.unknown[:SHOWN]) + (" …" if len(done.unknown) > SHOWN else "")
    say(
        f"{LINE}\n"
        f"CHƯA KIỂM TRA LỖ HỔNG của các gói sau: không hỏi được dịch vụ nào ({', '.join(packages.SERVICES)}).\n"
        f"NOT AUDITED for known holes: no vulnerability service could say anything about\n    {shown}\n{LINE}"
    )
    return failed or _not_done()


def _not_done() -> int:
    return NOT_DONE if os.environ.get("TIENDO_AUDIT") == "required" else CLEAN


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
