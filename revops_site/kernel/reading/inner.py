"""What the reading process does: one job in, frames out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from revops_site.kernel.reading import frames
from revops_site.kernel.reading.layouts import Layout
from revops_site.kernel.reading.records import Looked, Record, Tally, UnreadableError
from revops_site.kernel.reading.tables import Table, opened
from revops_site.kernel.reading.texttables import Passed

CHUNK = 128 * 1024
MOST_SAMPLE = 2 * 1024 * 1024


Map = Callable[[Record], "Record | str"]
MakeMap = Callable[[Mapping[str, Any], Sequence[str]], Any]


def looked(table: Table, most: int) -> Looked:
    """What is told of a file: how it is read, and its first records."""
    sample = _first(table.batches(Tally()), most, MOST_SAMPLE)
    return Looked(
        table.layout, table.headers, tuple(sample), table.sheets, table.notes, table.appended
    )


def _first(records: Iterator[list[Record] | Passed], most: int, size: int) -> list[Record]:
    """The first ``most`` records, of ``size`` characters at most."""
    found: list[Record] = []
    for batch in records:
        for record in islice(batch, most - len(found)) if isinstance(batch, list) else ():
            size -= sum(map(len, record.fields)) + len(record.begins)
            if size < 0:
                return found
            found.append(record)
        if len(found) >= most:
            break
    return found


def run(job: Mapping[str, Any], out: BinaryIO, make_map: MakeMap | None = None) -> None:
    """Do a job: look, or read all; ``make_map`` makes of a profile's job what maps a record."""
    table = opened(Path(job["path"]), Layout.of(job["layout"]))
    if "most" in job:
        says = looked(table, job["most"])
        frames.write_plain(out, frames.LOOKED, [*_plain(says), [*map(list, says.sample)]])
        return
    apply: Any = None
    headers = table.headers
    if job["job"] is not None:
        try:
            apply = (make_map or _make_map)(job["job"], table.headers)
        except ValueError as error:
            raise UnreadableError(f"does not fit the profile: {error}") from None
        headers = tuple(apply.titles)
    only = None if job["only"] is None else frozenset(job["only"])
    frames.write_plain(out, frames.LOOKED, [*_plain(looked(table, 0)), [list(headers)]])
    tally = Tally()
    _stream(table, out, apply, len(headers), only, tally)
    remarks = dict(getattr(apply, "remarks", {}))
    frames.write_plain(out, frames.ENDED, [tally.counts, tally.lines, remarks])


def _stream(
    table: Table,
    out: BinaryIO,
    apply: Map | None,
    width: int,
    only: Collection[int] | None,
    tally: Tally,
) -> None:
    rows = held = 0
    texts: list[str] = []
    for batch in table.batches(tally, quick=apply is None and only is None):
        if isinstance(batch, Passed):
            text, count = batch
        else:
            records = batch if only is None else [r for r in batch if r.line in only]
            kept = records if apply is None else list(_mapped(records, apply, tally))
            text, count = _lines(kept, width), len(kept)
        rows += count
        held += len(text)
        texts.append(text)
        if held >= CHUNK or not held:
            _say(out, rows, table, texts)
            texts, held = [], 0
    _say(out, rows, table, texts)


def _say(out: BinaryIO, rows: int, table: Table, texts: list[str]) -> None:
    counts = frames.COUNTS.pack(rows, min(table.done, table.total), table.total)
    frames.write(out, frames.CHUNK, counts + "".join(texts).encode(errors="replace"))


def _mapped(records: Iterable[Record], apply: Map, tally: Tally) -> Iterator[Record]:
    for record in records:
        result = record if record.trouble else apply(record)
        if isinstance(result, str):
            tally.add(result, record.line)
        else:
            yield result


def _lines(records: Sequence[Record], width: int) -> str:
    """Lines for COPY, of ``width`` fields each; no field of them holds what COPY cannot take."""
    text = _joined(records) or _written(records, width)
    if "\0" in text or "\r" in text:
        plainer = [Record(r.line, [*map(_plainer, r.fields)], *r[2:]) for r in records]
        text = _written(plainer, width)
    return text


def _joined(records: Sequence[Record]) -> str:
    """The lines where no field needs quotes; empty where one does, or a record is in trouble."""
    if any(record[2] for record in records):
        return ""
    fields = [record[1] for record in records]
    text = "\n".join(map(",".join, fields))
    commas = sum(map(len, fields)) - len(fields)
    if '"' in text or text.count(",") != commas or text.count("\n") != len(fields) - 1:
        return ""
    numbered = zip([record[0] for record in records], text.split("\n"), strict=True)
    return "".join(map("%d,,,%s\n".__mod__, numbered)) if records else ""


def _written(records: Iterable[Record], width: int) -> str:
    """Lines with quotes; a record in trouble has empty fields."""
    out = io.StringIO()
    none = [""] * width
    lines = [
        (line, trouble, begins, *(fields or none)) for line, fields, trouble, begins in records
    ]
    csv.writer(out, lineterminator="\n").writerows(lines)
    return out.getvalue()


def _plainer(field: str) -> str:
    return field.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _plain(says: Looked) -> list[Any]:
    return [says.layout.plain(), says.headers, says.sheets, says.notes, says.appended]


def _make_map(job: Mapping[str, Any], headers: Sequence[str]) -> Any:
    """What maps by a profile: profiles know of reading, and only this process of profiles."""
    return import_module("revops_site.kernel.profiles").mapper(job, headers)
