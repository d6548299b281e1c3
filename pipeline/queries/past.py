"""How deals stood on a day that is past, of what is recorded of them."""

from __future__ import annotations

from django.db.models import QuerySet

from pipeline.models import DealState
from pipeline.queries import deals
from pipeline.queries.states import at, recorded_since
from revops_site.kernel.filters import Slice

__all__ = ["at", "open_at", "recorded_since"]


def open_at(slice_: Slice) -> QuerySet[DealState]:
    """The deals that were open on the slice's day as they stood then, as ``deals.open_`` does."""
    return deals.open_among(at(slice_.as_of), slice_)
