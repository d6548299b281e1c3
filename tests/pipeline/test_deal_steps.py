"""From a list one opens a deal, and from there goes on to the next one of that very list."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from pipeline.datasets import PIPELINE_DEALS
from pipeline.panels.deal import address
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User
from tests.conftest import AsUser
from tests.pipeline_deals import DEALS, HEADER

SAYS = re.compile(r'id="deal-steps".*?<span>([^<]*)</span>', re.DOTALL)


@pytest.fixture(autouse=True)
def deals(ana: User, cy: User, pipeline_deals: None) -> None:
    """A dozen deals, of which Ana has three open ones: worth 100,000, 72,000 and unknown."""


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def first_way(text: str, deal_id: str) -> str:
    """Where a table's row leads."""
    found = re.search(rf'href="({re.escape(address(deal_id))}\?[^"]*list=deals)"', text)
    assert found, f"no way to {deal_id}"
    return unescape(found[1])


def way(text: str, name: str) -> str:
    found = re.search(rf'id="step-{name}"[^>]*href="([^"]*)"', text)
    return unescape(found[1]) if found else ""


def says(text: str) -> str:
    found = SAYS.search(text)
    return found[1] if found else ""


def close(deal_id: str) -> None:
    """Let a deal be lost, as the next file has it."""
    line = next(one for one in DEALS if one.startswith(f"{deal_id},"))
    names = [PIPELINE_DEALS.column(n).name if n in known() else n for n in HEADER.split(",")]
    given = dict(zip([TITLES.get(n, n) for n in names], line.split(","), strict=True))
    lost = given | {"status": "lost", "closed_on": "2025-06-29", "stage_name": "Closed_Lost"}
    report = rows.write(PIPELINE_DEALS, [lost], kind="sync", source="test", by=None)
    assert report.accepted == 1, report.sample


TITLES = {
    "account": "account_name",
    "owner": "owner_id",
    "stage": "stage_name",
    "expected_close": "close_date",
    "closed_at": "closed_on",
}


def known() -> set[str]:
    return {column.name for column in PIPELINE_DEALS.columns}


def test_a_row_of_the_long_table_leads_to_the_deal_and_on_to_its_neighbours(
    dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    listed = page(client, "/pipeline/?sort=-value&flag=past-due&team=")
    assert first_way(listed, "A2")
    listed = page(client, "/pipeline/?region=EMEA")
    one = page(client, first_way(listed, "A1"))
    assert says(one) == "1 of 3"
    assert way(one, "earlier") == ""
    two = page(client, way(one, "later"))
    assert "Bolt (A2)" in two
    assert says(two) == "2 of 3"
    assert "Acme (A1)" in page(client, way(two, "earlier"))
    three = page(client, way(two, "later"))
    assert (says(three), way(three, "later")) == ("3 of 3", "")
    assert 'href="/pipeline/?region=EMEA#listing-deals"' in three


def test_the_order_and_the_search_of_the_list_are_kept(dee: User, as_user: AsUser) -> None:
    client = as_user(dee)
    listed = page(client, "/pipeline/?sort=deal_name&q=can")
    assert says(page(client, first_way(listed, "C1"))) == "1 of 1"
    listed = page(client, "/pipeline/?sort=deal_name")
    found = [says(page(client, first_way(listed, one))) for one in ("A1", "A2", "C1", "A3", "N1")]
    assert found == ["1 of 5", "2 of 5", "3 of 5", "4 of 5", "5 of 5"]


def test_a_deal_that_left_the_list_keeps_its_place_there(dee: User, as_user: AsUser) -> None:
    client = as_user(dee)
    one = page(client, first_way(page(client, "/pipeline/?region=EMEA"), "A1"))
    opened = way(one, "later")
    close("A2")
    left = page(client, opened)
    assert says(left) == "No longer in the list of 2"
    assert "Acme (A1)" in page(client, way(left, "earlier"))
    assert "Corex (A3)" in page(client, way(left, "later"))


def test_a_rep_s_page_is_stepped_through_by_that_rep_s_deals_alone(
    bo: User, as_user: AsUser
) -> None:
    client = as_user(bo)
    one = page(client, first_way(page(client, "/reps/ana/"), "A1"))
    assert says(one) == "1 of 3"


@pytest.mark.parametrize(
    "at",
    [
        "/pipeline/&list=stuck-deals",
        "/pipeline/forecast/&list=swing-deals",
        "/pipeline/velocity/Demo/31-60/&list=deals",
        "/marketing/channels/LinkedIn/&list=sourced-deals",
        "/pipeline/bridge/all/created/&list=deals",
        "/pipeline/lists/hygiene/&list=hygiene-deals",
        "/pipeline/health/&list=stuck-view",
        "/changes/&list=changes",
        "/&list=changed",
        "/today/&list=today",
        "/&list=today",
    ],
)
def test_every_table_of_deals_can_be_stepped_through(at: str, dee: User, as_user: AsUser) -> None:
    assert says(page(as_user(dee), f"{address('A1')}?at={at}"))


@pytest.mark.parametrize(
    ("url", "table"),
    [
        ("/changes/?period=all", "changes"),
        ("/pipeline/health/", "stuck-view"),
        ("/pipeline/lists/hygiene/", "hygiene-deals"),
        ("/pipeline/bridge/all/created/?period=all", "deals"),
        ("/today/", "today"),
        ("/", "today"),
    ],
)
def test_a_row_leads_to_the_deal_and_on_to_the_next_of_its_table(
    url: str, table: str, dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    links = re.findall(rf'href="(/pipeline/deals/[^"]*list={table}[^"]*)"', page(client, url))
    first, second = [unescape(one) for one in dict.fromkeys(links)][:2]
    one = page(client, first)
    assert says(one).startswith("1 of ")
    assert way(one, "later").partition("?")[0] == second.partition("?")[0]
    assert says(page(client, way(one, "later"))).startswith("2 of ")
    back = unescape(re.findall(r'class="back"><a href="([^"]*)"', one)[0])
    assert back.partition("#")[0].partition("?")[0] == url.partition("?")[0]
    assert f'id="{back.partition("#")[2]}"' in page(client, back)


def test_an_account_s_deals_are_stepped_through(ana: User, dee: User, as_user: AsUser) -> None:
    of_account = {"account_id": "X1", "account_name": "Xenon", "stage_name": "Demo"}
    of_account |= {"status": "open", "created_at": "2025-06-01", "owner_id": "ana"}
    given = [of_account | {"deal_id": f"X{n}", "amount": str(n)} for n in range(3)]
    assert not rows.write(PIPELINE_DEALS, given, kind="sync", source="t", by=None).refused
    given = [of_account | {"deal_id": "X9", "owner_id": "cy", "opportunity_name": "Canary"}]
    assert not rows.write(PIPELINE_DEALS, given, kind="sync", source="t", by=None).refused
    text = page(as_user(ana), "/accounts/X1/")
    (first, *_) = re.findall(r'href="(/pipeline/deals/[^"]*list=account-deals[^"]*)"', text)
    assert says(page(as_user(ana), unescape(first))) == "1 of 3"
    assert says(page(as_user(dee), unescape(first))).endswith("of 4")
    assert says(page(as_user(dee), f"{address('A1')}?at=/accounts/X1/&list=account-deals"))


def test_a_rep_steps_to_no_foreign_deal_whatever_the_address_says(
    ana: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    for at in (
        *("/pipeline/", "/reps/cy/", "/segments/MM/", "/marketing/channels/LinkedIn/"),
        *("/changes/", "/pipeline/health/", "/today/", "/"),
    ):
        for slug in ("deals", "sourced-deals", "changes", "changed", "stuck-view", "today"):
            text = page(client, f"{address('A1')}?at={at}&list={slug}&owner=cy&nth=1")
            assert not re.search(r"/pipeline/deals/[CN]\d", text), (at, slug)


@pytest.mark.parametrize(
    "query",
    [
        "list=deals",
        "list=nothing&at=/pipeline/",
        "list=deals&at=//evil.example/",
        "list=deals&at=/pipeline/velocity/x/y/",
        "list=deals&at=/pipeline/bridge/x/y/",
        "list=deals&at=/pipeline/&nth=-1&page=x&sort=nothing&q=%00",
    ],
)
def test_an_address_that_names_no_list_gives_the_deal_alone(
    query: str, dee: User, as_user: AsUser
) -> None:
    text = page(as_user(dee), f"{address('A1')}?{query}")
    assert 'href="//evil' not in text
