"""Reads the files that were made, each for those alone who may see what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q, QuerySet

from insights.models import MadeFile
from insights.queries.loads import Page, paged
from revops_site.kernel.models import User
from revops_site.kernel.permissions import allowed

__all__ = [
    "MadeFile",
    "archive",
    "busy",
    "file",
    "is_stalled",
    "kept",
    "newest_of",
    "picture",
    "shown_to",
    "unseen",
]

SILENCE = timedelta(seconds=60)


def shown_to(user: User) -> QuerySet[MadeFile]:
    """The files that somebody may see: reports whose rows are all theirs to see, and their own.

    Of one's own, those too that are not made yet; none of other rows than one may see by now.
    """
    may_see = allowed(user)
    found = MadeFile.objects.select_related("owner")
    if not user.is_authenticated or not user.is_active:
        return found.none()
    own = Q(owner=user)
    reports = Q(kind=MadeFile.Kind.REPORT, state=MadeFile.State.DONE)
    scope = Q()
    if may_see.reps is not None:
        ended = Q(state=MadeFile.State.DONE)
        scope = ~ended | Q(reps__isnull=False, reps__contained_by=list(may_see.reps))
    return found.filter((own | reports) & scope)


def file(file_id: int, user: User) -> MadeFile | None:
    """One file, its state and its progress; None where it is not there or not theirs to see."""
    return shown_to(user).filter(pk=file_id).first()


def archive(user: User, page: int = 1) -> Page[MadeFile]:
    """A page of all files that somebody may see, the newest first."""
    return paged(shown_to(user).order_by("-id"), page)


def newest_of(user: User, address: str) -> MadeFile | None:
    """The newest report of this address that was made for this very person and is still kept."""
    found = shown_to(user).filter(owner=user, kind=MadeFile.Kind.REPORT, address=address)
    return found.filter(deleted_at=None).order_by("-id").first()


def is_any_unseen(user: User) -> bool:
    """Whether any file of somebody is being made, or ended since they looked: for every page."""
    return MadeFile.objects.filter(owner=user, seen_at=None).exists()


def unseen(user: User) -> Sequence[MadeFile]:
    """The files of somebody that ended since they looked."""
    ended = (MadeFile.State.DONE, MadeFile.State.FAILED)
    return list(shown_to(user).filter(owner=user, state__in=ended, seen_at=None)[:20])


def busy(user: User, now: datetime) -> QuerySet[MadeFile]:
    """The files of somebody that are being made, by a worker that lives."""
    waits = Q(state=MadeFile.State.WAITING)
    return MadeFile.objects.filter(
        waits | Q(state=MadeFile.State.MAKING, beat_at__gt=now - SILENCE), owner=user
    )


def is_stalled(one: MadeFile, now: datetime) -> bool:
    """Whether whoever makes it has been silent for too long."""
    return one.state == MadeFile.State.MAKING and (
        one.beat_at is None or now - one.beat_at > SILENCE
    )


def kept(sha256: str) -> Path:
    """Where the bytes of this hash lie."""
    return Path(settings.FILES) / sha256


def picture(sha256: str, number: int) -> Path:
    """Where the picture of a printed page lies, counted from 1."""
    return Path(settings.FILES) / f"{sha256}-{number}.png"
