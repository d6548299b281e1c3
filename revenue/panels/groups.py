"""The customers by segment and by plan, and each segment's NRR beside its target."""

from __future__ import annotations

import pandas as pd

from revenue import analytics, charts, metrics, queries
from revenue.panels.known import KNOWN, NO_PLAN, NO_SEGMENT, no_year
from revenue.panels.switched import RETURNERS
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown

VERDICT = Shown(
    "verdict",
    "Verdict",
    tone={"below": "bad", "met": "good"},
    words={"below": "Below target", "met": "On target"},
)


def segments(slice_: Slice) -> pd.DataFrame:
    """The breakdown by segment (R23)."""
    return _breakdown(slice_, "segment")


def plans(slice_: Slice) -> pd.DataFrame:
    """The same by plan."""
    return _breakdown(slice_, "plan")


def nrr(slice_: Slice) -> pd.DataFrame:
    """NRR by segment beside ``nrr_targets``."""
    at = queries.month(slice_)
    groups = queries.months(slice_, at, at, "segment") if at else None
    known = groups[groups["year_ago"] != 0] if groups is not None else None
    if known is None or known.empty:
        return pd.DataFrame(columns=[*NRR.names])
    return analytics.nrr_by_segment(known, queries.yardsticks("nrr_targets"))


def _breakdown(slice_: Slice, by: str) -> pd.DataFrame:
    at, found = queries.month(slice_), queries.window(slice_)
    if at is None:
        return pd.DataFrame(columns=[shown.name for shown in _columns(by, by)])
    groups = queries.months(slice_, at, at, by)
    moved = queries.months(slice_, *found, by) if found else None
    return analytics.breakdown(groups, moved, by)


def _columns(by: str, label: str, link: str = "") -> tuple[Shown, ...]:
    words = NO_SEGMENT if by == "segment" else NO_PLAN
    return (
        Shown(by, label, drill=by, link=link, words=words),
        Shown("customers", "Customers", "integer", metric=metrics.CUSTOMERS),
        Shown("mrr", "MRR", "money", meter=True, metric=metrics.MRR),
        Shown("share", "Share", "percent"),
        Shown("arpa", "ARPA", "money", metric=metrics.ARPA),
        Shown("expansion", "Expansion", "money", metric=metrics.EXPANSION),
        Shown("contraction", "Contraction", "money", metric=metrics.CONTRACTION),
        Shown("churn", "Churned MRR", "money", metric=metrics.CHURN),
        Shown("churned", "Churned", "integer", metric=metrics.CHURNED),
        Shown(
            "churn_rate",
            "Churn a month",
            "percent_auto",
            metric=metrics.CHURN_RATE,
            help="Of all months of the period: who left, of who was there at each month's start.",
        ),
        Shown("avg_nrr", "NRR", "percent", metric=metrics.NRR),
        Shown("grr", "GRR", "percent", metric=metrics.GRR),
    )


SEGMENTS = Panel(
    slug="revenue-by-segment",
    title="Which segment carries the revenue?",
    question="MRR, NRR and GRR at the month's end; what moved, over the period.",
    frame=segments,
    columns=_columns("segment", "Segment", "/segments/{segment}/"),
    dimensions=KNOWN,
    width="col-12",
    sort="",
    narrows=lambda row: {"segment": (row["segment"],)},
)
PLANS = Panel(
    slug="revenue-by-plan",
    title="Which plan carries the revenue?",
    question="MRR at the month's end and its share; what moved, over the period.",
    frame=plans,
    figure=charts.by_plan,
    columns=_columns("plan", "Plan"),
    dimensions=KNOWN,
    unit="money",
    narrows=lambda row: {"plan": (row["plan"],)},
)
NRR = Panel(
    slug="nrr-by-segment",
    title="Does each segment keep and grow what it pays?",
    question="NRR over twelve months; the line is the target, the band the range about it.",
    frame=nrr,
    figure=charts.nrr_by_segment,
    columns=(
        Shown("segment", "Segment", drill="segment", words=NO_SEGMENT),
        Shown("year_ago_customers", "Customers a year before", "integer"),
        Shown("year_ago", "MRR a year before", "money"),
        Shown("avg_nrr", "NRR", "percent1", metric=metrics.NRR),
        Shown("grr", "GRR", "percent1", metric=metrics.GRR),
        Shown("min_value", "Range from", "percent"),
        Shown("target_value", "Target", "percent"),
        Shown("max_value", "to", "percent"),
        VERDICT,
    ),
    dimensions=KNOWN,
    note=lambda _: (RETURNERS,),
    nothing=no_year,
    narrows=lambda row: {"segment": (row["segment"],)},
)
