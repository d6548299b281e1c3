"""One account: who it is, what is open and won there, what it pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from insights.panels.drill.account_parts import PARTS, Frame
from insights.panels.drill.customer_parts import PARTS as OF_CUSTOMERS
from insights.panels.drill.customer_parts import Frame as OfWhose
from insights.panels.drill.places import address, facts_part, slug
from insights.queries import drill
from pipeline import metrics as deal_metrics
from pipeline import panels as pipeline
from pipeline.panels import notes as of_notes
from pipeline.panels import tasks as of_tasks
from pipeline.queries import accounts as deals
from pipeline.queries.tasks import Subject
from revenue import metrics as revenue_metrics
from revenue import panels as revenue
from revenue.queries import accounts as customers
from revenue.queries.one import Whose
from revops_site.kernel import formats, freshness
from revops_site.kernel.filters import DIMENSIONS, Allowed, Filters, Slice, narrow
from revops_site.kernel.metrics import Metric, measure
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import TILE_COLUMNS, Page, Panel, Tile, tile_frame


def tiles(slice_: Slice, account_id: str) -> Sequence[Tile]:
    """What is open and what was won there, and what it pays now, of what may be seen."""
    known = deals.deals_of(slice_, account_id)
    months = customers.months_of(slice_, account_id)
    if known.empty and months.empty:
        return []
    newest = months[months["month"] == months["month"].max()]
    open_ = known[known["status"] == "open"]
    won = known[known["status"] == "won"]
    return [
        _tile(deal_metrics.TOTAL, {"open_amount": open_["value"].sum()}, _count(open_, "open")),
        _tile(deal_metrics.WON_VALUE, {"won_amount": won["value"].sum()}, _count(won, "won")),
        *(
            [_tile(revenue_metrics.MRR, {"mrr": newest["value"].sum()}, "In the newest month.")]
            if len(months)
            else []
        ),
    ]


def _tile(metric: Metric, operands: Mapping[str, float], note: str) -> Tile:
    now = measure(metric, pd.DataFrame([operands]))
    return Tile(metric, now, None, None, (), note=note, narrows=None)


def _count(rows: pd.DataFrame, word: str) -> str:
    return f"{len(rows):,} {word} {'deal' if len(rows) == 1 else 'deals'}."


def whole(slice_: Slice) -> Slice:
    """All days, and whatever the reader may see: an account is no sum that one narrows."""
    nothing: dict[str, Any] = dict.fromkeys(DIMENSIONS, ())
    return replace(slice_, period=None, compare=None, **nothing)


def page(account_id: str, allowed: Allowed) -> Page | None:
    """The page of an account; None where there is none, or the reader may see none of it."""
    found = drill.company(account_id)
    slice_ = seen(allowed)
    is_own = found is not None and allowed.reps is not None and found.owner_id in allowed.reps
    if allowed.reps is not None and not (
        is_own or deals.is_seen(slice_, account_id) or customers.is_seen(slice_, account_id)
    ):
        return None
    name = found.name if found else deals.name_of(account_id)
    if not name:
        return None
    return Page(
        slug=slug("account", account_id),
        title=name,
        url=address("accounts", account_id),
        panels=(
            _headline(account_id),
            *(_of(account_id, *one) for one in PARTS),
            *(_of_customers(account_id, *one) for one in OF_CUSTOMERS),
        ),
        datasets=(*pipeline.PAGE.datasets, *revenue.PAGE.datasets),
        dimensions=(),
        choices=lambda _: {},
        default_period="all",
        dated=False,
    )


def beside(visit: Visit, account_id: str, by: Any, token: str) -> Sequence[Mapping[str, Any]]:
    """What its file says of the account, the tasks on it, and its notes."""
    of, here = Subject(account_id=account_id, name=visit.page.title), visit.url
    half = {"above": True, "width": "col-6"}
    tasks = of_tasks.section(of, by, here, token)
    notes = of_notes.of_account(account_id, by, here, token)
    return [
        *facts(visit, account_id),
        {**tasks, **half, "template": "pipeline/_tasks.html"},
        {**notes, **half, "template": "pipeline/_written.html"},
    ]


def facts(visit: Visit, account_id: str) -> Sequence[Mapping[str, Any]]:
    """What the account's own file says of it, and whose it is."""
    found = drill.company(account_id)
    if found is None:
        return []
    owner = address("reps", found.owner_id) if found.owner_id in visit.choices["owner"] else ""
    segment = address("segments", found.segment) if found.segment else ""
    lines = (
        ("Account", found.account_id, ""),
        ("Segment", found.segment, segment),
        ("Region", found.region, ""),
        ("Industry", found.industry, ""),
        ("Owner", found.owner, owner),
        ("Since", formats.show(found.created_at, "date") if found.created_at else "", ""),
    )
    return [facts_part(lines)]


def seen(allowed: Allowed) -> Slice:
    """What this reader may see, as of the newest day."""
    at = freshness.workspace()
    return narrow(
        Filters(),
        allowed,
        freshness.stamp(at),
        first_month=at.fiscal_year_start_month,
        currency=at.reporting_currency,
    )


def _of(account_id: str, frame: Frame, panel: Panel) -> Panel:
    return replace(panel, frame=lambda slice_: frame(whole(slice_), account_id), about=account_id)


def _of_customers(account_id: str, frame: OfWhose, panel: Panel) -> Panel:
    whose = Whose(account_id=account_id)
    return replace(panel, frame=lambda slice_: frame(whole(slice_), whose), about=account_id)


def _headline(account_id: str) -> Panel:
    def found(slice_: Slice) -> Sequence[Tile]:
        return tiles(whole(slice_), account_id)

    return Panel(
        slug="account-kpis",
        title="Headline figures",
        question="What is open, won and paid?",
        frame=lambda slice_: tile_frame(found(slice_)),
        tiles=found,
        columns=TILE_COLUMNS,
        dimensions=(),
        width="col-12",
        about=account_id,
        nothing="Nothing is known of it that you may see.",
    )
