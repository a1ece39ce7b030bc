"""Reads many landed submissions in parallel, in order; a file that kills its reader costs only itself.

In: submissions by batches. Out: their blocks, batch by batch.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from tiendo.programme import Programme
from tiendo.receive.copy_rows import Block, block_of
from tiendo.receive.landing import Landing
from tiendo.receive.problems import make
from tiendo.receive.read import read_report
from tiendo.receive.reading import Reading

log = logging.getLogger(__name__)

FEW = 16


@dataclass(frozen=True)
class Pending:
    """One submission to read."""

    submission_id: UUID
    sha256: str
    door_code: str
    received_on: date


@dataclass(frozen=True)
class Source:
    """Where readers find what they need."""

    programme_dir: Path
    landing: Landing

    def read(self, batch: Sequence[Pending]) -> list[Block]:
        """The blocks of a batch, in order."""
        programme = Programme.read(self.programme_dir)
        return [
            block_of(
                each.submission_id,
                read_report(
                    self.landing.get(each.sha256),
                    programme,
                    door_code=each.door_code,
                    received_on=each.received_on,
                ),
            )
            for each in batch
        ]


def read_batches(source: Source, batches: Sequence[Sequence[Pending]]) -> Iterator[list[Block]]:
    """The blocks of each batch, in order. Few submissions are read here, without paying for processes."""
    if sum(map(len, batches)) <= FEW:
        yield from map(source.read, batches)
        return
    left = list(batches)
    while left:
        with _pool(workers()) as pool:
            futures = [pool.submit(source.read, batch) for batch in left]
            try:
                yield from _finished(futures, left)
            except BrokenProcessPool:
                log.warning("a reader died; what it read is narrowed down to the file that killed it")
        if left:
            yield _carefully(source, left.pop(0))


def _finished(futures: list[Future[list[Block]]], left: list[Sequence[Pending]]) -> Iterator[list[Block]]:
    for future in futures:
        blocks = future.result()
        left.pop(0)
        yield blocks


def _carefully(source: Source, batch: Sequence[Pending]) -> list[Block]:
    """A batch in a process of its own; if that dies, its halves are; a single file that kills is unreadable."""
    try:
        with _pool(1) as pool:
            return pool.submit(source.read, batch).result()
    except BrokenProcessPool:
        if len(batch) == 1:
            return [block_of(batch[0].submission_id, Reading(problems=(make("file_unreadable", ""),)))]
        middle = len(batch) // 2
        return [*_carefully(source, batch[:middle]), *_carefully(source, batch[middle:])]


def workers() -> int:
    """How many readers this machine can use."""
    return min(len(os.sched_getaffinity(0)), 16)


def _pool(size: int) -> ProcessPoolExecutor:
    # spawn: a forked copy of a process with threads (a scheduler's) may hang.
    # Readings hold no cycles: looking for them would cost a tenth of the time.
    return ProcessPoolExecutor(size, mp_context=multiprocessing.get_context("spawn"), initializer=gc.disable)
