"""The leads of a slice, by the day that they came and whoever has to answer them."""

from __future__ import annotations

from datetime import date

from django.db.models import Min, QuerySet

from marketing.models import Lead
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, lasting

DIMENSIONS = {
    "segment": "segment",
    "channel": "channel",
    "campaign": "campaign",
    "region": "region",
    "team": "owner_id",
    "owner": "owner_id",
}


def rows(slice_: Slice) -> QuerySet[Lead]:
    """The leads that came in the slice's days, of the reps that may be seen."""
    known = {**DIMENSIONS, "rep": "owner_id"}
    return cut(Lead.objects.all(), slice_, when="created_at", dimensions=known)


@lasting
def first_day() -> date | None:
    """The day of the first lead, None where no leads are known."""
    found: date | None = Lead.objects.aggregate(day=Min("created_at"))["day"]
    return found
