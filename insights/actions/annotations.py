"""Writes, changes, deletes and brings back what people write at days."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from insights.queries import annotations as kept
from insights.queries.annotations import Annotation
from revops_site.kernel import audit, noted
from revops_site.kernel.models import User
from revops_site.kernel.models.annotations import LONGEST_TEXT
from revops_site.kernel.permissions import may

Reach = Annotation.Reach
MOST = 1000  # of one person
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)


class RefusedError(ValueError):
    """Why nothing was kept, in a sentence for who asked."""


class ConflictError(RefusedError):
    """Somebody changed it since the form was opened."""


@dataclass(frozen=True)
class Given:
    """What is to be kept; ``end`` None for a day alone, ``domain`` "" for all pages."""

    start: date
    end: date | None
    text: str
    domain: str
    reach: str


def reaches(user: User) -> list[Reach]:
    """Whom this person may write for."""
    found = [Reach.COMPANY] if may(user, "annotate for all") else []
    return [*found, *([Reach.TEAM] if noted.team_of(user) else []), Reach.PRIVATE]


@transaction.atomic
def write(*, user: User, given: Given, at: datetime) -> Annotation:
    """Keep a new one."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    values = _checked(user, given, None)
    if Annotation.objects.filter(author=user, deleted_at=None).count() >= MOST:
        raise RefusedError(f"You have {MOST:,} annotations. Delete one first.")
    row = Annotation.objects.create(author=user, written_at=at, **values)
    audit.record("annotation written", user=user, target=str(row), annotation=row.pk, **told(row))
    return row


@transaction.atomic
def change(*, user: User, annotation_id: int, given: Given, seen: str, at: datetime) -> Annotation:
    """Change it; ``seen`` is the version that the form was opened on. DoesNotExist: not theirs."""
    row = _own(user, annotation_id)
    values = _checked(user, given, row)
    if all(getattr(row, name) == value for name, value in values.items()):
        return row  # the same was sent twice
    if seen != str(row.version):
        raise ConflictError(
            f"This annotation was changed since you opened it. It now says “{row.text}” at "
            f"{row.start}. What you typed stands below; save again to put it in its place."
        )
    before = told(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    detail = {"annotation": row.pk, "before": before, **told(row)}
    audit.record("annotation changed", user=user, target=str(row), **detail)
    return row


@transaction.atomic
def delete(*, user: User, annotation_id: int, at: datetime) -> Annotation:
    """Take it from all charts; it can be brought back."""
    row = _own(user, annotation_id)
    row.deleted_at, row.version = at, row.version + 1
    row.save()
    audit.record("annotation deleted", user=user, target=str(row), annotation=row.pk, **told(row))
    return row


@transaction.atomic
def restore(*, user: User, annotation_id: int, at: datetime) -> Annotation:
    """Bring back what was deleted; what was brought back before stays as it is."""
    Annotation.objects.select_for_update().only("pk").get(pk=annotation_id)
    row = kept.deleted(user, annotation_id)
    row.deleted_at, row.version = None, row.version + 1
    row.save()
    audit.record("annotation restored", user=user, target=str(row), annotation=row.pk)
    return row


def told(row: Annotation) -> dict[str, Any]:
    """What the record keeps of one."""
    given = Given(row.start, row.end, row.text, row.domain, row.reach)
    return {name: value and str(value) for name, value in asdict(given).items()}


def _own(user: User, annotation_id: int) -> Annotation:
    Annotation.objects.select_for_update().only("pk").get(pk=annotation_id)
    return kept.changeable(user, annotation_id)


def _checked(user: User, given: Given, row: Annotation | None) -> dict[str, Any]:
    text = " ".join("".join(one if one.isprintable() else " " for one in given.text).split())
    if not text:
        raise RefusedError("Say what happened that day.")
    if len(text) > LONGEST_TEXT:
        raise RefusedError(
            f"A text has at most {LONGEST_TEXT} characters; this one has {len(text)}."
        )
    days = [day for day in (given.start, given.end) if day]
    if not all(EARLIEST <= day <= LATEST for day in days):
        raise RefusedError(f"Give a day from {EARLIEST.year} to {LATEST.year}.")
    if given.end and given.end < given.start:
        raise RefusedError("The last day lies before the first.")
    if given.domain not in {"", *settings.DOMAINS}:
        raise RefusedError("Choose the pages that it is about.")
    is_kept = row is not None and row.reach == given.reach
    if not is_kept and given.reach not in reaches(user):
        raise RefusedError("Choose who reads it, among those whom you may write for.")
    team = row.team_id if row and is_kept else noted.team_of(user)
    return {
        "start": given.start,
        "end": given.end if given.end != given.start else None,
        "text": text,
        "domain": given.domain,
        "reach": given.reach,
        "team_id": team if given.reach == Reach.TEAM else None,
    }
