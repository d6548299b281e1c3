"""From channel to campaign to day: the same sums, ever closer, beside the compared period."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from insights.catalog import DATASETS
from insights.panels.campaigns import PAGE
from marketing.panels import LEDGERS
from revops_site.kernel import loading
from revops_site.kernel.models import User, Workspace
from tests import marketing_days as marketing
from tests.conftest import AsUser
from tests.explained import SEEDS, Case, Reader, hold
from tests.marketing.test_explained import HEADER, RATES, RECOMPUTE, lines

ODD = 'Spring/Summer & "more"'
BUDGETS = (
    "month,channel,campaign,amount,currency",
    *(f"2025-{month:02},Google Ads,c{month},1000.50,EUR" for month in range(4, 7)),
    *(f"2025-{month:02},LinkedIn,,800,USD" for month in range(4, 7)),
    "2025-05,LinkedIn,c1,70,SEK",
)
SUMS = ("spend", "leads", "mqls", "sqls", "opportunities", "closed_won")


@pytest.fixture
def client(as_user: AsUser, vi: User, marketing_days: None) -> Client:
    return as_user(vi)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.getvalue().decode()


def rows(client: Client, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text(client, address))["rows"]
    return found


def summed(found: list[dict[str, Any]], name: str) -> float:
    return float(sum(row[name] for row in found))


@pytest.mark.parametrize("query", ["", "period=all", "period=90d&segment=ENT", "region=EU"])
def test_each_level_sums_to_the_one_above(client: Client, query: str) -> None:
    base = "/marketing/campaigns"
    channels = rows(client, f"{base}/panels/campaign-channels.json?{query}")
    campaigns = rows(client, f"{base}/panels/campaigns.json?{query}")
    for name in SUMS:
        assert summed(channels, name) == summed(campaigns, name)
    for campaign in filter(lambda row: row["campaign"], campaigns):
        days = rows(
            client, f"{base}/{quote(campaign['campaign'])}/panels/campaign-days.json?{query}"
        )
        for name in SUMS:
            assert summed(days, name) == campaign[name]
    assert sum(row["spend_share"] for row in campaigns) == pytest.approx(1)


def test_a_change_is_against_the_compared_period(client: Client) -> None:
    query = "period=custom&start=2025-06-16&end=2025-06-30"
    found = rows(client, f"/marketing/campaigns/panels/campaigns.json?{query}")
    launch = next(row for row in found if row["campaign"] == "Launch")
    assert launch["spend_change"] == pytest.approx(4000 / 2000 - 1)
    assert launch["leads_change"] == pytest.approx(50 / 5 - 1)
    assert launch["cac_change"] is None, "nobody was won before"
    summer = next(row for row in found if row["campaign"] == "Summer")
    assert summer["spend_change"] is None, "it did not run before"


def test_nothing_is_compared_with_days_before_the_data(client: Client) -> None:
    shown = text(client, "/marketing/campaigns/")
    assert "Nothing to compare with: the data start later." in shown


def test_a_cross_table_holds_ratios_of_sums_with_all_at_its_ends(client: Client) -> None:
    found = rows(client, "/marketing/campaigns/panels/cac-by-segment-and-region.json")
    table = {row["geo"]: row for row in found}
    assert table["US"]["SMB"] == pytest.approx((1000 + 0 + 500) / 4)
    assert table["EU"]["ENT"] == pytest.approx(6000)
    assert table["US"]["ENT"] is None
    assert table[""]["all"] == pytest.approx(10_500 / 6)


def test_a_cell_of_a_cross_table_explains_its_own_part(client: Client) -> None:
    shown = text(client, "/marketing/campaigns/panels/cac-by-segment-and-region/")
    link = "/explain/marketing-cac/?period=365d&segment=ENT&region=EU"
    assert f'href="{link.replace("&", "&amp;")}"' in shown
    assert "$6,000.00" in text(client, link)


def test_channels_lead_to_campaigns_and_campaigns_to_days(client: Client) -> None:
    shown = text(client, "/marketing/campaigns/?period=90d")
    assert 'href="/marketing/channels/LinkedIn/?period=90d"' in shown
    assert 'href="/marketing/campaigns/Launch/?period=90d"' in shown
    assert "No campaign" in shown
    own = text(client, "/marketing/campaigns/Launch/?period=90d")
    assert "24 Jun 2025" in own
    assert "/explain/marketing-spend/?period=custom&amp;start=2025-06-24" in own


def test_the_pages_of_marketing_stand_beside_each_other(client: Client) -> None:
    for address, current in (
        ("/marketing/", "Marketing"),
        ("/marketing/campaigns/", "Campaigns"),
        ("/marketing/campaigns/Launch/", "Campaigns"),
        ("/marketing/channels/LinkedIn/", "Marketing"),
    ):
        bar = text(client, address).partition('id="marketing-tabs"')[2].partition("</nav>")[0]
        assert re.findall(r'aria-current="page">([^<]+)<', bar) == [current], address


def test_a_campaign_s_name_may_hold_any_character(
    as_user: AsUser, vi: User, workspace: Workspace, tmp_path: Path
) -> None:
    named = ODD.replace('"', '""')
    line = f'2025-06-30,Google Ads,"{named}",SMB,US,500,5000,100,10,6,2,1,0,,50,0.02,0.1,-100'
    assert marketing.load(tmp_path, (*marketing.ROWS, line)).exit_code == 0
    client = as_user(vi)
    address = f"/marketing/campaigns/{quote(ODD, safe='')}/"
    assert f'href="{address}"' in text(client, "/marketing/campaigns/")
    assert summed(rows(client, f"{address}panels/campaign-days.json"), "spend") == 500
    assert client.get("/marketing/campaigns/Nobody/").status_code == 404


def budgeted(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Decimal | None]:
    """The parts of the budgets that count, one row after the other."""
    parts = [row["amount"] * row["fx_rate"] * row["share"] for row in rows if row["fx_rate"]]
    return {"budget_to_date": sum(parts, Decimal(0)) if parts else None}


@SEEDS
def test_every_number_is_what_its_rows_make_it(
    as_user: AsUser, vi: User, workspace: Workspace, tmp_path: Path, seed: int
) -> None:
    rates = tmp_path / "fx_rates.csv"
    rates.write_text(RATES)
    days = marketing.write(tmp_path, tuple(lines()), HEADER)
    budgets = tmp_path / "marketing_budgets.csv"
    budgets.write_text("\n".join(BUDGETS) + "\n")
    assert loading.load([rates, days, budgets], DATASETS, strict=True).exit_code == 0
    recompute = {**RECOMPUTE, "marketing-budgets": budgeted}
    hold(Case(PAGE, LEDGERS, recompute), [Reader(vi, as_user(vi))], seed=seed)
