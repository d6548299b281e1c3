"""How new the data are: their last day, the count of changes so far, and what that lets us keep."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar, cast

import pandas as pd
from django.core.cache import cache
from django.db.models import F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from revops_site.kernel import clock
from revops_site.kernel.models import DataLoad, Workspace

WORKSPACE = 1
NOTHING = object()
T = TypeVar("T")

_afresh: ContextVar[bool] = ContextVar("afresh", default=False)


@dataclass(frozen=True)
class Freshness:
    """What is known of some datasets' age.

    ``first_day`` and ``last_day`` are the ends of the data, None where nothing was loaded;
    ``loaded_at`` is when the newest file or sync came in, not when somebody wrote here;
    ``refused`` counts the rows that the newest file or sync of each dataset brought in vain.
    """

    first_day: date | None = None
    last_day: date | None = None
    loaded_at: datetime | None = None
    refused: int = 0
    stale_after_days: int = 7

    @property
    def is_empty(self) -> bool:
        """Nothing was ever loaded."""
        return self.last_day is None

    def is_stale(self, today: date) -> bool:
        """The last day of data lies further back than the workspace tolerates."""
        return self.last_day is not None and (today - self.last_day).days > self.stale_after_days


def workspace() -> Workspace:
    """The one workspace, made with its defaults where none exists yet."""
    found = Workspace.objects.filter(pk=WORKSPACE).first()  # of where the data are read, too
    return found or Workspace.objects.get_or_create(pk=WORKSPACE)[0]


def generation() -> int:
    """The number of loads, edits and syncs so far: part of every cache key."""
    return workspace().generation


def bump() -> None:
    """Count one more change of data.

    Call it last in the transaction that made the change: the row stays locked until the commit.
    """
    if not Workspace.objects.filter(pk=WORKSPACE).update(generation=F("generation") + 1):
        Workspace.objects.create(pk=WORKSPACE, generation=1)


def of(datasets: Collection[str], at: Workspace) -> Freshness:
    """The freshness of the named datasets together, as the workspace ``at`` knows it."""
    digest = hashlib.blake2s(",".join(sorted(datasets)).encode(), digest_size=12).hexdigest()
    key = f"freshness:{at.generation}:{at.stale_after_days}:{digest}"
    return remembered(key, lambda: _read(datasets, at.stale_after_days))


def stamps(
    datasets: Collection[str],
) -> tuple[datetime | None, datetime | None, date | None]:
    """When the first and the newest of the named datasets came in, and their last day."""
    loads = DataLoad.objects.filter(dataset__in=datasets, status=DataLoad.Status.LOADED)
    found = loads.aggregate(
        first=Min("finished_at"), newest=Max("finished_at"), last=Max("last_day")
    )
    return found["first"], found["newest"], found["last"]


def remembered(key: str, make: Callable[[], T]) -> T:
    """What ``make`` gives, from the cache where it was made before.

    The key has to name the generation of the data, so that a load empties the cache by itself.
    A frame or a collection is the caller's own, to be changed at will.
    """
    found = NOTHING if _afresh.get() else cache.get(key, NOTHING)
    if found is NOTHING:
        found = make()
        cache.set(key, found)
    return own(cast("T", found))


@contextmanager
def afresh() -> Iterator[None]:
    """Nothing is taken from the cache within: for who asks whether it would still be the same."""
    token = _afresh.set(True)
    try:
        yield
    finally:
        _afresh.reset(token)


def own(value: T) -> T:
    """What the one who asks may change, and leave it to the others as it was."""
    if isinstance(value, pd.DataFrame):
        return cast("T", value.copy(deep=False))  # what is written into it stays there
    if isinstance(value, QuerySet):
        return cast("T", value.all())
    return copy(value) if isinstance(value, dict | list | set) else value


def stamp(at: Workspace) -> date:
    """Today in the workspace's zone: what an age is measured against, never what is computed."""
    return clock.today(at.time_zone)


def _read(datasets: Collection[str], stale_after_days: int) -> Freshness:
    loads = DataLoad.objects.filter(dataset__in=datasets, status=DataLoad.Status.LOADED)
    here = Q(kind__in=[DataLoad.Kind.EDIT, DataLoad.Kind.APP])
    at = Coalesce(Max("finished_at", filter=~here), Max("finished_at"))
    ends = loads.aggregate(first=Min("first_day"), last=Max("last_day"), at=at)
    delivered = loads.exclude(here)
    newest = delivered.order_by("dataset", "-id").distinct("dataset").values("id")
    refused = DataLoad.objects.filter(id__in=newest).aggregate(n=Coalesce(Sum("refused"), 0))
    return Freshness(ends["first"], ends["last"], ends["at"], refused["n"], stale_after_days)
