"""What more money would bring: pipeline by spend of each channel, where data support a curve."""

from __future__ import annotations

import pandas as pd

from insights.panels.cash.known import CHOICES
from insights.queries import returns
from marketing.analytics.saturation import LEAST_POINTS, fit
from marketing.panels.known import KNOWN
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import array, framed
from revops_site.kernel.panels import Page, Panel, Shown

DIMENSIONS = tuple(name for name in KNOWN if name != "campaign")
LATELY = 8  # weeks
KINDS = {
    "channel": "str",
    "n": "int64",
    **dict.fromkeys(("spend", "marginal", "low", "high"), "float64"),
    "reason": "str",
}


def curves(slice_: Slice) -> pd.DataFrame:
    """Each channel that spent anything: its marginal return, or why none can be told.

    Columns channel, n (weeks with spend), spend (of a week, over the last eight), marginal (what
    one more unit of money a week brings), low, high (its 95 % interval), reason.
    """
    weeks = returns.by_week(slice_)
    rows = []
    for channel in sorted(set(weeks["channel"].tolist())):
        own = weeks[weeks["channel"] == channel]
        spend, pipeline = (own[name].to_numpy(dtype="float64") for name in ("spend", "pipeline"))
        if not (spend > 0).any():
            continue
        now = float(spend[-LATELY:].mean())
        found = fit(spend, pipeline, now)
        ends = (found.marginal, found.low, found.high)
        rows.append((channel, found.n, now, *ends, found.reason))
    rows.sort(key=lambda row: (-row[2], row[0]))
    columns = list(zip(*rows, strict=True)) or [()] * len(KINDS)
    return framed(
        {
            name: array(column, kind)
            for (name, kind), column in zip(KINDS.items(), columns, strict=True)
        }
    )


SATURATION = Panel(
    slug="saturation",
    title="What does one more unit of money bring?",
    question=(
        "First amounts of the deals of a channel by its spend of the same week, whole weeks alone. "
        f"A curve needs {LEAST_POINTS} weeks, spend that varied, and to fit better than a line."
    ),
    frame=curves,
    columns=(
        Shown("channel", "Channel", link="/marketing/channels/{channel}/"),
        Shown("n", "Weeks", "integer"),
        Shown("spend", "Spend a week", "money", help="Mean of the last eight weeks."),
        Shown("marginal", "One more brings", "money2", help="At today's spend."),
        Shown("low", "From", "money2", help="The lower end of 95 %."),
        Shown("high", "To", "money2", help="The upper end of 95 %."),
        Shown("reason", "Why none is told"),
    ),
    dimensions=DIMENSIONS,
    width="col-12",
    unit="money",
)
PAGE = Page(
    slug="saturation",
    title="Saturation",
    url="/marketing/saturation/",
    panels=(SATURATION,),
    datasets=("marketing_channels",),
    dimensions=DIMENSIONS,
    choices=CHOICES,
    default_period="365d",
)
