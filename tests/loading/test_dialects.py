"""Any table of text, written in any dialect: every row is accounted for, and none differently."""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.catalog import DATASETS
from revops_site.kernel import loading
from revops_site.kernel.loading import FileReport
from revops_site.kernel.reading import Layout
from tests.loading.conftest import EVERY_ROW
from tests.loading.test_fuzz import CELLS

assert subprocess  # processes are started: these tests are not pure

NAMES = ("pipeline_deals", "marketing_channels", "customer_mrr", "notes")
DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", ";", "\t", "|", "^"]),
        "lineterminator": st.sampled_from(["\n", "\r\n", "\r"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    }
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
FEW = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.slow
@pytest.mark.django_db
@FEW
@given(st.data(), st.sampled_from(NAMES), DIALECTS, ENCODINGS, st.booleans())
def test_a_table_is_the_same_in_every_dialect(
    tmp_path: Path,
    data: st.DataObject,
    name: str,
    dialect: dict[str, Any],
    encoding: str,
    packed: bool,
) -> None:
    rows = [list(EVERY_ROW[name])]
    for _ in range(data.draw(st.integers(1, 4))):
        changed = data.draw(
            st.dictionaries(st.sampled_from(list(EVERY_ROW[name])), CELLS, max_size=4)
        )
        rows.append([_writable(cell) for cell in {**EVERY_ROW[name], **changed}.values()])
    plain = tmp_path / "plain.csv"
    plain.write_bytes(_written(rows, {"lineterminator": "\n"}).encode())
    other = tmp_path / "other.csv"
    content = _written(rows, dialect).encode(encoding)
    other.write_bytes(gzip.compress(content) if packed else content)
    told = Layout(format="csv", encoding=encoding, delimiter=dialect["delimiter"], header=True)
    assert _found(other, name, told) == _found(plain, name, Layout())


@pytest.mark.slow
@pytest.mark.django_db
@FEW
@given(
    st.lists(st.lists(st.text(max_size=6), min_size=1, max_size=5), max_size=6),
    st.sampled_from(NAMES),
    DIALECTS,
    ENCODINGS,
)
def test_any_table_in_any_dialect_gets_an_answer(
    tmp_path: Path, rows: list[list[str]], name: str, dialect: dict[str, Any], encoding: str
) -> None:
    path = tmp_path / "any.csv"
    whole = [list(EVERY_ROW[name]), *rows]
    path.write_bytes(_written(whole, dialect).encode(encoding, errors="replace"))
    report = _report(path, name, Layout())
    assert report.rows == report.accepted + report.refused
    assert report.status in {"checked", "refused"}


def _writable(cell: object) -> str:
    """As a cell that every dialect can say, with its line ends as one."""
    text = str(cell).replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return text.encode(errors="replace").decode()


def _written(rows: list[list[str]], dialect: dict[str, Any]) -> str:
    out = io.StringIO(newline="")
    if dialect["lineterminator"] == "\r":  # the writer would leave an LF in a cell without quotes
        dialect = {**dialect, "quoting": csv.QUOTE_ALL}
    csv.writer(out, **dialect).writerows(rows)
    return out.getvalue()


def _report(path: Path, name: str, layout: Layout) -> FileReport:
    (report,) = loading.load([path], DATASETS, dataset=name, layout=layout, dry_run=True).files
    return report


def _found(path: Path, name: str, layout: Layout) -> object:
    report = _report(path, name, layout)
    cells = [(cell.line, cell.column, cell.value, cell.reason) for cell in report.sample]
    dropped = dict(report.dropped)
    return report.message, report.rows, report.accepted, report.refused, sorted(cells), dropped
