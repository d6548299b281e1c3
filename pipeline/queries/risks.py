"""What flags, urgency and actions of open deals rest on, beside what their health does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, cast

import pandas as pd
from django.db.models import Q

from pipeline.models import FlagMute, Scorecard
from pipeline.queries import standing
from revops_site.kernel.filters import Slice
from revops_site.kernel.models import Rep
from revops_site.kernel.queries import Columns, lasting, shared

LONGEST_REASON = 300
TOLD: Columns = {
    **standing.TOLD,
    **dict.fromkeys(("opportunity_name", "account_id", "account_name"), "str"),
}


def inputs(slice_: Slice, ids: Collection[str] | None = None) -> pd.DataFrame:
    """The open deals of the slice's day, or these of them, with all that they are judged by.

    Columns: those of ``standing.open_deals``; opportunity_name, account_id, account_name;
    has_slipped (out of the running fiscal quarter within it); champion, buyer and contact (who was
    engaged last) and manager, names or ""; muted, the flags that somebody muted.
    """
    rows = standing.open_on(slice_)
    if ids is not None:
        rows = rows.filter(deal_id__in=list(ids))
    found = standing.told(rows, slice_, TOLD, risks=True)
    for name in ("opportunity_name", "account_id", "account_name"):
        found[name] = found[name].fillna("").replace("None", "")
    by_rep = managers()
    muted = _muted(None if ids is None else tuple(ids), slice_.as_of)
    own = [muted.get(deal_id, ()) for deal_id in found["deal_id"].tolist()]
    return found.assign(
        manager=[by_rep.get(owner, "") for owner in found["owner_id"].tolist()],
        muted=pd.Series(own, index=found.index, dtype="object"),
    )


@shared
def mutes(ids: tuple[str, ...] | None, day: date) -> list[FlagMute]:
    """The flags of these deals, or of all, that are muted on a day; with who muted them."""
    lasts = Q(ended_on=None) | Q(ended_on__gt=day)
    still = Q(until=None) | Q(until__gte=day)
    rows = FlagMute.objects.filter(lasts, still, since__lte=day).select_related("by")
    if ids is not None:
        rows = rows.filter(deal_id__in=list(ids))
    return list(rows.order_by("id"))


def muted_now(deal_id: str, flag: str) -> FlagMute | None:
    """What mutes a flag of a deal, if anything does; also a snooze that is over."""
    rows = FlagMute.objects.filter(deal_id=deal_id, flag=flag, ended_at=None)
    return rows.select_related("by").first()


def _muted(ids: tuple[str, ...] | None, day: date) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in mutes(ids, day):
        found[one.deal_id] = (*found.get(one.deal_id, ()), one.flag)
    return found


@lasting
def managers() -> dict[str, str]:
    """The name of each rep's manager by the rep's id; "" where nobody knows."""
    rows = Rep.objects.exclude(team=None).values_list("rep_id", "team__manager_name")
    return dict(cast("Any", rows))


@lasting
def scorecard(at: datetime | None = None) -> Mapping[str, Any]:
    """What the workspace's own scorecard has other than the published one, by name.

    The newest, or the one that held at a moment.
    """
    found = newest_scorecard(at)
    return cast("Mapping[str, Any]", found.rules) if found else {}


def newest_scorecard(at: datetime | None = None) -> Scorecard | None:
    """The scorecard that holds, or held at a moment; None for the published one."""
    rows = Scorecard.objects.select_related("by").order_by("-id")
    return (rows if at is None else rows.filter(at__lte=at)).first()
