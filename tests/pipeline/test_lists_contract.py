"""The published JSON of the lists: exactly its names and types, with a way there beside each."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from pipeline import panels
from pipeline.datasets import STAGE_HISTORY
from pipeline.panels.widgets import WIDGETS
from revops_site.kernel.listings import Listing
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User
from revops_site.kernel.panels import Page, Panel
from tests.conftest import AsUser

DAY = "as_of=2025-06-30"
RULES = (
    *("no_next_step", "past_close", "no_close_date", "no_amount", "no_contact", "no_owner"),
    "not_updated",
)
RECOVERY: Mapping[str, Any] = {
    **dict.fromkeys(("owner_id", "owner_name"), str),
    **dict.fromkeys(("left", "moved_on", "dropped"), int),
    "recovery_rate": float,
    "low_sample": bool,
}
AGE: Mapping[str, Any] = {"bucket": str, "from_days": int, "deals": int, "amount": float}
STAGE: Mapping[str, Any] = {
    "stage_name": str,
    "deals": int,
    "share": float,
    "amount": float,
    "open_deals": int,
}
OWNER: Mapping[str, Any] = {
    **dict.fromkeys(("owner_id", "owner_name"), str),
    "score": float,
    **dict.fromkeys(("deals", "clean", *RULES), int),
}
TREND: Mapping[str, Any] = {
    "snapshot_date": date,
    "score": float,
    **dict.fromkeys(("deals", *RULES), int),
}
HYGIENE: Mapping[str, Any] = {
    **dict.fromkeys(("hygiene_score", "clean_deals"), float),
    **dict.fromkeys(("deals", *RULES), int),
    **dict.fromkeys(("owners", "trend"), list),
    **dict.fromkeys(("created_at", "updated_at", "data_freshness"), str),
}


@pytest.fixture(autouse=True)
def stayed(ana: User, cy: User, pipeline_deals: None) -> None:
    """Ana's won and Cy's lost deal were long in a stage before."""
    stay = {"pipeline_id": "new", "stage_name": "Demo"}
    given = [
        stay | {"deal_id": "A4", "entered_at": "2025-01-15", "exited_at": "2025-04-10"},
        stay | {"deal_id": "C4", "entered_at": "2025-02-10", "exited_at": "2025-05-20"},
    ]
    at = [
        one | {name: f"{one[name]}T10:00:00Z" for name in ("entered_at", "exited_at")}
        for one in given
    ]
    assert not rows.write(STAGE_HISTORY, at, kind="sync", source="test", by=None).refused


def told(client: Client, name: str, query: str = DAY) -> Any:
    answer = client.get(f"/pipeline/lists/{name}.json?{query}")
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def holds(row: Mapping[str, Any], contract: Mapping[str, Any]) -> None:
    """The names in the contract's order, each of its type or null."""
    assert list(row) == list(contract)
    for name, promised in contract.items():
        value = row[name]
        if promised is date:
            assert date.fromisoformat(value), name
        elif value is not None:
            assert type(value) is promised or (promised is float and type(value) is int), name


@pytest.mark.parametrize("page", [panels.HEALTH, *panels.LISTS], ids=lambda page: page.slug)
def test_each_contract_is_linked_beside_what_it_is_of(
    page: Page, dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    parts: list[Panel | Listing] = [*page.panels, *page.listings]
    wanted = {one.contract for one in parts if one.contract}
    assert wanted
    for address in wanted:
        *_, of, name = address.removesuffix(".json").split("/")
        assert (of, name) in WIDGETS
        assert client.get(f"{address}?{DAY}").status_code == 200
    shown = client.get(f"{page.address}?{DAY}&segment=SMB").content.decode()
    links = [unescape(one) for one in re.findall(r'href="([^"]*)" download>Contract', shown)]
    assert {one.partition("?")[0] for one in links} <= wanted
    for one in links:
        assert "segment=SMB" in one
        assert client.get(one).status_code == 200


def test_every_widget_of_the_lists_is_somebody_s_contract() -> None:
    pages = (panels.HEALTH, panels.FORECAST, panels.STAGE_VELOCITY, panels.BRIDGE, *panels.LISTS)
    linked = {one.contract for page in pages for one in page.panels}
    linked |= {one.contract for page in pages for one in page.listings}
    assert {f"/pipeline/{page}/{name}.json" for page, name in WIDGETS} <= linked


def test_who_gets_stuck_deals_moving_again(dee: User, ana: User, as_user: AsUser) -> None:
    found = told(as_user(dee), "stuck_recovery")
    for one in found:
        holds(one, RECOVERY)
    assert {one["owner_id"]: (one["moved_on"], one["recovery_rate"]) for one in found} == {
        "ana": (1, 1.0),
        "cy": (0, 0.0),
    }
    assert all(one["low_sample"] for one in found), "two deals are too few for a rate"
    assert [one["owner_id"] for one in told(as_user(ana), "stuck_recovery")] == ["ana"]


def test_stuck_deals_by_age_and_by_stage(dee: User, as_user: AsUser) -> None:
    ages, stages = (told(as_user(dee), name) for name in ("stuck_ages", "stuck_stages"))
    for found, contract in ((ages, AGE), (stages, STAGE)):
        for one in found:
            holds(one, contract)
    assert [(one["from_days"], one["deals"]) for one in ages] == [
        (30, 0),
        (45, 1),
        (60, 1),
        (90, 0),
    ]
    assert {one["stage_name"]: one["deals"] for one in stages} == {"Discovery": 1, "Demo": 1}


def test_hygiene_has_its_rules_owners_and_days(dee: User, as_user: AsUser) -> None:
    found = told(as_user(dee), "hygiene")
    holds(found, HYGIENE)
    for one in found["owners"]:
        holds(one, OWNER)
    for one in found["trend"]:
        holds(one, TREND)
    assert sum(one["deals"] for one in found["owners"]) == found["deals"] == 5


def test_of_a_past_day_a_rule_that_nobody_can_judge_is_null(dee: User, as_user: AsUser) -> None:
    found = told(as_user(dee), "hygiene", "as_of=2025-06-15")
    assert found["no_next_step"] is None
    assert found["past_close"] == 1
    assert all(one["no_next_step"] is None for one in found["owners"])
