"""A file's records as chunks for COPY, read by a process of their own."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from revops_site.kernel.reading import frames
from revops_site.kernel.reading.layouts import Layout
from revops_site.kernel.reading.process import Reader
from revops_site.kernel.reading.records import Looked, Record, UnreadableError

_CUT = "cannot be read: the reading of it ended too early"


def look(path: Path, layout: Layout | None = None, most: int = 500) -> Looked:
    """How a file is to be read, its headers, and its first ``most`` records at most.

    Raises UnreadableError where it cannot be read, or may not be.
    """
    with Reader({**_job(path, layout), "most": most}) as reader:
        plain, sample = _looked(reader)
    headers, sheets, notes = (tuple(each) for each in plain[1:4])
    records = tuple(Record(*each) for each in sample)
    return Looked(Layout.of(plain[0]), headers, records, sheets, notes, _appended(plain))


class Stream:
    """An iterator over chunks for COPY: CSV of ``line``, ``trouble``, ``begins``, ``c0``, ``c1`` …

    ``job`` maps the records by a profile; ``only`` reads the records of these lines alone.
    ``rows`` have come so far, ``done`` of ``total`` bytes (of a workbook: rows) been read; what
    was left out on purpose is told at the end by ``dropped`` and, the first lines of each,
    ``dropped_lines``; ``remarks`` count what the profile found odd. Raises UnreadableError, at the
    start or on the way. The process that reads ends with the iteration, with ``close()`` or with
    the ``with`` block, whichever comes first.
    """

    def __init__(
        self,
        path: Path,
        layout: Layout | None = None,
        job: Mapping[str, Any] | None = None,
        only: Collection[int] | None = None,
    ) -> None:
        self._ended = False
        self.rows = 0
        self.done = 0
        self.total = 0
        self.dropped: Mapping[str, int] = {}
        self.dropped_lines: Mapping[str, list[int]] = {}
        self.remarks: Mapping[str, int] = {}
        lines = None if only is None else sorted(only)
        self._reader = Reader({**_job(path, layout), "job": job, "only": lines})
        try:
            plain, (headers,) = _looked(self._reader)
        except BaseException:
            self.close()
            raise
        self.layout = Layout.of(plain[0])
        self.headers: tuple[str, ...] = tuple(headers)
        self.notes: tuple[str, ...] = tuple(plain[3])
        self.appended = _appended(plain)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._ended:
            raise StopIteration
        try:
            chunk = self._read()
        except BaseException:
            self.close()
            raise
        if not chunk:
            self.close()
            raise StopIteration
        return chunk

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the reading; there is nothing more to come."""
        self._ended = True
        self._reader.close()

    def _read(self) -> bytes:
        """The next chunk; none at the end."""
        while frame := self._reader.next():
            kind, data = frame
            if kind == frames.ENDED:
                self.dropped, self.dropped_lines, self.remarks = json.loads(data)
                return b""
            counts = frames.COUNTS.size
            self.rows, self.done, self.total = frames.COUNTS.unpack(data[:counts])
            if len(data) > counts:
                return data[counts:]
        raise UnreadableError(_CUT)


def _job(path: Path, layout: Layout | None) -> dict[str, Any]:
    plain = (layout or Layout()).plain()
    return {"path": str(path.absolute()), "layout": plain}


def _appended(plain: list[Any]) -> tuple[tuple[str, int], ...]:
    return tuple((name, before) for name, before in plain[4])


def _looked(reader: Reader) -> tuple[list[Any], list[Any]]:
    frame = reader.next()
    if frame is None or frame[0] != frames.LOOKED:
        raise UnreadableError(_CUT)
    *plain, sample = json.loads(frame[1])
    return plain, sample
