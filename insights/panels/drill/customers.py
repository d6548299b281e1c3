"""One customer: what it pays and why, how healthy it is, what it subscribes to, what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from insights.panels.drill import customer_parts as parts
from insights.panels.drill.account_parts import PARTS as OF_ACCOUNT
from insights.panels.drill.account_parts import Frame
from insights.panels.drill.accounts import seen, whole
from insights.panels.drill.places import address, facts_part, slug
from pipeline import panels as pipeline
from pipeline.panels import notes as of_notes
from pipeline.queries import accounts as deals
from revenue import metrics
from revenue import panels as revenue
from revenue.queries import one
from revenue.queries.one import Listed, Whose
from revops_site.kernel import formats
from revops_site.kernel.filters import Allowed, Slice
from revops_site.kernel.metrics import measure
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import TILE_COLUMNS, Page, Panel, Tile, tile_frame

BORROWED = ("account-deals", "account-activities")


def tiles(slice_: Slice, whose: Whose) -> Sequence[Tile]:
    """What it pays, and how healthy it is."""
    months = one.months_of(slice_, whose)
    if months.empty:
        return []
    newest = months[months["month"] == months["month"].max()]
    paid = measure(metrics.MRR, pd.DataFrame([{"mrr": newest["value"].sum()}]))
    said = " ".join(parts.said(one.health_of(slice_, whose)))
    return [
        Tile(
            metrics.MRR,
            paid,
            None,
            None,
            (),
            note=f"In the newest month. {said}".strip(),
            narrows=None,
        )
    ]


def page(customer_id: str, allowed: Allowed) -> Page | None:
    """The page of a customer; None where there is none, or the reader may not see it."""
    found = one.customer(seen(allowed), customer_id)
    if found is None:
        return None
    whose = Whose(customer_id=customer_id)
    return Page(
        slug=slug("customer", customer_id),
        title=found.name,
        url=address("customers", customer_id),
        panels=(
            _headline(whose),
            _of(parts.HEALTH, lambda slice_: parts.health(slice_, whose), customer_id),
            _of(parts.MONTHS, lambda slice_: one.months_of(slice_, whose), customer_id),
            _of(parts.ITEMS, lambda slice_: one.items_of(slice_, whose), customer_id),
            *_of_account(found),
            _of(parts.TOUCHES, lambda slice_: parts.touches(_deals(found)), customer_id),
        ),
        datasets=(*pipeline.PAGE.datasets, *revenue.PAGE.datasets),
        dimensions=(),
        choices=lambda _: {},
        default_period="all",
        dated=False,
    )


def beside(
    visit: Visit, customer_id: str, allowed: Allowed, by: Any, token: str
) -> Sequence[Mapping[str, Any]]:
    """What its file says of the customer, and the notes on its account."""
    found = one.customer(seen(allowed), customer_id)
    if found is None:
        return []
    account = address("accounts", found.account_id) if found.account_id else ""
    owner = address("reps", found.owner_id) if found.owner_id in visit.choices["owner"] else ""
    deal = f"/pipeline{address('deals', found.deal_id)}" if found.deal_id else ""
    lines = (
        ("Customer", found.customer_id, ""),
        ("Account", found.account_id or "Not known", account),
        ("Deal that won it", found.deal_id, deal),
        ("Segment", found.segment, address("segments", found.segment) if found.segment else ""),
        ("Plan", found.plan, ""),
        ("Region", found.region, ""),
        ("Owner", found.owner, owner),
        ("Since", formats.show(found.start_date, "date") if found.start_date else "", ""),
        ("Leaves or left", formats.show(found.churn_date, "date") if found.churn_date else "", ""),
        ("Because of", found.churn_reason, ""),
    )
    if not found.account_id:
        return [facts_part(lines)]
    notes = of_notes.of_account(found.account_id, by, visit.url, token)
    written = {**notes, "above": True, "width": "col-6", "template": "pipeline/_written.html"}
    return [facts_part(lines), written]


def _deals(found: Listed) -> list[str]:
    own = [found.deal_id] if found.deal_id else []
    return [*dict.fromkeys([*own, *(deals.deal_ids(found.account_id) if found.account_id else ())])]


def _of_account(found: Listed) -> Sequence[Panel]:
    """The deals of its account, and what was done for them; none where the account is not known."""
    if not found.account_id:
        return ()
    return [
        replace(
            _of(panel, partial(_borrowed, frame, found.account_id), found.account_id),
            width="col-12",
        )
        for frame, panel in OF_ACCOUNT
        if panel.slug in BORROWED
    ]


def _borrowed(frame: Frame, account_id: str, slice_: Slice) -> pd.DataFrame:
    return frame(slice_, account_id)


def _of(panel: Panel, frame: Any, about: str) -> Panel:
    return replace(panel, frame=lambda slice_: frame(whole(slice_)), about=about)


def _headline(whose: Whose) -> Panel:
    def found(slice_: Slice) -> Sequence[Tile]:
        return tiles(whole(slice_), whose)

    return Panel(
        slug="customer-kpis",
        title="Headline figures",
        question="What does it pay, and how healthy is it?",
        frame=lambda slice_: tile_frame(found(slice_)),
        tiles=found,
        columns=TILE_COLUMNS,
        dimensions=(),
        width="col-12",
        about=whose.customer_id,
        nothing="Nothing that it pays is known.",
    )
