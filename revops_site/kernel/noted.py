"""Annotations: which of them somebody reads, and which belong on a page as it is looked at.

They are no data: no number rests on them, so that writing one leaves all that is kept of the data
as it is. What is printed with them names them in its key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from revops_site.kernel.models import Annotation, Rep
from revops_site.kernel.permissions import sees_all

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from revops_site.kernel.models import User

MOST = 500  # that a page looks at, the newest


@dataclass(frozen=True)
class Noted:
    """What stands at a day, or from a day to another, both within; ``written`` when it was kept."""

    start: date
    end: date | None
    text: str
    domain: str
    who: str
    written: date


def readable(reader: User | AnonymousUser) -> QuerySet[Annotation]:
    """Those that this person reads: everybody's, their own, and their team's.

    What is a team's is read by who sees everybody's rows as well.
    """
    if not reader.is_authenticated or not reader.is_active:
        return Annotation.objects.none()
    mine = Q(reach=Annotation.Reach.COMPANY) | Q(author_id=reader.pk)
    team = Q(reach=Annotation.Reach.TEAM)
    if not sees_all(reader):
        team &= Q(team_id__in=teams_of(reader))
    return Annotation.objects.filter(mine | team, deleted_at=None)


def team_of(user: User) -> int | None:
    """The team that somebody belongs to: a manager's, or that of a rep; None for others."""
    if user.role == "rep" and user.rep_id and user.rep:
        return user.rep.team_id
    return user.team_id if user.role == "manager" else None


def on_page(
    reader: User | AnonymousUser,
    address: str,
    as_of: date | None,
    last_day: date,
    time_zone: str,
) -> tuple[Noted, ...]:
    """What belongs on the page at an address, the oldest first.

    ``as_of`` is the day that was asked for, None for the newest: of a day that is past, what was
    written later, by the days of ``time_zone``, is not known yet.
    """
    found = _all(reader, ZoneInfo(time_zone))
    if as_of is not None and as_of < last_day:
        found = tuple(one for one in found if one.written <= as_of)
    place = address.strip("/").partition("/")[0]
    of_a_domain = place in settings.DOMAINS
    return tuple(one for one in found if one.domain in {"", place} or not of_a_domain)


def digest(noted: Sequence[Noted]) -> str:
    """What tells these from others, "" of none."""
    return hashlib.blake2s(repr(noted).encode(), digest_size=8).hexdigest() if noted else ""


def _all(reader: User | AnonymousUser, zone: ZoneInfo) -> tuple[Noted, ...]:
    rows = readable(reader).select_related("author").order_by("-start", "-id")[:MOST]
    return tuple(
        Noted(
            start=one.start,
            end=one.end,
            text=one.text,
            domain=one.domain,
            who=str(one.author or ""),
            written=one.written_at.astimezone(zone).date(),
        )
        for one in reversed(rows)
    )


def teams_of(reader: User) -> QuerySet[Rep, Any] | list[int]:
    """The team that somebody belongs to, to be looked among by a query that is asked anyway."""
    if reader.role == "rep" and reader.rep_id:
        return Rep.objects.filter(pk=reader.rep_id, team__isnull=False).values("team_id")
    return [reader.team_id] if reader.role == "manager" and reader.team_id else []
