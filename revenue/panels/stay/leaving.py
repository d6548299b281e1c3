"""Why customers leave, when more of them did, and what was seen of them before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from revenue import analytics, metrics, queries
from revenue.analytics import signs as of_signs
from revenue.analytics import waves
from revenue.charts import stay as charts
from revenue.metrics.health import HORIZON_MONTHS, SIGNS
from revenue.panels.known import KNOWN, LEFT, NO_SEGMENT, label, one_month, unpriced, with_days
from revenue.panels.reasons import notes as of_reasons
from revenue.panels.reasons import reasons
from revenue.panels.stay.judged import CASES, CASES_LEFT, ROWS
from revenue.panels.stay.known import aged, unreckoned
from revenue.queries import foretold, health, leaving
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown

MOST_REASONS = 5  # that the chart tells apart


def by_month(slice_: Slice) -> pd.DataFrame:
    """The period's months: who left, of how many, why most did; each reason as a column."""
    left = leaving.by_month(slice_)
    present = _present(slice_)
    months = sorted({*left["month"], *present["month"]}) if len(left) else []
    if not months:
        return pd.DataFrame(columns=[*TREND.names, "start", "end"])
    table = left.pivot_table(
        index="month", columns="reason", values="count", aggfunc="sum", fill_value=0
    ).reindex(months, fill_value=0)
    order = list(table.sum().sort_values(ascending=False, kind="stable").index)
    paid = left.groupby("month")["mrr_lost"].sum(min_count=1).reindex(months)
    there = present.set_index("month")["starting_customers"].reindex(months)
    count = table.sum(axis=1).to_numpy("int64")
    frame = pd.DataFrame(
        {
            "month": pd.array(months, dtype="datetime64[s]"),
            "count": count,
            "mrr_lost": np.where(count > 0, paid.to_numpy("float64"), 0.0),
            "starting_customers": there.to_numpy("float64"),
            "share": _shares(count, there.to_numpy("float64")),
            "reason": [
                str(table.columns[int(row.to_numpy().argmax())]) if row.sum() else ""
                for _, row in table.iterrows()
            ],
        }
    )
    for nth, name in enumerate(order):
        kept = name if nth < MOST_REASONS else "Other reasons"
        frame[f"as: {kept}"] = table[name].to_numpy() + frame.get(f"as: {kept}", 0)
    return with_days(frame, slice_)


def _shares(count: np.ndarray, there: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.divide(count, there, out=np.full(len(count), np.nan), where=there > 0)
    return found


def _present(slice_: Slice) -> pd.DataFrame:
    found = queries.window(slice_)
    if found is None or slice_.reason:
        return pd.DataFrame(columns=["month", "starting_customers"])
    return queries.months(slice_, *found, "month")[["month", "starting_customers"]]


def wave_notes(slice_: Slice) -> Sequence[str]:
    """Names the months in which more left than chance makes of the others', and why."""
    found = waves.waves(leaving.by_month(slice_), _present(slice_))
    return [*map(_told, found), *unpriced(slice_)]


def _told(wave: waves.Wave) -> str:
    first, last = (label(day.date()) for day in (wave.first, wave.last))
    span = first if first == last else f"From {first} to {last}"
    when = f"In {span}" if first == last else span
    who = wave.segment or "no segment"
    reason = "for reasons that nobody said" if wave.reason == "Unknown" else f"for {wave.reason}"
    return (
        f"{when} {wave.left:,} customers left; as in other months it would have been "
        f"{wave.usual:,.0f}. Most of the difference: {who}, {reason} ({wave.core:,}; usual "
        f"{wave.core_usual:,.0f})."
    )


def matrix(slice_: Slice) -> pd.DataFrame:
    """Per reason the customers lost in each segment, and what they paid (R22)."""
    rows = reasons(slice_)
    if rows.empty:
        return pd.DataFrame(columns=BY_SEGMENT.names)
    table = rows.pivot_table(
        index="churn_reason", columns="segment", values="count", aggfunc="sum", fill_value=0
    )
    sums = rows.groupby("churn_reason")[["count", "mrr_lost"]].sum(min_count=1)
    whole = float(sums["mrr_lost"].sum())
    frame = pd.DataFrame({"churn_reason": sums.index.astype(str)})
    for name in SEGMENTS:
        frame[name or "none"] = _column(table, name)
    frame["count"] = sums["count"].to_numpy("int64")
    frame["mrr_lost"] = sums["mrr_lost"].to_numpy("float64")
    frame["share"] = frame["mrr_lost"] / whole if whole else np.nan
    return frame.sort_values(
        ["mrr_lost", "count", "churn_reason"], ascending=[False, False, True], ignore_index=True
    )


def _column(table: pd.DataFrame, segment: str) -> np.ndarray:
    return table[segment].to_numpy("int64") if segment in table else np.zeros(len(table), "int64")


def of_reason(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The filter of a row's reason."""
    known = row["churn_reason"] != analytics.UNKNOWN
    return {"reason": (row["churn_reason"],)} if known else None


def seen(slice_: Slice) -> pd.DataFrame:
    """The signs that chance cannot explain."""
    found = of_signs.signs(foretold.signs(slice_))
    having, flags = health.having(slice_), {sign.label: f"sign-{sign.name}" for sign in SIGNS}
    return found.assign(
        now=pd.Series([having[sign] for sign in found["sign"]], dtype="int64"),
        flag=[flags[sign] for sign in found["sign"]],
    )


def seen_notes(slice_: Slice) -> Sequence[str]:
    """How it was looked at, and what was tried in vain."""
    months, found = foretold.sampled(slice_), seen(slice_)
    if not months:
        return aged()
    shown = set(found["sign"])
    vain = [sign.label for sign in SIGNS if sign.label not in shown]
    until = label(health.months_before(months[0], -HORIZON_MONTHS))
    said = (
        f"Looked at in {len(months)} spans of {HORIZON_MONTHS} months up to {until}, each customer "
        "beside those of the same segment."
    )
    tried = f" Not told from chance: {', '.join(vain).lower()}." if vain else ""
    return [said + tried, *aged()]


def no_sign(slice_: Slice) -> str:
    """Why there is none."""
    if waiting := unreckoned(slice_):
        return waiting
    months = foretold.sampled(slice_)
    if not months:
        return "Nothing can be said yet: it takes seven months of MRR history."
    return (
        "None of the signs can be told from chance: too few left, or those with a sign left no "
        "more often than those without."
    )


SEGMENTS = ("SMB", "MM", "ENT", "")
TREND = Panel(
    slug="churn-by-month",
    title="When did customers leave, and why?",
    question="Customers whose churn date lies in the month, by reason.",
    frame=by_month,
    figure=charts.leaving,
    columns=(
        Shown("key", "Month"),
        Shown("count", "Customers lost", "integer", metric=metrics.LOST_CUSTOMERS),
        Shown("mrr_lost", "MRR lost", "money", metric=metrics.LOST_MRR),
        Shown("starting_customers", "At the month's start", "integer"),
        Shown("share", "Share that left", "percent1"),
        Shown("reason", "Most for"),
        Shown("is_partial", "Partial", "yes", help="The month has not ended yet."),
    ),
    dimensions=LEFT,
    note=wave_notes,
    width="col-12",
    narrows=one_month,
    unit="customers",
)
BY_SEGMENT = Panel(
    slug="churn-reasons-by-segment",
    title="Why do customers leave?",
    question="Customers lost in the period by reason and segment, and what they paid before.",
    frame=matrix,
    columns=(
        Shown("churn_reason", "Reason", drill="reason"),
        *(
            Shown(name or "none", NO_SEGMENT.get(name, name), "integer", heat=True)
            for name in SEGMENTS
        ),
        Shown("count", "All", "integer", metric=metrics.LOST_CUSTOMERS),
        Shown("mrr_lost", "MRR lost", "money", metric=metrics.LOST_MRR),
        Shown("share", "Share", "percent"),
    ),
    dimensions=LEFT,
    note=of_reasons,
    narrows=of_reason,
    unit="money",
)
SIGNS_SEEN = Panel(
    slug="churn-signs",
    title="What was seen before they left?",
    question=f"How many times as often customers with a sign left within {HORIZON_MONTHS} months "
    "as those without; only what chance cannot explain.",
    frame=seen,
    figure=charts.signs,
    columns=(
        Shown("sign", "Sign"),
        Shown("meaning", "What it means"),
        Shown("now", "Have it now", "integer", link=ROWS),
        Shown("seen", "With it", "integer", help="Customers times months looked at.", link=CASES),
        Shown("left", "Left", "integer", link=CASES_LEFT),
        Shown("share", "Share", "percent1"),
        Shown("other_share", "Without it", "percent1"),
        Shown("lift", "Times as often", "ratio"),
        Shown("low", "From", "ratio", help="Of all signs together 95% sure."),
        Shown("high", "to", "ratio"),
        Shown("n", "Looked at", "integer"),
    ),
    dimensions=KNOWN,
    note=seen_notes,
    nothing=no_sign,
)
