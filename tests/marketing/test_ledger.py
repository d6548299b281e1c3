"""Every number can say what it is made of: operands, SQL and rows that give it again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.catalog import DATASETS
from marketing.metrics import METRICS
from marketing.panels import LEDGER
from revops_site.kernel import loading
from revops_site.kernel.explain import explain
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.metrics import Metric
from tests import marketing_days as marketing

pytestmark = pytest.mark.usefixtures("marketing_days")
ASKED = st.builds(
    Filters,
    period=st.sampled_from(["all", "30d", "90d", "this_month", "last_month", None]),
    segment=st.lists(st.sampled_from(["SMB", "MM", "ENT"]), max_size=2).map(tuple),
    channel=st.lists(st.sampled_from(["Google Ads", "LinkedIn"]), max_size=2).map(tuple),
    campaign=st.lists(st.sampled_from(["Brand", "Launch", "Summer"]), max_size=2).map(tuple),
    as_of=st.none() | st.dates(date(2025, 5, 1), date(2025, 7, 31)),
)


def cut(asked: Filters) -> Slice:
    return narrow(asked, Allowed(), date(2025, 6, 30), first_month=1, currency="USD")


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.slug)
def test_a_number_comes_with_the_operands_of_its_formula(metric: Metric) -> None:
    found = explain(LEDGER, metric, cut(Filters()))
    assert tuple(found.measured.operands) == metric.operands
    assert found.measured.value is not None


@given(asked=ASKED)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None
)
def test_the_rows_and_the_sql_behind_a_number_give_it_again(asked: Filters) -> None:
    slice_ = cut(asked)
    spend = next(metric for metric in METRICS if metric.field == "total_spend")
    found = explain(LEDGER, spend, slice_)
    from_rows = sum(float(row.spend * row.fx_rate) for row in found.rows)
    assert (found.measured.value or 0) == pytest.approx(from_rows)
    with connection.cursor() as cursor:
        cursor.execute(found.sql)
        names = [column.name for column in cursor.description]
        answer = dict(zip(names, cursor.fetchone() or [], strict=False))
    assert float(answer.get("spend") or 0) == pytest.approx(from_rows)


def test_sums_over_rows_and_over_the_roll_up_are_the_same(tmp_path: Path) -> None:
    """With refunds, revenue given, implied and unknown, and money without a rate."""
    header = f"{marketing.HEADER},revenue,currency"
    rows = (
        "2025-06-01,A,c1,SMB,US,100,10,9,8,7,6,5,4,,,,,50,,USD",
        "2025-06-01,A,c2,SMB,US,-40,10,9,8,7,6,5,4,,,,,,,USD",
        "2025-06-01,A,c1,ENT,US,0,10,9,8,7,6,5,4,,,,,50,,USD",
        "2025-06-02,B,c1,MM,EU,70,10,9,8,7,6,5,4,,,,,50,900,USD",
        "2025-06-02,B,c2,MM,EU,70,10,9,8,7,6,5,4,,,,,50,900,EUR",
        "2025-06-03,B,c2,MM,EU,0,10,9,8,7,6,5,4,,,,,,,EUR",
    )
    report = loading.load([marketing.write(tmp_path, rows, header)], DATASETS, strict=True)
    assert report.exit_code == 0
    channels = ("A", "B")
    rolled_up = LEDGER.totals(cut(Filters(channel=channels)))
    from_rows = LEDGER.totals(cut(Filters(channel=channels, campaign=("c1", "c2"))))
    assert rolled_up == from_rows
    assert rolled_up["known_revenue"] == 100 * 1.5 + 900
    assert rolled_up["unrated"] == 1
