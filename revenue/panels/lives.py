"""For how long customers stay: curves with their bands, and the median life of each group."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from revenue import analytics, charts, metrics, queries
from revenue.panels.known import DATASETS, KNOWN, LEFT, NO_PLAN, NO_SEGMENT
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page, Panel, Shown

GROUPS = {"segment": ("Segment", NO_SEGMENT), "plan": ("Plan", NO_PLAN)}
TITLES = {
    "segment": "For how long do customers of each segment stay?",
    "plan": "For how long do customers of each plan stay?",
}
NOTHING = "No customer is listed here."


def points(slice_: Slice, by: str) -> pd.DataFrame:
    """The curves of the groups, every 30 days."""
    return analytics.curves(_lives(slice_, by))


def summary(slice_: Slice) -> pd.DataFrame:
    """All customers together, then each segment, then each plan."""
    parts = []
    for by, said in (("", "All"), ("segment", "Segment"), ("plan", "Plan")):
        found = analytics.summary(_lives(slice_, by))
        words = GROUPS[by][1] if by else {"": "All customers"}
        names = [words.get(one, one) for one in found["group"]]
        parts.append(found.assign(kind=said, name=names))
    return pd.concat(parts, ignore_index=True)


def notes(slice_: Slice) -> Sequence[str]:
    """Who is left out, and what is counted."""
    said = "Whoever is still a customer counts for as long as is known, and no longer."
    unknown = queries.undated(slice_)
    if not unknown:
        return [said]
    who = "1 customer" if unknown == 1 else f"{unknown:,} customers"
    return [said, f"{who} left on a day that nobody knows, and is not in."]


def _lives(slice_: Slice, by: str) -> dict[str, analytics.Curve]:
    found = analytics.lives(queries.lives(slice_, by))
    if by != "segment":
        return found
    order = {code: place for place, code in enumerate(analytics.SEGMENTS)}
    return {name: found[name] for name in sorted(found, key=lambda one: (order.get(one, 9), one))}


def _curves(by: str) -> Panel:
    label, words = GROUPS[by]
    return Panel(
        slug=f"survival-by-{by}",
        title=TITLES[by],
        question="The share that stays beyond so many days, by Kaplan and Meier; the band holds it "
        "with 95% certainty.",
        frame=partial(points, by=by),
        figure=charts.survival,
        columns=(
            Shown("group", label, words=words),
            Shown("day", "Days", "integer"),
            Shown("staying", "Stay", "percent1"),
            Shown("low", "From", "percent1"),
            Shown("high", "to", "percent1"),
            Shown("at_risk", "Customers then", "integer", help="Still there just before."),
        ),
        dimensions=KNOWN,
        height="tall",
        nothing=NOTHING,
    )


SUMMARY = Panel(
    slug="lifetimes",
    title="How long is a customer's life?",
    question="The day by which half have left, and the share that stays beyond given days.",
    frame=summary,
    columns=(
        Shown("name", "Customers"),
        Shown("kind", "Group"),
        Shown("n", "n", "integer", help="Customers, those who left included."),
        Shown("ended", "Left", "integer"),
        *(Shown(f"s{day}", f"{day} days", "percent") for day in analytics.LIVED),
        Shown("median_days", "Median life", "days", help=metrics.LIFE.meaning),
        Shown("median_low", "From", "days", help="With 95% certainty."),
        Shown("median_high", "to", "days", help="With 95% certainty."),
        Shown("few", "Sample", tone={"few": "warn"}, words={"few": "Fewer than 10"}),
    ),
    dimensions=KNOWN,
    width="col-12",
    note=notes,
    nothing=NOTHING,
)
PAGE = Page(
    slug="lifetimes",
    title="Lifetimes",
    url="/revenue/lifetimes/",
    panels=(_curves("segment"), _curves("plan"), SUMMARY),
    datasets=DATASETS,
    dimensions=LEFT,
    choices=queries.choices,
    default_period="all",
    dated=False,
)
