"""The reading process: what it sends, and that nothing of it is left whatever happens."""

from __future__ import annotations

import gc
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from revops_site.kernel.reading import Layout, Stream, UnreadableError, look
from revops_site.kernel.reading.process import Reader
from tests.kernel.reading import files

assert subprocess  # processes are started: these tests are not pure

ROWS = 60_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of 2 MB, more than fits any pipe."""
    rows = "".join(f"D-{at},Ana Almeida,{at}.50,2024-01-31\n" for at in range(ROWS))
    return files.put(tmp_path, "deal,rep,amount,day\n" + rows)


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """No process outlives its test, not even as a zombie."""
    yield
    gc.collect()
    assert not psutil.Process().children()


def test_all_records_come_in_large_chunks_with_their_counts(path: Path) -> None:
    with Stream(path) as stream:
        assert stream.headers == ("deal", "rep", "amount", "day")
        chunks, done = [], []
        for chunk in stream:
            chunks.append(chunk)
            done.append((stream.rows, stream.done))
    assert all(len(chunk) >= 65_536 for chunk in chunks[:-1])
    assert done == sorted(done)
    assert (stream.rows, stream.done, stream.total) == (ROWS, *[path.stat().st_size] * 2)
    found = files.copied(b"".join(chunks).decode())
    assert found[-1] == (
        ROWS + 1,
        [f"D-{ROWS - 1}", "Ana Almeida", f"{ROWS - 1}.50", "2024-01-31"],
        "",
        "",
    )


def test_a_look_tells_the_first_records_alone(path: Path) -> None:
    found = look(path, most=7)
    assert [record.fields[0] for record in found.sample] == [f"D-{at}" for at in range(7)]
    assert found.layout == Layout("csv", "utf-8", ",", False, header=True, skip=0)


def test_what_was_left_out_is_told_at_the_end(tmp_path: Path) -> None:
    path = files.put(tmp_path, "a,b\n1,2\n,\n3,4\n")
    with Stream(path, only=[4]) as stream:
        assert b"".join(stream) == b"4,,,3,4\n"
    assert (stream.dropped, stream.dropped_lines) == ({"empty rows": 1}, {"empty rows": [3]})


def test_a_process_that_is_killed_half_way_makes_the_file_unreadable(path: Path) -> None:
    path.write_bytes(path.read_bytes() * 8)
    stream = Stream(path)
    next(iter(stream))
    psutil.Process(stream._reader.pid).kill()
    with pytest.raises(UnreadableError, match="cannot be read"):
        list(stream)
    assert list(stream) == []


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_error_of_the_one_who_reads_ends_the_process(
    path: Path, error: type[BaseException]
) -> None:
    def reads() -> None:
        for _ in Stream(path):
            raise error

    with pytest.raises(error):
        reads()


def test_a_stream_that_nobody_reads_ends_with_its_owner(path: Path) -> None:
    stream = Stream(path)
    assert psutil.pid_exists(stream._reader.pid)
    del stream


def test_a_process_that_is_silent_for_too_long_is_ended(path: Path) -> None:
    job = {"path": str(path), "layout": {}, "most": 5}
    with (
        pytest.raises(UnreadableError, match="takes too long to read"),
        Reader(job, 0.001) as reader,
    ):
        reader.next()


def test_a_slow_reader_of_the_chunks_is_waited_for(path: Path) -> None:
    with Stream(path) as stream:
        for at, _ in enumerate(stream):
            time.sleep(0.2 if at < 2 else 0)
    assert stream.rows == ROWS


def test_the_process_knows_none_of_the_secrets_around_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary")
    with Stream(path) as stream:
        assert "canary" not in psutil.Process(stream._reader.pid).environ().values()


def test_what_is_no_file_is_said_to_be_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for name, says in [
        ("none.csv", "does not exist"),
        (".", "is not a file"),
        ("pipe.csv", "is not a file"),
    ]:
        with pytest.raises(UnreadableError, match=says):
            look(tmp_path / name)
