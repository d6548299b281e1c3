"""What was found unusual, and the patterns: what of it a reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd
from django.db.models import Case, CharField, QuerySet, Value, When

from insights.models import Pattern, ScanRun, SeriesScan
from revops_site.kernel.filters import Slice
from revops_site.kernel.models import Anomaly
from revops_site.kernel.queries import shared, to_frame
from revops_site.kernel.unusual import asked, seen

POINTS = {
    **dict.fromkeys(("series", "by", "part", "grain"), "str"),
    **dict.fromkeys(("start", "end"), "datetime64[s]"),
    **dict.fromkeys(("observed", "expected", "z"), "float64"),
    **dict.fromkeys(("severity", "direction"), "str"),
}
FOUND = {
    **dict.fromkeys(("kind", "series", "by", "part", "other"), "str"),
    "lag": "int64",
    "since": "datetime64[s]",
    **dict.fromkeys(("before", "after", "effect", "p", "q"), "float64"),
    "weeks": "int64",
    "tests": "int64",
}


def scanned(generation: int, day: date) -> bool:
    """Whether the series were looked at as they are on this day in this state of the data."""
    return ScanRun.objects.filter(generation=generation, day=day).exists()


@shared
def newest() -> ScanRun | None:
    """The newest look at all series; None before the first."""
    return ScanRun.objects.first()


def anomalies(slice_: Slice) -> QuerySet[Anomaly]:
    """What is unusual in the period, of what this reader may see and of the parts asked for."""
    rows = asked(seen(Anomaly.objects.all(), slice_), slice_).filter(end__lte=slice_.as_of)
    if slice_.period is not None:
        rows = rows.filter(start__lt=slice_.period.end, end__gte=slice_.period.start)
    return rows


def named(slice_: Slice, **words: Mapping[str, str]) -> QuerySet[Anomaly]:
    """The same with what these say of each series, such as its ``label``."""
    return anomalies(slice_).annotate(**{name: _by_series(one) for name, one in words.items()})


@shared
def told(slice_: Slice, days: int) -> pd.DataFrame:
    """What ended in so many days up to the slice's, with ``relative`` and ``points``."""
    known = {**POINTS, "relative": "float64", "points": "int64"}
    rows = asked(seen(Anomaly.objects.all(), slice_), slice_)
    rows = rows.filter(end__lte=slice_.as_of, end__gte=slice_.as_of - timedelta(days=days))
    return to_frame(rows.order_by("-start", "series", "by", "part").values_list(*known), known)


@shared
def looked_at(slice_: Slice) -> Mapping[tuple[str, str, str], int]:
    """The points of each series that something could be said of: by series, dimension, part."""
    rows = asked(seen(SeriesScan.objects.filter(silent=""), slice_), slice_)
    found = rows.order_by().values_list("series", "by", "part", "observed__len")
    return {(series, by, part): many or 0 for series, by, part, many in found}


@shared
def points(slice_: Slice) -> pd.DataFrame:
    """The same as a frame: ``POINTS``, the oldest first."""
    rows = anomalies(slice_).order_by("start", "series", "by", "part")
    return to_frame(rows.values_list(*POINTS), POINTS)


@shared
def patterns(slice_: Slice) -> pd.DataFrame:
    """The patterns that this reader may see, the surest first: ``FOUND``."""
    rows = asked(seen(Pattern.objects.all(), slice_), slice_)
    return to_frame(rows.order_by("q", "p", "series", "part").values_list(*FOUND), FOUND)


def _by_series(words: Mapping[str, str]) -> Case:
    cases = [When(series=slug, then=Value(word)) for slug, word in words.items()]
    return Case(*cases, default="series", output_field=CharField())
