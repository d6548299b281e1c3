"""Shows how far a run of the loader is: bars where a person looks on, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from revops_site.kernel.loading import Progress as Follow
from revops_site.kernel.loading import Step


@contextmanager
def following(stream: TextIO, console: Console | None = None) -> Iterator[Follow]:
    """Within this block, what is given the loader as ``progress`` is shown on the stream."""
    console = console or Console(file=stream)
    if not console.is_terminal:
        yield Lines(stream)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[stage]}"),
        RowsColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bars:
        yield Bars(bars)


class RowsColumn(ProgressColumn):
    """The rows so far, and rows per second."""

    def render(self, task: Task) -> Text:
        """The text for one file."""
        rows = task.fields["rows"]
        rate = rows / task.elapsed if task.elapsed else 0
        return Text(f"{rows:,} rows, {rate:,.0f} rows/s")


class Bars:
    """One bar for each file, as long as its bytes read."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, step: Step) -> None:
        """Move the file's bar on."""
        if step.file not in self._tasks:
            task = self._bars.add_task(step.file, total=step.total, rows=0, stage=step.stage)
            self._tasks[step.file] = task
        task = self._tasks[step.file]
        self._bars.update(task, completed=step.done, rows=step.rows, stage=step.stage)


class Lines:
    """One line for each stage of each file, and now and then one in between."""

    EVERY_SECONDS = 10.0

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last = ("", "")
        self._at = 0.0

    def __call__(self, step: Step) -> None:
        """Write a line if there is something new to say."""
        now = time.monotonic()
        stage = (step.file, step.stage)
        if stage == self._last and now - self._at < self.EVERY_SECONDS:
            return
        self._last, self._at = stage, now
        share = 100 * step.done // max(1, step.total)
        self._stream.write(f"{step.file}: {step.stage}, {step.rows:,} rows, {share} % read\n")
