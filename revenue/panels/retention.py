"""Whether customers and what they pay last: rates by month, and by segment, plan and region."""

from __future__ import annotations

import pandas as pd

from revenue import analytics, charts, metrics, queries
from revenue.panels.groups import NRR
from revenue.panels.known import (
    DATASETS,
    KNOWN,
    LEFT,
    NO_PLAN,
    NO_SEGMENT,
    no_movement,
    no_year,
    one_month,
    unknown,
    with_days,
)
from revenue.panels.moves import MONTH, PARTIAL
from revenue.panels.moves import RETENTION as TREND
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page, Panel, Shown
from revops_site.kernel.queries import shared


@shared
def rates(slice_: Slice) -> pd.DataFrame:
    """The churn rates and the quick ratio of each of the slice's months."""
    found = queries.window(slice_)
    months = queries.months(slice_, *found, "month") if found else None
    if months is None or months.empty:
        return pd.DataFrame(columns=[*{*CHURN.names, *QUICK.names}, "start", "end"])
    return with_days(analytics.rates(months), slice_)


def by_plan(slice_: Slice) -> pd.DataFrame:
    """NRR, GRR and churn by plan."""
    return _by(slice_, "plan")


def by_region(slice_: Slice) -> pd.DataFrame:
    """The same by region."""
    return _by(slice_, "region")


def _by(slice_: Slice, by: str) -> pd.DataFrame:
    at, found = queries.month(slice_), queries.window(slice_)
    if at is None or found is None:
        return pd.DataFrame(columns=[shown.name for shown in _columns(by, by)])
    groups = queries.months(slice_, at, at, by)
    return analytics.kept(groups, queries.months(slice_, *found, by), by)


def _columns(by: str, label: str) -> tuple[Shown, ...]:
    words = {"segment": NO_SEGMENT, "plan": NO_PLAN}.get(by, {"": "No region"})
    return (
        Shown(by, label, drill=by, words=words),
        Shown("year_ago_customers", "Customers a year before", "integer"),
        Shown("year_ago", "MRR a year before", "money"),
        Shown("avg_nrr", "NRR", "percent1", metric=metrics.NRR),
        Shown("grr", "GRR", "percent1", metric=metrics.GRR),
        Shown("churned", "Churned", "integer", metric=metrics.CHURNED, help="In the period."),
        Shown("churn_rate", "Churn a month", "percent_auto", metric=metrics.CHURN_RATE),
        Shown(
            "gross_mrr_churn_rate", "Gross MRR churn", "percent_auto", metric=metrics.GROSS_CHURN
        ),
        Shown("net_mrr_churn_rate", "Net MRR churn", "percent_auto", metric=metrics.NET_CHURN),
        Shown("quick_ratio", "Quick ratio", "ratio", metric=metrics.QUICK_RATIO),
    )


CHURN = Panel(
    slug="churn-rates",
    title="How fast are customers and MRR lost?",
    question="Each month's share of the customers and of the MRR that it began with.",
    frame=rates,
    figure=charts.churn,
    columns=(
        MONTH,
        Shown("starting_customers", "Customers at start", "integer"),
        Shown("churned_customers", "Churned", "integer", metric=metrics.CHURNED),
        Shown("churn_rate", "Customers lost", "percent_auto", metric=metrics.CHURN_RATE),
        Shown("started", "MRR at start", "money"),
        Shown("lost_mrr", "MRR lost", "money", help="By leaving or paying less."),
        Shown(
            "gross_mrr_churn_rate", "Gross MRR churn", "percent_auto", metric=metrics.GROSS_CHURN
        ),
        Shown(
            "net_mrr_churn_rate",
            "Net MRR churn",
            "percent_auto",
            metric=metrics.NET_CHURN,
            help="Less what others pay more: below 0 it is growth.",
        ),
        PARTIAL,
    ),
    dimensions=KNOWN,
    note=unknown,
    nothing=no_movement,
    narrows=one_month,
)
QUICK = Panel(
    slug="quick-ratio",
    title="How much is won for each unit lost?",
    question="New, expansion and reactivated MRR for each unit of churned and contracted MRR.",
    frame=rates,
    figure=charts.quick_ratio,
    columns=(
        MONTH,
        Shown("quick_ratio", "Quick ratio", "ratio", metric=metrics.QUICK_RATIO),
        PARTIAL,
    ),
    dimensions=KNOWN,
    nothing=no_movement,
    narrows=one_month,
)


PLANS = Panel(
    slug="retention-by-plan",
    title="Which plans last?",
    question="NRR and GRR over twelve months; churn and the quick ratio over the period.",
    frame=by_plan,
    columns=_columns("plan", "Plan"),
    dimensions=KNOWN,
    width="col-12",
    nothing=no_year,
    narrows=lambda row: {"plan": (row["plan"],)},
)
REGIONS = Panel(
    slug="retention-by-region",
    title="Where do customers stay?",
    question="NRR and GRR over twelve months; churn and the quick ratio over the period.",
    frame=by_region,
    columns=_columns("region", "Region"),
    dimensions=KNOWN,
    width="col-12",
    nothing=no_year,
    narrows=lambda row: {"region": (row["region"],)},
)
PAGE = Page(
    slug="retention",
    title="Retention",
    url="/revenue/retention/",
    panels=(TREND, NRR, CHURN, QUICK, PLANS, REGIONS),
    datasets=DATASETS,
    dimensions=LEFT,
    choices=queries.choices,
    default_period="365d",
)
