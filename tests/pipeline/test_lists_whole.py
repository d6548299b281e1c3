"""Lists leave no deal, no order and no filter out: what is not in them is told, with the reason."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.actions import notes, terms
from pipeline.datasets import ACTIVITIES, DEAL_CHANGES, PIPELINE_DEALS, STAGE_HISTORY, STAGES
from pipeline.datasets import ORDERS as ORDERS_OF
from pipeline.models import Deal, Order
from revops_site.kernel import clock, freshness
from revops_site.kernel.loading import rows
from revops_site.kernel.models import DataLoad, User
from tests.conftest import AsUser
from tests.pipeline.test_lists import ORDERS, OVERDUE, ROOT, projects, told

__all__ = ["projects"]
pytestmark = pytest.mark.usefixtures("projects")
APP: dict[str, Any] = {"kind": "app", "source": "test", "by": None}
LATE_STAGE = {"stage_id": "S2", "stage_name": "Demo", "stage_order": "2", "days_to_invoice": "200"}


def test_the_list_of_orders_says_what_each_lacks_and_which_are_ready(
    dee: User, as_user: AsUser
) -> None:
    page = as_user(dee)

    def lacks(query: str = "") -> dict[str, str]:
        file = page.get(f"{ROOT}/orders/panels/orders-received.csv?as_of=2025-06-30{query}")
        read = csv.DictReader(io.StringIO(b"".join(file).decode("utf-8-sig")))
        return {row["deal_name"]: row["lacks"] for row in read}

    assert lacks() == {"Hill": "End user, Survey checklist", "Isle": "Survey checklist?"}
    assert lacks("&flag=ready") == {}
    order = "O2,W2,2025-05-31,true,true,true,false,"
    rows.write(ORDERS_OF, [dict(zip(ORDERS[0].split(","), order.split(","), strict=True))], **APP)
    assert lacks("&flag=ready") == {"Isle": ""}
    shown = page.get(f"{ROOT}/orders/?as_of=2025-06-30").content.decode()
    assert "Still to be had" in shown
    assert json.dumps(told(page, "order_received")["order_received_count"]) == "2"
    paper = {one["id"]: one for one in told(page, "compliance")["deals"]}["W2"]
    names = ("status", "materials_purchased", "survey_checklist_present", "mdd_signed")
    assert [paper[name] for name in names] == ["compliant", True, True, False]
    assert paper["quality_docs_present"] is None


def test_an_owners_figures_are_all_of_the_filtered_pipeline(dee: User, as_user: AsUser) -> None:
    done = {"type": "call", "rep_id": "ana", "done_at": "2025-06-20T10:00:00Z", "is_done": "true"}
    calls = [("1", "W1"), ("2", "W1"), ("3", "A1"), ("4", "")]
    given = [{**done, "activity_id": key, "deal_id": deal} for key, deal in calls]
    rows.write(ACTIVITIES, given, **APP)

    def counts(query: str) -> dict[str, int]:
        return {
            one["owner_id"]: one["activities_count"]
            for one in told(as_user(dee), "owner_kpis", query)
        }

    assert counts("")["ana"] == 4
    assert counts("pipeline=work") == {"ana": 2, "cy": 0}
    assert counts("pipeline=new")["ana"] == 1
    assert counts("pipeline=work&owner=ana") == {"ana": 2}


def test_every_open_deal_is_projected_or_listed_with_the_reason_why_not(
    dee: User, as_user: AsUser
) -> None:
    page = as_user(dee)
    rows.write(STAGES, [{**LATE_STAGE, "pipeline_id": "new"}], **APP)

    def listed(slug: str) -> dict[str, str]:
        file = page.get(
            f"{ROOT}/cashflow/panels/{slug}.csv?as_of=2025-06-30&column=deal_id"
            "&column=why_not&column=later_on"
        )
        read = csv.DictReader(io.StringIO(b"".join(file).decode("utf-8-sig")))
        return {
            row["deal_id"]: f"{row.get('why_not', '')} {row.get('later_on', '')}".strip()
            for row in read
        }

    inside, outside = listed("cashflow-deals"), listed("cashflow-left-out-deals")
    assert set(inside) | set(outside) == {*OVERDUE, "W1", "W2", "W3", "W4"}
    assert not set(inside) & set(outside)
    assert outside["W3"] == "No amount that can be converted"
    assert outside["C1"] == "Its invoice is expected after these 90 days 2025-12-01"
    assert outside["A1"] == "Its stage has no days to the invoice"
    shown = re.sub(r"<[^>]*>", " ", page.get(f"{ROOT}/cashflow/?as_of=2025-06-30").content.decode())
    assert "1 worth $30K to be invoiced later." in " ".join(shown.split())


def test_an_order_that_was_invoiced_is_not_projected_to_be_so_again(
    dee: User, as_user: AsUser
) -> None:
    page = as_user(dee)

    def invoiced() -> float:
        found = told(page, "cashflow_months", "pipeline=work")
        return float(sum(one["expected_invoice_value_sar"] for one in found))

    assert invoiced() == 3200
    (order,) = rows.texts(ORDERS_OF, [Order.objects.get(pk="O2")])
    rows.write(ORDERS_OF, [{**order, "invoiced_on": "2025-06-25"}], **APP)
    assert invoiced() == 1200
    shown = page.get(f"{ROOT}/cashflow/?as_of=2025-06-30&pipeline=work").content.decode()
    assert "Its order was invoiced already" in shown


def test_of_a_past_day_it_is_said_what_stands_for_an_update(dee: User, as_user: AsUser) -> None:
    says = "No history tells when a deal was updated"
    page = as_user(dee)
    assert says not in page.get(f"{ROOT}/overdue/?as_of=2025-06-30").content.decode()
    changed = {"deal_id": "A1", "field": "amount", "old": "9", "new": "100000"}
    moment = {"changed_at": "2025-05-20T10:00:00Z"}
    rows.write(DEAL_CHANGES, [changed | moment], **APP)
    assert says in page.get(f"{ROOT}/overdue/?as_of=2025-06-15").content.decode()


def test_what_became_of_a_stuck_deal_later_is_not_told_of_a_past_day(
    dee: User, as_user: AsUser
) -> None:
    visits = (
        ("Demo", "2025-01-01", "2025-03-01"),
        ("Discovery", "2025-03-01", "2025-06-20"),
        ("Proof", "2025-06-20", None),
    )
    given = [
        {"deal_id": "A1", "stage_name": stage, "entered_at": start, "exited_at": end}
        for stage, start, end in visits
    ]
    rows.write(STAGE_HISTORY, given, **APP)

    def moved_on(day: str) -> list[tuple[str, str]]:
        file = as_user(dee).get(f"{ROOT}/stuck/panels/stuck-recovery.csv?as_of={day}")
        read = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
        return [(row["left"], row["moved_on"]) for row in read]

    assert moved_on("2025-05-01") == [("1", "0")]
    assert moved_on("2025-06-30") == [("2", "2")]


def test_ages_and_stages_of_stuck_deals_are_of_the_very_deals_that_are_listed(
    dee: User, as_user: AsUser
) -> None:
    page = as_user(dee)

    def sums(slug: str, name: str) -> dict[str, int]:
        file = page.get(f"{ROOT}/stuck/panels/stuck-{slug}.csv?as_of=2025-06-30")
        read = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
        return {row[name]: int(row["deals"]) for row in read if row["deals"] != "0"}

    assert sum(sums("ages", "bucket").values()) == len(told(page, "stuck"))
    terms.keep("new", stuck_days=10)
    assert len(told(page, "stuck")) == 6
    assert sums("ages", "bucket") == {
        "Less than 30 days": 2,
        "30–44 days": 1,
        "45–59 days": 1,
        "60–89 days": 2,
    }
    assert sums("stages", "stage_name")["Discovery"] == 2
    terms.keep("new", stuck_days=60)
    assert sums("ages", "bucket") == {"30–44 days": 1, "60–89 days": 2}
    assert len(told(page, "stuck")) == 3


def test_what_a_manager_does_first_depends_on_how_long_and_how_many_wait(
    dee: User, as_user: AsUser
) -> None:
    def first(kind: str) -> dict[str, str]:
        return {
            one["owner_id"]: one["intervention"]
            for one in told(as_user(dee), f"{kind}_owners", "pipeline=new")
        }

    assert first("overdue")["ana"] == "Go through the oldest with their manager"  # 121 days
    assert first("overdue")[""] == "Ask for an update of each"  # 10 days
    assert first("stuck")["ana"] == "Ask what holds each of them"  # 59 days
    assert first("inactive")["cy"] == "Get back in touch, or close them"  # 71 days


def test_an_amount_of_nothing_is_an_amount(dee: User, as_user: AsUser) -> None:
    page = as_user(dee)
    assert told(page, "hygiene")["no_amount"] == 2  # A3 and W3
    (deal,) = rows.texts(PIPELINE_DEALS, [Deal.objects.get(pk="W4")])
    rows.write(PIPELINE_DEALS, [{**deal, "amount": "0"}], **APP)
    assert told(page, "hygiene")["no_amount"] == 2


def test_the_desk_says_where_terms_name_a_stage_that_nobody_knows(
    dee: User, as_user: AsUser
) -> None:
    given = {
        "pipeline": "work",
        **dict.fromkeys(("stuck_days", "overdue_days", "inactive_days", "order_days"), "30"),
        **dict.fromkeys(("payment_terms_days", "late_days"), "14"),
        "order_stages": "Order received\r\n Order Received ",
        "production_stages": "Quotation",
    }
    page = as_user(dee)
    answer = page.post("/admin/pipeline/pipelineterms/add/", given, follow=True)
    assert "no stage called “Order received”:" in html.unescape(answer.content.decode())
    assert told(page, "order_received", "pipeline=work")["order_received_count"] == 2


def test_a_list_without_a_deal_says_that_nothing_waits_and_names_no_period(
    dee: User, as_user: AsUser
) -> None:
    page = as_user(dee)
    for slug, says in (
        ("orders", "No order waits."),
        ("compliance", "No open deal has an order."),
        ("cashflow", "No invoice is expected in these days."),
    ):
        shown = page.get(f"{ROOT}/{slug}/?as_of=2025-06-30&pipeline=new").content.decode()
        assert says in shown.partition("-kpis")[2].partition("</section>")[0]
        assert "Nothing between" not in shown


def test_what_somebody_writes_here_is_no_load_of_data(dee: User, as_user: AsUser) -> None:
    def loaded() -> str:
        found = re.search(
            r"[Ll]oaded (20[0-9-]+ [0-9:]+)", as_user(dee).get("/pipeline/").content.decode()
        )
        assert found
        return found[1]

    DataLoad.objects.update(finished_at=datetime(2025, 7, 1, 9, 30, tzinfo=UTC))
    freshness.bump()
    assert loaded() == "2025-07-01 09:30"
    notes.add(by=dee, deal_id="A1", body="They sign on Friday.", at=clock.now())
    assert loaded() == "2025-07-01 09:30"
