"""The channel that stopped converting in the pretend company is seen where deals are sourced."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from insights.catalog import DATASETS
from revops_site.kernel import loading
from revops_site.kernel.models import User, Workspace
from tests import generated
from tests.conftest import AsUser

DECAYED = "Facebook Ads"
BEFORE = "period=custom&start=2025-11-01&end=2026-02-28"
SINCE = "period=custom&start=2026-03-01&end=2026-06-30"
# Won when most of what counts lies after the day on which it broke.
LATE = "period=custom&start=2026-05-01&end=2026-06-30"


def rows(client: Client, address: str) -> list[dict[str, Any]]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    found: list[dict[str, Any]] = json.loads(answer.getvalue())["rows"]
    return found


def by_channel(client: Client, address: str, column: str) -> dict[str, float]:
    return {row["channel"]: float(row[column]) for row in rows(client, address)}


@pytest.mark.django_db
def test_the_channel_that_decayed_brings_hardly_a_deal_and_is_named(
    workspace: Workspace, dee: User, as_user: AsUser
) -> None:
    assert loading.load([*generated.company().iterdir()], DATASETS).exit_code == 0
    client = as_user(dee)
    created = [
        by_channel(client, f"/marketing/closed-loop/panels/loop-channels.json?{days}", "created")
        for days in (BEFORE, SINCE)
    ]
    lost = {name: created[1].get(name, 0) / n for name, n in created[0].items() if n}
    assert min(lost, key=lambda name: lost[name]) == DECAYED
    assert lost[DECAYED] < 0.5
    # It earns less of what is won, by every rule that looks at more than the first touch.
    models = "/marketing/attribution/panels/attribution-models.json?by=count"
    for rule in ("linear", "u_shaped", "time_decay", "last_touch"):
        earned = [by_channel(client, f"{models}&{days}", rule) for days in (BEFORE, LATE)]
        shares = [found.get(DECAYED, 0.0) / sum(found.values()) for found in earned]
        assert shares[0] > 0.08, rule
        assert shares[1] < 0.5 * shares[0], rule
    # Why it changed: the channel is named.
    query = f"{SINCE}&compare=previous&by=channel"
    groups = rows(client, f"/why/marketing-sqls/panels/groups.json?{query}")
    assert min(groups, key=lambda row: row["total"])["group"] == DECAYED
