"""What the health of past months foretold: who left soon after, by band and by sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
from django.db.models import QuerySet, Sum

from revenue.metrics.health import HORIZON_MONTHS, SIGNS
from revenue.models import CustomerHealth, HealthCount
from revenue.queries.health import history, months_before, with_facts
from revenue.queries.known import DIMENSIONS, complete, ends
from revenue.rollups.health import FACTS
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, shared, to_frame
from revops_site.kernel.summing import asked

LEFT = {"band": "str", "customers": "int64", "left": "int64"}
PARTS = {
    "seen": ("true", "customers"),
    "seen_left": ("true", "left"),
    "not": ("false", "customers"),
    "not_left": ("false", "left"),
}
SEEN = {
    "segment": "str",
    **{f"{sign.name}_{part}": "int64" for sign in SIGNS for part in PARTS},
}
COUNTED = {
    **dict.fromkeys(("segment", "what", "value"), "str"),
    **dict.fromkeys(("customers", "left"), "int64"),
}
OF = ("segment", "left_in", "band", *(sign.name for sign in SIGNS))
COUNT = f"""
    SELECT segment, what, value, count(*), count(left_in)
    FROM ({{rows}}) AS judged CROSS JOIN LATERAL (VALUES {FACTS}) AS fact (what, value)
    WHERE value IS NOT NULL GROUP BY segment, what, value
"""  # noqa: S608
MOST_SPANS = 12


@shared
def left_by_band(slice_: Slice) -> pd.DataFrame:
    """Of past months, three apart: customers by band, and those that left within three: ``LEFT``.

    No month is looked at twice, so that nobody's leaving counts twice.
    """
    found = _past(slice_)
    told = found[found["what"] == "band"].groupby("value", as_index=False)[["customers", "left"]]
    return told.sum().rename(columns={"value": "band"}).astype(LEFT)


@shared
def signs(slice_: Slice) -> pd.DataFrame:
    """The same by segment and sign: those with and without it, and who of them left: ``SEEN``."""
    found = _past(slice_)
    by = found.groupby(["segment", "what", "value"])[["customers", "left"]].sum()
    known = by.to_dict("index")
    rows = [
        [
            segment,
            *(
                known.get((segment, sign.name, value), {}).get(column, 0)
                for sign in SIGNS
                for value, column in PARTS.values()
            ),
        ]
        for segment in sorted(found["segment"].unique())
    ]
    return to_frame(rows, SEEN)


@shared
def sampled(slice_: Slice) -> Sequence[date]:
    """The past months' ends that are looked at: three apart, the newest first, of three years.

    Of each the next three months are over.
    """
    known, last = ends(), complete(slice_)
    if known is None or last is None:
        return ()
    found: list[date] = []
    back = HORIZON_MONTHS
    earliest = months_before(known[0], -HORIZON_MONTHS)
    while (at := months_before(last, back)) >= earliest and len(found) < MOST_SPANS:
        found.append(at)
        back += HORIZON_MONTHS
    return tuple(found)


def cases(slice_: Slice) -> QuerySet[CustomerHealth]:
    """The customers of these months, a row for each month, with all that ``health.now`` gives."""
    return with_facts(history(slice_).filter(month__in=sampled(slice_)), slice_)


@shared
def _past(slice_: Slice) -> pd.DataFrame:
    """What past months are counted by: ``COUNTED``; of some owners' customers one by one."""
    months = sampled(slice_)
    if slice_.is_scoped:
        rows = asked(COUNT, history(slice_).filter(month__in=months).values(*OF))
        return to_frame(rows, COUNTED)
    counts = cut(HealthCount.objects.all(), slice_, when=None, dimensions=DIMENSIONS)
    by = counts.filter(month__in=months).order_by().values("segment", "what", "value")
    found = by.annotate(n=Sum("customers"), gone=Sum("left"))
    return to_frame(found.values_list("segment", "what", "value", "n", "gone"), COUNTED)
