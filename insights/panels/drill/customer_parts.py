"""The tables of a customer's page, and of an account's: pay, subscriptions, health with reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pandas as pd

from marketing import queries as marketing
from revenue.metrics.health import FACTORS
from revenue.panels.listed import KINDS
from revenue.queries import one
from revenue.queries.one import Whose
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown

Frame: TypeAlias = Callable[[Slice, Whose], pd.DataFrame]

STATUSES = {
    "active": "Active",
    "past_due": "Past due",
    "trialing": "Trialing",
    "paused": "Paused",
    "unpaid": "Unpaid",
    "canceled": "Canceled",
}
INTERVALS = {
    "day": "Day",
    "week": "Week",
    "month": "Month",
    "quarter": "Quarter",
    "year": "Year",
    "one_time": "One time",
}
MOST_TOUCHES = 1000
HIDDEN = "Nothing is known, or it is of an owner whose customers you do not see."


def health(slice_: Slice, whose: Whose) -> pd.DataFrame:
    """Each factor of the newest health: what it gives, of how much, and what that says."""
    rows = []
    for of in one.health_of(slice_, whose).to_dict("records"):
        rows += [
            {
                "customer_id": of["customer_id"],
                "factor": factor.label,
                "points": of[factor.name],
                "most": factor.most,
                "lost": factor.most - of[factor.name],
                "rule": factor.rule,
                "band": "" if of[factor.name] == of[factor.name] else "not known",
            }
            for factor in FACTORS
        ]
    return pd.DataFrame(rows, columns=[shown.name for shown in HEALTH.columns])


def said(found: pd.DataFrame) -> list[str]:
    """Each customer's score in words, and what it is of."""
    told = []
    for of in found.to_dict("records"):
        known = [f for f in FACTORS if of[f.name] == of[f.name]]
        most = sum(factor.most for factor in known)
        points = sum(of[factor.name] for factor in known)
        if not of["band"]:
            told.append(f"{of['customer_id']}: too little is known to tell its health.")
            continue
        why = f": {formats.show(of['why'], 'told')}" if of["why"] else ""
        told.append(
            f"{of['customer_id']}: {of['score']:.0f} of 100, {of['band']}{why}. "
            f"It has {points:.0f} of the {most} points of what is known."
        )
    return told


HEALTH = Panel(
    slug="customer-factors",
    title="How healthy is it, and why?",
    question="What each factor gives, of 100 together; one that is not known gives its weight to "
    "the others.",
    frame=lambda _: pd.DataFrame(),
    columns=(
        Shown("customer_id", "Customer"),
        Shown("factor", "Factor"),
        Shown("points", "Points", "integer"),
        Shown("most", "Of", "integer"),
        Shown("lost", "Lost", "integer"),
        Shown("rule", "Fewer points"),
        Shown("band", "Known", words={"": "Yes", "not known": "No"}),
    ),
    dimensions=(),
    width="col-12",
    nothing="It pays nothing now, or its health was not reckoned yet.",
)
ITEMS = Panel(
    slug="customer-subscriptions",
    title="What does it subscribe to?",
    question="What runs first; prices in the item's own currency.",
    frame=lambda _: pd.DataFrame(),
    columns=(
        Shown("plan", "Plan"),
        Shown("item_id", "Item"),
        Shown("customer_id", "Customer"),
        Shown("status", "Status", words=STATUSES, tone={"past_due": "warn", "unpaid": "bad"}),
        Shown("quantity", "Quantity", "decimal"),
        Shown("unit_amount", "Price", "decimal"),
        Shown("currency", "Currency"),
        Shown("interval", "Each", words=INTERVALS),
        Shown("start_date", "Started", "date"),
        Shown("ended_on", "Ended", "date"),
        Shown("renews_on", "Renews", "date"),
    ),
    dimensions=(),
    width="col-12",
    nothing=HIDDEN,
)
MONTHS = Panel(
    slug="customer-mrr",
    title="What does it pay, and what moved it?",
    question="Month by month, the newest first, with its health at the month's end.",
    frame=lambda _: pd.DataFrame(),
    columns=(
        Shown("month", "Month from", "date"),
        Shown("plan", "Plan"),
        Shown("started_value", "Before", "money2"),
        Shown("kind", "Moved", words=KINDS),
        Shown("moved_value", "By", "money2"),
        Shown("value", "MRR", "money2"),
        Shown("score", "Health", "integer"),
    ),
    dimensions=(),
    unit="money",
    width="col-12",
    nothing=HIDDEN,
)
TOUCHES = Panel(
    slug="customer-touches",
    title="What led to its deal?",
    question="Touches of marketing in the order that they happened.",
    frame=lambda _: pd.DataFrame(),
    columns=(
        Shown("touched_at", "Day", "date"),
        Shown("channel", "Channel", link="/marketing/channels/{channel}/"),
        Shown("campaign", "Campaign"),
        Shown("type", "Type"),
    ),
    dimensions=(),
    width="col-12",
    nothing="No touch is known.",
)
PARTS: tuple[tuple[Frame, Panel], ...] = (
    (health, HEALTH),
    (one.items_of, ITEMS),
)


def touches(deal_ids: list[str]) -> pd.DataFrame:
    """What led to these deals."""
    return marketing.touches_of(deal_ids, MOST_TOUCHES)
