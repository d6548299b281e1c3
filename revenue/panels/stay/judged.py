"""How healthy customers are, of what that is made, and whether it told who left."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from django.db.models import Q

from revenue.analytics import signs
from revenue.charts import stay as charts
from revenue.metrics.health import BANDS, FACTORS, HORIZON_MONTHS, SIGNS
from revenue.panels.known import KNOWN, NO_PLAN, NO_SEGMENT
from revenue.panels.stay.known import LINK, aged, notes, unreckoned
from revenue.queries import foretold, health
from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Flag, Listing
from revops_site.kernel.panels import Panel, Shown

TONES = {"Healthy": "good", "Monitor": "", "At Risk": "warn", "Critical": "bad"}
UNJUDGED = {"": "Not known"}
ROWS = "/revenue/churn/?flag={flag}#listing-customers-at-risk"  # the customers behind a count
# The past cases behind one, by what tells them; and those of them that left soon after.
OF_PAST = "".join(
    f"&column={name}" for name in ("account_name", "month", "value", "band", "left_in")
)
CASES = f"/revenue/churn/?flag=past-{{flag}}{OF_PAST}#listing-customers-at-risk"
CASES_LEFT = CASES.replace("{flag}", "{flag}&flag=left-soon")
POINTS = tuple(
    Shown(one.name, f"{one.label}, of {one.most}", "integer", help=one.rule) for one in FACTORS
)


def bands(slice_: Slice) -> pd.DataFrame:
    """The bands now, and of past months the share of each that left."""
    found = signs.calibrated(health.bands(slice_), foretold.left_by_band(slice_))
    return found.assign(flag=[flag_of(band) for band in found["band"]])


def flag_of(band: str) -> str:
    """The quick filter that shows a band's customers."""
    return (band or "not known").lower().replace(" ", "-")


def told(slice_: Slice) -> Sequence[str]:
    """Whether health told who left, and what is not known of it in the past."""
    found, months = bands(slice_), foretold.sampled(slice_)
    if not months or not (found["n"] > 0).any():
        return notes(slice_)
    holds, against = signs.tells(found)
    verdict = (
        "Better health left less often, by more than chance, and no band the other way round."
        if holds
        else f"Health did not tell who left: {against}, by more than chance."
        if against
        else "What left of each band differs by no more than chance."
    )
    return [
        f"{verdict} Looked at {len(months)} spans of {HORIZON_MONTHS} months; whether a payment "
        "was past due is known of now alone, so that the other factors share its weight there.",
        *notes(slice_),
    ]


def factors(slice_: Slice) -> pd.DataFrame:
    """Each factor: its weight, when it gives fewer points, of how many it is known."""
    found = health.factors(slice_)
    if not (found["known"] > 0).any():
        return pd.DataFrame(columns=[*MADE_OF.names])
    by_name = found.set_index("name")
    return pd.DataFrame(
        [
            {
                "factor": one.label,
                "weight": one.most,
                "rule": one.rule,
                "known": by_name["known"][one.name],
                "unknown": by_name["customers"][one.name] - by_name["known"][one.name],
                "low": by_name["low"][one.name],
                "points": by_name["points"][one.name],
            }
            for one in FACTORS
        ]
    )


BAND = Shown("band", "Health", tone=TONES, words=UNJUDGED)
HEALTH = Panel(
    slug="customer-health",
    title="Does health tell who leaves?",
    question="Customers by their health now; and of customers in the same band in the past, how "
    f"many left within {HORIZON_MONTHS} months.",
    frame=bands,
    figure=charts.bands,
    columns=(
        BAND,
        Shown("customers", "Customers now", "integer", link=ROWS),
        Shown("mrr", "MRR now", "money"),
        Shown("n", "Past cases", "integer", help="Customers times months looked at.", link=CASES),
        Shown("left", "Left", "integer", link=CASES_LEFT),
        Shown("share", "Share", "percent1"),
        Shown("low", "95% from", "percent1"),
        Shown("high", "to", "percent1"),
    ),
    dimensions=KNOWN,
    note=told,
    nothing=unreckoned,
    unit="money",
)
MADE_OF = Panel(
    slug="health-factors",
    title="What is health made of?",
    question="The sum of what each factor gives, of 100. A factor that is not known of a customer "
    "gives its weight to the others; with less than 40 known there is no score.",
    frame=factors,
    columns=(
        Shown("factor", "Factor"),
        Shown("weight", "Weight", "integer"),
        Shown("rule", "Fewer points"),
        Shown("known", "Known of", "integer"),
        Shown("unknown", "Not known of", "integer"),
        Shown("low", "Below the most", "integer"),
        Shown("points", "Mean points", "decimal1"),
    ),
    dimensions=KNOWN,
    note=lambda _: aged(),
    nothing=unreckoned,
    width="col-12",
)
WHO = (
    Shown("account_name", "Customer", link=LINK),
    Shown("customer_id", "Id"),
    Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
    Shown("segment", "Segment", drill="segment", words=NO_SEGMENT),
    Shown("plan", "Plan", drill="plan", words=NO_PLAN),
    Shown("region", "Region", drill="region"),
)
STATE = (
    Shown("score", "Score", "integer", help="From 0 to 100: what its factors sum to."),
    BAND,
    Shown(
        "because",
        "Why",
        "told",
        help="The day that it is known to leave on; the factors that gave fewer points.",
    ),
    Shown("last_contact", "Last contact", "date"),
    Shown("leaves_on", "Leaves on", "date", help="A day to leave that is known already."),
)
STATES = {
    flag_of(band): Flag(
        band or "Not known",
        Q(band=band),
        "Customers whose health is so, instead of those at risk.",
        rows=health.now,
        linked=band != "Critical",
    )
    for band in (*(name for name, _ in BANDS), "")
}
OF_SIGNS = {
    f"sign-{sign.name}": Flag(
        f"Sign: {sign.label}",
        Q(**{sign.name: True}),
        f"{sign.meaning} All of them, instead of those at risk.",
        rows=health.now,
        linked=True,
    )
    for sign in SIGNS
}
AT_RISK = Listing(
    slug="customers-at-risk",
    title="Who may leave, and why?",
    question="Paying customers whose health is below 60, or whose leaving is known.",
    rows=health.at_risk,
    columns=(
        *WHO,
        Shown("value", "MRR at stake", "money", help="What it pays, in the reporting currency."),
        *STATE,
        Shown("renews_on", "Renews", "date"),
        Shown("month", "Looked at in", "date", help="The month from, at whose end it was so."),
        Shown("left_in", "Left in", "date", help="The month, of the next three, that it left in."),
        *POINTS,
    ),
    key=("customer_id", "month"),
    sort="-value",
    search=("listed__account_name", "customer_id"),
    groups=("segment", "plan", "region", "owner_name", "band"),
    sums=("value",),
    totals=health.listed_totals,
    hidden=(
        "customer_id",
        "plan",
        "region",
        "last_contact",
        "leaves_on",
        "month",
        "left_in",
        *(one.name for one in FACTORS),
    ),
    flags={
        **STATES,
        **OF_SIGNS,
        **{
            f"past-{name}": Flag(
                f"In the past: {flag.label}",
                flag.where,
                "Customers in the months that were looked at, a row for each.",
                rows=foretold.cases,
                linked=True,
            )
            for name, flag in (STATES | OF_SIGNS).items()
        },
        "left-soon": Flag(
            "Left soon after",
            Q(left_in__isnull=False),
            f"Left within {HORIZON_MONTHS} months.",
            linked=True,
        ),
        "shrank": Flag("Pays less", Q(shrank=True)),
        "silent": Flag("No contact", Q(silent=True)),
        "overdue": Flag("Past due", Q(overdue=True)),
        "leaving": Flag("Leaving is known", Q(listed__churn_date__isnull=False)),
    },
    dimensions=KNOWN,
    unit="money",
    note=notes,
    nothing=unreckoned,
    noun="customers",
)
