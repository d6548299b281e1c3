"""What the lists of the pipeline share: their columns, their headline figures, their address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from pipeline import analytics, queries
from pipeline.panels.known import OPEN
from pipeline.panels.ledgers import DATASETS
from pipeline.panels.listed import DEALS
from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Flag, Listing
from revops_site.kernel.metrics import Metric, Operands
from revops_site.kernel.panels import TILE_COLUMNS, Page, Panel, Shown, Tile, tile_frame

ROOT = "/pipeline/lists/"
WHO = ("deal_name", "deal_id", "account_name", "owner_name", "stage_name", "value")
PLACE = ("pipeline_name", "segment", "region")


def deals(*names: str, of: str = "") -> tuple[Shown, ...]:
    """Columns as the list of all deals has them; from the names in the list ``of`` that slug one
    steps on to its next deal.
    """
    columns = (DEALS.column(name) for name in names)
    return tuple(replace(one, steps=of) if one.steps else one for one in columns)


def listing(
    slug: str,
    title: str,
    question: str,
    rows: Callable[[Slice], QuerySet[Any]],
    own: Sequence[Shown],
    *,
    sort: str,
    shown: Sequence[str] = (),
    hidden: Sequence[str] = (),
    note: Callable[[Slice], Sequence[str]],
    sums: tuple[str, ...] = ("value",),
    groups: tuple[str, ...] = (),
    flags: Mapping[str, Flag] | None = None,
    noun: str = "deals",
    contract: str = "",
) -> Listing:
    """A list of open deals: ``WHO``, then its ``own`` columns, then those that all deals have:
    ``shown``, and ``PLACE``, which is shown when chosen. Each deal leads on to the next.
    """
    return Listing(
        slug=slug,
        title=title,
        question=question,
        rows=rows,
        columns=(*deals(*WHO, of=slug), *own, *deals(*shown, *PLACE)),
        key=("deal_id",),
        sort=sort,
        search=("opportunity_name", "account_name", "deal_id"),
        groups=("owner_name", "stage_name", *groups, "pipeline_name", "segment", "region"),
        sums=sums,
        hidden=("deal_id", *hidden, *PLACE),
        flags=flags or {},
        dimensions=OPEN,
        unit="money",
        noun=noun,
        note=note,
        contract=contract,
    )


def headline(
    slug: str,
    question: str,
    metrics: Sequence[Metric],
    totals: Callable[[Slice], Operands],
    notes: Callable[[Slice, Operands], Mapping[Metric, str]] | None = None,
    said: Callable[[Slice], Sequence[str]] | None = None,
    counts: Sequence[str] = (),
    contract: str = "",
    nothing: str = "",
) -> Panel:
    """The figures of a list; none where all of the operands ``counts`` are 0: then ``nothing``."""

    def tiles(slice_: Slice) -> Sequence[Tile]:
        found = totals(slice_)
        if counts and not any(found[name] for name in counts):
            return []
        now = analytics.kpis(found, tuple(metrics))
        words = notes(slice_, found) if notes else {}
        return [
            Tile(metric, now[metric.field], None, None, (), note=words.get(metric, ""))
            for metric in metrics
        ]

    return Panel(
        slug=f"{slug}-kpis",
        title="Headline figures",
        question=question,
        frame=lambda slice_: tile_frame(tiles(slice_)),
        tiles=tiles,
        columns=TILE_COLUMNS,
        dimensions=OPEN,
        note=said,
        width="col-12",
        contract=contract,
        nothing=nothing,
    )


def page(slug: str, title: str, panels: Sequence[Panel], listings: Sequence[Listing] = ()) -> Page:
    """A list as a page, beside the others; it is about the day, whatever the period."""
    return Page(
        slug=f"list-{slug}",
        title=title,
        url=f"{ROOT}{slug}/",
        panels=tuple(panels),
        listings=tuple(listings),
        datasets=DATASETS,
        dimensions=OPEN,
        choices=queries.choices,
        default_period="90d",
        dated=False,
    )
