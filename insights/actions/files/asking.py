"""Asks for a file: once, however often somebody presses the button, and few at a time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from insights.actions.files.making import TASK
from insights.models import MadeFile
from insights.queries import files
from revops_site.kernel import audit
from revops_site.kernel.models import User

MOST_AT_ONCE = 2
LONGEST_ADDRESS = 4000
LONGEST_TITLE = 200


class RefusedError(ValueError):
    """Why a file is not made, in a sentence for who asked."""


@transaction.atomic
def ask(
    *,
    user: User,
    kind: str,
    address: str,
    title: str,
    suffix: str,
    at: datetime,
    part: str = "",
) -> MadeFile:
    """Have a file made of what stands at an address, as this person may see it; its row at once.

    What is being made already is given back instead of a second one. RefusedError where somebody
    has others waiting. ``files.file(id, user)`` tells how far it is.
    """
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    if len(address) > LONGEST_ADDRESS:
        raise RefusedError("Too many filters are chosen to make a file of it. Take some away.")
    asked = {"kind": kind, "address": address, "part": part, "suffix": suffix}
    others = files.busy(user, at)
    same = others.filter(**asked).first()
    if same is not None:
        return same
    if others.count() >= MOST_AT_ONCE:
        raise RefusedError(
            f"{MOST_AT_ONCE} files are being made for you already. Wait until one is ready."
        )
    one = MadeFile.objects.create(owner=user, title=title[:LONGEST_TITLE], asked_at=at, **asked)
    audit.record("file asked for", user=user, target=str(one), address=address, part=part)
    app.configure_task(TASK, lock=f"file {one.pk}").defer(file_id=one.pk)
    return one


def see(*, user: User, file_id: int, at: datetime) -> None:
    """Note that somebody has seen what became of a file of theirs."""
    ended = MadeFile.objects.exclude(state__in=MadeFile.BUSY)
    ended.filter(pk=file_id, owner=user, seen_at=None).update(seen_at=at)
