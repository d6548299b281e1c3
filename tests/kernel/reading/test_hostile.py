"""Files that mean harm are refused with a plain sentence, soon, and without harm to who asks."""

from __future__ import annotations

import gzip
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from revops_site.kernel.reading import UnreadableError, look
from tests.kernel.reading import files

assert subprocess  # processes are started: these tests are not pure

MB = 1024 * 1024
# Busy machines are slow; on a quiet one every refusal takes less than a second.
PATIENCE = 5.0
DTD = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
)
FAR = "".join(files.cell_xml(place, "x") for place in ("A1", "XFD1"))

Make = Callable[[Path], Path]


def zip_bomb(folder: Path) -> Path:
    return files.zipped(folder, files.xlsx_parts(" " * (100 * MB)))


def liar(folder: Path) -> Path:
    """A zip whose directory says that a part of 60 MB is one of 1 kB."""
    path = files.zipped(folder, files.xlsx_parts(" " * (60 * MB)))
    data = path.read_bytes()
    path.write_bytes(data.replace((60 * MB).to_bytes(4, "little"), (1024).to_bytes(4, "little")))
    return path


def many_parts(folder: Path) -> Path:
    return files.zipped(folder, {f"xl/{at}.xml": "" for at in range(5000)})


def doctype(folder: Path) -> Path:
    return files.zipped(folder, files.xlsx_parts(DTD + files.sheet_xml("")))


def wide_doctype(folder: Path) -> Path:
    return files.zipped(folder, files.xlsx_parts("") | {"xl/styles.xml": DTD.encode("utf-16")})


def macros(folder: Path) -> Path:
    return files.zipped(folder, files.xlsx_parts("", {"xl/vbaProject.bin": b"x"}))


def old_macros(folder: Path) -> Path:
    return files.xls(folder, [["a", "b"]], parts=["_VBA_PROJECT_CUR"])


def password(folder: Path) -> Path:
    return files.xls(folder, [["a", "b"]], name="book.xlsx", parts=["EncryptedPackage"])


def macro_name(folder: Path) -> Path:
    return files.zipped(folder, files.xlsx_parts(""), name="book.xlsm")


def named_csv(folder: Path) -> Path:
    return files.zipped(folder, files.xlsx_parts(""), name="book.csv")


def named_xlsx(folder: Path) -> Path:
    return files.put(folder, "a,b\n1,2\n", "book.xlsx")


def a_zip(folder: Path) -> Path:
    return files.zipped(folder, {"deals.csv": "a,b\n1,2\n"}, name="deals.zip")


def far_cells(folder: Path) -> Path:
    """Few cells, but a table of 17 thousand million between them."""
    last = f'<row r="1048576">{files.cell_xml("XFD1048576", "x")}</row>'
    xml = files.sheet_xml(f'<row r="1">{FAR}</row>{last}')
    return files.zipped(folder, files.xlsx_parts(xml))


def many_columns(folder: Path) -> Path:
    xml = files.sheet_xml(f'<row r="1">{FAR}</row><row r="2">{FAR.replace("1", "2")}</row>')
    return files.zipped(folder, files.xlsx_parts(xml))


def many_empty_columns(folder: Path) -> Path:
    return files.put(folder, "," * 1_000_000 + "\n1,2\n")


def many_named_columns(folder: Path) -> Path:
    return files.put(folder, ",".join(f"c{at}" for at in range(9000)) + "\n1,2\n")


def long_header(folder: Path) -> Path:
    return files.put(folder, "a" * MB + ",b\n1,2\n")


def all_nul(folder: Path) -> Path:
    return files.put(folder, bytes(MB))


def gzip_of_nul(folder: Path) -> Path:
    return files.put(folder, bytes(100 * MB), "file.csv.gz", packed=True)


def gzip_bomb(folder: Path) -> Path:
    """220 MB of good rows in 200 kB."""
    block = gzip.compress(b"a,b\n" * (5 * MB), 1, mtime=0)
    return files.put(folder, block * 11, "file.csv.gz")


def honest_gzip_bomb(folder: Path) -> Path:
    """One that says its size, as the last four bytes do."""
    path = gzip_bomb(folder)
    path.write_bytes(path.read_bytes()[:-4] + b"\xff\xff\xff\xff")
    return path


def gzip_of_gzip(folder: Path) -> Path:
    return files.put(folder, gzip.compress(b"a,b\n"), "file.csv.gz", packed=True)


def damaged(folder: Path) -> Path:
    return files.put(folder, b"PK\x03\x04" + bytes(5000), "book.xlsx")


HOSTILE = [
    (zip_bomb, "unpacks to more than 100 times its size"),
    (liar, "larger than it says"),
    (many_parts, "more than 500 parts"),
    (doctype, "document type definition"),
    (wide_doctype, "document type definition"),
    (macros, "has macros"),
    (old_macros, "has macros"),
    (password, "protected by a password"),
    (macro_name, "can hold macros"),
    (named_csv, "is an .xlsx workbook, though its name ends in .csv"),
    (named_xlsx, "is not a workbook, though its name ends in .xlsx"),
    (a_zip, "is a zip archive; unpack it first"),
    (far_cells, "needs more memory"),
    (many_columns, "has 16,384 columns; at most 2,000"),
    (many_empty_columns, "has a first line of more than 65,536 characters"),
    (many_named_columns, "has 9,000 columns; at most 2,000"),
    (long_header, "has a first line of more than 65,536 characters"),
    (all_nul, "is a binary file"),
    (gzip_of_nul, "is a binary file"),
    (gzip_bomb, "is compressed more than 100 times"),
    (honest_gzip_bomb, "is compressed more than 100 times"),
    (gzip_of_gzip, "is compressed twice"),
    (damaged, "is a damaged zip archive or workbook"),
]


@pytest.mark.parametrize(("make", "says"), HOSTILE, ids=[make.__name__ for make, _ in HOSTILE])
def test_a_hostile_file_is_refused_at_once(tmp_path: Path, make: Make, says: str) -> None:
    path = make(tmp_path)
    here = psutil.Process()
    memory, used, began = here.memory_info().rss, time.process_time(), time.monotonic()
    with pytest.raises(UnreadableError, match=says):
        look(path)
    took = time.monotonic() - began
    assert took < PATIENCE
    assert time.process_time() - used < 0.5
    assert here.memory_info().rss - memory < 50 * MB
    assert not here.children()


def test_a_million_empty_rows_are_none(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{at}"/>' for at in range(2, 300_000))
    head = files.cell_xml("A1", "deal") + files.cell_xml("B1", "owner")
    last = files.cell_xml("A1048576", "D-1") + files.cell_xml("B1048576", "Ana")
    xml = files.sheet_xml(f'<row r="1">{head}</row>{rows}<row r="1048576">{last}</row>')
    found = look(files.zipped(tmp_path, files.xlsx_parts(xml)))
    assert [record.line for record in found.sample] == [1_048_576]
