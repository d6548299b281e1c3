"""The priority of one deal explained: its five parts, what each rests on, the deal's health."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from coaching import metrics
from coaching.analytics.priority import FACTORS, factors
from coaching.panels.actions.words import PARTS
from coaching.panels.priorities import as_open, of_deal
from coaching.queries import sums
from pipeline import metrics as deal_metrics
from pipeline.panels import deal as deals
from revops_site.kernel import formats
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Allowed, Slice
from revops_site.kernel.metrics import Metric, Operands
from revops_site.kernel.panels import Page, Shown

OPERANDS = tuple(
    Shown(name, f"{PARTS[name]}, of {most}", "decimal1") for name, most in FACTORS.items()
)


def address(deal_id: str) -> str:
    """Where the priority of a deal is explained."""
    return deals.explanation_of(metrics.PRIORITY.slug, deal_id)


def explained(slug: str, deal_id: str, allowed: Allowed) -> tuple[Page, Ledger, Metric] | None:
    """The deal's page, what its priority rests on, and what that means.

    None where another number is meant, or no such deal may be seen.
    """
    health = deal_metrics.DEAL_HEALTH.slug
    known = deals.explained(health, deal_id, allowed) if slug == metrics.PRIORITY.slug else None
    if known is None:
        return None
    page, ledger, _ = known
    own = replace(
        ledger,
        slug=ledger.slug.replace("health", "priority"),
        title=f"The priority of deal {deal_id}",
        metrics=(metrics.PRIORITY,),
        totals=lambda slice_: _parts(slice_, deal_id),
        operands=OPERANDS,
        note=lambda slice_: _notes(slice_, deal_id),
    )
    return page, own, metrics.PRIORITY


def _parts(slice_: Slice, deal_id: str) -> Operands:
    row = of_deal(slice_, deal_id)
    if row is None:
        return dict.fromkeys(FACTORS, math.nan)
    return factors(as_open(row), sums.median_won(slice_))


def _notes(slice_: Slice, deal_id: str) -> Sequence[str]:
    row = of_deal(slice_, deal_id)
    if row is None:
        return ("The deal has no priority: it is closed, or omitted from the forecast.",)
    return _told(row, sums.median_won(slice_), slice_.currency)


def _told(row: Mapping[str, Any], median: float | None, currency: str) -> Sequence[str]:
    deal = as_open(row)
    until = deal.days_until_close
    usual = formats.show(median, "amount_auto", currency)
    return [
        f"Health: {row['health_score']} of 100.",
        f"Silence: {formats.show(deal.days_since_contact, 'days')} since the last activity.",
        f"Amount: {formats.show(deal.amount, 'amount_auto', currency)}; the median of what was won "
        f"in four quarters is {usual}.",
        "Close date: none is expected."
        if until is None
        else f"Close date: {formats.show(row['close_date'], 'date')}.",
        f"Flags: {row['heeded_display'] or 'none'}.",
    ]
