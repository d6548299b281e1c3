"""The pages of who leaves, of what renews, and of what MRR will be; what their numbers rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from revenue import metrics, queries
from revenue.analytics import dominant_reason, kpis, outlook
from revenue.panels.known import DATASETS, KNOWN, LEFT, label, unrated
from revenue.panels.ledgers import MONTH, MOVED, MRR, OWN, STARTING, VALUE, of_customers
from revenue.panels.reasons import reasons
from revenue.panels.stay import judged, leaving, reckoned, renewing
from revenue.panels.stay import outlook as ahead
from revenue.panels.stay.known import notes
from revenue.queries import customers, forecast, health, renewed
from revops_site.kernel import formats, periods
from revops_site.kernel.explain import Interval
from revops_site.kernel.filters import Slice
from revops_site.kernel.intervals import wilson
from revops_site.kernel.metrics import Measured, change
from revops_site.kernel.panels import TILE_COLUMNS, Page, Panel, Shown, Tile, tile_frame

TILES = (*metrics.LOST_METRICS, metrics.AT_RISK_CUSTOMERS, metrics.AT_RISK_MRR)


def headlines(slice_: Slice) -> Sequence[Tile]:
    """Who left in the period, what that cost, and who may be next."""
    lost = queries.lost_totals(slice_)
    doubt = kpis(health.totals(slice_), metrics.RISK_METRICS)
    risk = doubt[metrics.AT_RISK_CUSTOMERS.field]
    if not lost["lost_customers"] and risk.value is None:
        return []
    before = slice_.previous()
    past = kpis(queries.lost_totals(before), metrics.LOST_METRICS) if before else {}
    found = {**kpis(lost, metrics.LOST_METRICS), **doubt}
    said = {metrics.LOST_MRR: _dominant(slice_), metrics.AT_RISK_MRR: _share(doubt)}
    return [
        Tile(
            metric=one,
            now=found[one.field],
            before=past[one.field].value if one.field in past else None,
            change=change(
                one, found[one.field].value, past[one.field].value if one.field in past else None
            ),
            weeks=(),
            note=said.get(one, ""),
        )
        for one in TILES
    ]


def _dominant(slice_: Slice) -> str:
    found = dominant_reason(reasons(slice_))
    return f"{found[0]}: {formats.show(found[1], 'percent')} of it." if found else ""


def _share(doubt: dict[str, Measured]) -> str:
    part = doubt[metrics.AT_RISK_SHARE.field].value
    return f"{formats.show(part, 'percent')} of what all pay." if part is not None else ""


HEADLINE = Panel(
    slug="churn-kpis",
    title="Headline figures",
    question="Who left, and who may be next?",
    frame=lambda slice_: tile_frame(headlines(slice_)),
    tiles=headlines,
    columns=TILE_COLUMNS,
    dimensions=LEFT,
    note=notes,
    width="col-12",
)
CHURN = Page(
    slug="churn",
    title="Churn",
    url="/revenue/churn/",
    panels=(HEADLINE, leaving.TREND, leaving.BY_SEGMENT, leaving.SIGNS_SEEN),
    listings=(judged.AT_RISK,),
    datasets=DATASETS,
    dimensions=LEFT,
    choices=queries.choices,
    default_period="365d",
)
OUTLOOK = Page(
    slug="mrr-forecast",
    title="MRR forecast",
    url="/revenue/forecast/",
    panels=(ahead.HEADLINE, ahead.COURSE, ahead.MADE_OF, ahead.SEGMENTS, ahead.SCORES),
    datasets=DATASETS,
    dimensions=KNOWN,
    choices=queries.choices,
    default_period="365d",
    dated=False,
    compared=False,
)
RENEWALS = Page(
    slug="renewals",
    title="Renewals and health",
    url="/revenue/renewals/",
    panels=(
        *(renewing.HEADLINE, renewing.AHEAD, renewing.RATES, renewing.COURSE),
        *(judged.HEALTH, judged.MADE_OF),
    ),
    listings=(renewing.RENEWALS,),
    datasets=DATASETS,
    dimensions=KNOWN,
    choices=queries.choices,
    default_period="365d",
    dated=False,
    compared=False,
)

_SCORE = (
    Shown("score", "Score", "integer"),
    judged.BAND,
    Shown("because", "Why", "told"),
    Shown("leaves_on", "Leaves on", "date"),
)
OF_RISK = of_customers(
    slug="customers-at-risk",
    title="Customers at risk",
    metrics=metrics.RISK_METRICS,
    totals=health.totals,
    sql=health.totals_sql,
    rows=health.at_risk,
    columns=(*judged.WHO, *OWN, MRR, VALUE, *_SCORE),
    order=("customer_id", "month"),
    note=unrated,
    operands=(
        Shown("mrr_judged", "MRR of those whose health is known", "money2"),
        Shown("mrr_at_risk", "Of it at risk", "money2"),
    ),
    counts="at_risk",
)
OF_RENEWALS = of_customers(
    slug="renewing-customers",
    title="What renews in 90 days",
    noun="customers",
    metrics=metrics.RENEWING_METRICS,
    totals=health.totals,
    sql=health.totals_sql,
    rows=lambda slice_: health.renewing(slice_, health.SOON),
    columns=(
        *judged.WHO,
        *OWN,
        MRR,
        Shown("renewing_value", "Value that renews", "money2"),
        Shown("renews_on", "Renews", "date"),
        *_SCORE,
    ),
    order=("renews_on", "customer_id"),
    note=unrated,
    dated=False,
    counts="renewing",
)


def sure(one: Measured) -> Interval | None:
    """How sure the rate is, by number."""
    if one.metric is not metrics.RENEWAL_RATE or one.value is None:
        return None
    ends = wilson(one.operands["renewed"], one.operands["due"])
    return Interval(*ends, int(one.operands["due"])) if ends else None


OF_RENEWED = of_customers(
    slug="past-renewals",
    title="Renewals of the last twelve months",
    noun="renewals",
    metrics=metrics.RENEWED_METRICS,
    totals=renewed.totals,
    sql=renewed.totals_sql,
    rows=renewed.due,
    columns=(
        *judged.WHO,
        Shown("renews_on", "Renewed on", "date"),
        *OWN,
        Shown("value", "MRR to renew", "money2"),
        Shown("stayed", "Stayed", "yes"),
    ),
    order=("renews_on", "customer_id"),
    operands=(
        Shown("due", "Renewals", "integer"),
        Shown("renewed", "Of them stayed", "integer"),
        Shown("mrr_due", "MRR to renew", "money2"),
        Shown("mrr_renewed", "Of it stayed", "money2"),
    ),
    interval=sure,
    dated=False,
    counts="due",
)


def _learned(slice_: Slice) -> Slice:
    """The months that the rates are learned from."""
    months = forecast.past(slice_)
    if months is None or months.empty:
        return slice_
    days = sorted(set(months["month"]))[-outlook.FIT :]
    first, last = (day.date() for day in (days[0], days[-1]))
    return replace(slice_, period=periods.Period(first, periods.month(last).end))


def moved(slice_: Slice) -> QuerySet[Any]:
    """What moved in these months."""
    rows = customers.balance(_learned(slice_)).exclude(kind="")
    return customers.named(rows)


def learned_from(slice_: Slice) -> Sequence[str]:
    """Which months these are."""
    found = reckoned.reckon(slice_)
    if found is None:
        return ()
    months = found.past.months[-outlook.FIT :]
    return (
        f"Rates are learned from what moved from {label(months[0].date())} to "
        f"{label(months[-1].date())}: the rows below. Method in use: "
        f"{outlook.LABELS[found.method]}.",
    )


OF_OUTLOOK = of_customers(
    slug="mrr-forecast",
    title="What moved in the months that the forecast is learned from",
    noun="movements",
    metrics=metrics.FORECAST_METRICS,
    totals=reckoned.totals,
    sql=lambda slice_: queries.sums_sql(_learned(slice_)),
    rows=moved,
    columns=(
        *(
            Shown("customer_id", "Id"),
            Shown("account_name", "Customer", link="/customers/{customer_id}/"),
        ),
        *(Shown("segment", "Segment"), MONTH, Shown("kind", "Moved"), *OWN, STARTING, MRR, MOVED),
    ),
    order=("month", "customer_id", "currency"),
    note=learned_from,
    operands=(
        Shown("mrr", "MRR at the end of the last month that is over", "money2"),
        Shown("new", "New in twelve months", "money2"),
        Shown("reactivation", "Reactivation", "money2"),
        Shown("expansion", "Expansion", "money2"),
        Shown("contraction", "Contraction", "money2"),
        Shown("churn", "Churn", "money2"),
        Shown("other", "By which the method in use differs", "money2"),
        Shown("forecast", "MRR in 12 months", "money2"),
    ),
    dated=False,
)
BOOKS = (
    (CHURN, (OF_RISK,)),
    (RENEWALS, (OF_RENEWALS, OF_RENEWED)),
    (OUTLOOK, (OF_OUTLOOK,)),
)
