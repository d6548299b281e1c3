"""Talks at panels: which of them somebody reads, how many comments stand where, and the news."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from insights.models import Comment, CommentNews, Firing, Thread
from revops_site.kernel import noted
from revops_site.kernel.models import User
from revops_site.kernel.permissions import sees_all

__all__ = ["Comment", "CommentNews", "Thread", "counts", "news", "readable", "talks", "unread"]

NEWEST = 50


def readable(reader: User | AnonymousUser) -> QuerySet[Thread]:
    """The talks that this person reads.

    Who sees everybody's rows reads all of them; others those of their team, which may tell of the
    team's rows, and those that somebody who sees all rows began for everybody.
    """
    if not reader.is_authenticated or not reader.is_active:
        return Thread.objects.none()
    if sees_all(reader):
        return Thread.objects.all()
    mine = Q(reach=Thread.Reach.EVERYBODY)
    mine |= Q(reach=Thread.Reach.ALL_ROWS, begun_by=reader)
    mine |= Q(reach=Thread.Reach.TEAM, team_id__in=noted.teams_of(reader))
    return Thread.objects.filter(mine)


def talks(reader: User, address: str, panel: str, query: str) -> Sequence[Thread]:
    """The talks at a panel under exactly these filters, with their comments, the oldest first."""
    found = readable(reader).filter(address=address, panel=panel, query=query)
    found = found.select_related("begun_by", "team", "resolved_by")
    return list(found.prefetch_related("comments__author"))


def counts(
    reader: User | AnonymousUser, addresses: Collection[str], query: str
) -> Mapping[str, int]:
    """How many comments of open talks stand at each panel of some pages under these filters."""
    open_ = readable(reader).filter(address__in=addresses, query=query, resolved_at=None)
    said = open_.filter(comments__deleted_at=None)
    return dict(said.values_list("panel").annotate(Count("comments")).order_by("panel"))


def news(reader: User) -> QuerySet[CommentNews]:
    """What others said in talks that this person takes part in and may still read."""
    found = CommentNews.objects.filter(recipient=reader, comment__deleted_at=None)
    if not sees_all(reader):
        found = found.filter(comment__thread__in=readable(reader))
    return found.order_by("-id")


def unread(reader: User) -> int:
    """How much of it, and of what alerts told, was not called read: one question of every page."""
    said = news(reader).filter(seen_at=None).order_by().values("recipient")
    fired = Firing.objects.filter(owner=reader, seen_at=None).order_by().values("owner")
    both = [Coalesce(Subquery(one.annotate(n=Count("pk")).values("n")), 0) for one in (said, fired)]
    found = User.objects.filter(pk=reader.pk).annotate(unread=both[0] + both[1])
    return found.values_list("unread", flat=True).first() or 0
