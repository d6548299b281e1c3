"""What more money would bring: pipeline by spend of each channel, where data support a curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from insights import charts
from insights.metrics import returns as metrics
from insights.panels.cash.known import CHOICES
from insights.queries import returns
from marketing import metrics as marketing_metrics
from marketing.analytics.saturation import LEAST_POINTS, Saturation, fit
from marketing.panels.known import KNOWN
from pipeline import metrics as deal_metrics
from pipeline.panels.known import DEAL_LINK
from revops_site.kernel import formats
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import array, framed
from revops_site.kernel.panels import Page, Panel, Shown
from revops_site.kernel.periods import week
from revops_site.kernel.queries import shared

DIMENSIONS = tuple(name for name in KNOWN if name != "campaign")
LATELY = 8  # weeks
PARTLY = (
    "What a channel cost is the company's, and you see the deals of some: one by the other would "
    "say too little of both."
)
KINDS = {
    "channel": "str",
    "n": "int64",
    **dict.fromkeys(("spend", "marginal", "low", "high"), "float64"),
    "reason": "str",
}


@shared
def fits(slice_: Slice) -> Mapping[str, tuple[pd.DataFrame, Saturation]]:
    """Each channel that spent anything: its weeks and the curve through them, the largest first.

    None for whoever sees some reps' deals alone: what a channel cost is everybody's.
    """
    if slice_.reps is not None:
        return {}
    weeks, found = returns.by_week(slice_), {}
    for channel in sorted(set(weeks["channel"].tolist())):
        own = weeks[weeks["channel"] == channel]
        spend, pipeline = (own[name].to_numpy(dtype="float64") for name in ("spend", "pipeline"))
        if (spend > 0).any():
            found[channel] = own, fit(spend, pipeline, float(spend[-LATELY:].mean()))
    return dict(sorted(found.items(), key=lambda one: -_lately(one[1][0])))


def curves(slice_: Slice) -> pd.DataFrame:
    """Each channel that spent anything: its marginal return, or why none can be told.

    Columns channel, n (weeks with spend), spend (of a week, over the last eight), marginal (what
    one more unit of money a week brings), low, high (its 95 % interval), reason.
    """
    rows = [
        (channel, of.n, _lately(weeks), of.marginal, of.low, of.high, of.reason)
        for channel, (weeks, of) in fits(slice_).items()
    ]
    columns = list(zip(*rows, strict=True)) or [()] * len(KINDS)
    return framed(
        {
            name: array(column, kind)
            for (name, kind), column in zip(KINDS.items(), columns, strict=True)
        }
    )


def weeks(slice_: Slice) -> pd.DataFrame:
    """The weeks with spend of each channel: channel, week_start, spend, pipeline, fitted.

    In the order of spend; ``fitted`` is the curve at that spend, NaN where none is told.
    """
    known = []
    for own, of in fits(slice_).values():
        paid = own[own["spend"] > 0].sort_values("spend", kind="stable")
        known.append(paid.assign(fitted=of.at(paid["spend"].to_numpy(dtype="float64"))))
    if not known:
        return pd.DataFrame(columns=["channel", "week_start", "spend", "pipeline", "fitted"])
    return pd.concat(known, ignore_index=True)


def _of_week(row: Mapping[str, Any]) -> Mapping[str, Any]:
    days = week(row["week_start"].date())
    named = {"channel": (row["channel"],)} if row["channel"] else {}
    return {"period": "custom", "start": days.start, "end": days.last_day, **named}


def nothing(slice_: Slice) -> str:
    """Why there cannot be a row for this reader."""
    return PARTLY if slice_.reps is not None else ""


def _lately(weeks: pd.DataFrame) -> float:
    """What is spent a week by now."""
    return float(weeks["spend"].to_numpy(dtype="float64")[-LATELY:].mean())


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
        Shown("marginal", "One more brings", "money2", metric=metrics.MARGINAL),
        Shown("low", "From", "money2", help="The lower end of 95 %."),
        Shown("high", "To", "money2", help="The upper end of 95 %."),
        Shown("reason", "Why none is told"),
    ),
    dimensions=DIMENSIONS,
    width="col-12",
    unit="money",
    narrows=lambda row: {"channel": (row["channel"],)} if row["channel"] else None,
    nothing=nothing,
)
WEEKS = Panel(
    slug="saturation-weeks",
    title="How did pipeline follow spend?",
    question=(
        "A mark is a channel's week: what it spent, and the first amounts of the deals that came. "
        "A line is its curve, where the weeks support one."
    ),
    frame=weeks,
    figure=charts.saturation,
    columns=(
        Shown("channel", "Channel", link="/marketing/channels/{channel}/"),
        Shown("week_start", "Week from", "date"),
        Shown("spend", "Spend", "money", metric=marketing_metrics.SPEND),
        Shown("pipeline", "Pipeline", "money", metric=deal_metrics.CREATED_VALUE),
        Shown("fitted", "Curve", "money", help="What the curve says of that spend."),
    ),
    dimensions=DIMENSIONS,
    width="col-12",
    unit="money",
    narrows=_of_week,
    most=25,
    nothing=nothing,
)
PAGE = Page(
    slug="saturation",
    title="Saturation",
    url="/marketing/saturation/",
    panels=(SATURATION, WEEKS),
    datasets=("marketing_channels",),
    dimensions=DIMENSIONS,
    choices=CHOICES,
    default_period="365d",
)


def totals(slice_: Slice) -> Mapping[str, float]:
    """What the marginal return of the slice's one channel is made of; NaN where none is told."""
    found = list(fits(slice_).values())
    of = found[0][1] if len(found) == 1 else Saturation(0)
    return {
        "curve_base": of.base,
        "curve_most": of.most,
        "curve_half": of.half,
        "weekly_spend": of.spend,
    }


def said(slice_: Slice) -> Sequence[str]:
    """How sure the figure is, or why there is none."""
    found = fits(slice_)
    if slice_.reps is not None:
        return [PARTLY]
    if len(found) != 1:
        return ["A curve is of one channel: choose one."]
    ((channel, (_, of)),) = found.items()
    if of.reason:
        return [f"{channel}: {of.reason}"]
    low, high, base = (
        formats.show(one, "money2", slice_.currency) for one in (of.low, of.high, of.base)
    )
    return [
        f"With 95% certainty between {low} and {high}, from {of.n:,} weeks. The curve begins at "
        f"{base} without spend. Residuals of a straight line, dealt out anew, look as bent in "
        f"{formats.show(of.chance, 'percent1')} of all tries.",
        "The rows are the deals of these weeks; the SQL gives the points of the curve.",
    ]


LEDGER = Ledger(
    slug="saturation-deals",
    title="Deals of the weeks with spend",
    metrics=metrics.METRICS,
    totals=totals,
    sql=returns.points_sql,
    rows=returns.came,
    columns=(
        Shown("created_at", "Created", "date"),
        Shown("opportunity_name", "Deal", link=DEAL_LINK),
        Shown("deal_id", "Id"),
        Shown("source_channel", "Source"),
        Shown("value", "First amount", "money2"),
        Shown("segment", "Segment"),
        Shown("region", "Region"),
        Shown("owner_name", "Owner"),
    ),
    order=("created_at", "deal_id"),
    datasets=("marketing_channels", "pipeline_deals"),
    dimensions=DIMENSIONS,
    note=said,
    operands=(
        Shown("curve_most", "Most that spend can bring a week", "money2"),
        Shown("curve_half", "Spend that brings half of it", "money2"),
        Shown("weekly_spend", "Spend a week, mean of eight", "money2"),
    ),
)
LEDGERS = (LEDGER,)
