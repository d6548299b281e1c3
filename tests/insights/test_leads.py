"""What became of leads: counts and times that can be checked by eye, for those who may see them."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from insights import rollups
from insights.analytics import leads as sums
from insights.catalog import DATASETS
from insights.models import CreditDue, LeadAnswer, LeadPath
from revops_site.kernel import freshness, loading
from revops_site.kernel.frames import array, framed
from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser

LEADS = (
    "lead_id,created_at,channel,campaign,segment,region,owner,response_hours,mql_at,sql_at,"
    "converted_at,deal_id",
    # The week of 6 January 2025: won and paying, lost, open, an SQL, an MQL, and one unanswered.
    "L1,2025-01-06,LinkedIn,Launch,ENT,EU,ana,2,2025-01-07,2025-01-10,2025-01-15,D1",
    "L2,2025-01-07,LinkedIn,Launch,ENT,EU,ana,4,2025-01-09,2025-01-14,2025-01-20,D2",
    "L3,2025-01-08,Google Ads,Brand,SMB,US,cy,6,2025-01-08,2025-01-12,2025-01-13,D3",
    "L4,2025-01-09,Google Ads,Brand,SMB,US,cy,,2025-01-12,2025-01-20,,",
    "L5,2025-01-10,Google Ads,Brand,SMB,US,cy,8,2025-01-11,,,",
    "L6,2025-01-12,Google Ads,Brand,SMB,US,ana,,,,,",
    # A later week, of one lead.
    "L7,2025-06-25,Google Ads,Brand,SMB,US,cy,1,,,,",
)
DEALS = (
    "deal_id,account,segment,owner,stage,amount,created_at,expected_close,last_stage_change,"
    "status,closed_at,source_channel,probability",
    "D1,Acme,ENT,ana,Closed_Won,12000,2025-01-15,2025-03-01,2025-03-01,won,2025-03-01,LinkedIn,",
    "D2,Bolt,ENT,ana,Closed_Lost,9000,2025-01-20,2025-03-11,2025-03-11,lost,2025-03-11,LinkedIn,",
    "D3,Core,SMB,cy,Demo,3000,2025-01-13,2025-07-30,2025-06-30,open,,Google Ads,0.5",
)
CUSTOMERS = (
    "customer_id,account,segment,plan,start_date,mrr,new_mrr,expansion_mrr,contraction_mrr,"
    "churned_flag,churn_date,churn_reason,deal_id",
    "C1,Acme,ENT,Business,2025-03-05,1000,0,0,0,false,,,D1",
)
YEAR = "period=custom&start=2025-01-01&end=2025-06-30"


@pytest.fixture
def company(workspace: Workspace, ana: User, cy: User, vi: User, tmp_path: Path) -> None:
    files = {"leads": LEADS, "pipeline_deals": DEALS, "revenue_customers": CUSTOMERS}
    paths = [tmp_path / f"{name}.csv" for name in files]
    for path, lines in zip(paths, files.values(), strict=True):
        path.write_text("\n".join(lines) + "\n")
    report = loading.load(paths, DATASETS, strict=True)
    said = [(one.file, one.message, one.sample) for one in report.files]
    assert report.exit_code == 0, said


@pytest.fixture
def client(as_user: AsUser, vi: User, company: None) -> Client:
    return as_user(vi)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.getvalue().decode()


def rows(client: Client, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text(client, address))["rows"]
    return found


def steps(client: Client, query: str = YEAR) -> dict[str, dict[str, Any]]:
    address = f"/insights/lead-to-cash/panels/lead-steps.json?{query}"
    return {row["step"]: row for row in rows(client, address)}


def test_a_week_s_leads_are_each_somewhere_now(client: Client) -> None:
    newest, first = rows(client, f"/marketing/cohorts/panels/lead-cohorts.json?{YEAR}")
    assert first["week"] == "2025-01-06"
    assert first["leads"] == 6
    now = {name: value for name, value in first.items() if name.startswith("now_")}
    assert set(now.values()) == {1}
    assert first["mql"] == pytest.approx(5 / 6)
    assert first["deal_won"] == pytest.approx(1 / 6)
    assert first["marks"] == "open few", "a deal is open, and six are few"
    assert newest["week"] == "2025-06-23"
    assert newest["now_lead"] == newest["leads"] == 1


@pytest.mark.parametrize("state", ["lead", "mql", "sql", "open", "won", "lost"])
def test_where_a_week_s_leads_are_now_is_explained_by_these_leads(
    client: Client, state: str
) -> None:
    page = text(client, f"/marketing/cohorts/?{YEAR}")
    cells = re.findall(rf'href="(/explain/leads-now-{state}/[^"]*)"', page)
    first = next(unescape(one) for one in cells if "start=2025-01-06" in one)
    behind = rows(client, first.replace(f"now-{state}/", f"now-{state}/panels/rows.json"))
    assert len(behind) == 6
    assert sum(row["state"] == state for row in behind) == 1
    shown = text(client, first)
    (value,) = re.findall(r'<p class="value num"><data value="([^"]*)">', shown)
    assert float(value) == 1


def test_what_lies_after_the_day_has_not_happened_yet(client: Client) -> None:
    query = "period=custom&start=2025-01-01&end=2025-06-30&as_of=2025-01-14"
    (first,) = rows(client, f"/marketing/cohorts/panels/lead-cohorts.json?{query}")
    assert first["leads"] == 6
    assert first["now_open"] == 1, "D3, of the day before"
    assert first["now_sql"] == 2
    assert first["now_won"] == first["now_lost"] == 0


def test_each_step_says_how_many_go_on_and_how_long_it_takes(client: Client) -> None:
    found = steps(client)
    assert found["Lead answered"]["median"] == 4
    assert (found["Lead → MQL"]["entered"], found["Lead → MQL"]["moved"]) == (7, 5)
    assert found["Lead → MQL"]["waiting"] == 2
    assert found["MQL → SQL"]["median"] == pytest.approx((4 + 5) / 2), "3, 4, 5 and 8 days"
    assert found["SQL → opportunity"]["median"] == 5
    won = found["Opportunity → won"]
    assert (won["moved"], won["dropped"], won["waiting"], won["median"]) == (1, 1, 1, 45)
    assert found["Won → first MRR or invoice"]["median"] == 4
    assert found["Kept after 12 months"]["rate"] is None, "the first year is not over"
    assert found["Kept after 12 months"]["waiting"] == 1


def test_who_has_not_gone_on_counts_for_as_long_as_they_have_waited(client: Client) -> None:
    address = f"/insights/lead-to-cash/panels/lead-paces.json?{YEAR}"
    found = {row["step"]: row for row in rows(client, address)}
    won = found["Opportunity → won"]
    assert (won["n"], won["by_30"], won["half"]) == (3, 0, None)
    assert won["by_60"] == pytest.approx(1 / 3), "one was won, one lost, one is open"
    assert won["by_180"] is None, "nobody was watched for as long"
    qualified = found["Lead → MQL"]
    assert qualified["by_1"] == pytest.approx(3 / 7)
    assert qualified["by_3"] == pytest.approx(5 / 7)
    assert qualified["half"] == 2, "two of seven are none yet"
    assert qualified["low"] < 5 / 7 < qualified["high"]


def test_an_answer_that_came_later_is_none_yet(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("\n".join([LEADS[0], LEADS[1].replace("ana,2,", "ana,50,")]) + "\n")
    assert loading.load([path], DATASETS, strict=True).exit_code == 0
    days = "period=custom&start=2025-01-06&end=2025-01-06"
    assert steps(client, f"{days}&as_of=2025-01-07")["Lead answered"]["waiting"] == 1
    answered = steps(client, f"{days}&as_of=2025-01-08")["Lead answered"]
    assert (answered["moved"], answered["median"]) == (1, 50)


KEPT = (
    "/marketing/cohorts/panels/lead-cohorts.json",
    "/insights/lead-to-cash/panels/lead-steps.json",
    "/insights/lead-to-cash/panels/lead-paces.json",
    "/insights/lead-to-cash/panels/lead-steps-by-channel.json",
    "/insights/lead-to-cash/panels/lead-steps-by-segment.json",
)
ASKED = (YEAR, f"{YEAR}&segment=ENT", f"{YEAR}&as_of=2025-01-14", "period=all&channel=LinkedIn")


def test_what_is_kept_of_leads_gives_what_single_leads_give(client: Client) -> None:
    addresses = [f"{address}?{query}" for address in KEPT for query in ASKED]
    kept = [rows(client, address) for address in addresses]
    assert LeadPath.objects.exists()
    CreditDue.objects.create(what="paths", key="")  # now what is kept is not asked
    freshness.bump()
    LeadPath.objects.update(leads=99)
    LeadAnswer.objects.update(leads=99)
    assert [rows(client, address) for address in addresses] == kept
    rollups.tell()
    assert not any(one.differences() for one in rollups.ROLLUPS)
    assert [rows(client, address) for address in addresses] == kept


def test_a_deal_a_customer_and_an_order_change_the_paths_of_their_leads(
    client: Client, tmp_path: Path
) -> None:
    assert steps(client)["Opportunity → won"]["moved"] == 1
    files = {
        "pipeline_deals": [
            DEALS[0],
            DEALS[3].replace("Demo,3000", "Closed_Won,3000").replace("open,,", "won,2025-06-30,"),
        ],
        "orders": ["order_id,deal_id,received_on,invoiced_on", "O1,D3,2025-06-29,2025-06-30"],
    }
    for name, lines in files.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n")
        assert loading.load([tmp_path / f"{name}.csv"], DATASETS).exit_code == 0
        assert not any(one.differences() for one in rollups.ROLLUPS), name
    found = steps(client)
    assert found["Opportunity → won"]["moved"] == 2
    assert found["Won → first MRR or invoice"]["moved"] == 2


def test_who_left_within_a_year_that_is_not_over_says_nothing_of_those_who_stay(
    client: Client, tmp_path: Path
) -> None:
    path = tmp_path / "revenue_customers.csv"
    gone = CUSTOMERS[1].replace("1000,0,0,0,false,,", "0,0,0,0,true,2025-06-01,Price")
    path.write_text("\n".join((CUSTOMERS[0], gone)) + "\n")
    assert loading.load([path], DATASETS, strict=True).exit_code == 0
    kept = steps(client)["Kept after 12 months"]
    assert kept["rate"] is None, "others of that time have not had the chance to stay"
    assert (kept["dropped"], kept["waiting"]) == (1, 0)


def test_the_largest_drop_is_named(client: Client) -> None:
    shown = text(client, f"/insights/lead-to-cash/?{YEAR}")
    assert "Most stop at Lead → MQL: 2 of 7 have not gone on." in shown


def test_channels_and_segments_part_the_same_leads(client: Client) -> None:
    for part, name in (("channel", "channel"), ("segment", "segment")):
        found = rows(client, f"/insights/lead-to-cash/panels/lead-steps-by-{part}.json?{YEAR}")
        assert sum(row["leads"] for row in found) == 7, name
        assert sum(row["won"] for row in found) == 1 if "won" in found[0] else True


def test_the_page_of_insights_leads_to_the_funnel(client: Client) -> None:
    shown = text(client, "/insights/?segment=ENT")
    assert 'href="/insights/lead-to-cash/?segment=ENT"' in shown
    assert "Lead to cash" in text(client, "/insights/lead-to-cash/?segment=ENT")


def test_a_cell_leads_to_its_leads(client: Client) -> None:
    shown = text(client, f"/marketing/cohorts/?{YEAR}")
    link = "/explain/leads-to-won/?period=custom&start=2025-01-06&end=2025-01-12"
    assert f'href="{link.replace("&", "&amp;")}"' in shown
    assert "1 / 6" in text(client, link)
    listed = rows(client, link.replace("/?", "/panels/rows.json?"))
    assert [row["lead_id"] for row in listed] == ["L1", "L2", "L3", "L4", "L5", "L6"]
    assert [row["state"] for row in listed] == ["won", "lost", "open", "sql", "mql", "lead"]


def test_a_rep_sees_the_own_leads_alone(company: None, as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    (first,) = rows(client, f"/marketing/cohorts/panels/lead-cohorts.json?{YEAR}")
    assert first["leads"] == 3
    listed = rows(client, f"/explain/leads-came/panels/rows.json?{YEAR}")
    assert [row["lead_id"] for row in listed] == ["L1", "L2", "L6"]
    assert "Only leads of reps whose deals you may see." in text(client, "/marketing/cohorts/")


def test_without_leads_the_pages_say_what_to_do(
    as_user: AsUser, vi: User, marketing_days: None
) -> None:
    shown = text(as_user(vi), "/marketing/cohorts/")
    assert "No lead is known of these days. Leads come in a file leads" in shown


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=20))
def test_the_median_of_counted_waits_is_that_of_the_waits_one_by_one(
    counted: list[tuple[int, int]],
) -> None:
    waits, counts = zip(*counted, strict=True)
    took = framed(
        {
            "state": array(["moved"] * len(waits), "str"),
            "wait": array(waits, "float64"),
            "n": array(counts, "int64"),
        }
    )
    each = sorted(wait for wait, n in counted for _ in range(n))
    middle = len(each) // 2
    expected = each[middle] if len(each) % 2 else (each[middle - 1] + each[middle]) / 2
    assert sums.median(took) == expected
