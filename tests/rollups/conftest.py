"""Rows of every kind at hand, and a small company that sells in three currencies."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from insights.catalog import DATASETS
from revops_site.kernel.loading import FileReport, rows
from revops_site.kernel.models import Workspace

CATALOG = {dataset.name: dataset for dataset in DATASETS}
DEFAULTS: dict[str, dict[str, Any]] = {
    "stages": {"pipeline_id": "new", "stage_order": 1},
    "pipeline_deals": {"stage_name": "Demo", "status": "open", "created_at": "2024-01-05"},
    "activities": {"type": "call", "is_done": True},
    "marketing_channels": {
        "channel": "Google Ads",
        "campaign": "",
        "segment": "SMB",
        "geo": "US",
        "spend": 0,
        "impressions": 0,
        "clicks": 0,
        "leads": 0,
        "mqls": 0,
        "sqls": 0,
        "opportunities": 0,
        "closed_won": 0,
    },
    "revenue_customers": {
        "account_name": "Acme",
        "start_date": "2024-01-01",
        "churned_flag": False,
        "mrr": 0,
        "new_mrr": 0,
        "expansion_mrr": 0,
        "contraction_mrr": 0,
    },
    "subscriptions": {"status": "active", "interval": "month", "start_date": "2024-01-01"},
}
OWNERS = ("ana", "bo", "cy", "")
CURRENCIES = ("USD", "EUR", "XAU")  # nobody knows what gold costs

Put = Callable[..., FileReport]
Take = Callable[..., FileReport]


@pytest.fixture
def put(workspace: Workspace) -> Put:
    """Write rows of a dataset, by column name, as a program or a person would."""

    def written(dataset: str, *given: dict[str, Any], kind: Any = "app") -> FileReport:
        texts = [
            {
                name: None if value is None else str(value)
                for name, value in {**DEFAULTS.get(dataset, {}), **row}.items()
            }
            for row in given
        ]
        report = rows.write(CATALOG[dataset], texts, kind=kind, source="test", by=None)
        assert report.refused == 0, report.sample
        return report

    return written


@pytest.fixture
def take(workspace: Workspace) -> Take:
    """Delete rows of a dataset by their keys."""

    def taken(dataset: str, *keys: tuple[Any, ...]) -> FileReport:
        return rows.remove(CATALOG[dataset], keys, kind="edit", source="test", by=None)

    return taken


@pytest.fixture
def rates(put: Put) -> None:
    """What a euro costs, from the second day of the deals on."""
    put(
        "fx_rates",
        {"date": "2024-01-02", "from_currency": "EUR", "to_currency": "USD", "rate": "1.1"},
        {"date": "2024-02-01", "from_currency": "EUR", "to_currency": "USD", "rate": "1.25"},
    )


@pytest.fixture
def company(put: Put, rates: None) -> None:
    """Stages, deals and activities of three reps over ten weeks."""
    stages = ("Lead", "Demo", "Legal")
    put("pipelines", {"pipeline_id": "new", "pipeline_name": "New business"})
    put(
        "stages",
        *(
            {"stage_id": name, "stage_name": name, "stage_order": at, "probability": at / 4}
            for at, name in enumerate(stages)
        ),
    )
    dice = random.Random(7)
    put("pipeline_deals", *(_deal(dice, nth, stages) for nth in range(120)))
    put("activities", *(_activity(dice, nth) for nth in range(60)))


def _deal(dice: random.Random, nth: int, stages: tuple[str, ...]) -> dict[str, Any]:
    created = date(2024, 1, 1) + timedelta(days=dice.randrange(70))
    status = dice.choice(("open", "won", "lost"))
    return {
        "deal_id": f"D{nth}",
        "owner_id": dice.choice(OWNERS) or None,
        "segment": dice.choice(("SMB", "ENT", None)),
        "region": dice.choice(("EMEA", None)),
        "source_channel": dice.choice(("LinkedIn", None)),
        "pipeline_id": dice.choice(("new", "old", None)),
        "stage_name": dice.choice((*stages, "Unheard of")),
        "amount": dice.choice((None, 0, "100.10", "2500")),
        "currency": dice.choice(CURRENCIES),
        "created_at": created,
        "close_date": dice.choice((None, created + timedelta(days=30))),
        "status": status,
        "closed_on": None if status == "open" else created + timedelta(days=dice.randrange(40)),
        "lost_reason": dice.choice(("Price", "Duplicate", " test ")) if status == "lost" else None,
        "probability": dice.choice((None, "0.3")),
        "forecast_category": dice.choice(("Commit", "omitted", None)),
        "is_deleted": dice.random() < 0.1,
    }


def _activity(dice: random.Random, nth: int) -> dict[str, Any]:
    done = dice.random() < 0.8
    hour = dice.randrange(24)
    return {
        "activity_id": f"A{nth}",
        "deal_id": f"D{nth}",
        "rep_id": dice.choice(OWNERS) or None,
        "type": dice.choice(("call", "meeting")),
        "done_at": f"2024-01-{dice.randrange(1, 9):02}T{hour:02}:30:00Z" if done else None,
        "is_done": done,
    }
