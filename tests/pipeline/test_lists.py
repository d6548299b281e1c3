"""The lists of what waits: the same on tile, table, file, JSON and explanation, for each reader."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from insights.catalog import DATASETS
from pipeline.actions import terms
from revops_site.kernel import loading
from revops_site.kernel.models import User
from tests import pipeline_deals as deals
from tests.conftest import AsUser

# Of the dozen deals A1, A2, A3, C1 and N1 are open on 30 June 2025; none was ever updated.
OVERDUE = {"A1": 60, "A2": 121, "A3": 28, "C1": 71, "N1": 10}
STUCK = {"A1": 59, "C1": 60}
ROOT = "/pipeline/lists"
PROJECTS = (
    "stage_id,pipeline_id,stage_name,stage_order,probability,days_to_invoice,is_execution",
    "P1,work,Quotation,1,0.4,60,false",
    "P2,work,Order Received,2,1,36,true",
)
OF_PROJECTS = (
    "W1,Hill,SMB,ana,Order Received,1000,USD,2025-01-01,2025-09-01,2025-05-01,,open,,,EMEA,work,,,",
    "W2,Isle,SMB,cy,Order Received,2000,USD,2025-01-01,2025-09-01,2025-05-31,,open,,,APAC,work,,,",
    "W3,Jade,SMB,ana,Quotation,,USD,2025-01-01,2025-09-01,2025-06-20,,open,,,EMEA,work,,,",
    "W4,Kiln,SMB,ana,Quotation,500,USD,2025-01-01,2025-09-01,2025-06-20,,open,,,EMEA,work,,,",
)
ORDERS = (
    "order_id,deal_id,received_on,end_user_identified,materials_purchased,"
    "survey_checklist_present,mdd_signed,quality_docs_present",
    "O1,W1,2025-05-01,false,true,false,false,",
    "O2,W2,2025-05-31,true,true,,false,",
)


def told(client: Client, name: str, query: str = "") -> Any:
    answer = client.get(f"{ROOT}/{name}.json?as_of=2025-06-30&{query}")
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def waits(client: Client, kind: str, days: str, query: str = "") -> dict[str, int]:
    return {one["id"]: one[days] for one in told(client, kind, query)}


def tile(page: str, label: str) -> str:
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))
    found = re.search(rf"Headline figures.*? {label} ([^ ]+) : explain", words)
    assert found is not None, words[:3000]
    return found[1]


@pytest.fixture
def projects(pipeline_deals: None, tmp_path: Path) -> None:
    """Beside the dozen, a pipeline of projects with orders in hand."""
    files = {
        "pipelines": ("pipeline_id,pipeline_name", "work,Projects"),
        "stages": PROJECTS,
        "pipeline_deals": (deals.HEADER, *OF_PROJECTS),
        "orders": ORDERS,
    }
    paths = []
    for name, lines in files.items():
        paths.append(tmp_path / f"more-{name}.csv")
        paths[-1].write_text("\n".join(lines) + "\n")
    for path, name in zip(paths, files, strict=True):
        assert not loading.load([path], DATASETS, dataset=name, strict=True).stopped


def test_a_list_holds_what_waits_from_its_limit_on(
    pipeline_deals: None, dee: User, as_user: AsUser
) -> None:
    page = as_user(dee)
    assert waits(page, "overdue", "overdue_days") == OVERDUE
    assert waits(page, "stuck", "days_in_stage") == STUCK
    assert waits(page, "inactive", "days_since_activity") == {
        key: days for key, days in OVERDUE.items() if days >= 60
    }


def test_a_list_says_the_same_on_tile_file_and_explanation(
    pipeline_deals: None, dee: User, as_user: AsUser
) -> None:
    page = as_user(dee)
    query = "as_of=2025-06-30"
    shown = page.get(f"{ROOT}/overdue/?{query}").content.decode()
    assert tile(shown, "Overdue deals") == "5"
    file = page.get(f"{ROOT}/overdue/panels/overdue-deals.csv?{query}")
    rows = list(csv.DictReader(io.StringIO(b"".join(file).decode("utf-8-sig"))))
    assert [int(row["overdue_days"]) for row in rows] == sorted(OVERDUE.values(), reverse=True)
    explained = page.get(f"/explain/pipeline-overdue-list-days/?{query}").content.decode()
    words = re.sub(r"<[^>]*>", " ", explained)
    assert re.search(r"\b290\b", words)  # 60 + 121 + 28 + 71 + 10
    assert re.search(r"\b58(\.0)?\b", words)
    owners = told(page, "overdue_owners")
    assert sum(one["deals"] for one in owners) == 5
    assert sum(one["waited"] for one in owners) == sum(OVERDUE.values())


def test_the_limits_are_those_of_the_deals_pipeline(
    pipeline_deals: None, dee: User, as_user: AsUser
) -> None:
    page = as_user(dee)
    terms.keep("new", stuck_days=60, overdue_days=100)
    assert waits(page, "stuck", "days_in_stage") == {"C1": 60}
    assert waits(page, "overdue", "overdue_days") == {"A2": 121}
    shown = page.get(f"{ROOT}/stuck/?as_of=2025-06-30&pipeline=new").content.decode()
    assert "From 60 days on." in shown


def test_admins_set_the_limits_at_the_desk_and_others_do_not(
    dee: User, ana: User, pipeline_deals: None, as_user: AsUser
) -> None:
    given = {
        "pipeline": "new",
        **dict.fromkeys(("stuck_days", "overdue_days", "inactive_days", "order_days"), "90"),
        **dict.fromkeys(("payment_terms_days", "late_days"), "14"),
        "order_stages": "Order Received",
        "production_stages": "Under Progress",
    }
    address = "/admin/pipeline/pipelineterms/add/"
    assert as_user(ana).post(address, given).status_code in {302, 403}
    assert waits(as_user(dee), "stuck", "days_in_stage") == STUCK
    assert as_user(dee).post(address, {**given, "stuck_days": "99999"}).status_code == 200
    assert waits(as_user(dee), "stuck", "days_in_stage") == STUCK
    assert as_user(dee).post(address, given).status_code == 302
    assert waits(as_user(dee), "stuck", "days_in_stage") == {}


def test_each_reader_finds_their_own_deals_alone(
    ana: User, bo: User, cy: User, vi: User, pipeline_deals: None, as_user: AsUser
) -> None:
    found = {
        person.username: set(waits(as_user(person), "overdue", "overdue_days"))
        for person in (ana, bo, cy, vi)
    }
    assert found == {
        ana.username: {"A1", "A2", "A3"},
        bo.username: {"A1", "A2", "A3"},
        cy.username: {"C1"},
        vi.username: set(OVERDUE),
    }
    for name in ("hygiene", "owner_kpis", "recent_summary", "cashflow_weeks", "order_received"):
        assert "Canary" not in json.dumps(told(as_user(ana), name))
    for slug in ("overdue", "stuck", "hygiene", "recent", "owners"):
        page = as_user(ana).get(f"{ROOT}/{slug}/?as_of=2025-06-30").content.decode()
        assert "Canary" not in page


def test_an_order_says_what_it_waits_for(projects: None, dee: User, as_user: AsUser) -> None:
    found = told(as_user(dee), "order_received", "pipeline=work")
    assert (found["order_received_count"], found["order_received_value"]) == (2, 3000)
    assert found["avg_days_in_stage"] == 45  # 60 and 30 days
    assert found["end_user_identified_rate"] == 0.5
    assert {one["id"]: one["missing"] for one in found["deals"]} == {
        "W1": ["End user", "Survey checklist"],
        "W2": ["Survey checklist?"],  # nobody noted it
    }
    papers = told(as_user(dee), "compliance")
    assert (papers["missing"], papers["unknown"], papers["compliance_rate"]) == (1, 1, 0.0)


def test_the_projection_says_what_it_takes_for_granted_and_leaves_out(
    projects: None, dee: User, as_user: AsUser
) -> None:
    page = as_user(dee)
    terms.keep("work", payment_terms_days=7)
    weeks = {one["period"]: one for one in told(page, "cashflow_weeks", "pipeline=work")}
    # W1: over its 36 days, 60 in the stage, so 14 days later; W2: 6 days left and 7 for the delay.
    assert weeks["2025-W28"]["expected_invoice_value_sar"] == 2000  # 13 July
    assert weeks["2025-W29"]["expected_invoice_value_sar"] == 1000  # 14 July
    assert weeks["2025-W29"]["expected_payment_value"] == 2000
    assert weeks["2025-W30"]["expected_payment_value"] == 1000
    assert weeks["2025-W34"]["expected_invoice_value_sar"] == 200  # 40 % of W4, 50 days on
    shown = page.get(f"{ROOT}/cashflow/?as_of=2025-06-30&pipeline=work").content.decode()
    assert "No amount that can be converted" in shown  # W3
    assert "it is paid 7 days after it" in shown


def test_hygiene_lists_the_deals_behind_each_rule(
    pipeline_deals: None, dee: User, as_user: AsUser
) -> None:
    page = as_user(dee)
    found = told(page, "hygiene")
    assert (found["deals"], found["no_contact"], found["no_owner"]) == (5, 5, 1)
    assert (found["past_close"], found["no_amount"]) == (1, 1)
    for flag, key in (("past-close", "Bolt"), ("no-amount", "Corex"), ("no-owner", "Nobody's")):
        query = f"as_of=2025-06-30&flag={flag}"
        file = page.get(f"{ROOT}/hygiene/panels/hygiene-deals.csv?{query}")
        rows = csv.DictReader(io.StringIO(b"".join(file).decode("utf-8-sig")))
        assert [row["deal_name"] for row in rows] == [key]
    broken = sum(found[name] for name in ("past_close", "no_amount", "no_contact", "no_owner"))
    broken += found["no_next_step"] + found["not_updated"] + found["no_close_date"]
    assert found["hygiene_score"] == pytest.approx(1 - broken / (5 * 7))


def test_from_a_list_one_steps_on_to_its_next_deal(
    pipeline_deals: None, dee: User, as_user: AsUser
) -> None:
    page = as_user(dee)
    shown = page.get(f"{ROOT}/overdue/?as_of=2025-06-30").content.decode()
    links = [
        html.unescape(one)
        for one in re.findall(
            r'href="(/pipeline/deals/[^"]+)"', shown.partition("overdue-deals")[2]
        )
    ]
    second = page.get(links[1]).content.decode()  # C1: the longest but one
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", second))
    assert "2 of 5" in words


def test_an_empty_list_says_so(workspace: None, dee: User, as_user: AsUser) -> None:
    for slug in ("overdue", "stuck", "inactive", "orders", "compliance", "cashflow", "recent"):
        answer = as_user(dee).get(f"{ROOT}/{slug}/")
        assert answer.status_code == 200
        assert "Nothing" in answer.content.decode() or "No " in answer.content.decode()
