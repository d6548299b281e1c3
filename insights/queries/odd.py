"""What alerts about unusual points look at: the series that somebody's figure and filters name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from insights.models import Alert, Firing, SeriesScan
from insights.queries.alerts import Asked, BrokenError
from insights.queries.unusual import newest
from revops_site.kernel import freshness
from revops_site.kernel.filters import DIMENSIONS
from revops_site.kernel.models import Anomaly
from revops_site.kernel.unusual import ADDRESS, address, of_chart, of_slice

LEAST = 3.5
SILENT = {"few": "has too few points", "thin": "is too small", "flat": "never changes"}


class Measure(Protocol):
    """A series that is looked at: its slug, how it is called and written, and by what parts."""

    @property
    def slug(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def show(self) -> str: ...
    @property
    def parts(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Odd:
    """What is unusual in a series, the oldest first, and as of which day."""

    measure: Measure
    points: Sequence[Anomaly]
    last_day: date | None


def key(one: Anomaly) -> str:
    """What tells an anomaly from all others, whenever the series is looked at again."""
    return " ".join(filter(None, (one.series, one.by, one.part, one.start.isoformat())))


def odd(of: Asked, measures: Mapping[str, Measure]) -> Odd:
    """What is unusual in the series of this figure; BrokenError where nobody looks at it.

    ``measures`` are those that are looked at, by the slug of their figure.
    """
    measure = measures.get(of.metric.slug)
    if measure is None:
        known = ", ".join(one.label for one in measures.values())
        raise BrokenError(f"What is unusual is looked for in these figures alone: {known}.")
    chosen = [name for name in DIMENSIONS if getattr(of.filters, name)]
    if len(chosen) > 1 or any(len(getattr(of.filters, name)) > 1 for name in chosen):
        raise BrokenError("Choose one value of one filter, or none: such series are looked at.")
    if chosen and chosen[0] not in measure.parts:
        raise BrokenError(f"{measure.label} is looked at by {_said(measure.parts)} alone.")
    last_day = freshness.of(of.ledger.datasets, of.at).last_day
    if last_day is None or newest() is None:
        return Odd(measure, (), last_day)
    slice_ = of.slice_of(last_day)
    scans = of_chart(SeriesScan.objects.filter(series=measure.slug), slice_)
    silent = scans.values_list("silent", flat=True).first()
    if silent is None:
        raise BrokenError("No series of what you may see with these filters is looked at.")
    if silent:
        raise BrokenError(f"The series is not looked at: it {SILENT.get(silent, silent)}.")
    points = [one for one in of_slice(slice_) if one.series == measure.slug]
    return Odd(measure, points, last_day)


def told(alert: Alert) -> frozenset[str]:
    """The keys of all that this alert told."""
    firings = Firing.objects.filter(alert=alert, is_broken=False)
    return frozenset(one for about in firings.values_list("about", flat=True) for one in about)


def _said(parts: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else "no filter"


def evidence(about: Sequence[str]) -> str:
    """Where these are listed; the whole list where they are unusual no more."""
    days = {one.rsplit(" ", 1)[-1] for one in about}
    series = {one.split(" ", 1)[0] for one in about}
    found = Anomaly.objects.filter(series__in=series, start__in=days)
    known = [one for one in found.order_by("start") if key(one) in about]
    return address(known) if known else ADDRESS
