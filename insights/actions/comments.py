"""Begins talks at panels, answers in them, changes and takes back what one said, resolves them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from insights.queries import comments as kept
from insights.queries.comments import Comment, CommentNews, Thread
from revops_site.kernel import audit, noted
from revops_site.kernel.models import User
from revops_site.kernel.permissions import sees_all

Reach = Thread.Reach
LONGEST, MOST = 2000, 200


class RefusedError(ValueError):
    """Why nothing was kept, in a sentence for who asked."""


class ConflictError(RefusedError):
    """It was changed since the form was opened."""


def reaches(user: User) -> list[Reach]:
    """Whom this person may begin a talk for: never for people who see other rows than they do."""
    if sees_all(user):
        return [Reach.EVERYBODY, Reach.ALL_ROWS]
    return [Reach.TEAM] if noted.team_of(user) else [Reach.ALL_ROWS]


@transaction.atomic
def begin(
    *, user: User, address: str, panel: str, query: str, text: str, reach: str, at: datetime
) -> Comment:
    """Begin a talk; the caller has seen that this person is shown the panel there."""
    text = _text(text)
    if reach not in reaches(user):
        raise RefusedError("Choose who reads it.")
    if kept.readable(user).filter(address=address, panel=panel, query=query).count() >= MOST:
        raise RefusedError("There are very many talks here already. Answer in one of them.")
    thread = Thread.objects.create(
        address=address,
        panel=panel,
        query=query,
        reach=reach,
        team_id=noted.team_of(user) if reach == Reach.TEAM else None,
        begun_by=user,
        begun_at=at,
    )
    return _said(thread, user, text, at)


@transaction.atomic
def reply(*, user: User, thread_id: int, text: str, at: datetime) -> Comment:
    """Answer in a talk, and tell those who take part; a resolved one is open again."""
    thread = _thread(user, thread_id)
    text = _text(text)
    if thread.comments.count() >= MOST:
        raise RefusedError(f"A talk has {MOST} comments at most. Begin another one.")
    thread.resolved_at = thread.resolved_by = None
    thread.save()
    return _said(thread, user, text, at)


@transaction.atomic
def change(*, user: User, comment_id: int, text: str, seen: str, at: datetime) -> Comment:
    """Say it otherwise; ``seen`` is the version that the form was opened on."""
    comment = _own(user, comment_id)
    text = _text(text)
    if text == comment.text:
        return comment
    if seen != str(comment.version):
        raise ConflictError("You have changed this comment elsewhere since you opened this page.")
    before, comment.text = comment.text, text
    comment.version, comment.changed_at = comment.version + 1, at
    comment.save()
    _record("comment changed", user, comment, before=before, text=text)
    return comment


@transaction.atomic
def delete(*, user: User, comment_id: int, at: datetime) -> Comment:
    """Take back what one said: it stands there without its words, and is news no more."""
    comment = _own(user, comment_id)
    before = comment.text
    comment.text, comment.deleted_at, comment.version = "", at, comment.version + 1
    comment.save()
    _record("comment deleted", user, comment, before=before)
    return comment


@transaction.atomic
def resolve(*, user: User, thread_id: int, is_resolved: bool, at: datetime) -> Thread:
    """Close a talk, or open it again."""
    thread = _thread(user, thread_id)
    if (thread.resolved_at is not None) != is_resolved:
        thread.resolved_at, thread.resolved_by = (at, user) if is_resolved else (None, None)
        thread.save()
        action = "talk resolved" if is_resolved else "talk reopened"
        audit.record(action, user=user, target=str(thread), thread=thread.pk)
    _read(user, thread, at)
    return thread


def read_all(*, user: User, at: datetime) -> None:
    """Call all news of talks read."""
    CommentNews.objects.filter(recipient=user, seen_at=None).update(seen_at=at)


def _said(thread: Thread, user: User, text: str, at: datetime) -> Comment:
    comment = Comment.objects.create(thread=thread, author=user, text=text, written_at=at)
    others = User.objects.filter(
        pk__in=Comment.objects.filter(thread=thread).values("author_id"), is_active=True
    ).exclude(pk=user.pk)
    told = [one for one in others if kept.readable(one).filter(pk=thread.pk).exists()]
    CommentNews.objects.bulk_create(CommentNews(recipient=one, comment=comment) for one in told)
    _read(user, thread, at)
    _record("comment written", user, comment, text=text, told=[one.username for one in told])
    return comment


def _read(user: User, thread: Thread, at: datetime) -> None:
    """Whoever answers has read."""
    own = CommentNews.objects.filter(recipient=user, comment__thread=thread, seen_at=None)
    own.update(seen_at=at)


def _thread(user: User, thread_id: int) -> Thread:
    Thread.objects.select_for_update().only("pk").get(pk=thread_id)
    return kept.readable(user).get(pk=thread_id)


def _own(user: User, comment_id: int) -> Comment:
    found = Comment.objects.select_for_update(of=("self",)).select_related("thread")
    return found.get(pk=comment_id, author=user, deleted_at=None, thread__in=kept.readable(user))


def _text(text: str) -> str:
    lines = "".join(one if one.isprintable() or one == "\n" else " " for one in text.strip())
    if not lines.strip():
        raise RefusedError("Say something.")
    if len(lines) > LONGEST:
        raise RefusedError(
            f"A comment has at most {LONGEST:,} characters; this one has {len(lines):,}."
        )
    return lines


def _record(action: str, user: User, comment: Comment, **detail: Any) -> None:
    target = str(comment.thread)
    audit.record(action, user=user, target=target, comment=comment.pk, **detail)
