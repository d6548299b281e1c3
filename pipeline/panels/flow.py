"""What comes into the pipeline and what leaves it, by week or by month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline import analytics, charts, metrics, queries
from pipeline.panels.known import CLOSED
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.unusual import MARKED, marked

SERIES = {"created": ("Created pipeline", "money")}


def flow(slice_: Slice) -> pd.DataFrame:
    """Created, won and lost deals and amounts of each week or month of the period.

    With the weeks in which unusually much or little was created.
    """
    by = analytics.unit(slice_.period)
    found = analytics.flow(queries.flows(slice_, by), by, slice_.period, slice_.as_of)
    return marked(found, slice_, SERIES, "start", "end")


def _days(row: Mapping[str, Any]) -> Mapping[str, Any]:
    first, last = (pd.Timestamp(row[name]).date() for name in ("start", "end"))
    return {"period": "custom", "start": first, "end": last}


FLOW = Panel(
    slug="pipeline-flow",
    title="Does the pipeline fill faster than it drains?",
    question="Created, won and lost, by week or by month; one that the period cuts is partial.",
    frame=flow,
    figure=charts.flow,
    columns=(
        Shown("start", "From", "date"),
        Shown("end", "to", "date"),
        Shown("created", "Created", "integer", metric=metrics.CREATED),
        Shown("won", "Won", "integer", metric=metrics.WON),
        Shown("lost", "Lost", "integer", metric=metrics.LOST),
        Shown("created_amount", "Created amount", "money", metric=metrics.CREATED_VALUE),
        Shown("won_amount", "Won amount", "money", metric=metrics.WON_VALUE),
        Shown("lost_amount", "Lost amount", "money", metric=metrics.LOST_VALUE),
        Shown("is_partial", "Partial", "yes"),
        MARKED,
    ),
    dimensions=CLOSED,
    unit="money",
    narrows=_days,
)
