"""How deals stood on a day that is past, of what is recorded of them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from pipeline.models import DealState


def at(day: date) -> QuerySet[DealState]:
    """All deals that there were at the end of a day, each as it stood then: one row a deal."""
    lasts = Q(valid_to=None) | Q(valid_to__gt=day)
    return DealState.objects.filter(lasts, valid_from__lte=day)
