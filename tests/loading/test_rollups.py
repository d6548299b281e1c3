"""The daily roll-up is always the sum of its rows, and only touched days are summed anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from marketing.models import MarketingRollup
from revops_site.kernel.loading import FileReport
from revops_site.kernel.models import FxRate, Workspace
from tests.loading.conftest import MARKETING

LoadOne = Callable[..., FileReport]


def day(number: int, **changes: Any) -> dict[str, Any]:
    return {**MARKETING, "date": f"2024-01-{number:02d}", **changes}


def test_campaigns_of_a_day_are_summed(load_one: LoadOne) -> None:
    load_one("m.csv", day(1), day(1, campaign="Other", spend="99.50", ROI=""), day(2))
    first, second = MarketingRollup.objects.order_by("date")
    assert (first.rows, first.leads, first.spend) == (2, 200, Decimal(1100))
    assert (first.known_spend, first.known_revenue) == (Decimal("1000.5"), Decimal("2206.1025"))
    assert (second.rows, second.unrated) == (1, 0)


def test_revenue_that_is_given_counts_before_the_return(load_one: LoadOne) -> None:
    load_one("m.csv", day(1, revenue="500", ROI="-50.02"), day(2, spend="0", revenue="10"))
    known = list(MarketingRollup.objects.order_by("date").values_list("known_revenue", flat=True))
    assert known == [500, 10]


def test_money_without_a_rate_is_in_no_sum_and_is_counted(
    load_one: LoadOne, workspace: Workspace
) -> None:
    FxRate.objects.create(
        date=date(2024, 1, 1), from_currency="EUR", to_currency="USD", rate=Decimal(2)
    )
    eur = day(1, currency="EUR", campaign="a", spend="10", ROI="0")
    nok = day(1, currency="NOK", campaign="b")
    free = day(1, currency="NOK", campaign="c", spend="0")
    load_one("m.csv", eur, nok, free)
    rollup = MarketingRollup.objects.get()
    assert rollup.spend == rollup.known_revenue == 20
    assert rollup.unrated == 1
    assert rollup.leads == 300


def test_only_the_touched_days_are_summed_anew(load_one: LoadOne) -> None:
    load_one("a.csv", day(1), day(2))
    MarketingRollup.objects.update(leads=-1)
    load_one("b.csv", day(1), day(2, clicks=5), day(3))
    leads = dict(MarketingRollup.objects.values_list("date__day", "leads"))
    assert leads == {1: -1, 2: 100, 3: 100}
