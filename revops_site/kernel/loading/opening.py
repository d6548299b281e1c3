"""How each file of a run is read: as plain CSV here, or as what else it is by another process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading.heads import MOST_COLUMNS, Head
from revops_site.kernel.loading.reports import Appended
from revops_site.kernel.profiles import Profile, ProfileError, Target, job
from revops_site.kernel.reading import Layout, Stream, UnreadableError, look

ANYTHING = Layout()


@dataclass(frozen=True)
class Asked:
    """What whoever loads says of the files; what is left open is found by looking."""

    dataset: Dataset | None = None
    profile: Profile | None = None
    layout: Layout = ANYTHING

    @property
    def is_plain(self) -> bool:
        """Whether nothing is said of how the files are to be read."""
        return self.profile is None and self.layout == ANYTHING

    @property
    def whole(self) -> Layout:
        """The layout that is said, with the profile's where it is open."""
        told = self.profile.layout.plain() if self.profile else {}
        return Layout.of({**told, **self.layout.plain()})


@dataclass(frozen=True)
class Reading:
    """How the reading process reads a file: its layout, and what maps its records by a profile.

    ``sha256`` is that of all that was said about it, second files included; empty if nothing was.
    """

    layout: Layout
    headers: tuple[str, ...]
    job: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()
    sha256: str = ""
    appended: Appended = ()

    def stream(self, path: Path, only: Collection[int] | None = None) -> Stream:
        """The records, as chunks for COPY; raises UnreadableError."""
        return Stream(path, self.layout, self.job, only)


@dataclass(frozen=True)
class Way:
    """How a file is read: its ``headers``, and either a plain ``head`` or a ``reading``."""

    head: Head | None = None
    reading: Reading | None = None

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers of the records."""
        if self.reading:
            return self.reading.headers
        return self.head.fields if self.head else ()


def mapped(path: Path, dataset: Dataset, asked: Asked) -> Reading:
    """How a file is read by a profile; raises UnreadableError where it does not fit the file."""
    assert asked.profile is not None
    targets = [Target.of(column) for column in dataset.columns]
    try:
        plain = job(asked.profile, targets, path.parent)
    except ProfileError as error:
        raise UnreadableError(f"does not fit the profile: {error}") from None
    with Stream(path, asked.whole, plain) as stream:
        sha256 = _sha256(asked.whole, plain["profile"], plain["lookups"])
        return Reading(stream.layout, stream.headers, plain, stream.notes, sha256, stream.appended)


def looked(path: Path, asked: Asked) -> Reading:
    """How a file is read as it is; raises UnreadableError where it cannot be."""
    layout = asked.layout
    found = look(path, layout, most=0)
    if layout.header is False and not layout.names and asked.dataset:
        titles = [column.title for column in asked.dataset.columns][: len(found.headers)]
        found = look(path, replace(layout, names=(*titles, *found.headers[len(titles) :])), most=0)
    if len(found.headers) > MOST_COLUMNS:
        many = f"{len(found.headers):,} columns; at most {MOST_COLUMNS}"
        raise UnreadableError(f"has {many} can be read without a profile")
    sha256 = "" if asked.is_plain else _sha256(layout)
    return Reading(found.layout, found.headers, None, found.notes, sha256, found.appended)


def _sha256(layout: Layout, profile: str = "", lookups: Mapping[str, str] | None = None) -> str:
    beside = {
        name: hashlib.sha256(Path(path).read_bytes()).hexdigest()
        for name, path in (lookups or {}).items()
    }
    said = json.dumps([layout.plain(), profile, beside], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
