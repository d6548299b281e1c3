"""A deal for programs: exactly its names and types, of what one may see."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from pipeline.actions import notes, steps
from pipeline.datasets import CONTACTS, PIPELINE_DEALS
from pipeline.panels.deal import address
from revops_site.kernel import clock
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User
from tests.conftest import AsUser
from tests.pipeline.test_widgets import MOMENT, STAMPS, STUCK, holds

OF_STUCK = {name: promised for name, promised in STUCK.items() if name not in STAMPS}
CONTRACT: dict[str, Any] = {
    **dict.fromkeys(("opportunity_id", "account_name", "opportunity_name", "owner_name"), str),
    "amount": float,
    **dict.fromkeys(("amount_display", "reporting_currency", "stage_name"), str),
    "days_in_stage": int,
    "close_date": date,
    "own_amount": float,
    "currency": str,
    "status": ("open", "won", "lost"),
    "created_date": date,
    "age_days": int,
    "closed_date": date,
    "probability": float,
    **dict.fromkeys(("forecast_category", "lost_reason", "account_id", "owner_id"), str),
    **dict.fromkeys(("pipeline_id", "pipeline_name", "segment", "region", "source_channel"), str),
    "as_of": "2025-06-30",
    "health_score": int,
    "health_category": ("Healthy", "Monitor", "At Risk", "Critical"),
    "urgency": STUCK["urgency"],
    "urgency_icon": str,
    "slip_risk": STUCK["slip_risk"],
    "primary_action": STUCK["primary_action"],
    **dict.fromkeys(("action_target", "action_reason"), str),
    **dict.fromkeys(("days_since_activity", "days_until_close", "deviation_days"), int),
    "risk_flags": list,
    "risk_flags_display": str,
    "flags": list,
    "components": list,
    "category": dict,
    "next_step": dict,
    **dict.fromkeys(("planned", "contacts", "notes"), list),
    "similar": dict,
    "timeline": dict,
    **STAMPS,
}


@pytest.fixture(autouse=True)
def deals(ana: User, cy: User, pipeline_deals: None) -> None:
    """Ana's deals and Cy's."""


def asked(by: User, as_user: AsUser, deal_id: str) -> Any:
    answer = as_user(by).get(f"{address(deal_id)[:-1]}.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer["Cache-Control"] == "no-store"
    return json.loads(answer.content)


def test_an_open_deal_has_the_fields_of_its_contract(ana: User, as_user: AsUser) -> None:
    assert set(OF_STUCK) <= set(CONTRACT)
    notes.add(by=ana, deal_id="A1", body="They like it", at=clock.now())
    told = {"kind": "call", "text": "Ring", "due": "2025-07-09", "seen": "0"}
    steps.plan(by=ana, deal_id="A1", at=clock.now(), **told)
    person = {"deal_id": "A1", "contact_id": "P1", "name": "Pia", "is_champion": "true"}
    assert not rows.write(CONTACTS, [person], kind="sync", source="t", by=None).refused
    row = asked(ana, as_user, "A1")
    holds(row, {**CONTRACT, "created_at": MOMENT}, nulls=True)
    assert (row["amount"], row["amount_display"], row["days_in_stage"]) == (100_000, "$100K", 59)
    assert sum(one["points"] for one in row["components"]) == row["health_score"]
    assert [one["name"] for one in row["flags"]] == row["risk_flags"]
    assert row["next_step"]["text"] == "Ring"
    assert (row["contacts"][0]["name"], row["contacts"][0]["is_champion"]) == ("Pia", True)
    assert (row["notes"][0]["body"], row["notes"][0]["author"]) == ("They like it", "Ana")
    assert row["similar"]["n"] == 3
    assert row["similar"]["win_rate"] is None, "of fewer than 5"
    assert row["timeline"]["notes"] == 1


def test_money_is_in_both_currencies(ana: User, as_user: AsUser) -> None:
    row = asked(ana, as_user, "A2")
    assert (row["own_amount"], row["currency"], row["amount"]) == (60_000, "EUR", 72_000)


def test_a_closed_deal_is_not_judged(ana: User, as_user: AsUser) -> None:
    row = asked(ana, as_user, "A4")
    assert list(row) == list(CONTRACT)
    assert (row["status"], row["closed_date"], row["age_days"]) == ("won", "2025-04-10", 90)
    for name in ("health_score", "urgency", "days_in_stage", "days_until_close", "next_step"):
        assert row[name] is None, name
    assert row["flags"] == row["components"] == []


def test_the_numbers_are_those_of_the_page(ana: User, as_user: AsUser) -> None:
    row = asked(ana, as_user, "A1")
    page = as_user(ana).get(address("A1")).content.decode()
    assert f">{row['health_score']}<" in page
    for one in row["components"]:
        assert f">{one['points']} of {one['max']}<" in page
        assert one["reason"] in page


def test_a_foreign_deal_is_told_like_one_that_is_not(
    ana: User, bo: User, vi: User, as_user: AsUser
) -> None:
    for who in (ana, bo):
        for deal_id in ("C1", "nowhere"):
            assert as_user(who).get(f"/pipeline/deals/{deal_id}.json").status_code == 404
    assert asked(vi, as_user, "C1")["owner_name"] == "Cy Chen"


ODD = ("x.json", "a/b.json/c", "A1/flags", "A1/category", "A1/notes", "A1/panels/x.csv", "flags")


@pytest.mark.parametrize("deal_id", ODD)
def test_no_id_is_hidden_by_an_address_beside_the_page(
    deal_id: str, dee: User, as_user: AsUser
) -> None:
    odd = {"deal_id": deal_id, "account_name": "Odd", "stage_name": "Demo", "status": "open"}
    odd |= {"created_at": "2025-06-01", "amount": "5"}
    assert not rows.write(PIPELINE_DEALS, [odd], kind="sync", source="t", by=None).refused
    client = as_user(dee)
    assert f"<h1>Odd ({deal_id})</h1>" in client.get(address(deal_id)).content.decode()
    assert asked(dee, as_user, deal_id)["opportunity_id"] == deal_id
    quoted = quote(deal_id, safe="")
    for what, title in (("flags", "Flags of"), ("category", "Forecast category of")):
        shown = client.get(f"/pipeline/{what}/{quoted}/").content.decode()
        assert f"<h1>{title} Odd ({deal_id})</h1>" in shown


@pytest.mark.parametrize("what", ["flags", "category"])
def test_old_links_lead_to_the_new_addresses(what: str, ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    answer = client.get(f"/pipeline/deals/A1/{what}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/pipeline/{what}/A1/")
    assert client.get(answer["Location"]).status_code == 200
    assert client.get(f"/pipeline/deals/C1/{what}/", follow=True).status_code == 404
    assert client.get(f"/pipeline/deals/nowhere/{what}/", follow=True).status_code == 404
