"""What became of deals like this one, with how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline import metrics
from pipeline.analytics.rates import FEW
from pipeline.panels.deal import words
from pipeline.panels.deal.places import address, digest, explained
from pipeline.queries.deal import similar
from pipeline.queries.deal.similar import Alike, Similar
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.intervals import wilson
from revops_site.kernel.queries import workspace

AMOUNT = "half to twice the amount"


def drawn(deal: Any, slice_: Slice) -> Mapping[str, Any]:
    """What ``_deal_alike.html`` prints; without ``n`` where nothing can be alike."""
    key = f"similar:{slice_.cache_key}:{digest(deal.pk)}:{workspace().generation}"
    found = remembered(key, lambda: similar.similar(deal, slice_))
    if found is None:
        return {"why": "Without an amount that can be converted, no deal is like it."}
    return {
        "n": found.won + found.lost,
        "won": found.won,
        "lost": found.lost,
        "rule": _rule(deal, found),
        "rate": _rate(found),
        "url": explained(metrics.DEAL_ALIKE.slug, deal.pk),
        "deals": [_deal(one, slice_.currency) for one in found.nearest],
    }


def _rule(deal: Any, found: Similar) -> str:
    of = [
        f"segment {deal.segment}" if deal.segment else "no segment",
        f"pipeline {deal.pipeline or deal.pipeline_id}" if deal.pipeline_id else "no pipeline",
        "any amount, since few are near this one" if found.rule == "any" else AMOUNT,
        *([f"in {deal.stage_name} at some time"] if found.rule == "stage" else []),
    ]
    return f"Decided in the last two years: {', '.join(of)}; of those that you may see."


def _rate(found: Similar) -> Mapping[str, str]:
    """The share that was won with its 95 % interval; nothing where so few say little."""
    n = found.won + found.lost
    ends = wilson(found.won, n)
    if n < FEW or ends is None:
        return {}
    return {
        "share": words.share(found.won / n),
        "low": words.share(ends[0]),
        "high": words.share(ends[1]),
    }


def _deal(one: Alike, currency: str) -> Mapping[str, Any]:
    return {
        "name": one.name,
        "url": address(one.deal_id),
        "owner": one.owner,
        "is_won": one.status == "won",
        "value": words.money(one.value, currency),
        "closed": words.day(one.closed_at),
        "days": f"{one.cycle_days:,} days",
        "why": one.lost_reason,
    }
