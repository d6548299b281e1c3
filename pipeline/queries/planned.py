"""What reps have planned with customers for a day: calls, meetings and demos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.models import Activity
from pipeline.queries import called
from pipeline.queries.done import KNOWN
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, shared

MOST = 50
KINDS = (Activity.Type.MEETING, Activity.Type.DEMO, Activity.Type.CALL)


@dataclass(frozen=True)
class Planned:
    """An activity that is planned; ``deal_id`` and ``deal_name`` are "" of one without a deal."""

    kind: str
    subject: str
    deal_id: str
    deal_name: str


@shared
def of_day(slice_: Slice) -> Sequence[Planned]:
    """What the reps of the slice have planned for its day and not done, meetings first."""
    rows = Activity.objects.filter(is_done=False, due_date=slice_.as_of, type__in=KINDS)
    rows = cut(rows, slice_, when=None, dimensions=KNOWN).order_by("-type", "activity_id")
    found = list(rows.values_list("type", "subject", "deal_id")[:MOST])
    ids = {deal_id for _, _, deal_id in found if deal_id}
    names = called.deals(ids).set_index("deal_id")["deal_name"].to_dict() if ids else {}
    labels = dict(Activity.Type.choices)
    return [
        Planned(str(labels[kind]), subject, deal_id, str(names.get(deal_id, "")))
        for kind, subject, deal_id in found
    ]
