"""What is kept of programs' requests: how many of late, and answers to posts that they named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.http import HttpResponse

from insights.models import AskedMinute, KeptAnswer
from revops_site.kernel import locks
from revops_site.kernel.models import ApiToken, User

KEPT = timedelta(days=1)
COUNT = """
    INSERT INTO insights_askedminute AS known (user_id, token_id, minute, asked)
    VALUES (%s, %s, %s, 1)
    ON CONFLICT (user_id, token_id) DO UPDATE SET minute = excluded.minute,
        asked = CASE WHEN known.minute = excluded.minute THEN known.asked + 1 ELSE 1 END
    RETURNING asked
"""


class BusyError(Exception):
    """The same is being done just now."""


class OtherError(Exception):
    """Something else was asked under this key."""


def count(*, user: User, token: ApiToken | None, at: datetime) -> int:
    """Count a request; how many there were in this minute, in all processes."""
    minute = at.replace(second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [user.pk, token.pk if token else None, minute])
        return int(cursor.fetchone()[0])


@contextmanager
def alone(*, user: User, token: ApiToken | None, key: str) -> Iterator[None]:
    """Be the only one with this key; BusyError where another one is, in whatever process.

    The lock dies with its holder, so that a program whose request was cut off can ask again.
    """
    name = f"post {user.pk} {token.pk if token else 0} {key}"
    if not locks.take(name):
        raise BusyError
    try:
        yield
    finally:
        locks.let_go(name)


@transaction.atomic
def done_once(
    *,
    user: User,
    token: ApiToken | None,
    key: str,
    asked: str,
    do: Callable[[], HttpResponse],
    at: datetime,
) -> HttpResponse:
    """What was answered under the key, or what doing it answers; OtherError where it is another's.

    The answer is kept in the transaction of the deed: whoever is cut off has both, or neither.
    """
    found = _answered(user=user, token=token, key=key, asked=asked, at=at)
    if found is not None:
        return found
    answer = do()
    _keep(user=user, token=token, key=key, asked=asked, answer=answer, at=at)
    return answer


def _answered(
    *, user: User, token: ApiToken | None, key: str, asked: str, at: datetime
) -> HttpResponse | None:
    """What was answered under the key within a day, if anything; OtherError where to other."""
    found = KeptAnswer.objects.filter(user=user, token=token, key=key, kept_at__gt=at - KEPT)
    one = found.first()
    if one is None:
        return None
    if one.asked != asked:
        raise OtherError
    return HttpResponse(bytes(one.body), content_type=one.content_type, status=one.status)


def _keep(
    *,
    user: User,
    token: ApiToken | None,
    key: str,
    asked: str,
    answer: HttpResponse,
    at: datetime,
) -> None:
    """Keep an answer under its key, in place of one whose day is over."""
    KeptAnswer.objects.filter(user=user, token=token, key=key).delete()
    KeptAnswer.objects.create(
        user=user,
        token=token,
        key=key,
        asked=asked,
        status=answer.status_code,
        content_type=answer["Content-Type"],
        body=answer.content,
        kept_at=at,
    )


def forget_old(now: datetime) -> int:
    """Forget the answers whose day is over, and counts of long ago; of how many answers."""
    forgotten, _ = KeptAnswer.objects.filter(kept_at__lte=now - KEPT).delete()
    AskedMinute.objects.filter(minute__lte=now - KEPT).delete()
    return forgotten
