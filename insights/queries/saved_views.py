"""Reads the views that somebody has saved."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from insights.models import SavedView
from revops_site.kernel.models import User


@dataclass(frozen=True)
class View:
    """A state of a page under a name; ``query`` is what its address says."""

    id: int
    page: str
    name: str
    query: str
    is_default: bool


def views_of(reader: User | AnonymousUser | None) -> tuple[View, ...]:
    """All views of this person, by page and name; nobody in particular has none."""
    if reader is None or not reader.is_authenticated:
        return ()
    rows = SavedView.objects.filter(user_id=reader.pk)
    return tuple(
        View(*row) for row in rows.values_list("id", "page", "name", "query", "is_default")
    )


def newest(reader: User | AnonymousUser, most: int) -> tuple[View, ...]:
    """The views that this person saved last, the newest first."""
    if not reader.is_authenticated:
        return ()
    rows = SavedView.objects.filter(user_id=reader.pk).order_by("-saved_at", "-id")[:most]
    return tuple(
        View(*row) for row in rows.values_list("id", "page", "name", "query", "is_default")
    )
