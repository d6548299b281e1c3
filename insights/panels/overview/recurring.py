"""What customers pay every month, as the Revenue page says it and on its day."""

from __future__ import annotations

from collections.abc import Sequence

from insights.panels.overview.figures import KNOWN
from revenue import metrics
from revenue import panels as revenue
from revenue.panels.headlines import headlines
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import TILE_COLUMNS, Panel, Tile, tile_frame


def mrr(slice_: Slice) -> Sequence[Tile]:
    """MRR alone; nothing where nobody's pay is known."""
    return [tile for tile in headlines(slice_) if tile.metric == metrics.MRR]


RECURRING = Panel(
    slug="overview-recurring",
    title="What customers pay",
    question="What do customers pay every month?",
    frame=lambda slice_: tile_frame(mrr(slice_)),
    tiles=mrr,
    columns=TILE_COLUMNS,
    dimensions=KNOWN,
    datasets=revenue.PAGE.datasets,
    nothing="It needs a file of revenue_customers, customer_mrr or subscriptions.",
)
