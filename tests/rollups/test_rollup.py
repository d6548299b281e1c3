"""``manage.py rollup`` sums anew, and finds what is untrue."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from insights.catalog import ROLLUPS
from marketing.models import MarketingRollup
from pipeline.models import Deal, DealFlowDay, OpenDealStock, StageStay
from revenue.models import CustomerMonth, RevenueMonth
from revops_site.kernel import freshness
from tests.rollups.conftest import Put


@pytest.fixture
def everything(company: None, put: Put) -> None:
    """Rows in every roll-up."""
    put("marketing_channels", {"date": "2024-01-05", "spend": 10})
    touch = {"channel": "Mail", "touched_at": "2024-01-05T10:00:00Z"}
    put(
        "touchpoints",
        touch | {"touch_id": "T1", "lead_id": "L1"},
        *(touch | {"touch_id": f"D{nth}", "deal_id": f"D{nth}"} for nth in range(20)),
    )
    put("leads", {"lead_id": "L1", "created_at": "2024-01-05", "response_hours": 2})
    put("subscriptions", {"item_id": "I1", "customer_id": "C1", "unit_amount": 100})
    changed = {"field": "amount", "old": "1", "new": "2", "changed_at": "2024-06-01T10:00:00Z"}
    put("deal_changes", {"deal_id": "D1", **changed})
    put(
        "stage_history",
        *(
            {"deal_id": f"D{nth}", "stage_name": "Demo", "entered_at": "2024-02-01T10:00:00Z"}
            for nth in range(20)
        ),
    )


def run(*names: str, check: bool = False) -> str:
    out = StringIO()
    call_command("rollup", *names, check=check, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("everything")
def test_what_loads_and_edits_keep_is_true() -> None:
    lines = run(check=True).splitlines()
    assert [line.split()[0] for line in lines] == [roll_up.name for roll_up in ROLLUPS]
    assert all(line.endswith("true") for line in lines)
    assert all(line.split()[1] != "0" for line in lines)


@pytest.mark.usefixtures("everything")
def test_a_row_that_was_tampered_with_is_found_and_mended() -> None:
    OpenDealStock.objects.filter(pk=OpenDealStock.objects.first().pk).update(amount=1)  # type: ignore[union-attr]
    DealFlowDay.objects.filter(date="2024-01-09").delete()
    CustomerMonth.objects.update(mrr=5)
    RevenueMonth.objects.update(new=7)
    Deal.objects.filter(deal_id="D1").update(state_since="2024-05-05")
    StageStay.objects.filter(deal_id="D1").update(left_on="2024-05-05")
    MarketingRollup.objects.create(
        **dict.fromkeys(("spend", "known_spend", "known_revenue", "impressions", "clicks"), 0),
        **dict.fromkeys(("leads", "mqls", "sqls", "opportunities", "closed_won", "unrated"), 0),
        rows=1,
        date="2030-01-01",
        channel="Made up",
        segment="",
        geo="",
    )
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("rollup", check=True, stdout=out)
    assert ended.value.code == 1
    found = {line.split()[0]: line.split("rows")[1].strip() for line in out.getvalue().splitlines()}
    assert found["open_deals"] == "2 differing"
    assert found["marketing_days"] == "1 differing"
    assert found["deal_past"] == "2 differing"
    assert found["stage_stays"] == "2 differing"
    assert found["deal_journeys"] == "2 differing"  # since when a deal is as it is stands there too
    assert {name for name, says in found.items() if says == "true"} == {
        *("campaign_months", "deal_flow_weeks", "activity_days", "cohorts", "owner_months"),
        *("lead_journeys", "credit_days", "deal_moves", "lead_moves"),
        *("lead_paths", "lead_answers", "deal_briefs", "credit_lines", "currency_months"),
    }
    before = freshness.generation()
    assert "summed anew" in run()
    assert freshness.generation() == before + len(ROLLUPS)
    assert all(line.endswith("true") for line in run(check=True).splitlines())


@pytest.mark.usefixtures("everything")
def test_only_what_is_named_is_summed_anew() -> None:
    Deal.objects.update(is_deleted=True)
    assert run("open_deals").startswith("open_deals")
    assert not OpenDealStock.objects.exists()
    assert DealFlowDay.objects.exists()


def test_a_name_that_nothing_has_is_answered_with_the_known_ones(db: None) -> None:
    with pytest.raises(CommandError, match=r"“sums”; known are marketing_days, "):
        run("sums")
