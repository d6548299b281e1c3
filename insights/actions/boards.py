"""Makes boards and changes them: their panels, their filters, who reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from insights.models.boards import LONGEST_NAME, LONGEST_QUERY
from insights.queries import boards as kept
from insights.queries.boards import Board, BoardPanel, BoardShare
from revops_site.kernel import audit
from revops_site.kernel.models import Team, User

MOST_BOARDS, MOST_PANELS, MOST_SHARES = 50, 20, 20


class RefusedError(ValueError):
    """Why nothing was changed, in a sentence for who asked."""


class ConflictError(RefusedError):
    """It was changed since the page was opened."""


@transaction.atomic
def make(*, user: User, name: str, at: datetime) -> Board:
    """An empty board."""
    name = _name(name)
    _room(user)
    board = Board.objects.create(owner=user, name=name, made_at=at)
    audit.record("board made", user=user, target=name, board=board.pk)
    return board


@transaction.atomic
def copy(*, user: User, board_id: int, at: datetime) -> Board:
    """A board of one's own like one that may be read; nobody else reads it yet."""
    of = kept.readable(user, board_id)
    _room(user)
    name = f"{of.name[: LONGEST_NAME - 7]} (copy)"
    board = Board.objects.create(owner=user, name=name, query=of.query, made_at=at)
    BoardPanel.objects.bulk_create(
        BoardPanel(board=board, page=p.page, panel=p.panel, place=p.place, is_wide=p.is_wide)
        for p in of.panels.all()
    )
    audit.record("board copied", user=user, target=name, board=board.pk, of=of.pk)
    return board


@transaction.atomic
def rename(*, user: User, board_id: int, seen: str, name: str) -> None:
    """Call it otherwise."""
    board = _own(user, board_id)
    name = _name(name)
    if name == board.name:
        return
    _insist(board, seen)
    before, board.name = board.name, name
    _put(board, "board renamed", user, before=before)


@transaction.atomic
def narrow(*, user: User, board_id: int, seen: str, query: str) -> None:
    """Give it filters of its own, "" for none."""
    board = _own(user, board_id)
    if query == board.query:
        return
    _insist(board, seen)
    if len(query) > LONGEST_QUERY:
        raise RefusedError("Too many filters are chosen to keep them. Take some away.")
    board.query = query
    _put(board, "board narrowed", user, query=query)


@transaction.atomic
def add(*, user: User, board_id: int, page: str, panel: str, title: str, is_wide: bool) -> None:
    """Put a panel at its end; the caller has seen that the page has it.

    It needs no version: whatever else was changed, the panel comes last.
    """
    board = _own(user, board_id)
    rows = list(board.panels.all())
    if any(row.panel == panel for row in rows):
        raise RefusedError(f"“{title}” is on “{board.name}” already.")
    if len(rows) >= MOST_PANELS:
        raise RefusedError(
            f"“{board.name}” has {MOST_PANELS} panels, which is the most there can be. "
            "Remove one first, or make another board."
        )
    place = max((row.place for row in rows), default=0) + 1
    BoardPanel.objects.create(board=board, page=page, panel=panel, place=place, is_wide=is_wide)
    _put(board, "board panel added", user, panel=panel, page=page)


@transaction.atomic
def move(*, user: User, board_id: int, seen: str, panel: str, by: int) -> None:
    """One place up (-1) or down (1); at its end it stays."""
    board = _own(user, board_id)
    _insist(board, seen)
    rows = list(board.panels.all())
    at = _place(rows, panel)
    to = min(max(at + by, 0), len(rows) - 1)
    rows.insert(to, rows.pop(at))
    for nth, row in enumerate(rows, 1):
        row.place = nth
    BoardPanel.objects.bulk_update(rows, ["place"])
    _put(board, "board panel moved", user, panel=panel, place=to + 1)


@transaction.atomic
def widen(*, user: User, board_id: int, seen: str, panel: str, is_wide: bool) -> None:
    """Let it take the whole width, or half of it."""
    board = _own(user, board_id)
    _insist(board, seen)
    rows = list(board.panels.all())
    row = rows[_place(rows, panel)]
    row.is_wide = is_wide
    row.save(update_fields=["is_wide"])
    _put(board, "board panel sized", user, panel=panel, wide=is_wide)


@transaction.atomic
def remove(*, user: User, board_id: int, seen: str, panel: str) -> None:
    """Take a panel off; what is gone already is no error."""
    board = _own(user, board_id)
    if not board.panels.filter(panel=panel).exists():
        return
    _insist(board, seen)
    board.panels.filter(panel=panel).delete()
    _put(board, "board panel removed", user, panel=panel)


@transaction.atomic
def share(*, user: User, board_id: int, team: str, role: str) -> None:
    """Let a team, or all of a role, read it: each sees what their own rows give."""
    board = _own(user, board_id)
    found = Team.objects.filter(pk=int(team)).first() if team.isascii() and team.isdigit() else None
    if found is None and role not in User.Role.values:
        raise RefusedError("Choose a team or a role to share the board with.")
    if board.shares.count() >= MOST_SHARES:
        raise RefusedError(f"A board is shared with {MOST_SHARES} teams and roles at most.")
    given: dict[str, Any] = {"team": found, "role": ""} if found else {"team": None, "role": role}
    _, is_new = BoardShare.objects.get_or_create(board=board, **given)
    if is_new:
        _put(board, "board shared", user, team=str(found or ""), role=given["role"])


@transaction.atomic
def unshare(*, user: User, board_id: int, share_id: str) -> None:
    """Let them read it no more."""
    board = _own(user, board_id)
    if not (share_id.isascii() and share_id.isdigit() and len(share_id) < 12):
        return
    for one in board.shares.filter(pk=int(share_id)).select_related("team"):
        one.delete()
        _put(board, "board unshared", user, team=str(one.team or ""), role=one.role)


@transaction.atomic
def delete(*, user: User, board_id: int) -> None:
    """Forget a board."""
    board = _own(user, board_id)
    panels = [row.panel for row in board.panels.all()]
    audit.record("board deleted", user=user, target=board.name, board=board.pk, panels=panels)
    board.delete()


def _own(user: User, board_id: int) -> Board:
    return Board.objects.select_for_update().get(owner=user, pk=board_id)


def _room(user: User) -> None:
    """One at a time for each person, so that the count holds."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    if Board.objects.filter(owner=user).count() >= MOST_BOARDS:
        raise RefusedError(
            f"You have {MOST_BOARDS} boards, which is the most there can be. Delete one first."
        )


def _insist(board: Board, seen: str) -> None:
    if seen != str(board.version):
        raise ConflictError(
            "This board was changed elsewhere since you opened it. It now stands as below; "
            "do again what is missing."
        )


def _place(rows: Sequence[BoardPanel], panel: str) -> int:
    for nth, row in enumerate(rows):
        if row.panel == panel:
            return nth
    raise RefusedError("That panel is not on the board any more.")


def _put(board: Board, action: str, user: User, **detail: Any) -> None:
    board.version += 1
    board.save()
    audit.record(action, user=user, target=board.name, board=board.pk, **detail)


def _name(name: str) -> str:
    name = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    if not name:
        raise RefusedError("Give the board a name.")
    if len(name) > LONGEST_NAME:
        raise RefusedError(
            f"A name has at most {LONGEST_NAME} characters; this one has {len(name)}."
        )
    return name
