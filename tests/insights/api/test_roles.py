"""Whose a token is decides what it is told: the slices of pages, and no row of anybody else's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client

from insights.catalog import PAGES
from revops_site.kernel.models import User
from tests.insights.api.programs import program, told

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("ana", "bo", "cy", "marketing_days", "pipeline_deals", "customers"),
]
CONTRACTS = (
    *("dashboard_kpis", "forecast_history", "stage_velocity", "stuck_deals_view"),
    *("health_distribution", "rep_performance_view", "next_best_actions"),
)
OF_CY = ("cy", "C1", "C2", "C3", "C4", "Cy Chen")  # rows of the rep whom neither Ana nor Bo sees


def lists() -> Sequence[str]:
    kinds = ("overdue", "stuck", "inactive", "order_received", "compliance")
    more = ("cashflow_projection", "recent_summary")
    return [f"pipelines/new/{name}" for name in (*kinds, *more)]


def addresses(client: Client) -> Sequence[str]:
    panels = [one["url"].removeprefix("/api/") for one in told(client, "panels/")]
    others = ["kpis/summary", "insights", "dashboard/today", "owners/kpis", "emails/followups"]
    return [*panels, *(f"contracts/{name}" for name in CONTRACTS), *lists(), *others]


def texts(found: Any) -> set[str]:
    """Every text in an answer, but for what it is about."""
    if isinstance(found, dict):
        return {one for name, part in found.items() if name != "about" for one in texts(part)}
    if isinstance(found, list):
        return {one for part in found for one in texts(part)}
    return {found} if isinstance(found, str) else set()


@pytest.mark.slow
@pytest.mark.parametrize("role", ["ana", "bo"])
def test_no_row_of_somebody_else_s_is_in_any_answer(
    role: str, request: pytest.FixtureRequest, dee: User
) -> None:
    client = program(request.getfixturevalue(role))
    for address in addresses(client):
        assert not texts(told(client, address)) & {*OF_CY}, address
    told(client, "contracts/rep_activity_metrics?rep_id=cy", 404)
    told(client, "deals/C1/detail", 404)
    assert told(client, "deals/search?q=C1") == []
    told(client, "panels/pipeline/deals?owner=cy", 400)
    whole = program(dee)
    assert texts(told(whole, "panels/pipeline/owner-performance")) & {*OF_CY}


def test_whoever_sees_everybody_is_told_the_same(dee: User, vi: User, ad: User) -> None:
    for address in ("panels/pipeline/owner-performance", "contracts/dashboard_kpis", "insights"):
        whole = told(program(dee), address)
        assert told(program(vi), address) == told(program(ad), address) == whole


@pytest.mark.parametrize(
    "address",
    [
        *("sync/trigger", "ingest/upload", "report/generate"),
        *("emails/followups/generate", "emails/followups/send"),
    ],
)
def test_a_token_that_may_only_read_posts_nothing(address: str, dee: User) -> None:
    answer = program(dee).post(f"/api/{address}", {}, content_type="application/json")
    assert answer.status_code == 403
    assert answer.json()["detail"] == "This token may only read."


def test_every_page_of_the_catalog_is_asked_for_by_its_slug() -> None:
    assert len({page.slug for page in PAGES}) == len(PAGES)
