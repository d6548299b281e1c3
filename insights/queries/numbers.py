"""Every figure of the slices that are checked, and what the checks before found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q

from insights.models import CheckedNumber, NumberAlarm
from insights.queries.kpis import Books
from revops_site.kernel import freshness
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Filters, Slice, narrow
from revops_site.kernel.metrics import measure
from revops_site.kernel.models import Team, Workspace
from revops_site.kernel.permissions import EVERYBODY
from revops_site.kernel.queries import sharing

__all__ = ["CheckedNumber", "NumberAlarm", "Standing", "alarms", "before", "readings", "standing"]

TEAMS = 5  # the first ones by name
SHOWN = timedelta(days=30)
AGAIN = timedelta(hours=6)  # so often it is looked, also where nothing was loaded
EVERYTHING, LAST_QUARTER = "everything", "last quarter"


@dataclass(frozen=True)
class Reading:
    """A metric's value of a slice, None where undefined.

    ``key`` tells the slice with its days from any others that are called the same.
    """

    slug: str
    slice_name: str
    key: str
    value: float | None


@dataclass(frozen=True)
class Before:
    """The reading before: its slice, value, and the state of the data that it is of."""

    key: str
    value: float | None
    generation: int


@dataclass(frozen=True)
class Standing:
    """What the last check was of: when, of which state of the data, how many numbers and slices.

    ``changed`` of them differed from the check before, which was of other data.
    """

    checked_at: datetime
    generation: int
    numbers: int
    slices: int
    changed: int


def asked(teams: Sequence[str]) -> Mapping[str, Filters]:
    """The slices that are always looked at, by name."""
    return {
        EVERYTHING: Filters(),
        LAST_QUARTER: Filters(period="last_quarter"),
        **{f"team {name}": Filters(team=(name,)) for name in teams},
    }


def readings(books: Books, at: Workspace) -> Iterator[Reading]:
    """Every metric of every slice that its rows know, computed now and never from the cache."""
    teams = Team.objects.filter(is_placeholder=False).order_by("name", "pk")
    slices = asked(list(teams.values_list("name", flat=True)[:TEAMS]))
    with freshness.afresh():
        for page, ledgers in books:
            last_day = freshness.of(page.datasets, at).last_day
            if last_day is None:
                continue
            for name, filters in slices.items():
                slice_ = narrow(
                    filters,
                    EVERYBODY,
                    last_day,
                    first_month=at.fiscal_year_start_month,
                    currency=at.reporting_currency,
                    default_period=page.default_period,
                )
                with sharing():
                    for ledger in ledgers:
                        if _knows(ledger, filters):
                            yield from _measured(ledger, slice_, name)


def before() -> Mapping[tuple[str, str], Before]:
    """The readings of the check before, by metric and slice."""
    rows = CheckedNumber.objects.values_list(
        "metric_slug", "slice_name", "slice_key", "value", "generation"
    )
    return {(slug, name): Before(key, value, made) for slug, name, key, value, made in rows}


def is_due(generation: int, now: datetime) -> bool:
    """Whether the data are others than at the last check, or that is a while ago."""
    newest = CheckedNumber.objects.order_by("-checked_at").first()
    if newest is None:
        return True
    return newest.generation != generation or now - newest.checked_at >= AGAIN


def standing() -> Standing | None:
    """What the last check was of; None before the first one."""
    found = CheckedNumber.objects.aggregate(
        at=Max("checked_at"),
        generation=Max("generation"),
        numbers=Count("metric_slug", distinct=True),
        slices=Count("slice_name", distinct=True),
        first=Min("checked_at"),
    )
    if found["at"] is None:
        return None
    changed = CheckedNumber.objects.filter(checked_at=found["at"]).exclude(generation_before=None)
    moved = changed.exclude(Q(value=None, before=None))
    values = moved.values_list("value", "before")
    return Standing(
        checked_at=found["at"],
        generation=found["generation"],
        numbers=found["numbers"],
        slices=found["slices"],
        changed=sum(now != then for now, then in values),
    )


def alarms(now: datetime) -> Sequence[NumberAlarm]:
    """The changes without a load of the last days, the newest first."""
    return list(NumberAlarm.objects.filter(found_at__gt=now - SHOWN)[:100])


def _knows(ledger: Ledger, filters: Filters) -> bool:
    if filters.team and "team" not in ledger.dimensions:
        return False
    return ledger.dated or filters.period is None


def _measured(ledger: Ledger, slice_: Slice, name: str) -> Iterator[Reading]:
    totals = ledger.totals(slice_)
    for metric in ledger.metrics:
        value = measure(metric, totals).value
        yield Reading(metric.slug, name, slice_.cache_key, value)
