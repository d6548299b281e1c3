"""Which ways deals took to their win, one by one and together, and what the ledger says of them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from django.db.models import Q

from insights import charts
from insights.analytics import attribution as sums
from insights.panels.attribution.known import (
    JOURNEY_LINK,
    KNOWN,
    NOTHING,
    as_now,
    behind,
    chain,
    notes,
)
from insights.queries import attribution as queries
from insights.queries.attribution.journeys import ARROW
from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Flag, Listing
from revops_site.kernel.panels import Panel, Shown

NO_TOUCH = "No touch that counts"
OF_DEALS = ("segment", "region", "team", "owner", "pipeline")


def common(slice_: Slice) -> pd.DataFrame:
    """The ways that were taken most often to a win."""
    found = queries.paths(slice_)
    words = found["path"].map(lambda path: ARROW.join(path) or NO_TOUCH).astype("str")
    ended = found["won"] + found["lost"]
    told = found.assign(words=words, steps=found["path"].map(len).astype("int64"))
    told["win_rate"] = found["won"] / ended.where(ended > 0)
    return told[told["won"] > 0].reset_index(drop=True)


def removal(slice_: Slice) -> pd.DataFrame:
    """What is lost without each channel."""
    met = {name for path in queries.paths(slice_)["path"] for name in path}
    return sums.removal(chain(slice_), sorted(met))


def _of_chain(slice_: Slice) -> Sequence[str]:
    found = chain(slice_)
    leads = "" if slice_.is_scoped or slice_.pipeline else ", and leads that came to no deal"
    if found.why:
        return [found.why]
    rate = f"{100 * (found.probability or 0):.1f}%"
    return [
        f"{found.paths:,.0f} journeys with a touch: won and lost deals{leads}. {rate} were won.",
        *as_now(slice_),
    ]


def _why(slice_: Slice) -> str:
    return chain(slice_).why or NOTHING


def _left_out(slice_: Slice) -> Sequence[str]:
    asked = slice_.channel or slice_.campaign
    return ["Paths are of all channels and campaigns."] if asked else []


PANELS = (
    Panel(
        slug="attribution-paths",
        title="Which ways lead to a win?",
        question="Channels in the order that they touched a deal, each once where it follows "
        "itself; journeys that ended in the period.",
        frame=common,
        columns=(
            Shown("words", "Journey"),
            Shown("steps", "Steps", "integer"),
            Shown("won", "Won", "integer", meter=True),
            Shown("value", "Value", "money"),
            Shown("lost", "Lost", "integer"),
            Shown("win_rate", "Win rate", "percent", help="Of won and lost deals on this way."),
            Shown("leads", "Leads only", "integer", help="Leads that no deal came of."),
        ),
        dimensions=OF_DEALS,
        width="col-8",
        unit="money",
        sort="-won",
        note=_left_out,
        most=15,
        nothing=NOTHING,
    ),
    Panel(
        slug="attribution-chain",
        title="What would be lost without a channel?",
        question="Removal effect: the part of the chance to win that goes with a channel, in a "
        "Markov chain of all journeys.",
        frame=removal,
        figure=charts.paths,
        columns=(
            Shown("channel", "Channel"),
            Shown("removal_effect", "Removal effect", "percent1"),
            Shown("share", "Share of credit", "percent1"),
        ),
        dimensions=OF_DEALS,
        width="col-4",
        note=_of_chain,
        nothing=_why,
    ),
)


def _listed(slice_: Slice) -> Sequence[str]:
    return [*notes(slice_)[:1], *behind()]


LISTING = Listing(
    slug="journeys",
    title="Journeys of won deals",
    question="Each deal with the channels that touched it, by the ledger's lookback; its page has "
    "every touch and each model's credit.",
    rows=queries.credited_deals,
    columns=(
        Shown("deal_name", "Deal", link=JOURNEY_LINK),
        Shown("deal_id", "Id"),
        Shown("closed_at", "Closed", "date"),
        Shown("value", "Amount", "money"),
        Shown("touches", "Touches", "integer"),
        Shown("journey", "Journey"),
        Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
        Shown("segment", "Segment", drill="segment"),
        Shown("revision", "Revision", "integer", help="Of its credit in the ledger."),
    ),
    key=("deal_id",),
    sort="-closed_at",
    search=("opportunity_name", "account_name", "deal_id"),
    groups=("journey", "owner_name", "segment"),
    sums=("value", "touches"),
    totals=queries.listed_totals,
    hidden=("deal_id", "segment"),
    flags={
        "untouched": Flag("No touch", Q(touches=0), "Deals that no touch counts for."),
        "revised": Flag("Revised", Q(revision__gt=1), "Their credit was written more than once."),
    },
    dimensions=KNOWN,
    unit="money",
    noun="deals",
    note=_listed,
)
# What a revision of a deal's credit rested on.
RESTED_ON = (
    Shown("closed_at", "Closed", "date"),
    Shown("amount", "Own amount", "decimal"),
    Shown("currency", "Currency"),
    Shown("touches", "Touches", "integer"),
    Shown("journey", "Journey"),
    Shown("version", "Models' version"),
    Shown("lookback_days", "Lookback", "days"),
    Shown("half_life_days", "Half-life", "days"),
)
REVISIONS = Listing(
    slug="revisions",
    title="Credit as it was written",
    question="A line for each time that a deal's credit was written, the newest first. None is "
    "ever changed: later evidence is a further revision.",
    rows=queries.revisions,
    columns=(
        Shown("deal_name", "Deal", link=JOURNEY_LINK),
        Shown("deal_id", "Id"),
        Shown("revision", "Revision", "integer"),
        Shown("written_at", "Written", "date"),
        Shown("because", "Because of"),
        *RESTED_ON,
    ),
    key=("deal_id", "revision"),
    sort="-written_at",
    search=("deal_id",),
    hidden=("deal_id", "version", "lookback_days", "half_life_days", "currency"),
    flags={
        "revised": Flag("Revised", Q(revision__gt=1), "What came after the first writing."),
        "void": Flag("No longer won", Q(is_void=True), "The deal was opened again, or is gone."),
    },
    dimensions=KNOWN,
    noun="revisions",
    note=lambda _: behind(),
)
