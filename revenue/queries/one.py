"""One customer, or all customers of an account: what they pay, subscribe to, and how they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When

from revenue.metrics.health import FACTORS
from revenue.models import Customer, CustomerHealth, Movement, Subscription
from revenue.queries import customers, health
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, shared, to_frame

MONTHS = {
    "month": "datetime64[s]",
    "customer_id": "str",
    **dict.fromkeys(("plan", "kind"), "str"),
    **dict.fromkeys(("started_value", "moved_value", "value", "score"), "float64"),
}
ITEMS = {
    **dict.fromkeys(("item_id", "customer_id", "plan", "status"), "str"),
    **dict.fromkeys(("quantity", "unit_amount"), "float64"),
    **dict.fromkeys(("interval", "currency"), "str"),
    **dict.fromkeys(("start_date", "ended_on", "renews_on"), "datetime64[s]"),
}
HEALTH = {
    **dict.fromkeys(("customer_id", "band", "why"), "str"),
    "score": "float64",
    **{one.name: "float64" for one in FACTORS},
    **dict.fromkeys(("last_contact", "renews_on", "leaves_on"), "datetime64[s]"),
}
MOST = 1000


@dataclass(frozen=True)
class Whose:
    """A customer, or the customers of an account."""

    customer_id: str = ""
    account_id: str = ""

    def rows(self, slice_: Slice) -> QuerySet[Customer]:
        """Those on the list that the slice's reader may see."""
        own = Q(pk=self.customer_id) if self.customer_id else Q(account_id=self.account_id)
        rows = Customer.objects.filter(own)
        return cut(rows, slice_, when=None, dimensions={"rep": "owner_id"})

    def ids(self, slice_: Slice) -> list[str]:
        """Their ids; of a customer on no list its own, for who may see all."""
        found = list(self.rows(slice_).order_by("pk").values_list("pk", flat=True))
        unlisted = self.customer_id and not Customer.objects.filter(pk=self.customer_id).exists()
        return [self.customer_id] if unlisted and slice_.reps is None else found


@dataclass(frozen=True)
class Listed:
    """A customer as its file tells it."""

    customer_id: str
    name: str
    account_id: str
    deal_id: str
    segment: str
    plan: str
    region: str
    owner_id: str
    owner: str
    start_date: date | None
    churn_date: date | None
    churn_reason: str


def customer(slice_: Slice, customer_id: str) -> Listed | None:
    """The customer of that id; None where there is none, or the reader may not see it."""
    whose = Whose(customer_id=customer_id)
    found = whose.rows(slice_).select_related("owner").first()
    if found is not None:
        return Listed(
            *(found.customer_id, found.account_name, found.account_id or "", found.deal_id),
            *(found.segment, found.plan, found.region, found.owner_id or ""),
            found.owner.name if found.owner else "",
            *(found.start_date, found.churn_date, found.churn_reason),
        )
    if not whose.ids(slice_) or not Movement.objects.filter(customer_id=customer_id).exists():
        return None
    return Listed(customer_id, customer_id, "", "", "", "", "", "", "", None, None, "")


@shared
def months_of(slice_: Slice, whose: Whose) -> pd.DataFrame:
    """The months of these customers within the slice, the newest first: ``MONTHS``.

    Money in the reporting currency: ``started_value`` at the rate of the month's start, ``value``
    and ``moved_value`` at that of its end; ``score`` is the health at that end.
    """
    judged = CustomerHealth.objects.filter(
        customer_id=OuterRef("customer_id"), month=OuterRef("month")
    )
    rows = customers.balance(slice_).filter(customer_id__in=whose.ids(slice_))
    rows = rows.annotate(
        score=Case(When(mrr__gt=0, then=Subquery(judged.values("score")[:1])), default=Value(None))
    )
    return to_frame(rows.order_by("-month", "customer_id").values_list(*MONTHS)[:MOST], MONTHS)


@shared
def items_of(slice_: Slice, whose: Whose) -> pd.DataFrame:
    """What they subscribe to, what runs first: ``ITEMS``; money in the item's own currency."""
    rows = Subscription.objects.filter(customer_id__in=whose.ids(slice_))
    ordered = rows.order_by(F("ended_on").desc(nulls_first=True), "-start_date", "item_id")
    return to_frame(ordered.values_list(*ITEMS)[:MOST], ITEMS)


@shared
def health_of(slice_: Slice, whose: Whose) -> pd.DataFrame:
    """Their health at the slice's month, with the points of each factor: ``HEALTH``."""
    rows = health.now(slice_).filter(customer_id__in=whose.ids(slice_))
    return to_frame(rows.order_by("customer_id").values_list(*HEALTH), HEALTH)
