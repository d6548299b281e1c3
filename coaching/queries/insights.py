"""What was said of reps, of which day, and what is being written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from coaching.models import CoachingInsight, InsightRequest
from pipeline.queries import deals
from revops_site.kernel import clock, llm
from revops_site.kernel.models import Rep, Workspace

PATIENCE = timedelta(minutes=2)  # for so long something that was asked for is being written


@dataclass(frozen=True)
class Kept:
    """What was said of a rep: on which day of the data, when, by what."""

    day: date
    generated_at: datetime
    model_version: str
    digest: str
    content: Mapping[str, Any]


def newest(rep_id: str) -> Kept | None:
    """What was last said of a rep."""
    row = CoachingInsight.objects.filter(rep_id=rep_id).order_by("-day").first()
    if row is None:
        return None
    return Kept(row.day, row.generated_at, row.model_version, row.digest, row.content)


def is_asked(rep_id: str) -> bool:
    """Whether it is being written anew."""
    since = clock.now() - PATIENCE
    return InsightRequest.objects.filter(rep_id=rep_id, at__gt=since).exists()


def unwritten(day: date) -> list[str]:
    """The active reps of whom nothing is said as of that day, by their ids."""
    of_day = CoachingInsight.objects.filter(day=day).values("rep_id")
    active = Rep.objects.filter(is_active=True).exclude(rep_id__in=of_day)
    return list(active.order_by("rep_id").values_list("rep_id", flat=True))


def everybody() -> list[str]:
    """The ids of all active reps."""
    return list(
        Rep.objects.filter(is_active=True).order_by("rep_id").values_list("rep_id", flat=True)
    )


def known(ids: Collection[str]) -> set[str]:
    """Those of the ids that are reps'."""
    return set(Rep.objects.filter(rep_id__in=ids).values_list("rep_id", flat=True))


def still_open(rep_id: str, ids: Collection[str]) -> set[str]:
    """Those of the deals that are open and the rep's still."""
    own = deals.real().filter(deal_id__in=list(ids), owner_id=rep_id, status="open")
    return set(own.values_list("deal_id", flat=True))


def may_word(at: Workspace) -> bool:
    """Whether a model may word sentences: one is configured, and the workspace wants it."""
    return at.sends_figures_to_model and llm.is_configured()
