"""Panels for programs: the numbers of the pages and of their files, in parts, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client

from insights.catalog import PAGES
from revops_site.kernel.listings import Listing
from revops_site.kernel.models import User
from revops_site.kernel.panels import Page, Panel
from tests.conftest import AsUser
from tests.insights.api.programs import PROBLEM, program, told

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("ana", "bo", "cy", "marketing_days", "pipeline_deals", "customers"),
]
DEALS = "panels/pipeline/deals"


def parts(page: Page) -> Sequence[Panel | Listing]:
    return (*page.panels, *page.listings)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_every_panel_tells_what_its_file_holds(page: Page, dee: User, as_user: AsUser) -> None:
    client, reader = program(dee), as_user(dee)
    for one in parts(page):
        answer = told(client, f"panels/{page.slug}/{one.slug}")
        file = reader.get(f"{page.address}panels/{one.slug}.json")
        held: Any = file.json() if not file.streaming else _read(file)
        assert {name: answer[name] for name in held} == held, one.slug
        assert answer["total"] == len(held["rows"])


def test_the_list_of_panels_has_every_panel_and_where_it_is(dee: User) -> None:
    client = program(dee)
    found = told(client, "panels/")
    slugs = {(one["page"], one["panel"]) for one in found}
    known = {(page.slug, one.slug) for page in PAGES for one in parts(page)}
    assert slugs == known
    for one in found[:5]:
        assert client.get(one["url"]).status_code == 200
        assert (
            one["columns"][0]["name"] in told(client, one["url"].removeprefix("/api/"))["columns"]
        )


def test_a_role_has_its_own_pages(ana: User, bo: User) -> None:
    of_rep, of_manager = (
        {one["panel"] for one in told(program(user), "panels/")} for user in (ana, bo)
    )
    assert "overview-day" in of_rep
    assert "overview-team" in of_manager
    assert "coaching-compare" in of_manager - of_rep
    told(program(ana), "panels/coaching/coaching-compare", 404)


def test_rows_are_told_in_parts_that_lead_to_each_other(dee: User) -> None:
    client = program(dee)
    whole = told(client, DEALS)
    rows, url, seen = [], f"/api/{DEALS}?size=2", 0
    while url:
        answer = client.get(url)
        rows += answer.json()["rows"]
        assert answer["X-Total-Count"] == str(whole["total"])
        ways = {rel: way for way, rel in re.findall(r'<([^>]*)>; rel="(\w+)"', answer["Link"])}
        url, seen = ways.get("next", ""), seen + 1
    assert rows == whole["rows"]
    assert seen == -(-whole["total"] // 2) > 1
    assert told(client, f"{DEALS}?page=1000")["rows"] == []
    arrays = told(client, "panels/?size=1&page=2")
    assert arrays == told(client, "panels/")[1:2]


def test_a_long_table_is_searched_and_ordered_as_on_its_page(dee: User) -> None:
    client = program(dee)
    found = told(client, f"{DEALS}?sort=-amount&q=A1&column=amount")
    assert found["columns"] == ["deal_name", "amount"] or "amount" in found["columns"]
    assert 0 < found["total"] < told(client, DEALS)["total"]


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("region=Mars", "Mars"),
        ("owner=cy&owner=nobody", "nobody"),
        ("start=2025-02-01", "both a start and an end"),
        ("start=2025-02-01&end=2025-01-01", "before the start"),
        ("sort=moon", "moon"),
    ],
)
def test_a_filter_that_cannot_be_used_is_refused_in_a_sentence(
    query: str, why: str, dee: User
) -> None:
    answer = told(program(dee), f"panels/pipeline/owner-performance?{query}", 400)
    assert answer["status"] == 400
    assert why in answer["detail"]


@pytest.mark.parametrize(
    "query",
    ["size=0", "size=1001", "page=0", "period=never", "as_of=soon", "moon=1", "min_days=-1"],
)
def test_what_the_document_does_not_know_is_refused(query: str, dee: User) -> None:
    answer = told(program(dee), f"{DEALS}?{query}", 422)
    assert query.partition("=")[0] in answer["detail"]
    assert answer["errors"]


def test_a_filter_that_the_numbers_do_not_know_is_named(dee: User) -> None:
    told_ = told(program(dee), "panels/marketing/funnel?owner=ana")
    assert told_["not_applied"] == ["owner"]
    assert told(program(dee), "panels/marketing/funnel")["not_applied"] == []


def test_what_is_not_there_is_a_problem(dee: User) -> None:
    client = program(dee)
    for address in ("panels/moon/x", "panels/pipeline/moon", "nothing", "panels/a%00b/x"):
        answer = client.get(f"/api/{address}")
        assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


def test_an_answer_that_is_known_is_not_sent_again(dee: User, ana: User) -> None:
    client = program(dee)
    first = client.get(f"/api/{DEALS}")
    again = client.get(f"/api/{DEALS}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    other = client.get(f"/api/{DEALS}?size=1", headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200
    anas = program(ana).get(f"/api/{DEALS}", headers={"If-None-Match": first["ETag"]})
    assert anas.status_code == 200
    assert "Authorization" in first["Vary"]


def test_a_login_in_a_browser_reads_too_and_a_stranger_does_not(dee: User, as_user: AsUser) -> None:
    assert told(as_user(dee), DEALS) == told(program(dee), DEALS)
    told(Client(), DEALS, 401)


def test_what_is_asked_otherwise_is_told_how(dee: User) -> None:
    client = program(dee, "write")
    answer = client.post(f"/api/{DEALS}")
    assert (answer.status_code, answer["Content-Type"]) == (405, PROBLEM)
    assert answer["Allow"] == "GET"
    head = client.head(f"/api/{DEALS}")
    assert (head.status_code, head.content) == (200, b"")


def _read(file: Any) -> Any:
    return json.loads(b"".join(file.streaming_content))
