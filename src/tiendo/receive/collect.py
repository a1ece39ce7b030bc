"""Takes new files from the units' doors into the landing store and records each as a submission.

In: <doors>/<unit code>/<any file>. Out: bytes in landing, rows in raw.submission with state 'collected'. Files stay at
the door. Nothing is opened as a spreadsheet here: a file of any kind and any name is taken. What cannot be taken is
left and named, and the rest goes on.
"""

from __future__ import annotations

import errno
import logging
import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg

from tiendo.receive.landing import Landing, LandingError
from tiendo.receive.problems import clean, make

log = logging.getLogger(__name__)

PARTIAL = (b".part", b".tmp")
# Far above what a reader takes, so that a unit gets an answer, and far below what fills the memory.
LARGEST_MIB = 64
LATEST_NS = 2**63 - 1
SHOWN_FAILURES = 20
# What a file answers that has gone, has become something else or is held by its writer: the next time will tell.
CHANGING = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO, errno.EAGAIN)
Progress = Callable[[int, int], None]

ARRIVAL = """
create temp table arrival (
    submission_id uuid, sha256 text, door_code text, file_name text, byte_count bigint, received_at timestamptz,
    file_path bytea, modified_ns bigint
) on commit drop
"""
# Quarantined bytes that come through another door, or later, are judged again: that may be what was wrong with them.
JUDGE_AGAIN = """
with again as (
    select distinct on (a.sha256) a.*
    from pg_temp.arrival as a
    inner join raw.submission as s using (sha256)
    where s.state = 'quarantined' and (a.door_code <> s.door_code or a.received_at > s.received_at)
    order by a.sha256, a.received_at, a.file_path
),

no_problems as (delete from raw.problem where submission_id in (select submission_id from again)),

no_values as (delete from raw.reported_value where submission_id in (select submission_id from again)),

no_texts as (delete from raw.reported_text where submission_id in (select submission_id from again))

update raw.submission as s
set
    door_code = again.door_code,
    file_name = again.file_name,
    received_at = again.received_at,
    collected_at = %(collected_at)s,
    is_historical = %(historical)s,
    state = 'collected',
    is_synthetic = null,
    form_version = null,
    unit_code = null,
    unit_valid_from = null,
    period_code = null,
    covers_from = null,
    covers_to = null
from again
where s.submission_id = again.submission_id
"""
NEW_SUBMISSIONS = """
insert into raw.submission
    (submission_id, sha256, door_code, file_name, byte_count, received_at, collected_at, is_historical, state)
select
    submission_id, sha256, door_code, file_name, byte_count, received_at, %(collected_at)s, %(historical)s, 'collected'
from pg_temp.arrival
order by received_at, sha256, file_path
on conflict do nothing
"""
# Such bytes beside ones that are not judged yet are looked at again when they are.
SEEN_FILES = """
insert into raw.door_file (file_path, byte_count, modified_ns, sha256)
select a.file_path, a.byte_count, a.modified_ns, a.sha256
from pg_temp.arrival as a
inner join raw.submission as s using (sha256)
where
    s.state in ('accepted', 'quarantined')
    or (a.door_code = s.door_code and a.received_at <= s.received_at)
on conflict (file_path) do update
set byte_count = excluded.byte_count, modified_ns = excluded.modified_ns, sha256 = excluded.sha256
"""


class DoorError(OSError):
    """Something at the doors cannot be read. Everything else was collected."""


@dataclass(frozen=True)
class Collected:
    """What one collect did, in files; new_count is in submissions, with those to be judged again."""

    file_count: int
    unchanged_count: int
    new_count: int
    known_count: int
    waiting_count: int
    too_large: tuple[str, ...] = ()


@dataclass(frozen=True)
class DoorFile:
    """One file at a door, as the file system has it."""

    key: bytes
    byte_count: int
    modified_ns: int

    @property
    def mark(self) -> tuple[int, int]:
        """What changes when the file does."""
        return self.byte_count, self.modified_ns

    @property
    def name(self) -> str:
        """Door and file name, fit to be shown."""
        return _shown(self.key)


def collect(
    connection: psycopg.Connection,
    doors: Path,
    landing: Landing,
    *,
    historical: bool = False,
    progress: Progress | None = None,
) -> Collected:
    """Collect all new files of all doors, in one transaction. The same bytes twice are one submission.

    DoorError, when all that can be read is collected, names what cannot.
    """
    look = _Look(doors)
    files = list(look.files())
    seen = _seen(connection)
    fresh = [file for file in files if seen.get(file.key) != file.mark]
    taken = new = known = 0
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(ARRIVAL)
        with landing.batch() as batch, cursor.copy("copy pg_temp.arrival from stdin") as copy:
            for number, file in enumerate(fresh, 1):
                content = look.take(file)
                if content is not None:
                    try:
                        copy.write_row(_arrival(file, batch.put(content), len(content)))
                        taken += 1
                    except LandingError as found:
                        look.failures.append(f"{file.name}: {found}")
                if progress:
                    progress(number, len(fresh))
        if taken:
            now = {"collected_at": datetime.now(UTC), "historical": historical}
            new = cursor.execute(JUDGE_AGAIN, now).rowcount + cursor.execute(NEW_SUBMISSIONS, now).rowcount
            known = cursor.execute(SEEN_FILES).rowcount - new
    if look.failures:
        raise DoorError(_told(look.failures, new))
    waiting = look.waiting_count + taken - new - known
    return Collected(len(files), len(files) - len(fresh), new, known, waiting, tuple(look.too_large))


class _Look:
    """One look at all doors: what is there, and what had to be left there."""

    def __init__(self, doors: Path) -> None:
        self.doors = doors
        self.waiting_count = 0
        self.too_large: list[str] = []
        self.failures: list[str] = []

    def files(self) -> Iterator[DoorFile]:
        """Regular files of all doors in the order of their names; links, dot-files and partial uploads are left."""
        if not self.doors.is_dir():
            return
        for door in _by_name(os.fsencode(self.doors)):
            if door.name.startswith(b".") or not door.is_dir(follow_symlinks=False):
                continue
            try:
                entries = _by_name(door.path)
            except OSError as found:
                self._fail(door.name, found)
                continue
            for entry in entries:
                if entry.name.startswith(b".") or entry.name.lower().endswith(PARTIAL):
                    continue
                key = door.name + b"/" + entry.name
                try:
                    if entry.is_file(follow_symlinks=False):
                        yield DoorFile(key, *_mark(entry.stat(follow_symlinks=False)))
                except OSError as found:
                    self._fail(key, found)

    def take(self, file: DoorFile) -> bytes | None:
        """The bytes of a file; None when it is left at the door for the next time."""
        if file.byte_count > LARGEST_MIB * 2**20:
            problem = make("file_too_large", "", f"{file.byte_count / 2**20:.0f} MiB", f"{LARGEST_MIB} MiB")
            log.warning("%s: %s / %s", file.name, problem.message_vi, problem.message_en)
            self.too_large.append(file.name)
            return None
        path = os.path.join(os.fsencode(self.doors), file.key)  # noqa: PTH118  names need not be UTF-8
        is_file, content, mark = False, b"", file.mark
        try:
            with open(path, "rb", opener=_open) as handle:
                is_file = stat.S_ISREG(os.fstat(handle.fileno()).st_mode)
                content = handle.read(file.byte_count + 1) if is_file else b""
                mark = _mark(os.fstat(handle.fileno()))
        except OSError as found:
            if found.errno not in CHANGING:
                self._fail(file.key, found)
                return None
        if not is_file or mark != file.mark or len(content) != file.byte_count:
            log.warning("%s: đang được ghi, để lại ở cửa. / is still being written, left at the door.", file.name)
            self.waiting_count += 1
            return None
        return content

    def _fail(self, key: bytes, found: OSError) -> None:
        if found.errno not in CHANGING:
            self.failures.append(f"{_shown(key)}: không đọc được / cannot be read ({found.strerror})")


def _told(failures: list[str], new: int) -> str:
    head = (
        f"{len(failures)} mục ở cửa chưa thu được; phần còn lại đã thu ({new} báo cáo mới). / "
        f"{len(failures)} at the doors could not be collected; all others were ({new} new reports)."
    )
    more = ["…"] if len(failures) > SHOWN_FAILURES else []
    return "\n".join([head, *failures[:SHOWN_FAILURES], *more])


def _by_name(folder: bytes) -> list[os.DirEntry[bytes]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _open(path: bytes, flags: int) -> int:
    """No link is followed, and a pipe put in a file's place does not make us wait for its writer."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _mark(info: os.stat_result) -> tuple[int, int]:
    """Size and time of a file; a time beyond what can be kept is the last that can."""
    return info.st_size, max(0, min(info.st_mtime_ns, LATEST_NS))


def _shown(key: bytes) -> str:
    return clean(key.decode("utf-8", "replace"))


def _arrival(file: DoorFile, sha256: str, byte_count: int) -> tuple[object, ...]:
    door, _, name = file.key.decode("utf-8", "replace").partition("/")
    # A clock ahead of ours makes no report of the future.
    received = datetime.fromtimestamp(min(file.modified_ns, time.time_ns()) / 1e9, UTC)
    identity = UUID(hex=sha256[:32])
    return identity, sha256, clean(door), clean(name), byte_count, received, file.key, file.modified_ns


def _seen(connection: psycopg.Connection) -> dict[bytes, tuple[int, int]]:
    with connection.transaction():
        rows = connection.execute("select file_path, byte_count, modified_ns from raw.door_file").fetchall()
    return {bytes(path): (size, modified) for path, size, modified in rows}
