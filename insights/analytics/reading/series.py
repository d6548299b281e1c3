"""What rules look at in series over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from insights.analytics.facts import Point
from insights.analytics.measures import NAMED
from insights.analytics.reading.rows import rows


def points(
    unusual: pd.DataFrame, looked: Mapping[tuple[str, str, str], int], as_of: date, currency: str
) -> tuple[Point, ...]:
    """Each unusual point, and one that is as expected of each series that has none.

    ``unusual`` has the columns of an anomaly; ``looked`` gives the points of each series by
    (series, dimension, part). What a part shares with the whole company is told of the company.
    """
    found = [_point(row, as_of, currency) for row in rows(unusual) if row["series"] in NAMED]
    whole = [one for one in found if not one.by]
    told = [one for one in found if not one.by or not _shares(one, whole)]
    loud = {(one.series, one.by, one.part) for one in told}
    calm = (key for key in looked if key not in loud and key[0] in NAMED)
    return (*told, *(_calm(*key, looked[key], as_of, currency) for key in calm))


def _shares(one: Point, whole: Iterable[Point]) -> bool:
    return any(
        one.series == other.series and one.start <= other.end and other.start <= one.end
        for other in whole
    )


def _point(row: Mapping[str, object], as_of: date, currency: str) -> Point:
    measure = NAMED[str(row["series"])]
    start, end = (pd.Timestamp(str(row[name])).date() for name in ("start", "end"))
    observed, expected, z, relative = (
        float(str(row[name])) for name in ("observed", "expected", "z", "relative")
    )
    return Point(
        series=measure.slug,
        label=measure.label,
        category=measure.category,
        by=str(row["by"]),
        part=str(row["part"]),
        grain=str(row["grain"]),
        start=start,
        end=end,
        age=(as_of - end).days,
        observed=observed,
        expected=expected,
        z=z,
        relative=relative,
        points=int(str(row["points"])),
        show=measure.show,
        is_money=measure.unit == "money" and not measure.is_cost,
        currency=currency,
    )


def _calm(series: str, by: str, part: str, many: int, as_of: date, currency: str) -> Point:
    measure = NAMED[series]
    return Point(
        series=series,
        label=measure.label,
        category=measure.category,
        by=by,
        part=part,
        grain=measure.grain,
        start=as_of,
        end=as_of,
        age=0,
        observed=0.0,
        expected=0.0,
        z=0.0,
        relative=0.0,
        points=many,
        show=measure.show,
        is_money=False,
        currency=currency,
    )
