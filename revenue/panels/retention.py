"""Whether customers and what they pay last: rates by month, and by segment, plan and region."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

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
from revenue.panels.switched import LAST_DAY, RETURNERS
from revenue.panels.switches import Switch
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page, Panel, Shown
from revops_site.kernel.queries import shared

BY = {"segment": "Segment", "plan": "Plan", "region": "Region"}
WORDS = {"segment": NO_SEGMENT, "plan": NO_PLAN, "region": {"": "No region"}}
MEASURES = ("year_ago_customers", "year_ago", "avg_nrr", "grr")


@shared
def rates(slice_: Slice) -> pd.DataFrame:
    """The churn rates and the quick ratio of each of the slice's months."""
    found = queries.window(slice_)
    months = queries.months(slice_, *found, "month") if found else None
    if months is None or months.empty:
        return pd.DataFrame(columns=[*{*CHURN.names, *QUICK.names}, "start", "end"])
    return with_days(analytics.rates(months), slice_)


def kept(slice_: Slice, by: str) -> pd.DataFrame:
    """NRR, GRR, churn and the quick ratio of each group."""
    at, found = queries.month(slice_), queries.window(slice_)
    if at is None or found is None:
        return pd.DataFrame(columns=[shown.name for shown in _columns(by, by)])
    groups = queries.months(slice_, at, at, by)
    return analytics.kept(groups, queries.months(slice_, *found, by), by)


def trends(slice_: Slice, by: str) -> pd.DataFrame:
    """NRR and GRR of each group at the end of each of the slice's months, large groups first."""
    found = queries.window(slice_)
    groups = queries.months(slice_, *found, "month", by) if found else None
    known = analytics.trends(groups, by) if groups is not None else None
    if known is None or known.empty:
        return pd.DataFrame(columns=["key", "group", by, *MEASURES, "start", "end", "is_partial"])
    sizes = known.groupby(by)["year_ago"].sum()
    order = {code: place for place, code in enumerate(analytics.SEGMENTS)}
    ranks = {name: (order.get(name, len(order)), -sizes[name], name) for name in sizes.index}
    made = with_days(known, slice_).assign(group=[WORDS[by].get(one, one) for one in known[by]])
    return made.iloc[sorted(range(len(made)), key=lambda at: (ranks[known[by].iloc[at]], at))]


def vintages(slice_: Slice) -> pd.DataFrame:
    """NRR and GRR by the year in which customers first paid."""
    return analytics.by_cohort(queries.vintages(slice_))


def _columns(by: str, label: str) -> tuple[Shown, ...]:
    return (
        Shown(by, label, drill=by, words=WORDS[by]),
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
    note=lambda slice_: [LAST_DAY, *unknown(slice_)],
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

VINTAGES = Panel(
    slug="retention-by-year",
    title="Do later customers last as long?",
    question="NRR and GRR over twelve months by the year in which customers first paid.",
    frame=vintages,
    columns=(
        Shown("year", "First paid in", "text"),
        Shown("year_ago_customers", "Customers a year before", "integer"),
        Shown("year_ago", "MRR a year before", "money"),
        Shown("avg_nrr", "NRR", "percent1"),
        Shown("grr", "GRR", "percent1"),
    ),
    dimensions=KNOWN,
    nothing=no_year,
)


def _groups(by: str) -> Panel:
    label = BY[by]
    return Panel(
        slug=f"retention-by-{by}",
        title={
            "segment": "Which segments last?",
            "plan": "Which plans last?",
            "region": "Where do customers stay?",
        }[by],
        question="NRR and GRR over twelve months; churn and the quick ratio over the period.",
        frame=partial(kept, by=by),
        columns=_columns(by, label),
        dimensions=KNOWN,
        width="col-12",
        note=lambda _: (RETURNERS, LAST_DAY),
        nothing=no_year,
        narrows=partial(_one, by=by),
    )


def _trends(by: str) -> Panel:
    label = BY[by]
    return Panel(
        slug=f"nrr-trend-by-{by}",
        title=f"Where does NRR move, by {label.lower()}?",
        question="NRR at each month's end, of what was paid twelve months before.",
        frame=partial(trends, by=by),
        figure=charts.trends,
        columns=(
            MONTH,
            Shown("group", label),
            Shown("year_ago_customers", "Customers a year before", "integer"),
            Shown("year_ago", "MRR a year before", "money"),
            Shown("avg_nrr", "NRR", "percent1", metric=metrics.NRR),
            Shown("grr", "GRR", "percent1", metric=metrics.GRR),
            PARTIAL,
        ),
        dimensions=KNOWN,
        note=lambda _: (RETURNERS,),
        nothing=no_year,
        narrows=lambda row: {**one_month(row), by: (row[by],)},
        most=72,
    )


def _one(row: Mapping[str, Any], by: str) -> Mapping[str, Any]:
    return {by: (row[by],)}


def address(by: str) -> str:
    """Where retention stands by segment, plan or region."""
    return "/revenue/retention/" if by == "segment" else f"/revenue/retention/{by}/"


def page(by: str) -> Page | None:
    """The page of segments, plans or regions; None where there is no such one."""
    return PAGES.get(by)


def switches(by: str) -> tuple[Switch, ...]:
    """By what else it can be shown."""
    return (Switch("By", BY, by, address),)


def _page(by: str) -> Page:
    beside = (NRR,) if by == "segment" else ()
    return Page(
        slug="retention" if by == "segment" else f"retention-{by}",
        title="Retention",
        url=address(by),
        panels=(TREND, _trends(by), _groups(by), CHURN, QUICK, *beside, VINTAGES),
        datasets=DATASETS,
        dimensions=LEFT,
        choices=queries.choices,
        default_period="365d",
    )


PAGES: Mapping[str, Page] = {by: _page(by) for by in BY}
