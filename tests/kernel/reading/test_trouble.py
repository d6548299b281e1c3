"""What is no record is told with its line, its reason and how it begins; the rest is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from revops_site.kernel.reading import Layout, Record, UnreadableError
from tests.kernel.reading import files

UTF8 = Layout(encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1,2,3", "has 3 fields where the header has 2"),
        (b"1", "has 1 fields where the header has 2"),
        (b"1,\0", "holds a NUL byte"),
        (b"\xff,2", "is not UTF-8 text"),
        (b'1,"2', "opens a quote that is never closed"),
        (b"1," + b"x" * 1_048_600, "is longer than 1048576 characters"),
    ],
)
def test_a_bad_line_costs_itself_alone(tmp_path: Path, line: bytes, reason: str) -> None:
    path = files.put(tmp_path, b"id,amount\n0,x\n" + line + b"\n5,6\n7,8\n")
    before, bad, *after = files.records(path, UTF8)
    assert before == Record(2, ["0", "x"])
    assert (bad.line, bad.trouble) == (3, reason)
    assert bad.begins == line[:200].decode(errors="replace").replace("\0", "\ufffd")
    assert after == [Record(4, ["5", "6"]), Record(5, ["7", "8"])]


def test_a_stray_quote_that_another_one_closes_costs_its_line_alone(tmp_path: Path) -> None:
    path = files.put(tmp_path, 'id,name,n\n1,"Ana,x\n2,Bo,y\n3,Cy,"z"\n')
    stray, *good = files.records(path)
    assert (stray.line, stray.trouble) == (2, "opens a quote that is never closed")
    assert [record.fields for record in good] == [["2", "Bo", "y"], ["3", "Cy", "z"]]


def test_empty_fields_too_many_at_the_end_are_cut_off(tmp_path: Path) -> None:
    path = files.put(tmp_path, "id,name\n1,Ana,,,\n2,Bo\n3,Cy,,x\n")
    good, fine, bad = files.records(path)
    assert (good.fields, fine.fields) == (["1", "Ana"], ["2", "Bo"])
    assert bad.trouble == "has 4 fields where the header has 2"


def test_rows_of_delimiters_alone_are_left_out_and_counted(tmp_path: Path) -> None:
    path = files.put(tmp_path, "id,name\n1,Ana\n,\n\n2,Bo\n,\n")
    found, counts = files.sent(path)
    assert [record.line for record in found] == [2, 5]
    assert counts["ended"] == b'[{"empty rows": 2}, {"empty rows": [3, 6]}, {}]'


def test_hundreds_of_stray_quotes_cost_their_lines_alone(tmp_path: Path) -> None:
    path = files.put(tmp_path, "id,name,n\n" + '1,"Ana,x\n2,Bo,y\n3,Cy,"z"\n' * 250)
    found = files.records(path)
    assert [record.line for record in found] == list(range(2, 752))
    assert [record.line % 3 for record in found if record.trouble] == [2] * 250


@pytest.mark.parametrize("broken", ["cut", "garbage"])
def test_a_damaged_gzip_file_is_unreadable(tmp_path: Path, broken: str) -> None:
    path = files.put(tmp_path, "id,name\n" + "1,Ana\n" * 999, packed=True)
    data = path.read_bytes()
    path.write_bytes(data[:-20] if broken == "cut" else data + b"garbage")
    with pytest.raises(UnreadableError, match="is compressed, and"):
        files.records(path)


def test_gzip_files_put_together_are_one(tmp_path: Path) -> None:
    path = files.put(tmp_path, "id,name\n1,Ana\n", packed=True)
    more = files.put(tmp_path, "2,Bo\n", "more.gz", packed=True)
    path.write_bytes(path.read_bytes() + more.read_bytes() + bytes(100))
    assert files.cells(path) == [["1", "Ana"], ["2", "Bo"]]


class Shouting:
    """Maps a record to its last field in capitals, and drops totals."""

    titles = ("what",)

    def __init__(self, job: Mapping[str, Any], headers: Sequence[str]) -> None:
        if job["needs"] not in headers:
            raise ValueError(f"no header “{job['needs']}”")

    def __call__(self, record: Record) -> Record | str:
        if record.fields[0] == "Total":
            return "total rows"
        return record._replace(fields=[record.fields[-1].upper()])


def test_records_are_mapped_dropped_and_counted(tmp_path: Path) -> None:
    path = files.put(tmp_path, "id,name\n1,ana\n2\nTotal,3\n")
    found, counts = files.sent(path, job={"needs": "name"}, make_map=Shouting)
    assert found[0] == Record(2, ["ANA"])
    assert found[1].trouble == "has 1 fields where the header has 2"
    assert counts["ended"] == b'[{"total rows": 1}, {"total rows": [4]}, {}]'
    assert counts["rows"] == 2


def test_a_job_that_does_not_fit_the_header_says_so(tmp_path: Path) -> None:
    path = files.put(tmp_path, "id,name\n1,ana\n")
    with pytest.raises(UnreadableError, match="does not fit the profile: no header “amount”"):
        files.sent(path, job={"needs": "amount"}, make_map=Shouting)


def test_lines_can_be_asked_for_alone(tmp_path: Path) -> None:
    path = files.put(tmp_path, "id,name\n1,a\n2,b\n3\n4,d\n")
    found, counts = files.sent(path, only={3, 4})
    assert [record.line for record in found] == [3, 4]
    assert counts["rows"] == 2


def test_a_formula_stays_the_text_that_it_is(tmp_path: Path) -> None:
    path = files.put(tmp_path, "id,name\n1,=HYPERLINK(1)\n")
    assert files.cells(path) == [["1", "=HYPERLINK(1)"]]
