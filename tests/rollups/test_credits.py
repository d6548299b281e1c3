"""The ledger of credit: what a won deal's touches earned, and what later evidence adds to it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from insights import rollups, tasks
from insights.models import Credit, CreditDue, CreditRevision, DealJourney, LeadJourney
from marketing.analytics.attribution import RULES
from pipeline.models import Deal
from revops_site.kernel import freshness
from revops_site.kernel.models import Workspace
from tests.rollups.conftest import Put, Take

WON = {"deal_id": "D1", "status": "won", "closed_on": "2024-03-01", "amount": "1000"}


def touch(nth: int, channel: str, day: str, **more: Any) -> dict[str, Any]:
    return {
        "touch_id": f"T{nth}",
        "deal_id": "D1",
        "channel": channel,
        "touched_at": f"{day}T10:00:00Z",
        **more,
    }


@pytest.fixture
def journey(put: Put) -> None:
    """A deal that three touches led to, one of them too long ago, one after its close."""
    put(
        "touchpoints",
        touch(1, "Events", "2023-06-01"),
        touch(2, "Ads", "2024-02-01", campaign="Spring"),
        touch(3, "Mail", "2024-02-20"),
        touch(4, "Mail", "2024-03-02"),
    )
    put("pipeline_deals", WON)


def revisions(deal_id: str = "D1") -> list[tuple[int, list[str], bool]]:
    rows = CreditRevision.objects.filter(deal_id=deal_id).order_by("revision")
    return list(rows.values_list("revision", "reasons", "is_void"))


def lines(revision: int, model: str = "u_shaped") -> dict[str, float]:
    rows = Credit.objects.filter(deal_id="D1", revision=revision)
    return dict(rows.values_list("channel", model))


def test_credit_is_written_when_a_deal_is_won(journey: None) -> None:
    assert revisions() == [(1, ["won"], False)]
    kept = CreditRevision.objects.get()
    assert (kept.version, kept.lookback_days, kept.half_life_days) == ("1", 90, 7)
    assert kept.amount == 1000
    assert kept.closed_at == date(2024, 3, 1)
    assert (kept.touch_ids, kept.ages) == (["T2", "T3"], [29, 10])
    assert lines(1) == {"Ads": 0.5, "Mail": 0.5}
    assert lines(1, "last_touch") == {"Ads": 0, "Mail": 1}


def test_a_deal_that_is_won_by_an_edit_gets_credit_without_touches_too(put: Put) -> None:
    put("pipeline_deals", WON | {"status": "open", "closed_on": ""})
    assert revisions() == []
    put("pipeline_deals", WON)
    assert revisions() == [(1, ["won"], False)]
    assert all(lines(1, model) == {"Unattributed": 1} for model in RULES)


def test_a_touch_that_is_told_later_makes_a_revision_and_leaves_the_first_as_it_was(
    journey: None, put: Put
) -> None:
    put("touchpoints", touch(9, "Events", "2024-02-10"))
    assert revisions() == [(1, ["won"], False), (2, ["touches"], False)]
    assert lines(1) == {"Ads": 0.5, "Mail": 0.5}
    assert lines(2) == pytest.approx({"Ads": 0.4, "Events": 0.2, "Mail": 0.4})
    assert DealJourney.objects.get().revision == 2


def test_touches_that_do_not_count_make_no_revision(journey: None, put: Put) -> None:
    put("touchpoints", touch(9, "Events", "2024-03-05"), touch(10, "Ads", "2022-01-01"))
    put("pipeline_deals", WON | {"region": "US"})
    assert revisions() == [(1, ["won"], False)]


def test_another_amount_and_another_day_are_revisions_with_their_reasons(
    journey: None, put: Put
) -> None:
    put("pipeline_deals", WON | {"amount": "2500", "closed_on": "2024-03-04"})
    assert revisions()[1:] == [(2, ["amount", "close", "touches"], False)]
    assert lines(2) == pytest.approx({"Ads": 0.4, "Mail": 0.6})


def test_a_deal_that_is_opened_again_loses_its_credit_visibly_and_may_win_it_back(
    journey: None, put: Put, take: Take
) -> None:
    put("pipeline_deals", WON | {"status": "open", "closed_on": ""})
    put("pipeline_deals", WON)
    assert revisions()[1:] == [(2, ["reopened"], True), (3, ["won again"], False)]
    assert lines(2) == {}
    assert lines(3) == lines(1)
    take("pipeline_deals", ("D1",))
    assert revisions()[3:] == [(4, ["reopened"], True)]


def test_other_parameters_of_the_workspace_are_a_revision_of_every_credit(
    journey: None, workspace: Workspace
) -> None:
    workspace.refresh_from_db()
    workspace.lookback_days = 20
    workspace.save()
    assert revisions()[1:] == [(2, ["touches", "terms"], False)]
    assert lines(2) == {"Mail": 1}


def test_the_ledger_gives_each_deal_its_whole_self_in_every_model(journey: None) -> None:
    for model in RULES:
        assert sum(lines(1, model).values()) == pytest.approx(1)


def test_leads_without_a_deal_have_a_journey_and_those_with_one_do_not(
    journey: None, put: Put
) -> None:
    cold = {"deal_id": "", "lead_id": "L1", "segment": "SMB", "region": "EMEA"}
    put("touchpoints", *(touch(20 + n, "Ads", f"2024-01-0{n}", **cold) for n in (1, 2)))
    put("touchpoints", touch(23, "Mail", "2024-01-05", **cold))
    found = LeadJourney.objects.get()
    assert (found.path, found.ended_on, found.region) == (["Ads", "Mail"], date(2024, 1, 5), "EMEA")
    put("touchpoints", touch(24, "Mail", "2024-01-06", lead_id="L1"))
    assert not LeadJourney.objects.exists()


def test_journeys_are_as_if_they_were_told_anew(journey: None, put: Put) -> None:
    put("touchpoints", touch(30, "Ads", "2024-01-01", deal_id="", lead_id="L2"))
    put("pipeline_deals", WON | {"deal_id": "D2", "status": "open", "closed_on": ""})
    assert not any(one.differences() for one in rollups.ROLLUPS)


def test_what_is_too_much_for_a_load_is_written_by_the_background(journey: None, put: Put) -> None:
    rollups.credits.mark("deals", [""])
    rollups.credits.mark("leads", ["L7"])
    assert rollups.behind()
    before = freshness.generation()
    Deal.objects.filter(pk="D1").update(amount=7)
    tasks.tell_journeys()
    assert not CreditDue.objects.exists()
    assert revisions()[1:] == [(2, ["amount"], False)]
    assert freshness.generation() > before
