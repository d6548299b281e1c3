"""What of the worker's findings in series a reader may see, and has asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from revops_site.kernel.filters import Slice
from revops_site.kernel.models import Rep, Team

M = TypeVar("M", bound=Model)
OF_PARTS = ("channel", "region", "segment", "team")


def seen(rows: QuerySet[M], slice_: Slice) -> QuerySet[M]:
    """Those of rows with ``scoped``, ``by`` and ``part`` that this reader may see.

    What is of reps' rows is seen by who sees everybody's, and of a team by who sees all of it.
    """
    if slice_.reps is None:
        return rows
    return rows.filter(Q(scoped=False) | Q(by="team", part__in=_teams(slice_.reps)))


def asked(rows: QuerySet[M], slice_: Slice) -> QuerySet[M]:
    """Of these, those of the parts that were asked for; all of them where none was."""
    chosen = {name: getattr(slice_, name) for name in OF_PARTS if getattr(slice_, name)}
    if not chosen:
        return rows
    parts = Q()
    for name, values in chosen.items():
        parts |= Q(by=name, part__in=values)
    return rows.filter(parts)


def _teams(reps: Iterable[str]) -> list[str]:
    """The teams all of whose reps are among these."""
    mine = tuple(reps)
    strange = Rep.objects.exclude(rep_id__in=mine).exclude(team=None).values("team_id")
    found = Team.objects.filter(reps__rep_id__in=mine).exclude(pk__in=strange).distinct()
    return list(found.order_by("name").values_list("name", flat=True))
