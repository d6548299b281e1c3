"""What moved MRR by month, quarter, segment and customer, each balance to the cent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from revenue import analytics, charts, metrics, queries
from revenue.panels.known import (
    DATASETS,
    KNOWN,
    LEFT,
    NO_PLAN,
    NO_SEGMENT,
    no_movement,
    one_month,
    unknown,
)
from revenue.panels.moves import WATERFALL, waterfall
from revenue.panels.switches import Switch
from revops_site.kernel import periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page, Panel, Shown

BY = {"month": "Month", "quarter": "Quarter", "segment": "Segment", "customer": "Customer"}
OTHERS, REST = "All whom nothing moved", "All others"
CHECK = Shown(
    "check", "Left over", "money2", help="Starting, gains, losses and currency, less ending: 0."
)
TRANSFERRED = Shown(
    "transferred_mrr",
    "Changed group",
    "money",
    help="Brought by customers that changed to the segment or plan, less what others took along.",
)


def by_month(slice_: Slice) -> pd.DataFrame:
    """The balance of each of the slice's months."""
    made = waterfall(slice_)
    return made if len(made) else made.assign(check=[])


def by_quarter(slice_: Slice) -> pd.DataFrame:
    """The balance of each fiscal quarter of the slice's months."""
    found = queries.window(slice_)
    months = queries.months(slice_, *found, "month") if found else None
    if months is None or months.empty:
        return pd.DataFrame(columns=[*PANELS["quarter"].names, "start", "end"])
    made = analytics.balance_by_quarter(analytics.waterfall(months), slice_.first_month)
    last_days = [periods.month(one.date()).last_day for one in made["end"]]
    whole = [periods.fiscal_quarter(one.date(), slice_.first_month) for one in made["start"]]
    shown = [min(day, slice_.as_of) for day in last_days]
    return made.assign(
        key=[periods.quarter_label(one.start, slice_.first_month) for one in whole],
        end=pd.Series(pd.to_datetime(pd.Series(shown))).to_numpy(dtype="datetime64[s]"),
        is_partial=[
            months < 3 or quarter.last_day > slice_.as_of
            for months, quarter in zip(made["months"], whole, strict=True)
        ],
    )


def by_segment(slice_: Slice) -> pd.DataFrame:
    """The balance of each segment over the period."""
    found = queries.window(slice_)
    months = queries.months(slice_, *found, "month", "segment") if found else None
    if months is None or months.empty:
        return pd.DataFrame(columns=[*PANELS["segment"].names])
    made = analytics.balance_by_group(months, "segment")
    order = {code: place for place, code in enumerate(analytics.SEGMENTS)}
    made = made.iloc[
        sorted(range(len(made)), key=lambda at: order.get(made["segment"].iloc[at], 9))
    ]
    return made.assign(key=[NO_SEGMENT.get(one, one) for one in made["segment"]])


def by_customer(slice_: Slice) -> pd.DataFrame:
    """The balance of each customer over the period, those first whose MRR changed most."""
    found = queries.window(slice_)
    rows = queries.balances(slice_, *found) if found else None
    if rows is None or rows.empty:
        return pd.DataFrame(columns=[*PANELS["customer"].names, "account_id"])
    made = analytics.balance_by_customer(rows)
    names = zip(made["customer_id"], made["account_name"], strict=True)
    others = OTHERS if len(made) <= queries.MOST_BALANCES else REST
    return made.assign(key=[(name or who) if who else others for who, name in names])


def address(by: str) -> str:
    """Where the balances of a kind stand."""
    return "/revenue/waterfall/" if by == "month" else f"/revenue/waterfall/{by}/"


def page(by: str) -> Page | None:
    """The page of months, quarters, segments or customers; None where there is no such one."""
    return PAGES.get(by)


def switches(by: str) -> tuple[Switch, ...]:
    """By what else it can be shown."""
    return (Switch("By", BY, by, address),)


def _moves(explained: bool) -> tuple[Shown, ...]:
    given = (
        ("starting_mrr", "Starting", metrics.STARTING),
        ("new_mrr", "New", metrics.NEW),
        ("expansion_mrr", "Expansion", metrics.EXPANSION),
        ("reactivation_mrr", "Reactivation", metrics.REACTIVATION),
        ("contraction_mrr", "Contraction", metrics.CONTRACTION),
        ("churn_mrr", "Churn", metrics.CHURN),
        ("fx_impact", "Currency effect", metrics.FX_IMPACT),
        ("ending_mrr", "Ending", metrics.ENDING),
        ("net_new_mrr", "Net new", metrics.NET_NEW),
    )
    return tuple(
        Shown(name, label, "money", metric=metric if explained else None)
        for name, label, metric in given
    )


def _panel(
    by: str,
    title: str,
    question: str,
    frame: Callable[[Slice], pd.DataFrame],
    columns: tuple[Shown, ...],
    **more: Any,
) -> Panel:
    return Panel(
        slug=f"balance-by-{by}",
        title=title,
        question=question,
        frame=frame,
        columns=columns,
        dimensions=KNOWN,
        width="col-12",
        height="tall",
        unit="money",
        note=unknown,
        nothing=no_movement,
        **more,
    )


def _segment(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"segment": (row["segment"],)}


PANELS = {
    "month": replace(
        WATERFALL,
        slug="balance-by-month",
        columns=(*WATERFALL.columns, CHECK),
        frame=by_month,
        height="tall",
        question=f"{WATERFALL.question} A bar leads to the customers behind it.",
    ),
    "quarter": _panel(
        "quarter",
        "What moved MRR each quarter?",
        "Fiscal quarters: the sums of what moved in their months. A bar leads to its customers.",
        by_quarter,
        (
            Shown("key", "Quarter"),
            *_moves(explained=True),
            TRANSFERRED,
            Shown("new_customers", "New customers", "integer", metric=metrics.NEW_CUSTOMERS),
            Shown("churned_customers", "Churned", "integer", metric=metrics.CHURNED),
            Shown("is_partial", "Partial", "yes", help="Not all of its months are in, or over."),
            CHECK,
        ),
        figure=charts.balances,
        narrows=one_month,
    ),
    "segment": _panel(
        "segment",
        "What moved MRR in each segment?",
        "Over the period: what each segment began with, what moved, what it ended with.",
        by_segment,
        (
            Shown("key", "Segment", link="/segments/{segment}/"),
            *_moves(explained=True),
            TRANSFERRED,
            Shown("new_customers", "New customers", "integer", metric=metrics.NEW_CUSTOMERS),
            Shown("churned_customers", "Churned", "integer", metric=metrics.CHURNED),
            CHECK,
            Shown("segment", "Segment code", filed=True),
        ),
        figure=charts.balances,
        narrows=_segment,
    ),
    "customer": _panel(
        "customer",
        "Whose MRR moved?",
        "Over the period, those first whose MRR changed most, and all others in one row. A bar "
        "leads to the customer's own ledger, month by month.",
        by_customer,
        (
            Shown("key", "Customer", link="/customers/{customer_id}/"),
            Shown("segment", "Segment", drill="segment", words=NO_SEGMENT),
            Shown("plan", "Plan", drill="plan", words=NO_PLAN),
            *_moves(explained=False),
            TRANSFERRED,
            CHECK,
            Shown("customer_id", "Id", filed=True),
            Shown("customers", "Customers", "integer", filed=True),
        ),
        figure=charts.customers,
        most=40,
    ),
}
PAGES: Mapping[str, Page] = {
    by: Page(
        slug="waterfall" if by == "month" else f"waterfall-{by}",
        title="Waterfall",
        url=address(by),
        panels=(panel,),
        datasets=DATASETS,
        dimensions=LEFT,
        choices=queries.choices,
        default_period="365d",
    )
    for by, panel in PANELS.items()
}
