"""Keeps what a language model answered, and sees to it that the same is asked once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from insights.models import ModelAnswer

KEPT = timedelta(days=30)


def claim(*, key: str, at: datetime, since: datetime) -> bool:
    """Whether this is the first to ask since then; from now on it is asked."""
    made = ModelAnswer.objects.get_or_create(key=key, defaults={"asked_at": at})[1]
    if made:
        return True
    stale = ModelAnswer.objects.filter(key=key, asked_at__lt=since)
    return bool(stale.update(asked_at=at, kept_at=None, said=None))


def keep(*, key: str, said: Any, at: datetime) -> None:
    """Keep an answer, and forget those of 30 days ago."""
    ModelAnswer.objects.update_or_create(
        key=key, defaults={"said": said, "kept_at": at, "asked_at": at}
    )
    ModelAnswer.objects.filter(asked_at__lt=at - KEPT).delete()
