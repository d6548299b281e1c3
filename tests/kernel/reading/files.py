"""Files as strangers' programs write them, and what reading makes of them."""

from __future__ import annotations

import csv
import gzip
import io
import struct
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from revops_site.kernel.reading import Layout, Record, frames, inner, tables
from revops_site.kernel.reading.records import Tally
from revops_site.kernel.reading.texts import BLOCK


def text(
    rows: Iterable[Sequence[str]],
    *,
    delimiter: str = ",",
    ends: Sequence[str] = ("\n",),
    quotes: bool = False,
) -> str:
    """A table as delimited text; the line ends take turns."""
    lines = []
    for at, row in enumerate(rows):
        cells = (_quoted(cell) if quotes or _needs(cell, delimiter) else cell for cell in row)
        lines.append(delimiter.join(cells) + ends[at % len(ends)])
    return "".join(lines)


def _needs(cell: str, delimiter: str) -> bool:
    return any(mark in cell for mark in (delimiter, '"', "\n", "\r"))


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def put(folder: Path, content: str | bytes, name: str = "file.csv", packed: bool = False) -> Path:
    """A file with this content."""
    data = content.encode() if isinstance(content, str) else content
    path = folder / name
    path.write_bytes(gzip.compress(data, mtime=0) if packed else data)
    return path


def records(path: Path, layout: Layout | None = None, block: int = BLOCK) -> list[Record]:
    """The records of a file, as the reading process makes them."""
    table = tables.opened(path, layout or Layout(), block)
    found: list[Record] = []
    for batch in table.batches(Tally()):
        assert isinstance(batch, list)
        found += batch
    return found


def cells(path: Path, layout: Layout | None = None, block: int = BLOCK) -> list[list[str]]:
    """The fields of its records, all of which are good."""
    found = records(path, layout, block)
    assert not [record for record in found if record.trouble]
    return [record.fields for record in found]


def sent(
    path: Path,
    layout: Layout | None = None,
    job: Mapping[str, Any] | None = None,
    only: Collection[int] | None = None,
    make_map: Callable[..., Any] | None = None,
) -> tuple[list[Record], dict[str, Any]]:
    """What the process sends: the records as COPY would see them, and what it counts."""
    out = io.BytesIO()
    plain = (layout or Layout()).plain()
    lines = None if only is None else sorted(only)
    inner.run({"path": str(path), "layout": plain, "job": job, "only": lines}, out, make_map)
    out.seek(0)
    body, rows, ended = b"", 0, None
    while frame := frames.read(out):
        kind, data = frame
        if kind == frames.CHUNK:
            rows = frames.COUNTS.unpack(data[: frames.COUNTS.size])[0]
            body += data[frames.COUNTS.size :]
        elif kind == frames.ENDED:
            ended = data
    assert ended is not None
    return copied(body.decode()), {"rows": rows, "ended": ended}


def copied(chunks: str) -> list[Record]:
    """Chunks for COPY, taken apart; all lines have as many fields, as COPY demands."""
    rows = list(csv.reader(io.StringIO(chunks, newline=""), strict=True))
    assert len({len(row) for row in rows}) <= 1
    return [
        Record(int(line), [] if trouble else fields, trouble, begins)
        for line, trouble, begins, *fields in rows
    ]


def zipped(folder: Path, parts: Mapping[str, str | bytes], name: str = "book.xlsx") -> Path:
    """A zip archive of these parts."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsx_parts(sheet: str, more: Mapping[str, str | bytes] | None = None) -> dict[str, Any]:
    """The parts of the smallest workbook; ``sheet`` is its sheet's XML."""
    return {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns='
        '"http://schemas.openxmlformats.org/package/2006/content-types"></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets>'
        '<sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{RELS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
        **(more or {}),
    }


def sheet_xml(rows: str) -> str:
    """A sheet's XML around its rows' XML."""
    return (
        f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    )


def cell_xml(place: str, value: str) -> str:
    """A cell of text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def ods(folder: Path, rows: Sequence[Sequence[str]], name: str = "book.ods") -> Path:
    """An OpenDocument workbook of one sheet of texts."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    spoken = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{office}" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="One">{spoken}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    parts = {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content}
    return zipped(folder, parts, name)


def xls(
    folder: Path,
    rows: Sequence[Sequence[str | float]],
    name: str = "book.xls",
    parts: Sequence[str] = (),
) -> Path:
    """An Excel 97 workbook of one sheet; ``parts`` are further names in its container."""
    sheet = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    sheet += _biff(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", at, column, 0)
            if isinstance(cell, str):
                coded = cell.encode("utf-16-le")
                head = struct.pack("<HB", len(cell), 1)
                sheet += _biff(0x0204, place + head + coded)
            else:
                sheet += _biff(0x0203, place + struct.pack("<d", cell))
    sheet += _biff(0x000A, b"")
    begin = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    begin += _biff(0x0042, struct.pack("<H", 1200))
    title = b"One"
    size = 4 + 6 + 2 + len(title)
    offset = len(begin) + size + 4
    begin += _biff(0x0085, struct.pack("<IBBBB", offset, 0, 0, len(title), 0) + title)
    begin += _biff(0x000A, b"")
    return _container(folder / name, (begin + sheet).ljust(4096, b"\0"), parts)


def _biff(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _container(path: Path, stream: bytes, parts: Sequence[str]) -> Path:
    """An OLE file with one stream, in sectors of 512 bytes."""
    sectors = -(-len(stream) // 512)
    names = ["Root Entry", "Workbook", *parts]
    directory = b"".join(_entry(name, at, len(names), len(stream)) for at, name in enumerate(names))
    directory = directory.ljust(-(-len(directory) // 512) * 512, b"\0")
    places = len(directory) // 512
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    chain = [0xFFFFFFFD]  # sector 0 holds this table itself
    chain += [*range(2, places + 1), end]
    chain += [*range(places + 2, places + sectors + 1), end]
    table = struct.pack("<128I", *(chain + [free] * (128 - len(chain))))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", 0, *[free] * 108)
    path.write_bytes(head + table + directory + stream.ljust(sectors * 512, b"\0"))
    return path


def _entry(name: str, at: int, names: int, size: int) -> bytes:
    coded = name.encode("utf-16-le") + b"\0\0"
    none = 0xFFFFFFFF
    kind, child, start = (5, 1, 0xFFFFFFFE) if not at else (2, none, 1 + -(-names * 128 // 512))
    right = at + 1 if 0 < at < names - 1 else none
    length = size if at == 1 else 0
    return (
        coded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(coded), kind, 1, none, right, child)
        + bytes(36)
        + struct.pack("<IQ", start if at < 2 else 0xFFFFFFFE, length)
    )
