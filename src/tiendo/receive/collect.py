"""Takes new files from the units' doors into the landing store and records each as a submission.

In: <doors>/<unit code>/<any file>. Out: bytes in landing, rows in raw.submission with state 'collected'. Files stay at
the door. Nothing is opened as a spreadsheet here: a file of any kind and any name is taken.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg

from tiendo.receive.landing import Landing
from tiendo.receive.problems import clean

log = logging.getLogger(__name__)

PARTIAL = (b".part", b".tmp")
# Beyond what any form can be: not even taken, so that one file cannot fill memory and disk. Smaller ones are told.
LARGEST_TAKEN = 200_000_000
Progress = Callable[[int, int], None]

NEW_SUBMISSIONS = """
insert into raw.submission
    (submission_id, sha256, door_code, file_name, byte_count, received_at, collected_at, is_historical, state)
select
    submission_id, sha256, door_code, file_name, byte_count, received_at, %(collected_at)s, %(historical)s, 'collected'
from pg_temp.arrival
order by received_at, sha256
on conflict do nothing
"""
# Bytes that wait in quarantine and come again are read again: what was wrong may have been their door or their day.
AGAIN = """
update raw.submission as s
set
    state = 'collected',
    door_code = a.door_code,
    file_name = a.file_name,
    received_at = a.received_at,
    collected_at = %(collected_at)s,
    is_historical = %(historical)s
from (select distinct on (sha256) * from pg_temp.arrival order by sha256, received_at desc, file_path) as a
where s.sha256 = a.sha256 and s.state = 'quarantined'
returning s.submission_id
"""
FORGET = (
    "delete from raw.reported_value where submission_id = any(%s)",
    "delete from raw.reported_text where submission_id = any(%s)",
    "delete from raw.problem where submission_id = any(%s)",
)
SEEN_FILES = """
insert into raw.door_file (file_path, byte_count, modified_ns, sha256)
select file_path, file_bytes, modified_ns, sha256 from pg_temp.arrival
on conflict (file_path) do update
set byte_count = excluded.byte_count, modified_ns = excluded.modified_ns, sha256 = excluded.sha256
"""
ARRIVAL = """
create temp table arrival (
    submission_id uuid, sha256 text, door_code text, file_name text, byte_count integer, received_at timestamptz,
    file_path bytea, file_bytes bigint, modified_ns bigint
) on commit drop
"""


@dataclass(frozen=True)
class Collected:
    """What one collect did, in files; new_count is in submissions that are to be read, for the first time or again."""

    file_count: int
    unchanged_count: int
    new_count: int
    known_count: int
    waiting_count: int


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


def collect(
    connection: psycopg.Connection,
    doors: Path,
    landing: Landing,
    *,
    historical: bool = False,
    progress: Progress | None = None,
) -> Collected:
    """Collect all new files of all doors, in one transaction. The same bytes twice are one submission."""
    files = list(door_files(doors))
    seen = _seen(connection)
    fresh = [file for file in files if seen.get(file.key) != file.mark]
    waiting = new = 0
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(ARRIVAL)
        with cursor.copy("copy pg_temp.arrival from stdin") as copy:
            for number, file in enumerate(fresh, 1):
                content = _take(doors, file)
                if content is None:
                    waiting += 1
                else:
                    copy.write_row(_arrival(file, landing.put(content), len(content)))
                if progress:
                    progress(number, len(fresh))
        if fresh:
            facts = {"collected_at": datetime.now(UTC), "historical": historical}
            again = [row[0] for row in cursor.execute(AGAIN, facts)]
            for statement in FORGET if again else ():
                cursor.execute(statement, [again])
            cursor.execute(NEW_SUBMISSIONS, facts)
            new = cursor.rowcount + len(again)
            cursor.execute(SEEN_FILES)
    return Collected(len(files), len(files) - len(fresh), new, len(fresh) - waiting - new, waiting)


def door_files(doors: Path) -> Iterator[DoorFile]:
    """Regular files of all doors in the order of their names; links, dot-files and partial uploads are left alone."""
    if not doors.is_dir():
        return
    root = os.fsencode(doors)
    for door in sorted(os.scandir(root), key=lambda entry: entry.name):
        if door.name.startswith(b".") or not door.is_dir(follow_symlinks=False):
            continue
        try:
            entries = sorted(os.scandir(door.path), key=lambda entry: entry.name)
        except OSError as found:
            log.warning("%s: this door cannot be opened (%s)", clean(os.fsdecode(door.name)), found.strerror)
            continue
        for entry in entries:
            if entry.name.startswith(b".") or entry.name.lower().endswith(PARTIAL):
                continue
            # What has gone meanwhile, or may not be looked at, is not here.
            with contextlib.suppress(OSError):
                if entry.is_file(follow_symlinks=False):
                    info = entry.stat(follow_symlinks=False)
                    yield DoorFile(door.name + b"/" + entry.name, info.st_size, info.st_mtime_ns)


def _take(doors: Path, file: DoorFile) -> bytes | None:
    """The bytes of a file; None when it is still being written or has gone, and is left for the next time."""
    if file.byte_count > LARGEST_TAKEN:
        log.warning("%s: %d bytes, too large, left at the door", clean(os.fsdecode(file.key)), file.byte_count)
        return None
    path = os.path.join(os.fsencode(doors), file.key)  # noqa: PTH118  names need not be UTF-8
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as handle:
            content = handle.read()
            after = os.fstat(handle.fileno())
    except OSError as found:
        log.warning("%s: left at the door (%s)", clean(os.fsdecode(file.key)), found.strerror)
        return None
    if (after.st_size, after.st_mtime_ns) != file.mark or len(content) != file.byte_count:
        log.warning("%s: still being written, left at the door", clean(os.fsdecode(file.key)))
        return None
    return content


def _arrival(file: DoorFile, sha256: str, byte_count: int) -> tuple[object, ...]:
    door, _, name = file.key.decode("utf-8", "replace").partition("/")
    try:
        received = datetime.fromtimestamp(file.modified_ns / 1e9, UTC)
    except (ValueError, OverflowError, OSError):
        # A file time of no calendar: what is known is that the file is here now.
        received = datetime.now(UTC)
    identity = UUID(hex=sha256[:32])
    return identity, sha256, clean(door), clean(name), byte_count, received, file.key, file.byte_count, file.modified_ns


def _seen(connection: psycopg.Connection) -> dict[bytes, tuple[int, int]]:
    with connection.transaction():
        rows = connection.execute("select file_path, byte_count, modified_ns from raw.door_file").fetchall()
    return {bytes(path): (size, modified) for path, size, modified in rows}
