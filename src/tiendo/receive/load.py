"""Reads all collected submissions into raw: values, texts, problems and the submission's header and state.

In: raw.submission in state 'collected' and the landing store. Out: the rows, one transaction a batch, so that a broken
load is finished by running it again.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import psycopg

from tiendo.programme import Programme
from tiendo.receive.copy_rows import Block, line, problem_line
from tiendo.receive.landing import LandingError
from tiendo.receive.pool import Pending, Source, read_batches
from tiendo.receive.problems import ERROR, Problem, make

BATCH = 200
LOCK = 7406_0004
SHOWN_PROBLEMS = 20
# One spoilt file must not hide all others.
SHOWN_OF_ONE_FILE = 5
Progress = Callable[[int, int], None]

PENDING = """
select submission_id, sha256, door_code, received_at from raw.submission
where state = 'collected'
order by received_at, submission_id
"""
KIND = "select is_synthetic from raw.submission where state in ('loaded', 'accepted') limit 1"
HEADER = """
create temp table header (
    submission_id uuid, state text, is_synthetic boolean, form_version text, unit_code text, unit_valid_from date,
    period_code text, covers_from date, covers_to date
) on commit drop
"""
UPDATE = """
update raw.submission as s
set
    state = h.state,
    is_synthetic = h.is_synthetic,
    form_version = h.form_version,
    unit_code = h.unit_code,
    unit_valid_from = h.unit_valid_from,
    period_code = h.period_code,
    covers_from = h.covers_from,
    covers_to = h.covers_to
from pg_temp.header as h
where s.submission_id = h.submission_id
"""
FILES = "select submission_id, door_code, file_name from raw.submission where submission_id = any(%s)"


@dataclass(frozen=True)
class FoundProblem:
    """A problem with the file it was found in."""

    door_code: str
    file_name: str
    problem: Problem


@dataclass
class Loaded:
    """What one load did."""

    submission_count: int = 0
    quarantined_count: int = 0
    value_count: int = 0
    problem_counts: dict[str, int] = field(default_factory=dict)
    first_problems: list[FoundProblem] = field(default_factory=list)


def load(connection: psycopg.Connection, source: Source, *, progress: Progress | None = None) -> Loaded:
    """Load everything that was collected and not yet read.

    What the landing store has lost waits as it is; LandingError names it when everything else is loaded.
    """
    done = Loaded()
    with connection.transaction():
        connection.execute("select pg_advisory_lock(%s)", [LOCK])
    try:
        with connection.transaction():
            rows = connection.execute(PENDING).fetchall()
            kind = connection.execute(KIND).fetchone()
        zone = Programme.read(source.programme_dir).time_zone
        pending = [Pending(i, sha, door, at.astimezone(zone).date()) for i, sha, door, at in rows]
        pending, lost = _landed(source, pending)
        is_synthetic: bool | None = kind[0] if kind else None
        batches = [pending[start : start + BATCH] for start in range(0, len(pending), BATCH)]
        for blocks in read_batches(source, batches):
            judged = []
            for block in blocks:
                problems = _judge(block, is_synthetic)
                if is_synthetic is None and not _is_wrong(problems):
                    is_synthetic = block.header.is_synthetic
                judged.append((block, problems))
            with connection.transaction():
                _write(connection, judged)
                _note(connection, done, judged)
            if progress:
                progress(done.submission_count, len(pending))
        if pending:
            # The gate looks at these rows next; a plan made without knowing how many they are took minutes.
            with connection.transaction():
                connection.execute("analyze raw.submission, raw.reported_value")
    finally:
        if not connection.closed:
            with connection.transaction():
                connection.execute("select pg_advisory_unlock(%s)", [LOCK])
    if lost:
        raise LandingError("\n".join(lost[:SHOWN_PROBLEMS]) + (" …" if len(lost) > SHOWN_PROBLEMS else ""))
    return done


def _landed(source: Source, pending: Sequence[Pending]) -> tuple[list[Pending], list[str]]:
    """Those whose bytes are as they came, and what is wrong with the others: our disk's fault and no unit's."""
    sound: list[Pending] = []
    lost: list[str] = []
    for each in pending:
        try:
            source.landing.get(each.sha256)
            sound.append(each)
        except LandingError as found:
            lost.append(str(found))
    return sound, lost


def _judge(block: Block, is_synthetic: bool | None) -> tuple[Problem, ...]:
    """The problems of a block, with what only the warehouse knows: synthetic and real reports never mix."""
    if is_synthetic is None or block.header.is_synthetic in (None, is_synthetic):
        return block.problems
    return (make("synthetic_mixed", ""), *block.problems)


def _is_wrong(problems: Sequence[Problem]) -> bool:
    return any(problem.severity == ERROR for problem in problems)


def _write(connection: psycopg.Connection, judged: Sequence[tuple[Block, tuple[Problem, ...]]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(HEADER)
        with cursor.copy("copy pg_temp.header from stdin") as copy:
            for block, problems in judged:
                state, head = "quarantined" if _is_wrong(problems) else "loaded", block.header
                copy.write(
                    line(
                        block.submission_id,
                        state,
                        head.is_synthetic,
                        head.form_version,
                        head.unit_code,
                        head.unit_valid_from,
                        head.period_code,
                        head.covers_from,
                        head.covers_to,
                    )
                )
        cursor.execute(UPDATE)
        with cursor.copy("copy raw.reported_value from stdin") as copy:
            for block, _ in judged:
                copy.write(block.values)
        with cursor.copy("copy raw.reported_text from stdin") as copy:
            for block, _ in judged:
                copy.write(block.texts)
        with cursor.copy("copy raw.problem from stdin") as copy:
            for block, problems in judged:
                for problem in problems:
                    copy.write(problem_line(block.submission_id, problem))


def _note(connection: psycopg.Connection, done: Loaded, judged: Sequence[tuple[Block, tuple[Problem, ...]]]) -> None:
    for block, problems in judged:
        done.submission_count += 1
        done.value_count += block.value_count
        done.quarantined_count += _is_wrong(problems)
        for problem in problems:
            done.problem_counts[problem.rule_code] = done.problem_counts.get(problem.rule_code, 0) + 1
    room = SHOWN_PROBLEMS - len(done.first_problems)
    # Errors only: warnings travel with the values and are counted.
    errors = ((block, [each for each in problems if each.severity == ERROR]) for block, problems in judged)
    found = ((block.submission_id, each) for block, wrong in errors for each in wrong[:SHOWN_OF_ONE_FILE])
    shown = list(itertools.islice(found, room))
    if shown:
        rows = connection.execute(FILES, [[submission_id for submission_id, _ in shown]]).fetchall()
        names = {submission_id: (door, name) for submission_id, door, name in rows}
        done.first_problems.extend(FoundProblem(*names[submission_id], problem) for submission_id, problem in shown)
