"""What each owner has open, did lately, moved to production, and lets wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
from django.db.models import CharField, Count, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from pipeline.models import Activity, ActivityDay, Deal, StageVisit
from pipeline.queries import called, deals, done, plans, waits
from pipeline.queries.changes import days_of
from pipeline.queries.stock import stock
from revops_site.kernel.filters import Slice
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import cut, shared, to_frame

DAYS_BACK = 30
# What an activity knows by its deal alone; who did it need not own the deal.
OF_DEALS = {name: column for name, column in deals.OPEN.items() if name not in done.KNOWN}
COUNTED = ("projects_count", "activities_count", "moved_to_production_count")
COUNTS = (*COUNTED, "overdue_deals_count", "stuck_deals_count")


@shared
def kpis(slice_: Slice) -> pd.DataFrame:
    """One row per owner with anything to show: OwnerKPI, the most value first, then by name.

    Columns owner_id, owner, ``COUNTS`` and estimated_value (reporting currency). Open deals are
    those of the day; activities and moves those of the ``DAYS_BACK`` days up to it.
    """
    window = replace(slice_, period=_window(slice_))
    held = stock(slice_, "owner_id").set_index("owner_id")
    parts = {
        "projects_count": held["open_deals"],
        "estimated_value": held["open_amount"],
        "activities_count": _activities(window),
        "moved_to_production_count": _moved(window),
        "overdue_deals_count": _waiting(slice_, "overdue"),
        "stuck_deals_count": _waiting(slice_, "stuck"),
    }
    found = pd.DataFrame(parts).fillna(0.0).rename_axis("owner_id").reset_index()
    found[list(COUNTS)] = found[list(COUNTS)].astype("int64")
    names = called.reps(found["owner_id"].tolist())
    found["owner"] = [names.get(key, key) for key in found["owner_id"]]
    shown = found[(found[[*COUNTS]] != 0).any(axis=1)]
    return shown.sort_values(
        ["estimated_value", "owner"], ascending=[False, True], ignore_index=True
    )


def _window(slice_: Slice) -> Period:
    end = slice_.as_of + timedelta(days=1)
    return Period(end - timedelta(days=DAYS_BACK), end)


def _activities(window: Slice) -> pd.Series[int]:
    """What each rep completed; where a filter is of deals, for the deals that it lets through."""
    if not any(getattr(window, name) for name in OF_DEALS):
        rows = cut(ActivityDay.objects.all(), window, when="date", dimensions=done.KNOWN)
        sums = rows.order_by().values("rep_id").annotate(n=Coalesce(Sum("done"), 0))
        return _series(list(sums.values_list("rep_id", "n")))
    wanted = cut(Deal.objects.filter(is_deleted=False), window, when=None, dimensions=OF_DEALS)
    work = days_of(Activity.objects.filter(is_done=True), window, "done_at")
    work = cut(work, window, when=None, dimensions=done.KNOWN).order_by()
    theirs = work.filter(deal_id__in=wanted.values("deal_id"))
    by_rep = theirs.values(whose=Coalesce("rep_id", Value(""))).annotate(n=Count("activity_id"))
    return _series(list(by_rep.values_list("whose", "n")))


def _moved(window: Slice) -> pd.Series[int]:
    """The distinct deals that entered a stage of production, by who owns them."""
    own = Deal.objects.filter(pk=OuterRef("deal_id"))
    wanted = cut(deals.real(), window, when=None, dimensions=deals.OPEN)
    visits = days_of(StageVisit.objects.order_by(), window, "entered_at")
    visits = visits.filter(deal_id__in=wanted.values("deal_id")).alias(
        pipeline=Subquery(own.values("pipeline_id")[:1])
    )
    owner = Subquery(own.values("owner_id")[:1], output_field=CharField())
    inside = visits.annotate(whose=Coalesce(owner, Value("")))
    inside = inside.filter(plans.in_stages("production_stages", pipeline="pipeline"))
    sums = inside.values("whose").annotate(n=Count("deal_id", distinct=True))
    return _series(list(sums.values_list("whose", "n")))


def _waiting(slice_: Slice, kind: str) -> pd.Series[int]:
    found = waits.by_owner(slice_, kind)
    return found.set_index("owner_id")["deals"]


def _series(rows: list[tuple[str, int]]) -> pd.Series[int]:
    found = to_frame(rows, {"owner_id": "str", "n": "int64"})
    return found.set_index("owner_id")["n"]
