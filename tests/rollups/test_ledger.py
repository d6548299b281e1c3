"""The ledger takes each customer's months from the best that is known, and forgets no MRR."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from revenue import rollups
from revenue.models import Customer, CustomerMonth
from revenue.rollups import items
from tests.rollups.conftest import Put, Take


@pytest.fixture(autouse=True)
def all_true(db: None):  # type: ignore[no-untyped-def]
    """Whatever a test does, the ledger and its sums are as they would be if made anew."""
    yield
    assert [roll_up.differences() for roll_up in rollups.ROLLUPS] == [0] * len(rollups.ROLLUPS)


def months(customer: str = "C1") -> dict[str, tuple[int, str]]:
    """Month → MRR and where it is known from."""
    stored = CustomerMonth.objects.filter(customer_id=customer).order_by("month")
    return {f"{row.month:%Y-%m}": (int(row.mrr), row.origin) for row in stored}


def item(**changes: object) -> dict[str, object]:
    return {"item_id": "I1", "customer_id": "C1", "unit_amount": 100, **changes}


def mrr(month: str, amount: object, customer: str = "C1") -> dict[str, object]:
    return {"customer_id": customer, "month": month, "mrr": amount, "segment": "SMB"}


def customer(**changes: object) -> dict[str, object]:
    return {"customer_id": "C1", "segment": "SMB", "plan": "Basic", **changes}


def test_an_item_pays_from_its_first_month_to_the_last_of_the_data(put: Put) -> None:
    put("subscriptions", item(start_date="2024-01-31"), item(item_id="I2", customer_id="C2"))
    put("subscriptions", item(item_id="I3", customer_id="C3", start_date="2024-03-05"))
    assert months() == {f"2024-0{n}": (100, "subscriptions") for n in (1, 2, 3)}
    assert months("C3") == {"2024-03": (100, "subscriptions")}


def test_items_of_a_customer_are_added_up_and_the_largest_names_the_plan(put: Put) -> None:
    put(
        "subscriptions",
        item(plan="Seats", quantity=3),
        item(item_id="I2", plan="Support", unit_amount=1200, interval="year"),
    )
    row = CustomerMonth.objects.get()
    assert (int(row.mrr), row.plan, row.load_id) == (400, "Seats", None)


def test_an_item_pays_until_the_month_end_before_its_end(put: Put) -> None:
    put("subscriptions", item(item_id="I9", customer_id="C9", start_date="2024-05-31"))
    put("subscriptions", item(status="canceled", ended_on="2024-03-31"))
    assert list(months()) == ["2024-01", "2024-02"]
    put("subscriptions", item(status="active", ended_on="2024-04-01"))
    assert list(months()) == ["2024-01", "2024-02", "2024-03"]
    put("subscriptions", item(status="canceled"))
    assert months() == {}


def test_trials_and_discounts_end_when_they_say(put: Put) -> None:
    put("subscriptions", item(item_id="I9", customer_id="C9", start_date="2024-05-31"))
    put(
        "subscriptions",
        item(trial_end="2024-02-01", percent_off=50, amount_off=10, discount_end="2024-03-31"),
    )
    paid = {month: amount for month, (amount, _) in months().items()}
    assert paid == {"2024-02": 40, "2024-03": 100, "2024-04": 100, "2024-05": 100}


def test_what_a_file_of_mrr_gives_stays_whatever_else_is_known(put: Put, take: Take) -> None:
    put("customer_mrr", mrr("2024-02", 70), mrr("2024-04", 0, "C2"))
    put("subscriptions", item())
    put("revenue_customers", customer(mrr=55))
    subscribed, given = (100, "subscriptions"), (70, "file")
    assert months() == {
        "2024-01": subscribed,
        "2024-02": given,
        "2024-03": subscribed,
        "2024-04": subscribed,
    }
    put("customer_mrr", mrr("2024-03", 80))
    assert months()["2024-03"] == (80, "file")
    take("customer_mrr", ("C1", date(2024, 3, 1)))
    assert months()["2024-03"] == subscribed
    take("subscriptions", ("C1", "I1"))
    listed = (55, "customers")
    assert months() == {"2024-02": given, "2024-03": listed, "2024-04": listed}


def test_a_list_of_customers_speaks_from_its_last_month_until_the_next_list(put: Put) -> None:
    late = customer(customer_id="C2", start_date="2024-02-10")
    put("revenue_customers", customer(mrr=50), late | {"mrr": 5})
    assert months() == {"2024-02": (50, "customers")}
    put("customer_mrr", mrr("2024-04", 1, "C3"))
    assert months() == {f"2024-0{n}": (50, "customers") for n in (2, 3, 4)}
    put("revenue_customers", customer(mrr=60), late | {"mrr": 5, "start_date": "2024-06-03"})
    assert {month: paid for month, (paid, _) in months().items()} == {
        "2024-02": 50,
        "2024-03": 50,
        "2024-04": 50,
        "2024-05": 50,
        "2024-06": 60,
    }


def test_who_left_pays_no_more_and_the_last_mrr_is_kept(put: Put) -> None:
    put("revenue_customers", customer(mrr=50, start_date="2024-02-10"))
    gone = customer(mrr=0, start_date="2024-02-10", churned_flag=True, churn_date="2024-04-20")
    put("revenue_customers", gone)
    assert {month: paid for month, (paid, _) in months().items()} == {"2024-02": 50, "2024-03": 50}
    assert Customer.objects.get().last_mrr == 50


def test_the_last_mrr_is_the_ledgers_where_the_list_never_gave_one(put: Put) -> None:
    gone = customer(mrr=0, churned_flag=True, churn_date="2024-04-20")
    put("revenue_customers", gone)
    put("customer_mrr", mrr("2024-01", 10), mrr("2024-02", 20), mrr("2024-03", 0))
    assert Customer.objects.get().last_mrr == 20


def test_a_file_that_sets_the_past_of_one_who_left_to_0_is_not_believed(put: Put) -> None:
    paid = [mrr("2024-01", 0), mrr("2024-02", 50), mrr("2024-03", 80), mrr("2024-04", 80)]
    put("customer_mrr", *paid)
    put("revenue_customers", customer(churned_flag=True, churn_date="2024-05-10"))
    nothing = [row | {"mrr": 0} for row in [*paid, mrr("2024-05", 0)]]
    for _ in range(2):
        put("customer_mrr", *nothing, mrr("2024-06", 1, "C2"), kind="sync")
        assert {month: amount for month, (amount, _) in months().items()} == {
            "2024-01": 0,
            "2024-02": 50,
            "2024-03": 80,
            "2024-04": 80,
            "2024-05": 0,
        }
    assert Customer.objects.get().last_mrr == 80


def test_a_person_may_set_a_month_of_one_who_left_to_0(put: Put) -> None:
    put("customer_mrr", mrr("2024-03", 80), mrr("2024-04", 80))
    put("revenue_customers", customer(churned_flag=True, churn_date="2024-05-10"))
    put("customer_mrr", mrr("2024-03", 0), kind="edit")
    put("customer_mrr", mrr("2024-04", 90), kind="app")
    assert months() == {"2024-03": (0, "file"), "2024-04": (90, "file")}


def test_a_file_may_set_a_month_to_0_of_one_who_stays(put: Put) -> None:
    put("customer_mrr", mrr("2024-03", 80), mrr("2024-04", 80))
    put("revenue_customers", customer(mrr=80))
    put("customer_mrr", mrr("2024-03", 0))
    assert months() == {"2024-03": (0, "file"), "2024-04": (80, "file")}


def test_items_in_two_currencies_are_one_customers_mrr(put: Put) -> None:
    euro = {"from_currency": "EUR", "to_currency": "USD"}
    put("fx_rates", euro | {"date": "2024-01-01", "rate": "1.5"})
    put("subscriptions", item(), item(item_id="I2", currency="EUR", start_date="2024-01-02"))
    row = CustomerMonth.objects.get()
    assert (int(row.mrr), row.currency) == (250, "USD")
    put("fx_rates", euro | {"date": "2024-01-01", "rate": "2"})
    assert CustomerMonth.objects.get().mrr == 300


def test_an_item_is_worth_what_it_costs_a_month_unrounded(put: Put) -> None:
    put(
        "subscriptions",
        item(unit_amount=1, interval="day"),
        item(item_id="I2", interval_count=2, unit_amount=240, amount_off=40),
        item(item_id="I3", status="paused"),
        item(item_id="I4", usage_type="metered"),
    )
    worth = {one.item_id: one.mrr for one in items.on(date(2024, 1, 31))}
    assert worth["I1"] == pytest.approx(Decimal(365) / 12)
    assert [worth[name] for name in ("I2", "I3", "I4")] == [Decimal(n) for n in (100, 0, 0)]
