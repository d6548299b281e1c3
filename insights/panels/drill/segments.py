"""One segment across all domains, each figure beside that of the whole company."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from insights.panels.borrowed import as_on
from insights.panels.drill.places import address, slug, together, without
from marketing import analytics as marketing_analytics
from marketing import metrics as marketing_metrics
from marketing import panels as marketing
from marketing import queries as marketing_queries
from marketing.panels.groups import CHANNELS
from marketing.panels.headlines import headlines as marketing_tiles
from pipeline import metrics as deal_metrics
from pipeline import panels as pipeline
from pipeline.panels.flow import FLOW
from pipeline.panels.groups import OWNERS, STAGES
from pipeline.panels.headlines import headlines as pipeline_tiles
from pipeline.panels.headlines import measured as pipeline_measured
from revenue import metrics as revenue_metrics
from revenue import panels as revenue
from revenue.panels.headlines import headlines as revenue_tiles
from revenue.panels.headlines import measured as revenue_measured
from revenue.panels.moves import RETENTION, WATERFALL
from revops_site.kernel import formats, freshness
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Measured, Metric
from revops_site.kernel.panels import TILE_COLUMNS, Page, Panel, Tile, tile_frame

PAGES = (marketing.PAGE, pipeline.PAGE, revenue.PAGE)
SPEND = (marketing_metrics.SPEND, marketing_metrics.CAC)
DEALS = (deal_metrics.TOTAL, deal_metrics.WIN_RATE, deal_metrics.CYCLE)
PAY = (revenue_metrics.MRR, revenue_metrics.NRR, revenue_metrics.CHURN_RATE)
KNOWN = tuple(
    dict.fromkeys(name for page in PAGES for name in page.dimensions if name != "segment")
)


def figures(slice_: Slice) -> Sequence[Tile]:
    """What the segment costs, has open, wins and pays, each beside the whole company's."""
    return [
        *_beside(marketing.PAGE, SPEND, slice_, marketing_tiles, _marketing),
        *_beside(pipeline.PAGE, DEALS, slice_, pipeline_tiles, pipeline_measured),
        *_beside(revenue.PAGE, PAY, slice_, revenue_tiles, revenue_measured),
    ]


def _marketing(slice_: Slice) -> Mapping[str, Measured]:
    return marketing_analytics.kpis(marketing_queries.mix(slice_))


def _beside(
    page: Page,
    wanted: Iterable[Metric],
    slice_: Slice,
    tiles: Callable[[Slice], Sequence[Tile]],
    measured: Callable[[Slice], Mapping[str, Measured]],
) -> list[Tile]:
    own, asked = as_on(page, slice_)
    found = {tile.metric: tile for tile in tiles(own)}
    if not found:
        return []
    whole = measured(replace(own, segment=()))
    return [
        replace(
            found[metric],
            note=_whole(metric, whole[metric.field], own),
            narrows={**asked, **(found[metric].narrows or {})},
        )
        for metric in wanted
        if metric in found
    ]


def _whole(metric: Metric, all_: Measured, slice_: Slice) -> str:
    return f"All segments: {formats.show(all_.value, metric.show, slice_.currency)}."


FIGURES = Panel(
    slug="segment-kpis",
    title="Headline figures",
    question="What does the segment cost, win and pay?",
    frame=lambda slice_: tile_frame(figures(slice_)),
    tiles=figures,
    columns=TILE_COLUMNS,
    dimensions=KNOWN,
    width="col-12",
)


def page(code: str) -> Page | None:
    """The page of a segment; None where nothing is of it."""
    generation = freshness.generation()
    if not any(code in one.choices(generation).get("segment", ()) for one in PAGES):
        return None
    return Page(
        slug=slug("segment", code),
        title=f"Segment {code}",
        url=address("segments", code),
        panels=(FIGURES, STAGES, FLOW, CHANNELS, WATERFALL, RETENTION, OWNERS),
        datasets=tuple(name for one in PAGES for name in one.datasets),
        dimensions=KNOWN,
        choices=without(together(*PAGES), "segment"),
        default_period="365d",
        always={"segment": (code,)},
    )
