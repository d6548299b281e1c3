"""What a run of the loader tells: each file's fate, counted, with its first refused rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

# Sheets whose records follow each other, each with the number of lines counted before it.
Appended: TypeAlias = tuple[tuple[str, int], ...]
Status = Literal["loaded", "checked", "unchanged", "refused", "skipped", "undone"]
Stage = Literal["reading", "checking", "writing"]
Stopped = Literal["", "unreadable", "strict"]

_PLURAL = re.compile(r"\b(row|repeat)s\b")
NONE_ACCEPTED = 1
EXIT_CODES: Mapping[Stopped, int] = {"": 0, "unreadable": 2, "strict": 3}


@dataclass(frozen=True)
class RefusedRow:
    """A cell that a row was refused for, or the whole row where ``column`` is empty."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Why:
    """So many ``cells`` of a column were refused for a reason, the first of them as line and value.

    Reasons that differ in their numbers alone are one, with “…” for these; ``column`` is empty
    where whole rows were refused.
    """

    column: str
    reason: str
    cells: int
    examples: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Lines:
    """So many rows, and the lines of the first of them."""

    rows: int = 0
    lines: tuple[int, ...] = ()


NO_LINES = Lines()


@dataclass(frozen=True)
class FileReport:
    """What became of one file; ``rows`` is always ``accepted + refused``.

    ``warnings`` maps a kind of warning to the number of rows it concerns. ``sample`` holds the
    first refused cells, ``reasons`` count all of them. ``status`` is ``checked`` instead of
    ``loaded`` in a dry run. ``notes`` say how the file was read, ``appended`` which of its
    sheets. ``dropped`` are the records that were left out on purpose, by kind: they are none of
    ``rows``. Of the refused rows ``repeats`` are those that say what another one says,
    ``replaced`` those whose key a later row has too.
    """

    file: str
    status: Status
    dataset: str = ""
    message: str = ""
    rows: int = 0
    accepted: int = 0
    refused: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    warnings: Mapping[str, int] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    seconds: float = 0.0
    sample: tuple[RefusedRow, ...] = ()
    reasons: tuple[Why, ...] = ()
    notes: tuple[str, ...] = ()
    dropped: Mapping[str, Lines] = field(default_factory=dict)
    repeats: Lines = NO_LINES
    replaced: Lines = NO_LINES
    appended: Appended = ()


def place(line: int, appended: Sequence[Sequence[Any]] = ()) -> str:
    """Where a record stands, for people: its line, in its own sheet where several were read."""
    for name, before in reversed(appended):
        if line > before:
            return f"{name}, line {line - before:,}"
    return f"line {line:,}"


def some(rows: int, kind: str) -> str:
    """So many rows of a kind, whose name is a plural: 1 total row, 2 total rows."""
    one = _PLURAL.sub(r"\1", kind) if rows == 1 else kind
    return f"{rows:,} {one}"


@dataclass(frozen=True)
class Report:
    """All files of one run; ``stopped`` says why nothing was loaded, and is empty otherwise."""

    run: str
    files: tuple[FileReport, ...]
    stopped: Stopped
    dry_run: bool
    seconds: float

    @property
    def exit_code(self) -> int:
        """0 done; 1 done, but not with a row of each file; 2 unreadable; 3 strict."""
        without = (f.status == "refused" or (f.rows and not f.accepted) for f in self.files)
        if not self.stopped and any(without):
            return NONE_ACCEPTED
        return EXIT_CODES[self.stopped]


@dataclass(frozen=True)
class Step:
    """How far a file has come: ``done`` of ``total`` bytes read, and the rows found in them."""

    file: str
    stage: Stage
    rows: int
    done: int
    total: int


Progress: TypeAlias = Callable[[Step], None]
