"""The journeys one by one: of won deals, of one deal, and what the ledger came to say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import pandas as pd
from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from insights.models import Credit, CreditRevision, DealJourney
from insights.queries.attribution.credit import by_channel, terms, whole
from insights.queries.attribution.ended import credits_behind, rewritten_after
from marketing.analytics import attribution
from marketing.analytics.attribution import RULES
from marketing.queries import touches_of as met
from pipeline.queries import deals
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, to_frame

LEADS_KNOWN = ("segment", "region")
ARROW = " → "
REVISIONS = {
    "deal_id": "str",
    "deal_name": "str",
    "revision": "int64",
    "written_at": "datetime64[s]",
    "reasons": "str",
    "amount": "float64",
    "currency": "str",
    "closed_at": "datetime64[s]",
    "version": "str",
    "lookback_days": "int64",
    "half_life_days": "int64",
    "touches": "int64",
    "journey": "str",
}
MOST_TOUCHES = 1000


class Known(NamedTuple):
    """A deal whose journey may be seen."""

    deal_id: str
    name: str
    status: str
    closed_at: Any


def credited_deals(slice_: Slice) -> QuerySet[Any]:
    """The won deals, each with ``journey`` in words, ``touches`` that count and ``revision``."""
    rows = deals.named(deals.won(whole(slice_)))
    journey = DealJourney.objects.filter(deal_id=OuterRef("deal_id"))
    counted = Func(F("channels"), function="cardinality", output_field=IntegerField())
    within = journey.annotate(count=counted - F("first_within") + 1, words=_words("path"))
    found: QuerySet[Any] = rows.annotate(
        deal_name=Coalesce("opportunity_name", "account_name"),
        journey=Subquery(within.values("words")[:1], output_field=CharField()),
        touches=Subquery(within.values("count")[:1], output_field=IntegerField()),
        revision=_revision_by(end)
        if (end := rewritten_after(slice_.as_of))
        else Subquery(journey.values("revision")[:1], output_field=IntegerField()),
    )
    for name in ("channel", "campaign"):
        if chosen := getattr(slice_, name):
            of = Credit.objects.filter(deal_id=OuterRef("deal_id"), revision=OuterRef("revision"))
            found = found.filter(Exists(of.filter(**{f"{name}__in": chosen})))
    return found


def listed_totals(slice_: Slice) -> Mapping[str, Any]:
    """How many deals these are (``rows``), their ``value`` and ``touches``.

    Where all of them are in the ledger its sums tell: in each model the parts of a deal are one.
    """
    if slice_.channel or slice_.campaign or credits_behind():
        sums = {"value": Sum("value"), "touches": Sum("touches")}
        return credited_deals(slice_).order_by().aggregate(rows=Count("*"), **sums)
    kept = replace(whole(slice_), lookback_days=None, half_life_days=None)
    found = by_channel(kept)[["linear_deals", "linear_value", "touches"]].sum()
    deals_, value, touches = (float(one) for one in found)
    return {"rows": round(deals_), "value": value, "touches": round(touches)}


def standing(slice_: Slice) -> QuerySet[Credit]:
    """The ledger's lines of all deals by the revision that it had on the slice's day."""
    if end := rewritten_after(slice_.as_of):
        return Credit.objects.filter(revision=_revision_by(end))
    newest = DealJourney.objects.filter(deal_id=OuterRef("deal_id"), revision=OuterRef("revision"))
    return Credit.objects.filter(Exists(newest))


def lines(slice_: Slice) -> QuerySet[Credit]:
    """The ledger's lines of the won deals, each with the deal's ``value`` and name."""
    won = deals.won(whole(slice_)).order_by()
    one = deals.named(won.filter(deal_id=OuterRef("deal_id")))
    rows = standing(slice_).filter(deal_id__in=won.values("deal_id"))
    for name in ("channel", "campaign"):
        if chosen := getattr(slice_, name):
            rows = rows.filter(**{f"{name}__in": chosen})
    return rows.annotate(
        deal_name=Subquery(one.annotate(name=_name()).values("name")[:1]),
        closed_at=Subquery(one.values("closed_at")[:1]),
        value=Subquery(one.values("value")[:1]),
    )


def deal(slice_: Slice, deal_id: str) -> Known | None:
    """The deal of that id; None where there is none, or the slice may not see it."""
    rows = cut(deals.real(), slice_, when=None, dimensions={"rep": "owner_id"})
    found = rows.filter(deal_id=deal_id).annotate(name=_name())
    first = found.values_list("deal_id", "name", "status", "closed_at").first()
    return Known(*first) if first else None


def touches_of(slice_: Slice, known: Known) -> pd.DataFrame:
    """The deal's touches in their order, each with its share by the slice's parameters.

    Columns touched_at, channel, campaign, type, age (days before the close, missing of an open
    deal), counts (yes, old, late, open) and ``RULES``: shares, 0 where the touch does not count.
    """
    found = met([known.deal_id], MOST_TOUCHES)
    journey = DealJourney.objects.filter(deal_id=known.deal_id).first()
    days = dict(zip(journey.touch_ids, journey.days, strict=True)) if journey else {}
    end, back = known.closed_at, terms(slice_)
    ages = [(end - days[one]).days if end and one in days else None for one in found["touch_id"]]
    age = pd.Series(ages, index=found.index, dtype="Int64")
    counts = pd.Series("late" if end else "open", index=found.index, dtype="str")
    counts[age.notna()] = "old"
    within = age.notna() & (age <= back.lookback_days).fillna(value=False).astype(bool)
    counts[within] = "yes"
    kept = found[within]
    shares = attribution.shares(
        kept["deal_id"].factorize()[0].astype("int64"),
        (kept["channel"] == attribution.DIRECT).to_numpy(),
        age[within].to_numpy(dtype="int64"),
        back.half_life_days,
    )
    told = pd.DataFrame(shares, index=kept.index).reindex(found.index, fill_value=0.0)
    return pd.concat([found.assign(age=age, counts=counts), told[list(RULES)]], axis=1)


def revisions_of(deal_id: str) -> pd.DataFrame:
    """All revisions of a deal's credit, the newest first: ``REVISIONS``; nobody is asked for."""
    rows = _worded(CreditRevision.objects.filter(deal_id=deal_id))
    return _told(rows.annotate(deal_name=F("deal_id")).order_by("-revision"))


def revisions(slice_: Slice) -> QuerySet[CreditRevision]:
    """All revisions of deals that the slice may see, by the days that they were written on.

    Each with ``deal_name``, ``journey`` and ``because`` in words, and how many ``touches`` count.
    """
    seen = cut(deals.real(), whole(slice_), when=None, dimensions=deals.CLOSED)
    rows = CreditRevision.objects.filter(deal_id__in=seen.order_by().values("deal_id"))
    for name in ("channel", "campaign"):
        if chosen := getattr(slice_, name):
            rows = rows.filter(**{f"{name}s__overlap": list(chosen)})
    one = seen.filter(deal_id=OuterRef("deal_id")).annotate(name=_name())
    return _worded(rows).annotate(deal_name=Subquery(one.values("name")[:1]))


def newest_revisions(slice_: Slice, most: int) -> pd.DataFrame:
    """The newest of those that came after a first one: ``REVISIONS``."""
    later = revisions(slice_).filter(revision__gt=1)
    return _told(later.order_by("-written_at", "-id")[:most])


def _told(rows: Any) -> pd.DataFrame:
    names = ["because" if name == "reasons" else name for name in REVISIONS]
    naive = ((*row[:3], row[3].replace(tzinfo=None), *row[4:]) for row in rows.values_list(*names))
    return to_frame(naive, REVISIONS)


def _worded(rows: QuerySet[CreditRevision]) -> QuerySet[CreditRevision]:
    return rows.annotate(
        journey=_words("channels"),
        because=_words("reasons", ", "),
        touches=Func(F("channels"), function="cardinality", output_field=IntegerField()),
    )


def _revision_by(end: datetime) -> Coalesce:
    """The revision of an outer deal as ``ended.REVISED`` tells it."""
    told = CreditRevision.objects.filter(deal_id=OuterRef("deal_id"), is_void=False)
    newest = told.filter(written_at__lt=end).order_by("-revision")
    first = told.order_by("revision")
    each = (Subquery(one.values("revision")[:1]) for one in (newest, first))
    return Coalesce(*each, output_field=IntegerField())


def _words(column: str, between: str = ARROW) -> Func:
    return Func(F(column), Value(between), function="array_to_string", output_field=CharField())


def _name() -> Func:
    return Coalesce(Func(F("opportunity_name"), Value(""), function="NULLIF"), "account_name")
