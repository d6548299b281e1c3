"""What moved MRR, customer by customer and month by month, as sums that follow every edit."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from revenue import rollups
from revenue.models import Customer, CustomerMonth, Movement, OwnerMonth, RevenueMonth
from tests.rollups import recomputed
from tests.rollups.conftest import Put, Take

KEYS = ("month", "segment", "plan", "region", "currency")
KINDS = ("new", "expansion", "contraction", "churn", "reactivation")
LAST = 18  # months from January 2024 on


def month(nth: int) -> date:
    return date(2024 + nth // 12, nth % 12 + 1, 1)


@pytest.fixture
def history(put: Put) -> None:
    """Thirty customers that come, grow, pause, change plan or currency, and go."""
    dice = random.Random(11)
    put(
        "revenue_customers",
        *(
            {
                "customer_id": f"C{who}",
                "segment": "SMB",
                "region": dice.choice(("EMEA", "US")),
                "owner_id": dice.choice(("ana", "bo", None)),
            }
            for who in range(25)
        ),
    )
    put(
        "customer_mrr",
        *(
            {
                "customer_id": f"C{who}",
                "month": month(nth),
                "mrr": dice.choice((0, 50, 50, 50, 75)),
                "currency": "EUR" if dice.random() < 0.05 else "USD",
                "segment": dice.choice(("ENT", None)),
                "plan": dice.choice(("Basic", "Pro")),
            }
            for who in range(30)
            for nth in range(LAST)
            if dice.random() < 0.9
        ),
    )


def assert_true() -> None:
    for model, keys in ((RevenueMonth, KEYS), (OwnerMonth, (*KEYS, "owner_id"))):
        stored = recomputed.stored(model, *keys)
        assert {key: {**row, "rows": 0} for key, row in stored.items()} == {
            key: {**row, "rows": 0} for key, row in _months(len(keys)).items()
        }
    assert [roll_up.differences() for roll_up in rollups.ROLLUPS] == [0] * len(rollups.ROLLUPS)


def _months(keys: int) -> recomputed.Sums:
    """The months' sums, each customer's walked through from its first month to the last one.

    By the first so many of their keys: with the owner it is six.
    """
    sums: dict[Any, Any] = defaultdict(lambda: defaultdict(Decimal))
    regions = dict(Customer.objects.values_list("customer_id", "region"))
    owners = dict(Customer.objects.values_list("customer_id", "owner_id"))
    for who in set(CustomerMonth.objects.values_list("customer_id", flat=True)):
        for at, segment, plan, currency, measures in _moves(who):
            key = (at, segment, plan, regions.get(who, ""), currency, owners.get(who) or "")
            row = sums[key[:keys]]
            for name, value in measures.items():
                row[name] += value
                if name in {*KINDS, "starting", "year_ago"}:
                    row[f"{name}_customers"] += value > 0
    return {key: {n: v for n, v in row.items() if v} for key, row in sums.items()}


def _moves(who: str) -> Iterator[tuple[date, str, str, str, dict[str, Any]]]:
    paid = {row.month: row for row in CustomerMonth.objects.filter(customer_id=who, mrr__gt=0)}
    default = Customer.objects.filter(pk=who).values_list("segment", flat=True).first() or ""
    for nth in range(LAST):
        now, last, year = (paid.get(month(nth - ago)) for ago in (0, 1, 12))
        for currency in ("USD", "EUR"):
            known = [row for row in (now, last, year) if row and row.currency == currency]
            if not known:
                continue
            m1, m0, then = (
                row.mrr if row in known and row else Decimal(0) for row in (now, last, year)
            )
            measures = {
                "mrr": m1,
                "customers": int(m1 > 0),
                "starting": m0,
                "year_ago": then,
                "year_ago_now": m1 if then else 0,
                "year_ago_kept": min(m1, then),
                "year_ago_left": 0 if m1 else then,
                "year_ago_still": int(bool(m1 and then)),
            }
            if m1 and then and any(month(nth - ago) not in paid for ago in range(1, 12)):
                measures |= {"year_ago_returned": m1, "year_ago_returned_kept": min(m1, then)}
            ever = any(at < month(nth) for at in paid)
            if kind := _kind(m0, m1, ever):
                measures[kind] = abs(m1 - m0)
            yield month(nth), known[0].segment or default, known[0].plan, currency, measures


def _kind(m0: Decimal, m1: Decimal, ever: bool) -> str:
    if m1 == m0:
        return ""
    if not m0:
        return "reactivation" if ever else "new"
    if not m1:
        return "churn"
    return "expansion" if m1 > m0 else "contraction"


@pytest.mark.usefixtures("history")
def test_the_sums_are_those_of_the_ledger() -> None:
    assert_true()


@pytest.mark.usefixtures("history")
def test_every_month_ends_where_its_movements_lead() -> None:
    assert RevenueMonth.objects.count() > 100
    for row in RevenueMonth.objects.all():
        gained = row.new + row.expansion + row.reactivation
        assert row.starting + gained - row.contraction - row.churn == row.mrr
    ends: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    starts: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    for row in RevenueMonth.objects.all():
        ends[row.month, row.currency] += row.mrr
        starts[row.month, row.currency] += row.starting
    for nth in range(1, LAST):
        for currency in ("USD", "EUR"):
            assert starts[month(nth), currency] == ends[month(nth - 1), currency]


@pytest.mark.usefixtures("history")
def test_an_edited_month_moves_itself_the_next_and_the_one_a_year_on(put: Put, take: Take) -> None:
    for nth, mrr in ((3, 0), (3, 80), (0, 0), (17, 0), (16, 1)):
        put("customer_mrr", {"customer_id": "C3", "month": month(nth), "mrr": mrr, "plan": "Pro"})
        assert_true()
    take("customer_mrr", ("C3", month(4)), ("C4", month(1)))
    assert_true()


@pytest.mark.usefixtures("history")
def test_another_region_or_segment_moves_a_customers_past_along(put: Put, take: Take) -> None:
    put(
        "revenue_customers",
        {"customer_id": "C3", "segment": "MM", "region": "LATAM", "owner_id": "ana"},
    )
    assert set(Movement.objects.filter(customer_id="C3").values_list("region", flat=True)) == {
        "LATAM"
    }
    assert_true()
    take("revenue_customers", ("C3",), ("C4",))
    assert_true()


@pytest.mark.usefixtures("history")
def test_a_customer_that_is_gone_from_the_ledger_is_gone_from_the_sums(take: Take) -> None:
    stored = CustomerMonth.objects.filter(customer_id__in=["C1", "C2"])
    take("customer_mrr", *stored.values_list("customer_id", "month"))
    assert not Movement.objects.filter(customer_id__in=["C1", "C2"]).exists()
    assert_true()


def test_a_month_without_a_word_is_a_month_without_pay(put: Put) -> None:
    paid = {0: 100, 1: 150, 2: 120, 4: 120, 5: 120}
    put(
        "customer_mrr",
        *({"customer_id": "C1", "month": month(nth), "mrr": mrr} for nth, mrr in paid.items()),
        {"customer_id": "C2", "month": month(6), "mrr": 0},
    )
    moves = Movement.objects.order_by("month").values_list("month__month", "kind", "mrr")
    assert [(nth, kind, int(mrr)) for nth, kind, mrr in moves] == [
        (1, "new", 100),
        (2, "expansion", 150),
        (3, "contraction", 120),
        (4, "churn", 0),
        (5, "reactivation", 120),
        (6, "", 120),
        (7, "churn", 0),
    ]


def test_data_that_reach_further_go_on_for_everybody(put: Put) -> None:
    put("subscriptions", {"item_id": "I1", "customer_id": "C1", "unit_amount": 10})
    put("customer_mrr", {"customer_id": "C2", "month": month(0), "mrr": 5})
    assert [(row.month, int(row.mrr)) for row in RevenueMonth.objects.all()] == [(month(0), 15)]
    put("customer_mrr", {"customer_id": "C3", "month": month(2), "mrr": 1})
    by_month = {nth: RevenueMonth.objects.filter(month=month(nth)) for nth in range(3)}
    assert [sum(r.mrr for r in by_month[nth]) for nth in range(3)] == [15, 10, 11]
    assert [sum(r.churn for r in by_month[nth]) for nth in range(3)] == [0, 5, 0]


def test_what_customers_of_a_year_ago_pay_now_is_kept_beside(put: Put) -> None:
    first, later = {"C1": 100, "C2": 100, "C3": 100}, {"C1": 130, "C2": 60, "C4": 500}
    put(
        "customer_mrr",
        *({"customer_id": who, "month": month(0), "mrr": mrr} for who, mrr in first.items()),
        *({"customer_id": who, "month": month(12), "mrr": mrr} for who, mrr in later.items()),
    )
    row = RevenueMonth.objects.get(month=month(12))
    assert (row.year_ago_customers, int(row.year_ago)) == (3, 300)
    assert (int(row.year_ago_now), int(row.year_ago_kept)) == (190, 160)
