"""The pages below the pages: the numbers of their pages, for those who may see them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from revops_site.kernel.models import Rep, User, Workspace
from tests import marketing_days
from tests.conftest import AsUser
from tests.insights import a_company
from tests.insights.a_company import ODD, ODD_ACCOUNT


@pytest.fixture
def company(
    workspace: Workspace, ana: User, bo: User, cy: User, dee: User, vi: User, tmp_path: Path
) -> None:
    a_company.load(tmp_path / "company")
    folder = tmp_path / "marketing"
    folder.mkdir()
    marketing_days.load(folder)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.getvalue().decode()


def rows(client: Client, address: str) -> list[dict[str, Any]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    found: list[dict[str, Any]] = json.loads(answer.getvalue())["rows"]
    return found


def figures(client: Client, address: str) -> dict[str, Any]:
    return {row["field"]: row["value"] for row in rows(client, address)}


def account(account_id: str, part: str = "") -> str:
    return f"/accounts/{quote(account_id, safe='')}/{part}"


def test_a_channel_has_the_figures_that_the_filter_leaves(
    company: None, as_user: AsUser, vi: User
) -> None:
    client = as_user(vi)
    own = figures(client, "/marketing/channels/LinkedIn/panels/marketing-kpis.json?period=90d")
    filtered = figures(client, "/marketing/panels/marketing-kpis.json?period=90d&channel=LinkedIn")
    assert own == filtered
    assert own["total_spend"] == 6000


def test_a_channel_lists_its_campaigns_whole_months_and_all(
    company: None, as_user: AsUser, vi: User
) -> None:
    client = as_user(vi)
    for query in ("", "?period=all", "?period=custom&start=2025-06-04&end=2025-06-24"):
        found = rows(client, f"/marketing/channels/LinkedIn/panels/campaigns.json{query}")
        whole = figures(client, f"/marketing/channels/LinkedIn/panels/marketing-kpis.json{query}")
        assert [row["campaign"] for row in found] == ["Launch"]
        assert found[0]["spend"] == whole["total_spend"], query
        assert found[0]["leads"] == whole["total_leads"], query


def test_a_channel_lists_the_deals_that_came_from_it(
    company: None, as_user: AsUser, vi: User, ana: User
) -> None:
    address = "/marketing/channels/LinkedIn/panels/sourced-deals.json"
    assert [row["deal_id"] for row in rows(as_user(vi), f"{address}?column=deal_id")] == ["D1"]
    odd = f"/marketing/channels/{quote(ODD, safe='')}/"
    assert "Canary Corp" in text(as_user(vi), odd)
    assert "Canary" not in text(as_user(ana), odd), "of the deals those that one may see"


def test_a_channel_is_a_click_away_and_keeps_the_filters(
    company: None, as_user: AsUser, vi: User
) -> None:
    shown = text(as_user(vi), "/marketing/?segment=ENT&period=90d")
    assert 'href="/marketing/channels/LinkedIn/?period=90d&amp;segment=ENT"' in shown
    own = text(as_user(vi), "/marketing/channels/LinkedIn/?period=90d&segment=ENT")
    assert 'value="ENT" checked' in own
    assert 'name="channel"' not in own


def test_a_number_of_a_channel_leads_to_its_explanation(
    company: None, as_user: AsUser, vi: User
) -> None:
    shown = text(as_user(vi), "/marketing/channels/LinkedIn/")
    link = "/explain/marketing-spend/?period=365d&channel=LinkedIn"
    assert f'href="{link.replace("&", "&amp;")}"' in shown
    assert "$6,000.00" in text(as_user(vi), link)


def test_a_segment_has_the_figures_of_all_pages_beside_the_whole(
    company: None, as_user: AsUser, vi: User
) -> None:
    client = as_user(vi)
    for page in ("marketing", "pipeline", "revenue"):
        own = figures(client, f"/segments/SMB/panels/segment-{page}.json")
        there = figures(client, f"/{page}/panels/{page}-kpis.json?segment=SMB")
        assert own
        assert own == {field: there[field] for field in own}
    assert "All segments: $170K." in text(client, "/segments/SMB/")


def test_a_rep_s_page_tells_what_is_open_won_and_done(
    company: None, as_user: AsUser, vi: User
) -> None:
    found = figures(as_user(vi), "/reps/ana/panels/rep-kpis.json")
    assert found.pop("ytd_attainment") == pytest.approx(80_000 / 188_000)
    assert found == {
        "quota_gap": 51_000,
        "total_pipeline": 70_000,
        "win_rate": 1,
        "total_activities": 2,
        "past_due_deals": 1,
    }
    listed = rows(as_user(vi), "/reps/ana/panels/deals.json?column=deal_id")
    assert sorted(row["deal_id"] for row in listed) == ["D1", "D3"]


def test_the_team_s_win_rate_is_told_to_those_who_see_the_team(
    company: None, as_user: AsUser, ana: User, bo: User
) -> None:
    mate = Rep.objects.get(pk="ana")
    Rep.objects.create(rep_id="eve", name="Eve Ek", team=mate.team)
    assert "Team EMEA: 100%, n 3." in text(as_user(bo), "/reps/ana/")
    assert "Team EMEA" not in text(as_user(ana), "/reps/ana/").replace("Team EMEA: 100%", "seen")
    assert "Team EMEA: " not in text(as_user(ana), "/reps/ana/")


def test_a_rep_who_has_left_has_a_page_whose_numbers_no_filter_explains(
    company: None, as_user: AsUser, vi: User
) -> None:
    Rep.objects.filter(pk="ana").update(is_active=False)
    shown = text(as_user(vi), "/reps/ana/")
    assert "No longer active" in shown
    assert "/explain/" not in shown.split('id="panels"')[1]


@pytest.mark.parametrize(
    ("who", "sees"),
    [("dee", {"ana", "cy"}), ("vi", {"ana", "cy"}), ("bo", {"ana"}), ("ana", {"ana"})],
)
def test_a_rep_s_page_is_for_those_who_see_the_rep_s_deals(
    company: None, as_user: AsUser, who: str, sees: set[str]
) -> None:
    client = as_user(User.objects.get(username=who))
    for rep in ("ana", "cy", "nobody"):
        for part in ("", "panels/rep-kpis.csv", "panels/deals.csv"):
            expected = 200 if rep in sees else 404
            assert client.get(f"/reps/{rep}/{part}").status_code == expected, (rep, part)


def test_an_account_tells_all_that_is_known_of_it(
    company: None, as_user: AsUser, ana: User
) -> None:
    client = as_user(ana)
    shown = text(client, account(ODD_ACCOUNT))
    for known in ("Acme", "Ana Almeida", "Pat Known", "Call T1 of ana", "Referral", "champion"):
        assert known in shown, known
    assert figures(client, account(ODD_ACCOUNT, "panels/account-kpis.json")) == {
        "total_pipeline": 50_000,
        "closed_won_amount": 80_000,
        "total_mrr": 700,
    }
    months = rows(client, account(ODD_ACCOUNT, "panels/account-mrr.json"))
    assert [(row["kind"], row["moved_value"], row["value"]) for row in months] == [
        ("expansion", 200, 700),
        ("", 0, 500),
    ]
    touches = rows(client, account(ODD_ACCOUNT, "panels/account-touches.json"))
    assert [row["channel"] for row in touches] == ["LinkedIn", "Referral"]


def test_an_account_has_no_filter_and_no_number_that_one_could_narrow(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    own = account(ODD_ACCOUNT, "panels/account-deals.json")
    assert len(rows(client, f"{own}?segment=ENT&period=30d")) == 4
    shown = text(client, account(ODD_ACCOUNT))
    assert 'id="filters"' not in shown
    assert "/explain/" not in shown.split('id="panels"')[1]


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("dee", {ODD_ACCOUNT, "ACC2", "ACC3"}),
        ("vi", {ODD_ACCOUNT, "ACC2", "ACC3"}),
        ("bo", {ODD_ACCOUNT, "ACC3"}),
        ("ana", {ODD_ACCOUNT, "ACC3"}),
        ("cy", {"ACC2", "ACC3"}),
    ],
)
def test_an_account_is_for_those_who_own_it_or_a_deal_of_it(
    company: None, as_user: AsUser, who: str, sees: set[str]
) -> None:
    client = as_user(User.objects.get(username=who))
    for one in (ODD_ACCOUNT, "ACC2", "ACC3", "nobody"):
        for part in ("", "panels/account-deals.csv", "panels/account-contacts.json"):
            expected = 200 if one in sees else 404
            assert client.get(account(one, part)).status_code == expected, (one, part)


@pytest.mark.parametrize("part", ["deals", "mrr", "contacts", "activities", "kpis"])
def test_of_a_shared_account_everybody_sees_what_is_theirs(
    company: None, as_user: AsUser, ana: User, part: str
) -> None:
    client = as_user(ana)
    shown = text(client, account("ACC3"))
    body = client.get(account("ACC3", f"panels/account-{part}.csv")).getvalue()
    for hidden in ("Canary", "15,678", "15678", "of cy"):
        assert hidden not in shown
        assert hidden.encode() not in body
    assert "20,000" in shown


def test_two_accounts_of_one_name_are_not_mistaken_for_each_other(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    first = rows(client, account("ACC2", "panels/account-deals.json"))
    text(client, account("ACC2"))
    shown = text(client, account("ACC3"))
    assert first[0]["deal_name"] == "Canary Corp"
    assert "Canary Corp" not in shown


@pytest.mark.parametrize(
    "address",
    ["/marketing/channels/Nowhere/", "/segments/XXL/", "/reps/nobody/", "/accounts/nobody/"],
)
def test_what_nobody_knows_has_no_page(
    company: None, as_user: AsUser, dee: User, address: str
) -> None:
    assert as_user(dee).get(address).status_code == 404


def test_the_account_pages_leave_the_ways_to_one_s_own_account_alone(
    company: None, as_user: AsUser, dee: User
) -> None:
    assert "Your account" in text(as_user(dee), "/accounts/profile/")


def test_a_stage_is_called_as_people_call_it(company: None, as_user: AsUser, ana: User) -> None:
    client = as_user(ana)
    page = text(client, account(ODD_ACCOUNT))
    assert "Closed Won" in page
    assert "Closed_Won" not in page
