"""What the pretend company's story has planted is named by why its numbers changed."""

from __future__ import annotations

import html
import json
import math
import re
from typing import Any

import pytest
from django.test import Client

from insights.catalog import DATASETS
from insights.panels.book import EXPLAINED
from revops_site.kernel import loading
from revops_site.kernel.models import User, Workspace
from tests import generated
from tests.conftest import AsUser

EXACT = 1e-9


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def lead(shown: str) -> list[str]:
    """What the card says: the sentence, or why there is none."""
    found = re.findall(r'<p class="lead[^"]*">(.*?)</p>', shown, re.DOTALL)
    return [html.unescape(one) for one in found]


def rows(client: Client, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(client.get(address).content)["rows"]
    return found


def ends(shown: str) -> list[float]:
    """The values before and now, as the page holds them for machines."""
    card = shown[shown.index('id="why"') : shown.index('id="panel-')]
    return [float(one) for one in re.findall(r'<data value="([^"]+)">', card)]


def of_groups(client: Client, slug: str, query: str) -> dict[str, dict[str, Any]]:
    found = rows(client, f"/why/{slug}/panels/groups.json?{query}")
    return {row["group"]: row for row in found}


@pytest.mark.django_db
def test_every_number_answers_and_what_is_planted_is_named(
    workspace: Workspace, dee: User, as_user: AsUser
) -> None:
    files = [path for path in generated.company().iterdir() if path.stem != "touchpoints"]
    assert loading.load(files, DATASETS).exit_code == 0
    client = as_user(dee)
    facebook_stopped_converting(client)
    a_higher_price_drove_small_customers_away(client)
    mid_market_expands(client)
    parts_add_up_for_every_number(client)


def facebook_stopped_converting(client: Client) -> None:
    """The leads come at the same cost, but hardly any of them qualifies since March."""
    query = "period=custom&start=2026-03-01&end=2026-06-30&compare=previous"
    (said,) = lead(read(client, f"/why/marketing-cost-per-sql/?{query}&by=channel"))
    assert said.startswith("Cost per SQL rose by")
    assert ": cost per SQL in Facebook Ads explains +" in said
    found = of_groups(client, "marketing-sqls", f"{query}&by=channel")
    assert min(found.values(), key=lambda row: row["total"])["group"] == "Facebook Ads"
    calm = of_groups(client, "marketing-cpl", f"{query}&by=channel")["Facebook Ads"]
    assert abs(calm["now"] - calm["before"]) < 0.1 * calm["before"]


def a_higher_price_drove_small_customers_away(client: Client) -> None:
    """Churn is several times as high as usual in two months, among the small ones."""
    query = "period=custom&start=2026-01-01&end=2026-02-28"
    query += "&against_start=2025-11-01&against_end=2025-12-31"
    (said,) = lead(read(client, f"/why/revenue-churn-rate/?{query}"))
    assert re.match(r"Churn, monthly rose by [\d.]+ points.*: churn, monthly in SMB explains", said)
    (said,) = lead(read(client, f"/why/revenue-lost-customers/?{query}&by=reason"))
    assert ": Price explains +" in said
    (said,) = lead(read(client, f"/why/revenue-grr/?{query}&by=segment"))
    assert re.search(r"GRR fell by .*: churn in SMB explains −", said)


def mid_market_expands(client: Client) -> None:
    """Expansion comes from MM before all, and so its NRR is the highest."""
    (said,) = lead(read(client, "/why/revenue-expansion/?period=365d&by=segment"))
    assert re.search(r"Expansion MRR rose by .*: MM explains \+", said)
    found = of_groups(client, "revenue-expansion", "period=365d&by=segment")
    assert max(found.values(), key=lambda row: row["now"])["group"] == "MM"
    assert max(found.values(), key=lambda row: row["total"])["group"] == "MM"
    kept = of_groups(client, "revenue-nrr", "period=365d&by=segment")
    assert max(kept.values(), key=lambda row: row["now"])["group"] == "MM"


def parts_add_up_for_every_number(client: Client) -> None:
    """Each number of the catalog has parts that make its change, or says why not."""
    taken_apart = 0
    for slug in EXPLAINED:
        shown = read(client, f"/why/{slug}/")
        assert len(lead(shown)) == 1, slug
        found = rows(client, f"/why/{slug}/panels/steps.json")
        if not found:
            assert lead(shown)[0].endswith("."), slug
            continue
        before, now = ends(shown)
        parts = math.fsum(row["value"] for row in found[:-1])
        room = EXACT * max(abs(before), abs(now), *(abs(row["value"]) for row in found))
        assert parts == pytest.approx(now - before, abs=room), slug
        assert found[-1]["value"] == pytest.approx(now - before, abs=room), slug
        groups = rows(client, f"/why/{slug}/panels/groups.json") if "panel-groups" in shown else []
        if groups:
            whole = math.fsum(row["total"] for row in groups)
            assert whole == pytest.approx(now - before, abs=room), slug
        taken_apart += 1
    assert taken_apart > 100
