"""What renews in the next months, how it stands, and what became of past renewals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pandas as pd
from django.db.models import Q

from revenue import metrics
from revenue.analytics import by_size, kpis, signs
from revenue.charts import stay as charts
from revenue.panels.known import KNOWN, NO_SEGMENT, with_days
from revenue.panels.stay.judged import POINTS, STATE, WHO
from revenue.panels.stay.known import notes, unreckoned
from revenue.queries import health, renewed
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import arrays
from revops_site.kernel.listings import Flag, Listing
from revops_site.kernel.metrics import Measured
from revops_site.kernel.panels import TILE_COLUMNS, Panel, Shown, Tile, tile_frame

ROWS = "/revenue/renewals/?flag={flag}&flag=%s#listing-renewals"  # the customers behind a count
WINDOWS = ((0, 30), (30, 60), (60, 90), (90, 180))


def headlines(slice_: Slice) -> Sequence[Tile]:
    """What renews in 90 days, and which share did in the past; none where nothing has a term."""
    ahead = kpis(health.totals(slice_), metrics.RENEWING_METRICS)
    past = kpis(renewed.totals(slice_), metrics.RENEWED_METRICS)
    if ahead[metrics.RENEWING_CUSTOMERS.field].value is None:
        return []
    due = past[metrics.RENEWAL_RATE.field].operands["due"]
    of = f"Of {due:,.0f} renewals in twelve months." if due == due else "No renewal is over yet."
    said = {
        metrics.RENEWING_MRR: "In the next 90 days.",
        metrics.RENEWING_CUSTOMERS: "In the next 90 days.",
        metrics.RENEWING_RISK: _share(ahead),
        metrics.RENEWAL_RATE: of,
        metrics.RENEWAL_RATE_MRR: of,
    }
    order = (
        *(metrics.RENEWING_MRR, metrics.RENEWING_CUSTOMERS, metrics.RENEWING_RISK),
        *metrics.RENEWED_METRICS,
    )
    found = {**ahead, **past}
    return [Tile(one, found[one.field], None, None, (), note=said[one]) for one in order]


def _share(ahead: Mapping[str, Measured]) -> str:
    whole = ahead[metrics.RENEWING_MRR.field].value
    part = ahead[metrics.RENEWING_RISK.field].value
    return f"{formats.show((part or 0) / whole, 'percent')} of it." if whole else ""


def windows(slice_: Slice) -> pd.DataFrame:
    """What renews within 30, 60, 90 and 180 days, each beyond the one before."""
    rows = health.by_window(slice_, WINDOWS)
    return (
        rows.assign(
            window=[_named(first, last) for first, last in WINDOWS],
            flag=[f"due{last}" for _, last in WINDOWS],
        )
        if len(rows)
        else pd.DataFrame(columns=AHEAD.names)
    )


def by_segment(slice_: Slice) -> pd.DataFrame:
    """Per segment the share of the last twelve months' renewals that stayed."""
    rows = renewed.by_segment(slice_)
    if rows.empty:
        return pd.DataFrame(columns=RATES.names)
    return by_size(arrays(signs.shares(rows)), "segment")


def by_month(slice_: Slice) -> pd.DataFrame:
    """The same by month of renewal."""
    rows = renewed.by_month(slice_).rename(columns={"renews_in": "month"})
    if rows.empty:
        return pd.DataFrame(columns=[*COURSE.names, "start", "end"])
    return with_days(signs.shares(rows), slice_)


def nothing_due(slice_: Slice) -> str:
    """Why there is no renewal."""
    return unreckoned(slice_) or (
        "Nothing renews: no subscription or customer of these has a day of renewal. It is given as "
        "renews_on of a subscription, or renewal_date of a customer; what is due each year renews "
        "on the day that it started."
    )


def none_over(slice_: Slice) -> str:
    """Why there is no past one."""
    return unreckoned(slice_) or "No renewal of these customers is over by a month yet."


def _named(first: int, last: int) -> str:
    return f"{first + 1}–{last} days" if first else f"Next {last} days"


def _within(first: int, last: int) -> Flag:
    def where(slice_: Slice) -> Q:
        begin, end = (health.day_of(slice_) + timedelta(days=days) for days in (first, last))
        return Q(renews_on__gt=begin, renews_on__lte=end)

    return Flag(_named(first, last), where, linked=(first, last) in WINDOWS[1:])


HEADLINE = Panel(
    slug="renewal-kpis",
    title="Headline figures",
    question="What renews, and did it in the past?",
    frame=lambda slice_: tile_frame(headlines(slice_)),
    tiles=headlines,
    columns=TILE_COLUMNS,
    dimensions=KNOWN,
    note=notes,
    nothing=nothing_due,
    width="col-12",
)
AHEAD = Panel(
    slug="renewals-ahead",
    title="What renews when?",
    question="Customers whose next term begins, and of them those at risk or known to leave.",
    frame=windows,
    columns=(
        Shown("window", "When"),
        Shown("customers", "Customers", "integer", link=ROWS.replace("&flag=%s", "")),
        Shown("mrr", "MRR that renews", "money", meter=True),
        Shown("at_risk", "At risk", "integer", link=ROWS % "risk"),
        Shown("mrr_at_risk", "MRR at risk", "money"),
        Shown("leaving", "Known to leave", "integer", link=ROWS % "leaving"),
        Shown("mrr_leaving", "MRR of these", "money"),
    ),
    dimensions=KNOWN,
    width="col-12",
    nothing=nothing_due,
    unit="money",
)
_PAST = (
    Shown("due", "Renewals", "integer"),
    Shown("renewed", "Stayed", "integer"),
    Shown("rate", "Rate", "percent1", metric=metrics.RENEWAL_RATE),
    Shown("low", "95% from", "percent1"),
    Shown("high", "to", "percent1"),
    Shown("mrr_due", "MRR to renew", "money"),
    Shown("mrr_rate", "Rate, by MRR", "percent1", metric=metrics.RENEWAL_RATE_MRR),
)
BOUNDS = ("low", "high")  # as the chart draws them
RATES = Panel(
    slug="renewal-rate-by-segment",
    title="Who renews?",
    question="Renewals of the last twelve months of which is known whether they stayed.",
    frame=by_segment,
    columns=(Shown("segment", "Segment", drill="segment", words=NO_SEGMENT), *_PAST),
    dimensions=KNOWN,
    nothing=none_over,
    narrows=lambda row: {"segment": (row["segment"],)},
    width="col-12",
    unit="money",
)
COURSE = Panel(
    slug="renewal-rate-by-month",
    title="Do renewals hold?",
    question="Of the terms that ended in each month, those that still paid a month after.",
    frame=by_month,
    figure=charts.renewed,
    columns=(
        Shown("key", "Month"),
        *(Shown(one.name, one.label, one.show, filed=one.name in BOUNDS) for one in _PAST),
    ),
    dimensions=KNOWN,
    nothing=none_over,
    unit="money",
)
RENEWALS = Listing(
    slug="renewals",
    title="Which customers renew next?",
    question="What renews in the next 180 days, with the customer's health and why.",
    rows=health.renewing,
    columns=(
        *WHO,
        Shown("renewing_value", "MRR that renews", "money", help="Of it, what renews that day."),
        Shown("value", "MRR", "money", help="All that it pays."),
        Shown("renews_on", "Renews", "date"),
        Shown("days_left", "In days", "integer"),
        *STATE,
        *POINTS,
    ),
    key=("customer_id", "month"),
    sort="renews_on",
    search=("listed__account_name", "customer_id"),
    groups=("segment", "plan", "region", "owner_name", "band"),
    sums=("renewing_value",),
    hidden=(
        *("customer_id", "plan", "region", "value", "days_left", "last_contact"),
        *(one.name for one in POINTS),
    ),
    sizes=(15, 25, 50),
    flags={
        **{f"due{last}": _within(first, last) for first, last in WINDOWS},
        **{f"in{days}": _within(0, days) for days in (60, 90)},
        "risk": Flag("At risk", health.in_doubt),
        "leaving": Flag("Leaving is known", health.leaving),
        "silent": Flag("No contact", Q(silent=True)),
    },
    dimensions=KNOWN,
    unit="money",
    note=notes,
    nothing=unreckoned,
    noun="customers",
)
