"""The worked examples of deal health: files through the loader, and bands of scored deals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from pipeline.analytics import bands, health, risks
from pipeline.panels.health.judged import judge
from revops_site.kernel.filters import Filters, narrow
from revops_site.kernel.permissions import EVERYBODY
from tests.golden.adapters.pipeline import REQUIRED, load, stage_row, workspace_of
from tests.golden.files import Golden

NUMBERS = (
    *("days_in_stage", "days_since_activity", "days_until_close", "deviation_days", "push_count"),
    *("remaining_expected_days", "health_score"),
)
SAID = ("health_category", "urgency", "slip_risk", "primary_action")


def deal_risk(golden: Golden) -> dict[str, Any]:
    """Each deal with its components, its flags, and what follows from them."""
    given, settings = golden.input, golden.settings
    workspace, day = workspace_of(settings), date.fromisoformat(settings["as_of"])
    load("stages", [stage_row(place, row) for place, row in enumerate(given["stages"])])
    load("pipeline_deals", [_deal(deal) for deal in given["deals"]], REQUIRED)
    load("contacts", [one for deal in given["deals"] for one in _contacts(deal, day)])
    load("activities", [one for deal in given["deals"] for one in _activities(deal)])
    load("deal_changes", [one for deal in given["deals"] for one in _changes(deal, day)])
    first_month = workspace.fiscal_year_start_month
    slice_ = narrow(Filters(as_of=day), EVERYBODY, day, first_month=first_month, currency="USD")
    judged = judge(slice_)
    return {row["deal_id"]: _told(row, day) for row in judged.to_dict("records")}


def _told(row: Mapping[Any, Any], day: date) -> dict[str, Any]:
    numbers = {name: None if pd.isna(row[name]) else int(row[name]) for name in NUMBERS}
    return {
        **numbers,
        **{name: row[name] for name in SAID},
        "components": {one.name: one.points for one in health.components(row, day)},
        "risk_flags": list(row["risk_flags"]),
        "risk_flags_display": risks.display(row["risk_flags"]),
    }


def _deal(deal: Mapping[str, Any]) -> dict[str, Any]:
    names = ("stage_name", "created_at", "last_stage_change", "amount", "discount_pct")
    more = ("forecast_category", "has_champion", "has_economic_buyer")
    return {
        **{name: deal[name] for name in more},
        **{{"stage_name": "stage"}.get(name, name): deal[name] for name in names},
        "deal_id": deal["opportunity_id"],
        "expected_close": deal["close_date"],
        "status": "open",
    }


def _contacts(deal: Mapping[str, Any], day: date) -> list[dict[str, Any]]:
    return [
        {
            "deal_id": deal["opportunity_id"],
            "contact_id": f"{deal['opportunity_id']}-{place}",
            "contact_name": f"Contact {place}",
            "last_engaged_at": day - timedelta(days=30),
        }
        for place in range(deal["engaged_contacts"])
    ]


def _activities(deal: Mapping[str, Any]) -> list[dict[str, Any]]:
    own = {"deal_id": deal["opportunity_id"], "type": "call", "direction": "outbound"}
    done, planned = deal["last_activity_at"], deal["next_activity_at"]
    found = []
    if done:
        moment = f"{done}T10:00:00Z"
        found.append({**own, "activity_id": f"{own['deal_id']}-done", "done_at": moment})
    if planned:
        found.append({**own, "activity_id": f"{own['deal_id']}-next", "due_date": planned})
    return [{"done_at": "", "due_date": ""} | one | {"is_done": "done_at" in one} for one in found]


def _changes(deal: Mapping[str, Any], day: date) -> list[dict[str, Any]]:
    own = {"deal_id": deal["opportunity_id"]}
    found = [
        {
            **own,
            "field": "close_date",
            "old": one["old"],
            "new": one["new"],
            "changed_at": f"{one['changed_at']}T10:00:00Z",
        }
        for one in deal["close_date_changes"]
    ]
    before, amount = deal["amount_30d_ago"], deal["amount"]
    if before is not None and before != amount:
        moment = f"{day - timedelta(days=20)}T10:00:00Z"
        change = {"field": "amount", "old": before, "new": amount, "changed_at": moment}
        found.append({**own, **change})
    return found


def health_distribution(golden: Golden) -> dict[str, Any]:
    """The bands of a day beside those of a week before."""
    now, before = (_scored(golden.input[name]) for name in ("open_deals", "open_deals_1w_ago"))
    return bands.health_distribution(now, before)


def _scored(rows: list[dict[str, Any]]) -> pd.DataFrame:
    deals = pd.DataFrame(rows)
    known = deals.assign(health_category=health.categories(deals["health_score"].to_numpy()))
    return bands.single(known)


ADAPTERS: Mapping[str, Callable[[Golden], Any]] = {
    "deal_risk": deal_risk,
    "health_distribution": health_distribution,
}
