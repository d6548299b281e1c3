"""What moved MRR, month by month, and how much of it stays for a year."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from revenue import analytics, charts, metrics, queries
from revenue.panels.known import KNOWN, no_movement, no_year, one_month, unknown, with_days
from revenue.panels.switched import RETURNERS
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import beside
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.unusual import MARKED, marked

SERIES = {"net_new_mrr": ("Net new MRR", "money")}
MONTH = Shown("key", "Month")
PARTIAL = Shown("is_partial", "Partial", "yes", help="The month has not ended yet.")


def waterfall(slice_: Slice) -> pd.DataFrame:
    """The balance of each of the slice's months (R04, R05), and whether it was unusual."""
    found = queries.window(slice_)
    months = queries.months(slice_, *found, "month") if found else None
    if months is None or months.empty:
        return pd.DataFrame(columns=[*WATERFALL.names, "start", "end"])
    balance = with_days(analytics.waterfall(months), slice_)
    return marked(balance, slice_, SERIES, "start", "end")


def retention(slice_: Slice) -> pd.DataFrame:
    """NRR and GRR of each of the slice's months, with the target of the segments that paid."""
    found = queries.window(slice_)
    months = queries.months(slice_, *found, "month") if found else None
    known = months[months["year_ago"] != 0] if months is not None else None
    if known is None or known.empty:
        return pd.DataFrame(columns=[*RETENTION.names, "start", "end"])
    groups = _by_segment(slice_)
    target = analytics.blended_target(groups, queries.yardsticks("nrr_targets"))
    frame = with_days(beside(analytics.retention(known), target, "month"), slice_)
    return frame.assign(is_blended=groups["segment"].nunique() > 1)


def blend(slice_: Slice) -> Sequence[str]:
    """How the target of several segments comes about."""
    segments = set(_by_segment(slice_)["segment"])
    aims = queries.yardsticks("nrr_targets").dropna(subset="target_value")
    without = sorted(segments - set(aims["segment"]))
    if len(segments) < 2 or len(without) == len(segments):
        return []
    said = "Blended target: each segment's NRR target, weighted by its MRR a year before."
    names = ", ".join(segment or "no segment" for segment in without)
    return [f"{said} Left out for want of a target: {names}." if names else said]


def _by_segment(slice_: Slice) -> pd.DataFrame:
    """What was paid a year before each month, by segment."""
    found = queries.window(slice_)
    groups = queries.months(slice_, *found, "month", "segment") if found else None
    if groups is None:
        return pd.DataFrame(columns=["month", "segment", "year_ago"])
    return groups[groups["year_ago"] != 0]


WATERFALL = Panel(
    slug="mrr-waterfall",
    title="What moved MRR?",
    question="Gains upward, losses downward, the mark is what is left of them.",
    frame=waterfall,
    figure=charts.movements,
    columns=(
        MONTH,
        Shown("starting_mrr", "Starting", "money", metric=metrics.STARTING),
        Shown("new_mrr", "New", "money", metric=metrics.NEW),
        Shown("expansion_mrr", "Expansion", "money", metric=metrics.EXPANSION),
        Shown("reactivation_mrr", "Reactivation", "money", metric=metrics.REACTIVATION),
        Shown("contraction_mrr", "Contraction", "money", metric=metrics.CONTRACTION),
        Shown("churn_mrr", "Churn", "money", metric=metrics.CHURN),
        Shown("fx_impact", "Currency effect", "money", metric=metrics.FX_IMPACT),
        Shown("ending_mrr", "Ending", "money", metric=metrics.ENDING),
        Shown("net_new_mrr", "Net new", "money", metric=metrics.NET_NEW),
        Shown("new_customers", "New customers", "integer", metric=metrics.NEW_CUSTOMERS),
        Shown("churned_customers", "Churned", "integer", metric=metrics.CHURNED),
        PARTIAL,
        MARKED,
    ),
    dimensions=KNOWN,
    note=unknown,
    width="col-12",
    unit="money",
    nothing=no_movement,
    narrows=one_month,
)
RETENTION = Panel(
    slug="retention-trend",
    title="Does what customers pay last?",
    question="NRR and GRR at each month's end, of what was paid twelve months before.",
    frame=retention,
    figure=charts.retention,
    columns=(
        MONTH,
        Shown("year_ago_customers", "Customers a year before", "integer"),
        Shown("year_ago", "MRR a year before", "money"),
        Shown("avg_nrr", "NRR", "percent1", metric=metrics.NRR),
        Shown("grr", "GRR", "percent1", metric=metrics.GRR),
        Shown(
            "target",
            "NRR target",
            "percent1",
            help="Of several segments: theirs, weighted by their MRR a year before.",
        ),
        PARTIAL,
    ),
    dimensions=KNOWN,
    note=lambda slice_: [RETURNERS, *blend(slice_)],
    nothing=no_year,
    narrows=one_month,
)
