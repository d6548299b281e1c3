"""The closed loop: spend, leads, pipeline, won deals, and the MRR left of them a year later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pandas as pd

from insights import metrics
from insights.analytics.loop import closed_loop
from insights.metrics import loop as of_loop
from insights.panels.attribution import known
from insights.queries import attribution as credited
from insights.queries import loop as queries
from marketing import metrics as marketing_metrics
from marketing import queries as marketing
from marketing.analytics.attribution import DEFAULT, RULES, UNATTRIBUTED
from marketing.panels import tabs
from marketing.queries import drill
from pipeline import metrics as deal_metrics
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import Page, Panel, Shown

NOTHING = "Nothing was spent, created or won in these days."


def spent(slice_: Slice) -> pd.DataFrame:
    """What was spent, and the leads it brought, by channel; what names none is nobody's."""
    return _named(marketing.mix(replace(slice_, team=(), owner=(), pipeline=())), "channel")


def channels(slice_: Slice) -> pd.DataFrame:
    """The loop of each channel."""
    return _loop(slice_, ("channel",), spent(slice_))


def campaigns(slice_: Slice) -> pd.DataFrame:
    """The loop of each campaign, by its channel."""
    found = drill.by_campaign(replace(slice_, team=(), owner=(), pipeline=()))
    return _loop(slice_, ("channel", "campaign"), _named(found, "channel"))


def totals(slice_: Slice) -> Mapping[str, float]:
    """The operands of what is retained, by name."""
    found = queries.retained(slice_, slice_.model or DEFAULT)
    names = ("customers", "new_mrr", "known_mrr", "retained_mrr")
    return {name: float(found[name].sum()) for name in names}


def _loop(slice_: Slice, by: Sequence[str], spend: pd.DataFrame) -> pd.DataFrame:
    model = slice_.model or DEFAULT
    credit = credited.credit(slice_)
    won = credit.rename(columns={f"{model}_value": "won", f"{model}_deals": "deals"})
    return closed_loop(
        by,
        spend[[*by, "spend", "leads"]],
        queries.sourced(slice_),
        won[[*by, "won", "deals"]],
        queries.retained(slice_, model),
        is_own=slice_.is_scoped,
    )


def _named(found: pd.DataFrame, name: str) -> pd.DataFrame:
    return found.assign(**{name: found[name].replace("", UNATTRIBUTED)})


def notes(slice_: Slice) -> Sequence[str]:
    """Which model, what adds up to what, and what is not known yet."""
    model = RULES[slice_.model or DEFAULT]
    found = [
        f"Won deals and their MRR are credited by the model {model}; pipeline belongs to the "
        "source of each deal.",
        "Each column adds up to the company's own total; what has no channel is Unattributed.",
    ]
    if slice_.is_scoped:
        found.append(
            "Spend and leads are everybody's, deals and customers those that you look at: no "
            "payback can be told of them together."
        )
    paid = queries.retained(slice_, slice_.model or DEFAULT)
    if (paid["known_customers"] + 1e-9 < paid["customers"]).any():
        found.append(
            "Some customers came less than twelve months ago: what they keep paying, and so the "
            "payback of their channels, is not known yet."
        )
    return [*found, *known.behind()]


def _columns(model: str, by_campaign: bool) -> tuple[Shown, ...]:
    def number(name: str, label: str, show: str, metric: Any = None, text: str = "") -> Shown:
        return Shown(name, label, show, help=text or metric.meaning, metric=metric)

    sourced = None if by_campaign else deal_metrics.CREATED_VALUE
    return (
        *(
            (Shown("campaign", "Campaign", words={"": "No campaign"}), Shown("channel", "Channel"))
            if by_campaign
            else (Shown("channel", "Channel", drill="channel"),)
        ),
        number("spend", "Spend", "money", marketing_metrics.SPEND),
        number("leads", "Leads", "integer", marketing_metrics.LEADS),
        Shown("created", "Deals", "integer", help="Created in the period.", filed=by_campaign),
        number("pipeline", "Pipeline", "money", sourced, deal_metrics.CREATED_VALUE.meaning),
        number("deals", "Deals won", "decimal1", metrics.BY_DEALS[model]),
        number("won", "Won", "money", metrics.BY_VALUE[model]),
        Shown("won_per_spend", "Won per spend", "ratio", filed=by_campaign),
        Shown("customers", "Customers", "decimal1", help=of_loop.CREDITED, filed=by_campaign),
        number("new_mrr", "New MRR", "money", of_loop.NEW_MRR),
        Shown("known_customers", "Customers of a year", "decimal1", filed=True),
        Shown("known_mrr", "New MRR of a year", "money", filed=True),
        number("retained_mrr", "After 12 months", "money", of_loop.RETAINED),
        number("retention", "Retained", "percent", of_loop.RETENTION),
        Shown(
            "payback_months",
            "Payback, months",
            "decimal1",
            help="Months of the MRR that is retained after twelve months that give the spend back; "
            "known once all customers have had them.",
        ),
    )


def _narrows(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What is nobody's is no filter of other pages."""
    if row["channel"] == UNATTRIBUTED:
        return None
    named = {"channel": (row["channel"],)}
    return {**named, "campaign": (row["campaign"],)} if "campaign" in row else named


def panels(model: str) -> tuple[Panel, ...]:
    """The page's panels by a model."""
    return (
        Panel(
            slug="loop-channels",
            title="What comes back of what is spent?",
            question=f"From spend to the MRR retained after 12 months, by channel; model: "
            f"{RULES[model]}.",
            frame=channels,
            columns=_columns(model, by_campaign=False),
            dimensions=known.KNOWN,
            width="col-12",
            unit="money",
            sort="-spend",
            note=notes,
            narrows=_narrows,
            nothing=NOTHING,
        ),
        Panel(
            slug="loop-campaigns",
            title="And by campaign?",
            question=f"The same of each campaign of a channel; model: {RULES[model]}.",
            frame=campaigns,
            columns=_columns(model, by_campaign=True),
            dimensions=known.KNOWN,
            width="col-12",
            unit="money",
            sort="-spend",
            narrows=_narrows,
            most=20,
            nothing=NOTHING,
        ),
    )


RETAINED = Ledger(
    slug="retained-customers",
    title="Customers that came",
    metrics=of_loop.LOOP_METRICS,
    totals=totals,
    sql=lambda slice_: queries.retained_sql(slice_, slice_.model or DEFAULT),
    rows=queries.came,
    columns=(
        Shown("customer_id", "Customer"),
        Shown("account_name", "Account", link="/accounts/{account_id}/"),
        Shown("month", "Came in the month from", "date"),
        Shown("value", "First MRR", "money2"),
        Shown("segment", "Segment"),
        Shown("plan", "Plan"),
        Shown("region", "Region"),
        Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
    ),
    order=("customer_id", "month"),
    datasets=("revenue_customers", "customer_mrr", "subscriptions"),
    dimensions=("segment", "region", "channel", "campaign", "team", "owner"),
    operands=(
        Shown("new_mrr", "New MRR", "money2"),
        Shown("known_mrr", "New MRR of who came a year ago", "money2"),
        Shown("retained_mrr", "What these pay twelve months after", "money2"),
    ),
    noun="customers",
)
LEDGERS = (RETAINED,)
PAGE = Page(
    slug="closed-loop",
    title="Closed loop",
    url="/marketing/closed-loop/",
    panels=panels(DEFAULT),
    datasets=known.CLOCK,
    dimensions=known.KNOWN,
    choices=known.choices,
    default_period="365d_before",
    options={"model": known.MODELS},
    compared=False,
)


@lru_cache(maxsize=8)
def as_asked(model: str) -> Page:
    """The page by a model; by the default one where there is none of that name."""
    return replace(PAGE, panels=panels(model)) if model in RULES else PAGE


def beside(visit: Visit) -> Sequence[Mapping[str, Any]]:
    """The pages of marketing."""
    return tabs.beside(visit)
