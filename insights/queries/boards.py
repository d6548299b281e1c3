"""The boards that somebody may open: their own, and those that were shared with them."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from insights.models import Board, BoardPanel, BoardShare
from revops_site.kernel import noted
from revops_site.kernel.models import Team, User

__all__ = ["Board", "BoardPanel", "BoardShare", "openable", "own", "readable", "shared", "teams"]


def own(reader: User | AnonymousUser) -> QuerySet[Board]:
    """This person's boards, by name, with how many panels each has as ``count``."""
    if not reader.is_authenticated:
        return Board.objects.none()
    found = Board.objects.filter(owner_id=reader.pk)
    return found.annotate(count=Count("panels")).order_by("name", "id")


def shared(reader: User | AnonymousUser) -> QuerySet[Board]:
    """The boards of others that this person reads, by their role or their team."""
    if not reader.is_authenticated or not reader.is_active:
        return Board.objects.none()
    found = Board.objects.filter(_with(reader)).exclude(owner_id=reader.pk)
    found = found.annotate(count=Count("panels")).select_related("owner")
    return found.order_by("name", "id")


def openable(reader: User | AnonymousUser) -> Sequence[tuple[int, str]]:
    """The number and the name of each board that this person may open."""
    if not reader.is_authenticated or not reader.is_active:
        return []
    found = Board.objects.filter(Q(owner_id=reader.pk) | _with(reader)).order_by("name", "id")
    return list(found.values_list("pk", "name"))


def readable(reader: User | AnonymousUser, board_id: int) -> Board:
    """A board that this person may open; DoesNotExist of all others."""
    found = own(reader).filter(pk=board_id).select_related("owner").first()
    return found or shared(reader).get(pk=board_id)


def _with(reader: User) -> Q:
    """What was shared with this person, by people who are still there."""
    mine = Q(role=reader.role) | Q(team_id__in=noted.teams_of(reader))
    with_me = BoardShare.objects.filter(mine).values("board_id")
    return Q(pk__in=with_me, owner__is_active=True)


def teams() -> Sequence[Team]:
    """The teams that a board can be shared with."""
    return list(Team.objects.order_by("name"))
