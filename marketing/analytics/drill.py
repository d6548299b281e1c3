"""What channels, campaigns and days gave, beside what the same gave before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from marketing import metrics as m
from marketing.analytics import VOLUMES
from revops_site.kernel.frames import Array, Floats, arrays, framed, grouped, listed, taken
from revops_site.kernel.metrics import Metric, values

MEASURES = {
    "cpl": m.CPL,
    "cac": m.CAC,
    "conversion_rate": m.CONVERSION,
    "roi_percentage": m.ROI,
}
CHANGES = ("spend", "leads", "cac")
SUMS = {
    **dict.fromkeys(("spend", "known_spend", "known_revenue"), "float64"),
    **dict.fromkeys(VOLUMES, "int64"),
}


def compared(now: pd.DataFrame, before: pd.DataFrame | None, *by: str) -> pd.DataFrame:
    """One row per ``by`` of ``now``, the largest spend first, then by name.

    Columns: ``by``, spend, spend_share (fraction of all spend), the volumes of the funnel, cpl,
    cac, conversion_rate, roi_percentage, and ``<name>_change`` of spend, leads and cac: the
    fraction by which each is above ``before``, NaN where there is nothing to compare with.
    """
    groups, old = _measured(now, by), None if before is None else _measured(before, by)
    spend = np.asarray(groups["spend"])
    found = {
        **{name: groups[name] for name in (*by, "spend")},
        "spend_share": spend / (spend.sum() or np.nan),
        **{name: groups[name] for name in (*VOLUMES, *MEASURES)},
        **{f"{name}_change": _change(groups, old, by, name) for name in CHANGES},
    }
    return taken(found, np.lexsort((np.arange(len(spend)), -spend)).tolist())  # by name so far


def by_day(days: pd.DataFrame) -> pd.DataFrame:
    """Each day's sums with its measures, the newest first: date, spend, volumes, measures."""
    given: dict[str, Any] = arrays(days)
    measured = {name: values(metric, given) for name, metric in MEASURES.items()}
    kept = {name: given[name] for name in ("date", "spend", *VOLUMES)}
    return taken({**kept, **measured}, range(len(days) - 1, -1, -1))


def crossed(mix: pd.DataFrame, metric: Metric, segments: Sequence[str]) -> pd.DataFrame:
    """A measure by region (rows, the last is all of them) and segment (columns, then ``all``).

    Column geo is "" in the last row; a cell is a ratio of the sums that it is of, NaN where that
    is undefined.
    """
    geos = sorted({*listed(mix["geo"])} - {""}) if len(mix) else []
    known = arrays(mix)
    geo, segment = (np.array(listed(mix[name]), dtype="object") for name in ("geo", "segment"))
    columns: dict[str, Array] = {"geo": np.array([*geos, ""], dtype="object")}
    for name in (*segments, "all"):
        of = np.ones(len(mix), dtype=bool) if name == "all" else segment == name
        places = [of & (geo == one) for one in geos] + [of]
        sums = {
            operand: np.array([float(np.sum(np.asarray(known[operand])[at])) for at in places])
            for operand in metric.operands
        }
        columns[name] = values(metric, sums)
    made = framed(columns)
    return made if geos else made.iloc[:0]


def _measured(rows: pd.DataFrame, by: Sequence[str]) -> Mapping[str, Any]:
    groups: dict[str, Any] = arrays(grouped(arrays(rows), by, SUMS))
    return {**groups, **{name: values(metric, groups) for name, metric in MEASURES.items()}}


def _change(
    now: Mapping[str, Any], old: Mapping[str, Any] | None, by: Sequence[str], name: str
) -> Floats:
    """By which fraction each group is above what it was; NaN for what was not there."""
    keys = list(zip(*(listed(now[one]) for one in by), strict=True))
    if old is None:
        return np.full(len(keys), np.nan)
    was = dict(
        zip(
            zip(*(listed(old[one]) for one in by), strict=True),
            np.asarray(old[name], dtype="float64").tolist(),
            strict=True,
        )
    )
    before = np.array([was.get(key, np.nan) for key in keys], dtype="float64")
    values_ = np.asarray(now[name], dtype="float64")
    unknown = np.full(len(keys), np.nan)
    changes: Floats = np.divide(values_ - before, np.abs(before), out=unknown, where=before != 0)
    return changes
