"""The leads of each week: where they are now, beside what happened in the period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from insights.analytics import leads as sums
from insights.metrics import leads as metrics
from insights.panels.cash.known import CHOICES, DATASETS, KNOWN, NOTHING, STATES, notes
from insights.queries import leads
from marketing.panels.volumes import FUNNEL
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page, Panel, Shown

PATTERNS = {"open": "unfinished: it may still grow", "few": f"fewer than {sums.FEW} leads"}
SAID = (
    "Striped: unfinished, some may still take their next step. "
    f"Hatched: fewer than {sums.FEW} leads, which says little."
)
DEPTHS = (0.01, 0.03, 0.1, 0.25, 0.5)


def cohorts(slice_: Slice) -> pd.DataFrame:
    """Each week's leads, with the days of it that the period leaves."""
    found = sums.cohorts(leads.by_week(slice_), slice_.as_of)
    weeks = found["week"].to_numpy().astype("datetime64[D]")
    first = np.datetime64(slice_.period.start if slice_.period else "1900-01-01", "D")
    last = min(slice_.period.last_day, slice_.as_of) if slice_.period else slice_.as_of
    return found.assign(
        first_day=np.maximum(weeks, first).astype("datetime64[s]"),
        last_day=np.minimum(weeks + 6, np.datetime64(last, "D")).astype("datetime64[s]"),
    )


def _of_week(row: Mapping[str, Any]) -> Mapping[str, Any]:
    first, last = row["first_day"].date(), row["last_day"].date()
    return {"period": "custom", "start": first, "end": last}


def depth(share: float) -> int:
    """How deep a share is tinted, alike in all steps."""
    return 1 + sum(round(share, 9) >= step for step in DEPTHS)


def marked(slice_: Slice) -> Sequence[str]:
    """What the patterns mean, and what is to be known of leads."""
    return [SAID, *notes(slice_)]


def _reached(name: str, label: str) -> Shown:
    metric = sums.SHARES[name]
    return Shown(
        name,
        label,
        "percent1",
        help=metric.meaning,
        metric=metric,
        depth=depth,
        marks="marks",
        words=PATTERNS,
    )


COHORTS = Panel(
    slug="lead-cohorts",
    title="Where are the leads of each week now?",
    question=(
        "By the week that they came. Reached so far, as a share of the week's leads; then how "
        "many are where. An unfinished week may still grow."
    ),
    frame=cohorts,
    columns=(
        Shown("week", "Week from", "date"),
        Shown("leads", "Leads", "integer", metric=metrics.CAME),
        _reached("mql", "MQL"),
        _reached("sql", "SQL"),
        _reached("deal", "Opportunity"),
        _reached("deal_won", "Won"),
        *(
            Shown(f"now_{state}", f"Now: {label}", "integer", metric=metrics.NOW[state])
            for state, label in STATES.items()
        ),
        Shown("marks", "Mark", filed=True),
    ),
    dimensions=KNOWN,
    width="col-12",
    note=marked,
    narrows=_of_week,
    nothing=NOTHING,
    datasets=DATASETS,
    most=26,
)
PAGE = Page(
    slug="lead-cohorts",
    title="Lead cohorts",
    url="/marketing/cohorts/",
    panels=(COHORTS, replace(FUNNEL, width="col-12")),
    datasets=("marketing_channels",),
    dimensions=KNOWN,
    choices=CHOICES,
    default_period="365d",
)
