"""The customers one by one: to be searched, narrowed, grouped and taken away as a file."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Any

from revenue import metrics, queries
from revenue.panels.known import KNOWN, history
from revenue.queries import customers
from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Flag, Listing
from revops_site.kernel.panels import Shown


def totals(slice_: Slice) -> Mapping[str, Any]:
    """How many pay and what, without counting them; what is not known is not listed either."""
    sums = queries.totals(slice_)
    return {"rows": 0 if isnan(sums["customers"]) else int(sums["customers"]), "value": sums["mrr"]}


KINDS = {
    "new": "New",
    "expansion": "Expansion",
    "contraction": "Contraction",
    "churn": "Churn",
    "reactivation": "Reactivation",
    "": "—",
}
FLAGS = {
    "grew": Flag("Pays more", customers.is_kind("expansion"), metrics.EXPANSION.meaning),
    "shrank": Flag("Pays less", customers.is_kind("contraction"), metrics.CONTRACTION.meaning),
    "new": Flag("New in the month", customers.is_kind("new"), metrics.NEW.meaning),
    "churned": Flag(
        "Left in the period",
        customers.is_kind("churn"),
        "Customers that left in the months of the period, instead of those that pay.",
        customers.left,
    ),
}
CUSTOMERS = Listing(
    slug="customers",
    title="Customers",
    question="Who pays at the month's end; or, by a quick filter, who left in the period.",
    rows=customers.listed,
    columns=(
        Shown("account_name", "Customer", link="/customers/{customer_id}/"),
        Shown("customer_id", "Id"),
        Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
        Shown("segment", "Segment", drill="segment"),
        Shown("plan", "Plan", drill="plan"),
        Shown("region", "Region", drill="region"),
        Shown("value", "MRR", "money", help="In the reporting currency at the month's end."),
        Shown("movement", "Moved", words=KINDS, help="What its MRR did in the month."),
        Shown("moved_by", "By", "money", help="How much more or less than the month before."),
        Shown("year_ago_value", "A year before", "money"),
        Shown("start_date", "Since", "date"),
        Shown("month", "Month", "date"),
        Shown("mrr", "Own MRR", "decimal", help="In the customer's own currency."),
        Shown("currency", "Currency"),
    ),
    key=("customer_id", "month", "currency"),
    sort="-value",
    search=("account_name", "customer_id"),
    groups=("segment", "plan", "region", "owner_name", "movement"),
    sums=("value",),
    hidden=("customer_id", "region", "year_ago_value", "month", "mrr", "currency"),
    flags=FLAGS,
    dimensions=KNOWN,
    unit="money",
    note=history,
    noun="customers",
    totals=totals,
)
