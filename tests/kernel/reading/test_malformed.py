"""Malformed files, made by spoiling good ones: records or a plain refusal, never a stumble."""

from __future__ import annotations

import gzip
import io
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from revops_site.kernel.reading import UnreadableError, look
from tests.kernel.reading import files

assert subprocess  # processes are started: these tests are not pure

TEXT = "deal;owner;amount;closed\n" + "".join(
    f'D-{at};"Zoë ""Z"" {at}";{at}.50;2024-01-{at:02}\n' for at in range(1, 30)
)
PIECES = (
    b"\0",
    b'"',
    b"\r",
    b"\n\n",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b";;;;",
    b"\x1a",
    b"=1+1",
    b"PK",
)


# What a plain sentence that follows the file's name begins with.
SAYS = {"is", "has", "takes", "needs", "cannot"}


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few changes: flipped, left out, doubled, put in."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        to = min(len(data), at + chance.choice([1, 1, 3, 40, 2000]))
        new = chance.choice(
            [b"", data[at:to] * 2, chance.choice(PIECES), chance.randbytes(to - at)]
        )
        data = data[:at] + new + data[to:]
    return data


def dialects() -> list[bytes]:
    fixed = "".join(f"{f'D-{at}':<8}{'Ana':<14}{at:>6}\n" for at in range(20))
    return [
        TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.replace("\n", "\r\n").encode("cp1252"),
        TEXT.replace(";", "\t").encode("utf-8-sig"),
        gzip.compress(TEXT.encode(), mtime=0),
        fixed.encode(),
    ]


@pytest.mark.parametrize("nth", range(6))
def test_spoilt_texts_are_read_or_refused(tmp_path: Path, nth: int) -> None:
    refusals = set()
    for seed in range(75):
        path = files.put(tmp_path, spoilt(dialects()[nth], random.Random(100 * nth + seed)))
        try:
            found, counts = files.sent(path)
        except UnreadableError as error:
            refusals.add(str(error).split()[0])
            continue
        assert counts["rows"] == len(found)
        assert all(record.line > 0 for record in found)
    assert refusals <= SAYS


def of_bytes(folder: Path, chance: random.Random) -> Path:
    """An .xlsx, .ods or .xls file that is spoilt as a whole."""
    rows = [["deal", "owner"], *([f"D-{at}", "Zoë"] for at in range(50))]
    name = chance.choice(["book.xlsx", "book.ods", "book.xls"])
    if name == "book.xlsx":
        made, out = Workbook(), io.BytesIO()
        for row in rows:
            made.worksheets[0].append(row)
        made.save(out)
        return files.put(folder, spoilt(out.getvalue(), chance), name)
    path = files.ods(folder, rows) if name == "book.ods" else files.xls(folder, rows)
    return files.put(folder, spoilt(path.read_bytes(), chance), name)


def of_parts(folder: Path, chance: random.Random) -> Path:
    """An .xlsx file one part of which is spoilt, and packed as if it were right."""
    head = files.cell_xml("A1", "deal") + files.cell_xml("B1", "owner")
    rows = "".join(f'<row r="{at}">{files.cell_xml(f"A{at}", "x")}</row>' for at in range(2, 30))
    parts = files.xlsx_parts(files.sheet_xml(f'<row r="1">{head}</row>{rows}'))
    part = chance.choice(sorted(parts))
    return files.zipped(folder, parts | {part: spoilt(parts[part].encode(), chance)})


@pytest.mark.parametrize("make", [of_bytes, of_parts])
def test_thirty_spoilt_workbooks_are_read_or_refused(
    tmp_path: Path, make: Callable[[Path, random.Random], Path]
) -> None:
    refusals = set()
    for seed in range(30):
        path = make(tmp_path, random.Random(seed))
        try:
            found = look(path)
        except UnreadableError as error:
            refusals.add(str(error).split()[0])
            continue
        assert all(len(record.fields) == len(found.headers) for record in found.sample)
    assert refusals <= SAYS
