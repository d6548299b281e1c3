"""One deal's journey: its touches in order, each model's credit, and all that the ledger wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from insights.panels.attribution.journeys import RESTED_ON
from insights.panels.attribution.known import CLOCK, chain
from insights.panels.drill.places import address, slug
from insights.queries import attribution as queries
from insights.queries.attribution.journeys import Known
from marketing.analytics.attribution import HALF_LIFE_DAYS, LOOKBACK_DAYS, RULES, UNATTRIBUTED
from revops_site.kernel import freshness
from revops_site.kernel.filters import DIMENSIONS, Allowed, Filters, Slice, narrow
from revops_site.kernel.panels import Page, Panel, Shown

COUNTS = {
    "yes": "Counts",
    "old": "Too long ago",
    "late": "After the close",
    "open": "Not closed yet",
}
REASONS = {
    "won": "Won",
    "won again": "Won again",
    "reopened": "No longer won",
}


def touches(slice_: Slice, known: Known) -> pd.DataFrame:
    """The touches in order, each with its share of the deal."""
    return queries.touches_of(slice_, known)


def channels(slice_: Slice, known: Known) -> pd.DataFrame:
    """The deal's credit by channel in every model, the chain among them."""
    found = queries.touches_of(slice_, known)
    kept = found[found["counts"] == "yes"]
    shares = kept.groupby("channel")[list(RULES)].sum()
    if shares.empty and known.closed_at is not None:
        shares = pd.DataFrame(1.0, index=[UNATTRIBUTED], columns=list(RULES))
        return shares.assign(markov=1.0).rename_axis("channel").reset_index()
    if shares.empty:  # an open deal: credit is given when it is won
        return shares.assign(markov=0.0).rename_axis("channel").reset_index()
    of = chain(_company(slice_))
    every = shares.reindex(sorted({*shares.index, *of.share})).fillna(0.0)
    markov = pd.Series(dict(of.share), dtype="float64").reindex(every.index).fillna(0.0)
    told = every.assign(markov=markov if not of.why else float("nan"))
    told = told.rename_axis("channel").reset_index()
    return told.sort_values("u_shaped", ascending=False, kind="stable").reset_index(drop=True)


def page(deal_id: str, allowed: Allowed) -> Page | None:
    """The page of a deal's journey; None where there is no such deal for this reader."""
    at = freshness.workspace()
    seen = narrow(
        Filters(),
        allowed,
        freshness.stamp(at),
        first_month=at.fiscal_year_start_month,
        currency=at.reporting_currency,
    )
    known = queries.deal(seen, deal_id)
    if known is None:
        return None
    return Page(
        slug=slug("journey", deal_id),
        title=f"Journey of {known.name or deal_id}",
        url=address("marketing", "attribution", "deals", deal_id),
        panels=tuple(_of(known, *one) for one in PARTS),
        datasets=CLOCK,
        dimensions=(),
        choices=lambda _: {},
        default_period="365d",
        limits={"lookback_days": LOOKBACK_DAYS, "half_life_days": HALF_LIFE_DAYS},
        dated=False,
    )


def _of(known: Known, frame: Any, panel: Panel) -> Panel:
    return replace(panel, frame=lambda slice_: frame(slice_, known), about=known.deal_id)


def _company(slice_: Slice) -> Slice:
    """The year's journeys of all that the reader may see."""
    nothing: dict[str, Any] = dict.fromkeys(DIMENSIONS, ())
    return replace(slice_, **nothing)


def _revisions(_: Slice, known: Known) -> pd.DataFrame:
    found = queries.revisions_of(known.deal_id)
    return found.assign(reasons=found["reasons"].replace(REASONS))


def _nobody(_: Slice) -> pd.DataFrame:
    """Until a page says whose."""
    return pd.DataFrame()


PARTS: tuple[tuple[Any, Panel], ...] = (
    (
        channels,
        Panel(
            slug="journey-credit",
            title="Who earned it?",
            question="The part of the deal that each channel is credited with. The Markov chain is "
            "of all journeys of a year together: each deal is shared in the same way.",
            frame=_nobody,
            columns=(
                Shown("channel", "Channel"),
                *(Shown(name, label, "percent1") for name, label in RULES.items()),
                Shown("markov", "Markov", "percent1"),
            ),
            dimensions=(),
            width="col-12",
            nothing="The deal is open: credit is given when it is won.",
        ),
    ),
    (
        touches,
        Panel(
            slug="journey-touches",
            title="What touched it, in order?",
            question="Every touch that led to the deal; its share of the deal by each rule.",
            frame=_nobody,
            columns=(
                Shown("touched_at", "Day", "date"),
                Shown("channel", "Channel"),
                Shown("campaign", "Campaign"),
                Shown("type", "Type"),
                Shown("age", "Before the close", "days"),
                Shown("counts", "Counts", words=COUNTS, tone={"yes": "good"}),
                *(Shown(name, label, "percent1") for name, label in RULES.items()),
            ),
            dimensions=(),
            width="col-12",
            nothing="No touch of it is known.",
        ),
    ),
    (
        _revisions,
        Panel(
            slug="journey-revisions",
            title="What did the ledger say, and when?",
            question="Each time that credit was written, with what it rested on; the newest first.",
            frame=_nobody,
            columns=(
                Shown("revision", "Revision", "integer"),
                Shown("written_at", "Written", "date"),
                Shown("reasons", "Because of"),
                *RESTED_ON,
            ),
            dimensions=(),
            width="col-12",
            nothing="No credit was written: the deal was not won yet.",
        ),
    ),
)
