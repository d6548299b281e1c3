"""What the pretend company's story has planted is there to be seen on the pipeline's pages."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from insights.catalog import DATASETS
from revops_site.kernel import loading
from revops_site.kernel.models import User, Workspace
from tests import generated
from tests.conftest import AsUser

HEALTHY = 80
OF_DEALS = (
    *("reps", "accounts", "pipelines", "stages", "fx_rates", "quotas", "pipeline_deals"),
    *("contacts", "stage_history", "status_events", "deal_changes", "activities"),
)


def rows(client: Client, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(client.get(address).content)["rows"]
    return found


@pytest.mark.django_db
def test_the_lost_champion_the_lawyers_and_the_slipping_dates_show(
    workspace: Workspace, dee: User, as_user: AsUser
) -> None:
    files = [path for path in generated.company().iterdir() if path.stem in OF_DEALS]
    assert loading.load(files, DATASETS).exit_code == 0
    client = as_user(dee)

    # The champion of the largest committed deal has left: it decides its quarter, and is in doubt.
    name, quarter = largest_committed()
    swing = rows(client, f"/pipeline/forecast/panels/swing-deals.json?quarter={quarter}")
    committed = [deal for deal in swing if deal["category"] == "Commit"]
    assert committed[0]["deal_name"] == name
    assert committed[0]["stage_name"] == "Negotiation"
    assert committed[0]["health_score"] < HEALTHY

    # Large contracts are stuck with the lawyers: that is where most time is lost, and with whom.
    page = client.get("/pipeline/velocity/").content.decode()
    told = re.search(r"Most time is lost in (.+?):.* With (\w+) \(", page)
    assert told is not None
    assert told.groups() == ("Negotiation", "ENT")

    # Two reps push their dates, quarter after quarter.
    pushed = Counter(
        deal["owner_then"]
        for quarter in last_quarters(client)
        for deal in rows(
            client, f"/pipeline/bridge/quarter/pushed_out/panels/deals.json?quarter={quarter}"
        )
    )
    assert {name for name, _ in pushed.most_common(2)} == {"Ethan Walker", "Oliver Grant"}


def largest_committed() -> tuple[str, str]:
    """The deal that the story is about, and the quarter that it is expected in."""
    deals = generated.read(generated.company(), "pipeline_deals", "expected_close")
    open_ = deals[(deals["status"] == "Open") & (deals["forecast_category"] == "Commit")]
    deal = open_.sort_values("amount").iloc[-1]
    day = deal["expected_close"]
    return str(deal["opportunity_name"]), f"{day.year}Q{day.quarter}"


def last_quarters(client: Client) -> list[str]:
    """The four quarters before the running one, as the page offers them."""
    page = client.get("/pipeline/forecast/").content.decode()
    offered = page.split('id="filter-quarter"')[1].split("</select>")[0]
    return re.findall(r'value="(\w+)">', offered)[1:5]
