"""What all pages of attribution share: their filters, their parameters, what they leave out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from insights.analytics import attribution as sums
from insights.queries import attribution as queries
from marketing.analytics import markov
from marketing.analytics.attribution import RULES
from pipeline import queries as pipeline_queries
from pipeline.panels.known import left_out_of_won
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import shared, workspace

LIMITS = ("lookback_days", "half_life_days")
KNOWN = ("segment", "channel", "campaign", "region", "team", "owner", "pipeline")
DATASETS = ("pipeline_deals", "touchpoints")
# The same clock as the Pipeline's, so that its totals are the same.
CLOCK = ("pipeline_deals",)
MODELS = {"u_shaped": RULES["u_shaped"], **RULES}
BY = {"value": "Value", "count": "Number of deals"}
JOURNEY_LINK = "/marketing/attribution/deals/{deal_id}/"
# Files of touches come without the day on which they became known.
AS_NOW = (
    "Markov walks the deals as they stood on that day, along the touches that are known of them "
    "now: when a touch became known is not kept."
)
NOTHING = "No deal was won in these days."


def unit(slice_: Slice) -> str:
    """What is credited: value, or deals."""
    return "deals" if slice_.by == "count" else "value"


def choices(generation: int) -> Mapping[str, Sequence[str] | Mapping[str, str]]:
    """What one can choose: deals as in the Pipeline, channels and campaigns as credited."""
    found: dict[str, Any] = dict(pipeline_queries.choices(generation))
    found.pop("stage", None)
    return {**found, **queries.choices(generation)}


@shared
def chain(slice_: Slice) -> markov.Chain:
    """The Markov chain over all journeys of the slice that ended in its period."""
    return markov.of_moves(queries.moves(slice_))


def totals(slice_: Slice) -> dict[str, float]:
    """What the metrics of credit are made of."""
    whole = queries.by_channel(queries.whole(slice_))
    found = sums.operands(queries.by_channel(slice_), whole, chain(slice_), slice_.channel)
    return {**found, "touched_deals": float(queries.moves(slice_)["won"].sum())}


def credited(slice_: Slice) -> dict[str, float]:
    """The same of the rules alone, which need no journey to be walked."""
    whole = queries.by_channel(queries.whole(slice_))
    silent = markov.Chain(0, 0, why="Not asked.")
    return sums.operands(queries.by_channel(slice_), whole, silent, slice_.channel)


def notes(slice_: Slice) -> Sequence[str]:
    """By what credit is given, what is left out, and why a model says nothing."""
    terms = queries.terms(slice_)
    found = [
        f"A touch counts up to {terms.lookback_days:,} days before the win; its weight halves in "
        f"{_days(terms.half_life_days)} (time decay)."
    ]
    if not queries.is_kept(slice_):
        at = workspace()
        found.append(
            f"The ledger is by {at.lookback_days:,} days and a half-life of "
            f"{_days(at.half_life_days)}: these figures are reckoned for you alone."
        )
    found += as_now(slice_)
    if why := chain(slice_).why:
        found.append(f"Markov says nothing here. {why}")
    if slice_.channel or slice_.campaign:
        found.append(
            "Narrowed to some channels or campaigns, models differ in their totals: the rest of "
            "each deal is credited to others."
        )
    return [*found, *behind(), *left_out_of_won(slice_)]


def as_now(slice_: Slice) -> Sequence[str]:
    """Says of a past day what of it is not known."""
    return (AS_NOW,) if pipeline_queries.moved_since(slice_.as_of) else ()


def behind() -> Sequence[str]:
    """Says so while credit is yet to be written."""
    if not queries.credits_behind():
        return ()
    return ("Credit of deals that changed is being written; until then they are Unattributed.",)


def said(value: float, slice_: Slice) -> str:
    """Money or deals in words."""
    show = "amount_auto" if unit(slice_) == "value" else "decimal1"
    return formats.screen(formats.show(value, show, slice_.currency))


def _days(count: int) -> str:
    return f"{count:,} {'day' if count == 1 else 'days'}"
