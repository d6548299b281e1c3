"""Keeps, renames, chooses and forgets the views that somebody saves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from insights.models import SavedView
from insights.models.saved_views import LONGEST_NAME, LONGEST_QUERY
from revops_site.kernel import audit
from revops_site.kernel.models import User

MOST = 50


class RefusedError(ValueError):
    """Why a view cannot be kept so, in a sentence for who asked."""


@transaction.atomic
def save(
    *, user: User, page: str, name: str, query: str, is_default: bool, at: datetime
) -> SavedView:
    """Keep this state of the page under a name that no other of its views has."""
    _hold(user)
    name = _name(user, page, name)
    if len(query) > LONGEST_QUERY:
        raise RefusedError("Too many filters are chosen to keep them as a view. Take some away.")
    if SavedView.objects.filter(user=user).count() >= MOST:
        raise RefusedError(
            f"You have {MOST} views, which is the most there can be. Delete one first."
        )
    if is_default:
        _free(user, page)
    view = SavedView.objects.create(
        user=user, page=page, name=name, query=query, is_default=is_default, saved_at=at
    )
    audit.record("view saved", user=user, target=str(view), query=query, default=is_default)
    return view


@transaction.atomic
def rename(*, user: User, page: str, view_id: int, name: str) -> None:
    """Call a view otherwise."""
    view = _own(user, page, view_id)
    before, view.name = view.name, _name(user, page, name, but=view_id)
    view.save(update_fields=["name"])
    audit.record("view renamed", user=user, target=str(view), before=before)


@transaction.atomic
def choose(*, user: User, page: str, view_id: int, is_default: bool) -> None:
    """Make a view what the page opens with, in place of any other; or no longer."""
    view = _own(user, page, view_id)
    _free(user, page)
    view.is_default = is_default
    view.save(update_fields=["is_default"])
    audit.record("view chosen", user=user, target=str(view), default=is_default)


@transaction.atomic
def delete(*, user: User, page: str, view_id: int) -> None:
    """Forget a view."""
    view = _own(user, page, view_id)
    audit.record("view deleted", user=user, target=str(view), query=view.query)
    view.delete()


def _hold(user: User) -> None:
    """One at a time for each person, so that counts and names hold."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)


def _own(user: User, page: str, view_id: int) -> SavedView:
    _hold(user)
    return SavedView.objects.get(user=user, page=page, pk=view_id)


def _free(user: User, page: str) -> None:
    SavedView.objects.filter(user=user, page=page, is_default=True).update(is_default=False)


def _name(user: User, page: str, name: str, but: int | None = None) -> str:
    name = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    if not name:
        raise RefusedError("Give the view a name.")
    if len(name) > LONGEST_NAME:
        raise RefusedError(
            f"A name has at most {LONGEST_NAME} characters; this one has {len(name)}."
        )
    others = SavedView.objects.filter(user=user, page=page, name__iexact=name)
    if any(key != but for key in others.values_list("pk", flat=True)):
        raise RefusedError(f"You have a view called “{name}” on this page already.")
    return name
