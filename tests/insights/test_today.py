"""What waits for a reader today: in the order of its reasons, done and put off by each alone."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pipeline.actions import terms
from pipeline.datasets import ORDERS, PIPELINE_DEALS, STAGES
from pipeline.models import Deal
from revops_site.kernel import clock
from revops_site.kernel.loading import rows
from revops_site.kernel.models import AuditEvent, User
from tests.conftest import AsUser

HX = {"HX-Request": "true", "HX-Target": "panel-today"}
# Deal, owner, amount, days without an update, days in the stage, stage.
DEALS = (
    ("late", "ana", 100, 8, 5, "Demo"),
    ("later", "ana", 50, 20, 5, "Demo"),
    ("latest", "ana", 900, 15, 70, "Demo"),  # stuck as well: told once, by the graver reason
    ("stuck", "ana", 10, 0, 31, "Demo"),
    ("rusty", "ana", 10, 0, 60, "Demo"),
    ("invoice", "ana", 10, 0, 3, "GR"),
    ("papers", "ana", 1, 0, 3, "Under Progress"),
    ("fresh", "ana", 99999, 0, 0, "Demo"),
    ("foreign", "cy", 5000, 90, 90, "Demo"),
)
ORDER = ["papers", "latest", "later", "invoice", "rusty", "late", "stuck"]


@pytest.fixture
def company(ana: User, cy: User) -> None:
    load()


def load(deals_: Sequence[tuple[str, str, int, int, int, str]] = DEALS) -> None:
    today = clock.today()
    deals = [
        {
            "deal_id": key,
            "opportunity_name": f"{key} deal",
            "owner_id": owner,
            "amount": str(amount),
            "stage_name": stage,
            "status": "open",
            "created_at": f"{today - timedelta(200)}",
            "update_time": f"{today - timedelta(idle)}T12:00:00Z",
            "last_stage_change": f"{today - timedelta(stay)}",
        }
        for key, owner, amount, idle, stay, stage in deals_
    ]
    stage = {"stage_id": "S1", "stage_name": "GR", "stage_order": "1", "is_closed": "false"}
    order = {"order_id": "O1", "deal_id": "papers", "received_on": f"{today - timedelta(30)}"}
    lacks = {"materials_purchased": "true", "survey_checklist_present": "false"}
    given = (
        (PIPELINE_DEALS, deals),
        (STAGES, [stage | {"days_to_invoice": "7", "is_execution": "true"}]),
        (ORDERS, [order | lacks]),
    )
    for dataset, told in given:
        report = rows.write(dataset, told, kind="app", source="test", by=None)
        assert not report.refused, report.sample


def waiting(client: Client, url: str = "/today/") -> Sequence[str]:
    page = client.get(url).content.decode()
    return [html.unescape(one) for one in re.findall(r"<strong>(\w+) deal</strong>", page)]


def do(client: Client, deal: str, kind: str, deed: str, **given: str) -> int:
    told = {"deal": deal, "kind": kind, "do": deed, **given}
    return client.post("/today/", told, headers=HX).status_code


def test_the_gravest_reason_comes_first_then_the_most_money(
    ana: User, company: None, as_user: AsUser
) -> None:
    assert waiting(as_user(ana)) == ORDER


def test_the_overview_shows_the_first_of_them(ana: User, company: None, as_user: AsUser) -> None:
    assert waiting(as_user(ana), "/") == ORDER[:6]


def test_a_reader_has_their_own_deals_alone(
    ana: User, bo: User, cy: User, vi: User, company: None, as_user: AsUser
) -> None:
    assert waiting(as_user(cy)) == ["foreign"]
    assert waiting(as_user(bo)) == ORDER
    assert set(waiting(as_user(vi))) == {*ORDER, "foreign"}
    assert do(as_user(ana), "foreign", "very_late", "done") == 404


def test_what_is_done_waits_no_more_for_who_did_it(
    ana: User, bo: User, company: None, as_user: AsUser
) -> None:
    assert do(as_user(ana), "papers", "compliance", "done") == 200
    assert waiting(as_user(ana)) == ORDER[1:]
    assert waiting(as_user(bo)) == ORDER
    assert AuditEvent.objects.get(action="today done").target == "papers"


def test_what_is_done_waits_again_once_the_reason_is_another(
    ana: User, company: None, as_user: AsUser
) -> None:
    assert do(as_user(ana), "later", "very_late", "done") == 200
    assert "later" not in waiting(as_user(ana))
    deal = {"deal_id": "later", "opportunity_name": "later deal", "owner_id": "ana", "amount": "50"}
    stands = {"stage_name": "Demo", "status": "open", "created_at": "2025-01-01"}
    touched = {"update_time": f"{clock.today() - timedelta(14)}T12:00:00Z"}
    rows.write(PIPELINE_DEALS, [deal | stands | touched], kind="app", source="test", by=None)
    assert "later" in waiting(as_user(ana))  # somebody updated it, and left it alone again


def test_what_is_put_off_comes_back_on_its_day(ana: User, company: None, as_user: AsUser) -> None:
    day = f"{clock.today() + timedelta(7)}"
    assert do(as_user(ana), "late", "late", "put off", until=day) == 200
    assert "late" not in waiting(as_user(ana))
    page = as_user(ana)
    assert page.post("/today/", {"do": "take back"}).status_code == 302
    assert waiting(page) == ORDER


@pytest.mark.parametrize("until", ["", "soon", "2020-01-01", "2999-01-01"])
def test_a_day_that_cannot_be_is_refused_and_nothing_is_lost(
    ana: User, company: None, as_user: AsUser, until: str
) -> None:
    assert do(as_user(ana), "late", "late", "put off", until=until) == 422
    assert waiting(as_user(ana)) == ORDER


def test_nothing_else_can_be_done(ana: User, company: None, as_user: AsUser) -> None:
    assert do(as_user(ana), "late", "late", "burn") == 400
    assert do(as_user(ana), "fresh", "late", "done") == 404


def test_who_has_done_the_first_forty_sees_the_others(ana: User, as_user: AsUser) -> None:
    load([(f"d{nth}", "ana", nth, 20, 5, "Demo") for nth in range(1, 44)])
    client = as_user(ana)
    assert waiting(client) == [f"d{nth}" for nth in range(43, 3, -1)]
    assert "40 and more deals wait" in client.get("/today/").content.decode()
    for nth in range(43, 3, -1):
        assert do(client, f"d{nth}", "very_late", "done") == 200
    assert waiting(client) == ["d3", "d2", "d1"]
    assert "3 deals wait" in client.get("/today/").content.decode()


def test_large_deals_of_graver_reasons_leave_room_for_the_others(
    ana: User, as_user: AsUser
) -> None:
    large = [(f"d{nth}", "ana", 1000, 20, 70, "Demo") for nth in range(40)]
    load([*large, ("small", "ana", 1, 8, 0, "Demo"), ("slow", "ana", 1, 0, 61, "Demo")])
    assert waiting(as_user(ana))[-2:] == ["slow", "small"]


def test_what_waits_is_what_the_lists_of_its_pipeline_hold(
    ana: User, company: None, as_user: AsUser
) -> None:
    found = rows.texts(PIPELINE_DEALS, Deal.objects.filter(pk__in=["later", "rusty"]))
    moved = [{**one, "pipeline_id": "slow"} for one in found]
    report = rows.write(PIPELINE_DEALS, moved, kind="app", source="test", by=None)
    assert not report.refused, report.sample
    terms.keep("slow", overdue_days=21, stuck_days=61)
    assert waiting(as_user(ana)) == [one for one in ORDER if one not in {"later", "rusty"}]


def test_it_asks_the_data_little(ana: User, company: None, as_user: AsUser) -> None:
    client = as_user(ana)
    client.get("/today/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/today/")
    assert len(asked) <= 24


def test_one_goes_from_what_waits_to_the_next_of_it(
    company: None, ana: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    page = client.get("/today/").content.decode()
    ways = [html.unescape(one) for one in re.findall(r'href="([^"]*list=today[^"]*)"', page)]
    assert [one.split("/")[3] for one in ways] == ORDER
    assert "2 of 7" in client.get(ways[1]).content.decode()
    assert do(client, ORDER[0], "compliance", "done") == 200
    assert "1 of 6" in client.get(ways[1]).content.decode()
    assert "Not in the list of 6" in client.get(ways[0]).content.decode()
