"""Whatever a file holds: no exception, and every data row is either accepted or refused."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.catalog import DATASETS
from revops_site.kernel import loading
from revops_site.kernel.models import DataLoad, RejectedRow
from tests.loading.conftest import EVERY_ROW, ROWS, text_of

NASTY = st.sampled_from(
    [
        *("", " ", "\t", "0", "-1", "1e5", "1e-400", "1e308", "9" * 40, "NaN", "-Infinity", "0x1F"),
        *("1_000", "1,5", "2024-02-30", "infinity", "epoch", "0001-01-01", "99999-01-01", "\\."),
        *("\\N", "NULL", "'; DROP TABLE kernel_rep; --", "%s", "{}", '"', '""', "a\nb", "a\rb"),
        *("\x1f", "\ufeff", "\u202e", "\U0001f600", "é", "ẞ", "SMB", "true", "open", "x" * 5000),
        *("2024-01", "2024-13", "2024-01-05T08:30:00Z", "2024-01-05 08:30", "2024-02-31 00:00"),
        *("2024-0--05", "2024-01-05T24:00:00+15:59", "Q4 2024", "FY24", "Q0 2024", "2024-00"),
    ]
)
CELLS = st.one_of(NASTY, st.text(max_size=6))


def check(path: Path, name: str) -> None:
    (report,) = loading.load([path], DATASETS, dataset=name).files
    assert report.rows == report.accepted + report.refused
    assert report.accepted == report.inserted + report.updated + report.unchanged
    if report.status == "loaded":
        kept = DataLoad.objects.latest("id")
        lines = RejectedRow.objects.filter(load=kept).values("line").distinct()
        assert lines.count() == report.refused


@pytest.mark.django_db
@pytest.mark.parametrize("name", EVERY_ROW)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_nasty_cells_are_sorted_out(tmp_path: Path, name: str, data: st.DataObject) -> None:
    rows = []
    for _ in range(data.draw(st.integers(1, 4))):
        columns = st.sampled_from(list(EVERY_ROW[name]))
        changed = data.draw(st.dictionaries(columns, CELLS, max_size=5))
        rows.append({**EVERY_ROW[name], **changed})
    path = tmp_path / "f.csv"
    path.write_bytes(text_of(*rows).encode(errors="replace"))
    check(path, name)


@pytest.mark.django_db
@pytest.mark.parametrize("name", EVERY_ROW)
def test_bytes_that_flipped_on_the_way_are_sorted_out(tmp_path: Path, name: str) -> None:
    chance = random.Random(name)
    whole = text_of(*[EVERY_ROW[name]] * 5).encode()
    header = whole.index(b"\n") + 1
    for _ in range(6):  # most are read by a process of their own
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            at = chance.randrange(header, len(damaged))
            damaged[at] = chance.choice(b'\0\r\n",;\xff\xe9 9-.\\')
        path = tmp_path / "f.csv"
        path.write_bytes(damaged[: chance.randrange(header, len(damaged) + 1)])
        check(path, name)


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=300), st.sampled_from(list(ROWS)))
def test_any_bytes_at_all_get_an_answer(tmp_path: Path, data: bytes, name: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    check(path, name)
