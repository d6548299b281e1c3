"""The annotations that somebody reads, with what they may do to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from revops_site.kernel import noted
from revops_site.kernel.models import Annotation, User
from revops_site.kernel.permissions import may

__all__ = ["Annotation", "Listed", "changeable", "deleted", "listed"]

MOST = 200


@dataclass(frozen=True)
class Listed:
    """An annotation in the list; ``may_change`` where it is this reader's to change."""

    row: Annotation
    may_change: bool


def listed(reader: User) -> Sequence[Listed]:
    """The newest that this person reads, by day, the newest first."""
    rows = noted.readable(reader).select_related("author", "team").order_by("-start", "-id")
    return [Listed(row, is_own(row, reader)) for row in rows[:MOST]]


def is_own(row: Annotation, reader: User) -> bool:
    """Its author may change it; what everybody reads those too who keep the data."""
    is_everybodys = row.reach == Annotation.Reach.COMPANY
    return row.author_id == reader.pk or (is_everybodys and may(reader, "edit data"))


def changeable(reader: User, annotation_id: int) -> Annotation:
    """What this person may change; DoesNotExist of all else."""
    row = noted.readable(reader).select_related("author", "team").get(pk=annotation_id)
    if not is_own(row, reader):
        raise Annotation.DoesNotExist
    return row


def deleted(reader: User, annotation_id: int) -> Annotation:
    """What this person may bring back; DoesNotExist of all else."""
    rows = Annotation.objects.exclude(deleted_at=None).select_related("author", "team")
    row = rows.get(pk=annotation_id)
    if not is_own(row, reader):
        raise Annotation.DoesNotExist
    return row
