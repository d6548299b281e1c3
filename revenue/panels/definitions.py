"""The same measures by another definition, side by side; and who is known to leave later."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from revenue import analytics, charts, metrics, queries
from revenue.panels.known import (
    DATASETS,
    KNOWN,
    LEFT,
    NO_PLAN,
    NO_SEGMENT,
    no_movement,
    no_year,
    one_month,
    with_days,
)
from revenue.panels.moves import MONTH, PARTIAL
from revenue.panels.switches import Switch
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page, Panel, Shown

COUNTING = {"returns": "Returning customers in NRR", "notice": "Churn by last day or by notice"}


def returns(slice_: Slice) -> pd.DataFrame:
    """NRR, GRR and net churn of each month with returners and without."""
    found = queries.window(slice_)
    months = queries.months(slice_, *found, "month") if found else None
    known = months[months["year_ago"] != 0] if months is not None else None
    if known is None or known.empty:
        return pd.DataFrame(columns=[*RETURNS.names, "start", "end"])
    return with_days(analytics.definitions(known), slice_)


def notices(slice_: Slice) -> pd.DataFrame:
    """The logo churn of each month by the last day and by the notice."""
    months = queries.by_month(slice_)
    if months.empty:
        return pd.DataFrame(columns=[*NOTICES.names, "start", "end"])
    return with_days(analytics.churn_by_dates(months), slice_)


def ahead(slice_: Slice) -> Sequence[str]:
    """How many are known to leave, and that nobody counts them yet."""
    found = queries.to_leave(slice_)
    if found.empty:
        return ()
    worth = formats.show(found["value"].sum(), "money", slice_.currency)
    who = "1 customer" if len(found) == 1 else f"{len(found):,} customers"
    return (
        f"{who} with an MRR of {worth} known to leave: counted as customers until their last day, "
        "and in no churn yet.",
    )


RETURNS = Panel(
    slug="returns-in-nrr",
    title="Does NRR rest on customers that came back?",
    question="Whoever left within the twelve months and came back counts what they pay now (NRR), "
    "or 0 (without returns).",
    frame=returns,
    figure=charts.returns,
    columns=(
        MONTH,
        Shown("avg_nrr", "NRR", "percent1", metric=metrics.NRR),
        Shown("nrr_without_returns", "Without returns", "percent1", metric=metrics.NRR_STRICT),
        Shown("nrr_by", "More by", "percent1", help="In points."),
        Shown("returned_mrr", "MRR of returners", "money", help="Who had left in between."),
        Shown("grr", "GRR", "percent1", metric=metrics.GRR),
        Shown("grr_without_returns", "GRR without", "percent1", metric=metrics.GRR_STRICT),
        Shown("net_mrr_churn_rate", "Net MRR churn", "percent1", metric=metrics.NET_CHURN),
        Shown(
            "net_mrr_churn_without_returns",
            "Net churn without",
            "percent1",
            metric=metrics.NET_CHURN_STRICT,
        ),
        PARTIAL,
    ),
    dimensions=KNOWN,
    width="col-12",
    nothing=no_year,
    narrows=one_month,
)
NOTICES = Panel(
    slug="churn-by-notice",
    title="Does churn come earlier than it shows?",
    question="Customers lost each month, by their last day or by the day they gave notice, by the "
    "dates of the list of customers.",
    frame=notices,
    figure=charts.notices,
    columns=(
        MONTH,
        Shown("present_customers", "Customers at start", "integer"),
        Shown("gone_customers", "Left", "integer"),
        Shown("churn_rate_by_dates", "By last day", "percent_auto", metric=metrics.CHURN_BY_DATES),
        Shown("unnoticed_customers", "Without notice at start", "integer"),
        Shown("noticed_customers", "Gave notice", "integer"),
        Shown("churn_rate_by_notice", "By notice", "percent_auto", metric=metrics.CHURN_BY_NOTICE),
        Shown("churn_by", "More by notice", "percent1", help="In points."),
        PARTIAL,
    ),
    dimensions=KNOWN,
    width="col-12",
    nothing=no_movement,
    narrows=one_month,
)
AHEAD = Panel(
    slug="known-to-leave",
    title="Who is known to leave?",
    question="Customers whose last day lies ahead: shown here, not yet counted as churn.",
    frame=queries.to_leave,
    figure=charts.leaving,
    columns=(
        Shown("account_name", "Customer", link="/accounts/{account_id}/"),
        Shown("segment", "Segment", drill="segment", words=NO_SEGMENT),
        Shown("plan", "Plan", drill="plan", words=NO_PLAN),
        Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
        Shown("notice_date", "Notice", "date"),
        Shown("churn_date", "Last day", "date"),
        Shown("value", "MRR", "money"),
        Shown("reason", "Reason"),
        Shown("customer_id", "Id", filed=True),
    ),
    dimensions=KNOWN,
    width="col-12",
    unit="money",
    note=ahead,
    nothing="Nobody is known to leave: no churn_date lies after the day of the data.",
)


def address(counting: str) -> str:
    """Where a definition stands beside another."""
    return f"/revenue/definitions/{'' if counting == 'returns' else f'{counting}/'}"


def page(counting: str) -> Page | None:
    """The page of a choice of definition; None where there is no such one."""
    return PAGES.get(counting)


def switches(counting: str) -> tuple[Switch, ...]:
    """Which definitions stand side by side."""
    return (Switch("Compare", COUNTING, counting, address),)


def _page(counting: str, *panels: Panel) -> Page:
    return Page(
        slug="definitions" if counting == "returns" else f"definitions-{counting}",
        title="Definitions",
        url=address(counting),
        panels=panels,
        datasets=DATASETS,
        dimensions=LEFT,
        choices=queries.choices,
        default_period="365d",
    )


PAGES = {"returns": _page("returns", RETURNS), "notice": _page("notice", NOTICES, AHEAD)}
