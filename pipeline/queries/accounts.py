"""What is known of one account: its deals, whom one knows there, and what was done for them.

Permission narrows all of it to the deals of the reps that one may see.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from django.db.models import (
    Case,
    CharField,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf

from pipeline.models import Activity, Contact, Deal
from pipeline.queries import deals
from pipeline.queries.changes import local_day
from pipeline.queries.states import at, moved_since
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY, RateOn
from revops_site.kernel.queries import cut, shared, to_frame

MOST = 1000
DEALS = {
    **dict.fromkeys(("deal_name", "deal_id", "status", "stage_name"), "str"),
    "value": "float64",
    "owner_name": "str",
    **dict.fromkeys(("created_at", "close_date", "closed_at"), "datetime64[s]"),
    **dict.fromkeys(("source_channel", "lost_reason", "owner_id"), "str"),
}
CONTACTS = {
    **dict.fromkeys(("name", "title", "role", "email"), "str"),
    "last_engaged_at": "datetime64[s]",
    **dict.fromkeys(("deal_name", "deal_id"), "str"),
}
ACTIVITIES = {
    "day": "datetime64[s]",
    **dict.fromkeys(("type", "subject", "rep_name", "deal_name", "activity_id", "deal_id"), "str"),
}


@shared
def deals_of(slice_: Slice, account_id: str) -> pd.DataFrame:
    """The account's deals, open ones first, then the newest: ``DEALS``.

    ``value`` is in the reporting currency: of an open deal at the slice's day's rate, else at that
    of the day it was closed. Of a past day: the deals as they stood then.
    """
    at_close = RateOn(F("currency"), Value(slice_.currency), F("closed_at"))
    rate = Case(
        When(status=Deal.Status.OPEN, then=deals.rate_of_day(slice_)),
        default=at_close,
        output_field=MONEY,
    )
    is_open = Case(When(status=Deal.Status.OPEN, then=0), default=1)
    rows: QuerySet[Any] = _deals(slice_, account_id)
    if moved_since(slice_.as_of):
        then = at(slice_.as_of).filter(account_id=account_id).exclude(status="deleted")
        rows = cut(then, slice_, when=None, dimensions={"rep": "owner_id"})
    rows = rows.annotate(
        deal_name=_named(),
        value=ExpressionWrapper(F("amount") * rate, MONEY),
        owner_name=Coalesce(F("owner__name"), Value("")),
        place=is_open,
    )
    ordered = rows.order_by("place", F("closed_at").desc(nulls_last=True), "-created_at", "deal_id")
    return to_frame(ordered.values_list(*DEALS)[:MOST], DEALS)


@shared
def contacts_of(slice_: Slice, account_id: str) -> pd.DataFrame:
    """Whom one knows at the account, by name: ``CONTACTS``."""
    rows = Contact.objects.filter(deal_id__in=_deals(slice_, account_id).values("pk"))
    rows = rows.annotate(deal_name=_of_deal())
    return to_frame(rows.order_by("name", "key").values_list(*CONTACTS)[:MOST], CONTACTS)


@shared
def activities_of(slice_: Slice, account_id: str) -> pd.DataFrame:
    """What was done for the account's deals, the newest first: ``ACTIVITIES``."""
    rows = Activity.objects.filter(
        is_done=True, deal_id__in=_deals(slice_, account_id).values("pk")
    ).annotate(
        day=local_day("done_at"),
        rep_name=Coalesce(F("rep__name"), Value("")),
        deal_name=_of_deal(),
    )
    return to_frame(
        rows.order_by("-done_at", "activity_id").values_list(*ACTIVITIES)[:MOST], ACTIVITIES
    )


def is_seen(slice_: Slice, account_id: str) -> bool:
    """Whether any of the account's deals may be seen."""
    return _deals(slice_, account_id).exists()


def deal_ids(account_id: str) -> list[str]:
    """The ids of all of the account's deals, whoever owns them."""
    rows = Deal.objects.filter(is_deleted=False, account_id=account_id).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:MOST])


def name_of(account_id: str) -> str:
    """What its deals call the account; "" where it has none."""
    rows = Deal.objects.filter(is_deleted=False, account_id=account_id).order_by("-created_at")
    return rows.values_list("account_name", flat=True).first() or ""


def _deals(slice_: Slice, account_id: str) -> QuerySet[Deal]:
    rows = Deal.objects.filter(is_deleted=False, account_id=account_id)
    return cut(rows, slice_, when=None, dimensions={"rep": "owner_id"})


def _named() -> Coalesce:
    names = (NullIf(F(name), Value("")) for name in ("opportunity_name", "account_name"))
    return Coalesce(*names, F("deal_id"), output_field=CharField())


def _of_deal() -> Coalesce:
    names = Deal.objects.filter(pk=OuterRef("deal_id")).annotate(named=_named()).values("named")
    return Coalesce(Subquery(names[:1], output_field=CharField()), Value(""))
