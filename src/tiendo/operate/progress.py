"""What `make up` says while it works: a live line a step on a terminal, plain lines anywhere else.

In: the beginning, the news and the end of steps, from any thread. Out: text on standard output.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

# Plain output goes to logs: news of a step is worth a line this often.
PLAIN_SECONDS = 10.0

News = Callable[[str], None]


class Reporter:
    """Steps with their time; `with Reporter() as reporter: with reporter.step("…") as news: news("3/10")`."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, markup=False, soft_wrap=True)
        self._started = time.monotonic()
        self._live = self.console.is_terminal
        self._progress = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}", markup=False),
            TextColumn("{task.fields[news]}", style="dim", markup=False),
            TimeElapsedColumn(),
            console=self.console,
        )

    def __enter__(self) -> Self:
        if self._live:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._progress.stop()

    def say(self, line: str) -> None:
        """One line that stays."""
        self.console.print(line)

    @contextlib.contextmanager
    def step(self, label: str) -> Iterator[News]:
        """One step; what is yielded takes its news."""
        live = self._live_step if self._live else self._plain_step
        with live(label) as news:
            yield news

    @contextlib.contextmanager
    def _live_step(self, label: str) -> Iterator[News]:
        task = self._progress.add_task(label, total=1, news="")
        yield lambda text: self._progress.update(task, news=text)
        self._progress.update(task, completed=1)

    @contextlib.contextmanager
    def _plain_step(self, label: str) -> Iterator[News]:
        began = time.monotonic()
        told, told_at = "", began

        def news(text: str) -> None:
            nonlocal told, told_at
            now = time.monotonic()
            if text != told and now - told_at >= PLAIN_SECONDS:
                told, told_at = text, now
                self.say(f"{self._clock()} … {label}: {text}")

        self.say(f"{self._clock()} {label}")
        yield news
        self.say(f"{self._clock()} ✓ {label} ({time.monotonic() - began:.1f} s)")

    def _clock(self) -> str:
        return f"[{time.monotonic() - self._started:5.0f} s]"
