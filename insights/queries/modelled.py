"""What a language model answered of late."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Max

from insights.models import ModelAnswer


def kept(keys: Collection[str], since: datetime) -> dict[str, Any]:
    """The answers that came since then, by key; those that did not come are left out."""
    rows = ModelAnswer.objects.filter(key__in=keys, kept_at__gte=since)
    return dict(rows.values_list("key", "said"))


def waiting(keys: Collection[str], since: datetime) -> int:
    """How many were asked since then and are not answered."""
    return ModelAnswer.objects.filter(key__in=keys, asked_at__gte=since, kept_at=None).count()


def newest() -> datetime | None:
    """When the last answer came."""
    found: datetime | None = ModelAnswer.objects.aggregate(at=Max("kept_at"))["at"]
    return found
