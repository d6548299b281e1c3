"""What alerts look at, in what their owners may see at that moment; and whose inbox holds what."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from django.db.models import Q, QuerySet

from insights.models import Alert, AlertMail, Firing
from revops_site.kernel import filterform, freshness
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.metrics import Metric, measure, number
from revops_site.kernel.models import User, Workspace
from revops_site.kernel.panels import Page
from revops_site.kernel.permissions import NOBODY, allowed
from revops_site.kernel.queries import sharing

__all__ = ["Alert", "AlertMail", "Firing"]

Figures: TypeAlias = Mapping[str, tuple[Page, Ledger, Metric]]
MOST = 50  # alerts of one person
INBOX = 100
STEP = timedelta(days=7)
STEPS = 26  # weeks that are looked back


class Reading(NamedTuple):
    """A figure as of a day, and before, each with the rows it rests on; None where not known."""

    day: date
    value: float | None
    volume: float | None
    before: float | None
    volume_before: float | None


class BrokenError(ValueError):
    """Why an alert cannot be looked at any more, in a sentence for its owner."""


@dataclass(frozen=True)
class Asked:
    """A figure with filters, as somebody may see it: ``slice_`` is as of the newest day."""

    page: Page
    ledger: Ledger
    metric: Metric
    filters: Filters
    may_see: Allowed
    last_day: date | None
    at: Workspace

    def slice_of(self, day: date) -> Slice:
        """The slice as of a day, as the figure's own page would have it."""
        return narrow(
            self.filters.replace(**self.page.fixed, as_of=day),
            self.may_see,
            self.last_day or day,
            first_month=self.at.fiscal_year_start_month,
            currency=self.at.reporting_currency,
            default_period=self.page.default_period,
        )


def asked(slug: str, query: str, user: User, figures: Figures, at: Workspace) -> Asked:
    """The figure that an alert of this person is about; BrokenError where that cannot be had."""
    found = figures.get(slug)
    if found is None:
        raise BrokenError("There is no such figure any more.")
    page, ledger, metric = found
    may_see = allowed(user)
    if may_see == NOBODY:
        raise BrokenError("Your account may see nobody’s rows, so there is nothing to look at.")
    filters = Filters.parse(query)
    choices = filterform.choices(page, may_see, at.generation)
    filters = filterform.kept(filters, page, choices)
    if filters.notices:
        raise BrokenError(f"Its filters cannot be used any more: {filters.notices[0]}")
    last_day = freshness.of(page.datasets, at).last_day
    return Asked(page, ledger, metric, filters, may_see, last_day, at)


def reading(of: Asked, day: date, days: int | None) -> Reading:
    """The figure as of a day, and so many ``days`` before, None for that day alone."""
    value, volume = _read(of, day)
    if days is None:
        return Reading(day, value, volume, None, None)
    return Reading(day, value, volume, *_read(of, day - timedelta(days=days)))


def history(of: Asked, days: int | None, seconds: float) -> Sequence[Reading]:
    """The same week by week, the oldest first; of the newest weeks alone where time is short."""
    if of.last_day is None:
        return ()
    ends, found = time.monotonic() + seconds, []
    with sharing():
        for nth in range(STEPS):
            found.append(reading(of, of.last_day - nth * STEP, days))
            if time.monotonic() > ends:
                break
    return found[::-1]


def own(user: User) -> QuerySet[Alert]:
    """What somebody has watched, the newest first."""
    return Alert.objects.filter(owner=user).exclude(state=Alert.State.ENDED)


def to_look_at(generation: int, day: date) -> QuerySet[Alert]:
    """What was not looked at in this state of the data and on this day, the oldest look first."""
    due = ~Q(generation=generation) | Q(generation=None) | ~Q(day=day) | Q(day=None)
    found = Alert.objects.filter(due, state=Alert.State.ON, owner__is_active=True)
    return found.order_by("looked_at", "pk")


def inbox(user: User) -> QuerySet[Firing]:
    """What somebody was told and may still see: open first, then the newest."""
    may_see = allowed(user)
    found = Firing.objects.filter(owner=user).select_related("alert", "resolved_by", "mail")
    if may_see.reps is not None:
        mine = Q(is_broken=True) | Q(reps__isnull=False, reps__contained_by=list(may_see.reps))
        found = found.filter(mine)
    return found.order_by("-id")


def _read(of: Asked, day: date) -> tuple[float | None, float | None]:
    """The figure of a day with the rows that it rests on, from the cache where it is known."""
    slice_ = of.slice_of(day)
    key = f"explain:{of.ledger.slug}:{slice_.cache_key}:{of.at.generation}"
    totals = freshness.remembered(key, lambda: of.ledger.totals(slice_))
    value = measure(of.metric, totals).value
    if of.ledger.counts:
        return value, number(totals, of.ledger.counts)
    return value, value if of.metric.exact == "integer" else None
