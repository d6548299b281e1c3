"""Looks at all series for what is unusual and for patterns, and keeps what it finds."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Model

from insights.analytics import anomalies, patterns
from insights.analytics.measures import NAMED
from insights.analytics.series import (
    SEASON,
    YEAR,
    Series,
    Silence,
    end_of,
    read,
    text,
    weekly,
)
from insights.models import Pattern, ScanRun, SeriesScan
from insights.queries.series import rows
from revops_site.kernel import clock, freshness
from revops_site.kernel.models import Anomaly, Workspace

DAYS = {"day": 1, "week": 7, "month": 30.4375}


@dataclass(frozen=True)
class Looked:
    """A series with what is unusual in it, or why nothing was looked for."""

    series: Series
    silence: Silence
    scan: anomalies.Scan | None
    in_batch: frozenset[int]


def look(one: Series) -> Looked:
    """What is unusual in a series: robust z, and whether the batch test names it too."""
    if one.silence:
        return Looked(one, one.silence, None, frozenset())
    scan = anomalies.scan(
        one.values,
        period=SEASON[one.grain],
        floor=one.measure.floor(one.grain),
        least=one.measure.least(one.grain),
        year=YEAR[one.grain],
        chance=one.chance(),
    )
    if scan is None:
        return Looked(one, "flat", None, frozenset())
    batch = anomalies.gesd(np.asarray(one.values - scan.expected)) if scan.found else None
    return Looked(one, "", scan, frozenset(batch.outliers if batch else ()))


def keep(at: Workspace) -> ScanRun:
    """Look at all series as the data are, and keep it in place of what was kept.

    What changed on screen is announced; where all is as it was, nothing is written but the run.
    """
    began = time.monotonic()
    given = list(rows(at))
    looked = [
        look(series)
        for one in given
        for slug in one.of
        for series in read(NAMED[slug], one.frame, one.by, one.first, one.last)
    ]
    weeks = [
        series
        for one in given
        for slug in one.of
        if NAMED[slug].grain != "month"
        for series in weekly(NAMED[slug], one.frame, one.by, one.first, one.last)
    ]
    found, tests = patterns.find(weeks)
    unusual, scans = [*_anomalies(looked)], [*_scans(looked)]
    told = [*_patterns(found, tests)]
    scanned = [one for one in looked if one.scan]
    with transaction.atomic():
        changed = [
            _replaced(Anomaly, unusual),
            _replaced(SeriesScan, scans),
            _replaced(Pattern, told),
        ]
        ScanRun.objects.all().delete()
        run = ScanRun.objects.create(
            generation=at.generation + any(changed),
            day=freshness.stamp(at),
            finished_at=clock.now(),
            seconds=time.monotonic() - began,
            scanned=len(scanned),
            silent=len(looked) - len(scanned),
            years=sum(DAYS[one.series.grain] * len(one.series.values) for one in scanned) / 365.25,
            unusual=len(unusual),
            tests=sum(tests.values()),
            patterns=len(told),
        )
        if any(changed):
            freshness.bump()
    return run


def _replaced(table: type[Model], made: Sequence[Model]) -> bool:
    """Whether these are others than the table held; then it holds these in their place."""
    names = [field.attname for field in table._meta.concrete_fields if not field.primary_key]
    kept = table._default_manager.values_list(*names)
    held = {tuple(map(_plain, row)) for row in kept}
    if held == {tuple(_plain(getattr(one, name)) for name in names) for one in made}:
        return False
    table._default_manager.all().delete()
    table._default_manager.bulk_create(made)
    return True


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _anomalies(looked: Iterable[Looked]) -> Iterator[Anomaly]:
    for one in looked:
        if one.scan is None:
            continue
        slug, by, part = one.series.key
        starts = one.series.starts
        for place in one.scan.found:
            z = float(one.scan.z[place])
            yield Anomaly(
                series=slug,
                by=by,
                part=part,
                scoped=one.series.measure.scoped,
                grain=one.series.grain,
                start=starts[place],
                end=end_of(one.series.grain, starts[place]),
                observed=float(one.series.values[place]),
                expected=float(one.scan.expected[place]),
                z=z,
                relative=float(one.scan.relative[place]),
                severity=anomalies.severity(z),
                direction=anomalies.direction(z),
                method=one.scan.method,
                in_batch=place in one.in_batch,
                points=int(np.isfinite(one.series.values).sum()),
            )


def _scans(looked: Iterable[Looked]) -> Iterator[SeriesScan]:
    for one in looked:
        slug, by, part = one.series.key
        size = len(one.series.values)
        yield SeriesScan(
            series=slug,
            by=by,
            part=part,
            scoped=one.series.measure.scoped,
            grain=one.series.grain,
            start=one.series.start,
            observed=text(one.series.values.tolist()),
            expected=text(one.scan.expected.tolist()) if one.scan else [None] * size,
            method=one.scan.method if one.scan else "",
            silent=one.silence,
            found=len(one.scan.found) if one.scan else 0,
        )


def _patterns(found: Iterable[patterns.Found], tests: Mapping[str, int]) -> Iterator[Pattern]:
    for one in found:
        slug, by, part = one.series.key
        said = one.said
        if isinstance(said, patterns.Break):
            yield Pattern(
                kind=Pattern.Kind.BREAK,
                series=slug,
                by=by,
                part=part,
                scoped=one.series.measure.scoped,
                since=one.series.starts[said.place],
                before=said.before,
                after=said.after,
                effect=said.change,
                p=said.p,
                q=one.q,
                weeks=len(one.series.values),
                tests=tests["break"],
            )
        elif one.other is not None:
            yield Pattern(
                kind=Pattern.Kind.RELATION,
                series=slug,
                by=by,
                part=part,
                scoped=one.series.measure.scoped or one.other.measure.scoped,
                other=one.other.measure.slug,
                lag=said.lag,
                effect=said.rank,
                p=said.p,
                q=one.q,
                weeks=said.weeks,
                tests=tests["relation"],
            )
