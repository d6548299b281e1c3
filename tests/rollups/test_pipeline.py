"""The pipeline's sums are those of its rows, whatever happens to the rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pipeline import rollups
from pipeline.models import ActivityDay, Deal, DealChange, DealFlowDay, DealFlowWeek, OpenDealStock
from revops_site.kernel import rerating
from revops_site.kernel.models import Workspace
from tests.rollups import recomputed
from tests.rollups.conftest import Put, Take

FLOW = ("pipeline_id", "segment", "region")
STOCK = (
    *("owner_id", "pipeline_id", "stage_name", "segment", "region", "source_channel"),
    *("forecast_category", "close_month", "currency"),
)

pytestmark = pytest.mark.usefixtures("company")


def assert_true() -> None:
    days = recomputed.stored(DealFlowDay, "date", *FLOW, "source_channel")
    assert days == recomputed.flow_days()
    weeks = recomputed.stored(DealFlowWeek, "week", "owner_id", *FLOW)
    assert weeks == recomputed.flow_weeks()
    assert recomputed.stored(OpenDealStock, *STOCK) == recomputed.stock()
    assert recomputed.stored(ActivityDay, "date", "rep_id", "type") == recomputed.activity_days()
    assert [roll_up.differences() for roll_up in rollups.ROLLUPS] == [0] * len(rollups.ROLLUPS)


def deal(nth: int) -> dict[str, object]:
    stored = Deal.objects.values().get(deal_id=f"D{nth}")
    return {**stored, "closed_on": stored["closed_at"]}


def test_the_sums_are_those_of_the_rows() -> None:
    assert_true()


def test_deals_whose_days_move_leave_their_old_days(put: Put) -> None:
    for nth in range(0, 120, 9):
        changed = deal(nth) | {"created_at": date(2024, 1, 3)}
        if changed["closed_on"]:
            changed |= {"closed_on": date(2024, 3, 29)}
        put("pipeline_deals", changed)
    assert_true()


def test_deals_whose_amounts_change_were_created_with_the_first(put: Put, take: Take) -> None:
    real = [deal(nth) for nth in range(40)]
    put("pipeline_deals", *(one | {"amount": "7.50"} for one in real))
    put("pipeline_deals", *(one | {"amount": "9", "currency": "USD"} for one in real[:20]))
    assert_true()
    told = [
        {"deal_id": f"D{nth}", "field": "amount", "old": nth, "new": 5, "changed_at": "2024-01-02"}
        for nth in range(30, 60)
    ]
    put("deal_changes", *told)
    assert_true()
    put("deal_changes", *(one | {"field": "currency", "old": "EUR", "new": "USD"} for one in told))
    assert_true()
    assert Deal.objects.filter(first_currency="EUR").exists()
    changes = DealChange.objects.values_list("deal_id", "key")
    take("deal_changes", *changes)
    assert not Deal.objects.exclude(first_amount=None, first_currency=None).exists()
    assert_true()


def test_a_deal_that_is_won_leaves_the_open_ones(put: Put) -> None:
    for won in Deal.objects.filter(status="open")[:5]:
        put("pipeline_deals", deal(int(won.pk[1:])) | {"status": "won", "closed_on": "2024-04-01"})
    assert_true()


def test_deals_that_get_another_owner_or_none_count_for_that_one(put: Put) -> None:
    put("pipeline_deals", *(deal(nth) | {"owner_id": "cy"} for nth in range(10)))
    assert_true()
    put("pipeline_deals", *(deal(nth) | {"owner_id": None} for nth in range(5, 15)))
    assert_true()


def test_deleted_deals_are_in_no_sum(put: Put, take: Take) -> None:
    put("pipeline_deals", *(deal(nth) | {"is_deleted": True} for nth in range(12)))
    assert_true()
    take("pipeline_deals", *((f"D{nth}",) for nth in range(12, 30)))
    assert_true()
    take("pipeline_deals", *((f"D{nth}",) for nth in range(120)))
    assert not DealFlowDay.objects.exists()
    assert not DealFlowWeek.objects.exists()
    assert not OpenDealStock.objects.exists()


def test_a_deal_lost_as_a_duplicate_was_never_created(put: Put) -> None:
    changed = {"is_deleted": False, "status": "lost", "closed_on": "2024-03-01"}
    put("pipeline_deals", deal(1) | changed | {"lost_reason": "Price"})
    before = sum(DealFlowDay.objects.values_list("created", flat=True))
    put("pipeline_deals", deal(1) | changed | {"lost_reason": "Merged"})
    assert sum(DealFlowDay.objects.values_list("created", flat=True)) == before - 1
    assert_true()


def test_other_rates_reach_what_was_created_won_and_lost(put: Put) -> None:
    day = {"from_currency": "EUR", "to_currency": "USD"}
    put("fx_rates", day | {"date": "2024-01-20", "rate": "1.5"})
    assert_true()
    put("fx_rates", {"from_currency": "XAU", "to_currency": "USD", "date": "2023-12-01", "rate": 9})
    assert not DealFlowDay.objects.filter(created_unrated__gt=0, date__gt="2024-01-02").exists()
    assert_true()


def test_another_reporting_currency_reaches_them_too() -> None:
    rerating.soon("EUR")
    assert sum(DealFlowDay.objects.values_list("won_amount", flat=True)) > 0
    assert_true()


def test_a_deal_without_a_probability_has_its_stages(put: Put) -> None:
    unsure = deal(0) | {
        "status": "open",
        "closed_on": None,
        "is_deleted": False,
        "owner_id": "new here",
        "amount": 1000,
        "probability": None,
        "pipeline_id": "new",
        "stage_name": "Demo",
    }
    put("pipeline_deals", unsure)
    (row,) = OpenDealStock.objects.exclude(owner_id__in=["ana", "bo", "cy", ""])
    assert (int(row.amount), int(row.weighted), row.missing_probability) == (1000, 250, 0)
    put("stages", {"stage_id": "Demo", "stage_name": "Demo", "probability": "0.4"})
    (row,) = OpenDealStock.objects.exclude(owner_id__in=["ana", "bo", "cy", ""])
    assert row.weighted == 400
    put("pipeline_deals", unsure | {"stage_name": "Unheard of"})
    (row,) = OpenDealStock.objects.exclude(owner_id__in=["ana", "bo", "cy", ""])
    assert (int(row.amount), int(row.weighted), row.missing_probability) == (1000, 0, 1)
    assert_true()


def test_omitted_deals_can_be_told_from_the_others() -> None:
    kinds = set(OpenDealStock.objects.values_list("forecast_category", flat=True))
    assert kinds == {"Commit", "Omitted", ""}


def test_activities_count_on_the_local_day_they_were_done(put: Put, take: Take) -> None:
    put("activities", {"activity_id": "A1", "done_at": "2024-05-01T23:30:00-05:00"})
    assert ActivityDay.objects.get(date="2024-05-02").done == 1
    put("activities", {"activity_id": "A1", "done_at": "2024-06-01T12:00:00Z", "rep_id": "bo"})
    assert not ActivityDay.objects.filter(date="2024-05-02").exists()
    assert_true()
    take("activities", ("", "A1"), ("D2", "A2"))
    assert_true()


def test_another_time_zone_moves_activities_to_their_new_days(workspace: Workspace) -> None:
    before = list(ActivityDay.objects.values_list("date", "done"))
    workspace.time_zone = "Pacific/Auckland"
    workspace.save(update_fields=["time_zone"])
    assert list(ActivityDay.objects.values_list("date", "done")) != before
    assert_true()


def test_sums_of_money_have_no_rounding(put: Put) -> None:
    put("fx_rates", {"from_currency": "EUR", "to_currency": "USD", "date": "2024-02-01", "rate": 3})
    rerating.soon("EUR")
    put(
        "pipeline_deals",
        {"deal_id": "third", "amount": "1", "currency": "USD", "created_at": "2024-12-24"},
    )
    assert DealFlowDay.objects.get(date="2024-12-24").created_amount == Decimal("0.333333333333")
