"""One segment across all domains, each figure beside that of the whole company."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from insights.panels.drill.places import address, slug, together
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
from revenue.panels.groups import PLANS
from revenue.panels.headlines import headlines as revenue_tiles
from revenue.panels.headlines import measured as revenue_measured
from revenue.panels.moves import RETENTION, WATERFALL
from revops_site.kernel import formats, freshness
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Measured, Metric
from revops_site.kernel.panels import TILE_COLUMNS, Page, Panel, Tile, tile_frame

PAGES = (marketing.PAGE, pipeline.PAGE, revenue.PAGE)
SPEND = (
    marketing_metrics.SPEND,
    marketing_metrics.LEADS,
    marketing_metrics.CAC,
    marketing_metrics.ROI,
)
DEALS = (
    deal_metrics.TOTAL,
    deal_metrics.WIN_RATE,
    deal_metrics.DEAL_SIZE,
    deal_metrics.CYCLE,
)
PAY = (
    revenue_metrics.MRR,
    revenue_metrics.ARPA,
    revenue_metrics.NRR,
    revenue_metrics.CHURN_RATE,
    revenue_metrics.CHURN_BY_DATES,
)
KNOWN = tuple(
    dict.fromkeys(name for page in PAGES for name in page.dimensions if name != "segment")
)


def _marketing(slice_: Slice) -> Mapping[str, Measured]:
    return marketing_analytics.kpis(marketing_queries.mix(slice_))


def _row(
    page: Page,
    wanted: Iterable[Metric],
    tiles: Callable[[Slice], Sequence[Tile]],
    measured: Callable[[Slice], Mapping[str, Measured]],
) -> Panel:
    """A domain's figures, each beside the whole company's, as of the domain's last day."""

    def found(slice_: Slice) -> Sequence[Tile]:
        own = {tile.metric: tile for tile in tiles(slice_)}
        whole = measured(replace(slice_, segment=())) if own else {}
        return [
            replace(own[metric], note=_whole(metric, whole[metric.field], slice_))
            for metric in wanted
            if metric in own
        ]

    return Panel(
        slug=f"segment-{page.slug}",
        title=f"Headline figures: {page.title}",
        question="What is the segment beside the whole company?",
        frame=lambda slice_: tile_frame(found(slice_)),
        tiles=found,
        columns=TILE_COLUMNS,
        dimensions=KNOWN,
        width="col-12",
        datasets=page.datasets,
    )


def _whole(metric: Metric, all_: Measured, slice_: Slice) -> str:
    return f"All segments: {formats.show(all_.value, metric.show, slice_.currency)}."


FIGURES = (
    _row(marketing.PAGE, SPEND, marketing_tiles, _marketing),
    _row(pipeline.PAGE, DEALS, pipeline_tiles, pipeline_measured),
    _row(revenue.PAGE, PAY, revenue_tiles, revenue_measured),
)
PARTS = (
    *(replace(one, datasets=pipeline.PAGE.datasets) for one in (STAGES, FLOW)),
    replace(CHANNELS, datasets=marketing.PAGE.datasets),
    *(replace(one, datasets=revenue.PAGE.datasets) for one in (WATERFALL, RETENTION, PLANS)),
    replace(OWNERS, datasets=pipeline.PAGE.datasets),
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
        panels=(*FIGURES, *PARTS),
        datasets=pipeline.PAGE.datasets,
        dimensions=KNOWN,
        choices=together(*PAGES),
        default_period="365d",
        always={"segment": (code,)},
    )
