"""A rep's quarters one after the other, and how far the own calls of closed ones were off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from coaching.analytics import performance
from coaching.analytics.attainment import attained, quota_of
from coaching.charts import rep as charts
from coaching.panels.rep.known import nothing
from coaching.panels.team.known import OF_DEALS
from coaching.queries import sums
from coaching.queries.people import Person, team_of
from pipeline import metrics as deal_metrics
from pipeline.analytics.calls import verdict
from pipeline.panels.calls import record
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.periods import Period, fiscal_quarter, quarter_label
from revops_site.kernel.queries import shared

QUARTERS = 8
COLUMNS = (
    *("quarter", "won", "lost", "won_amount", "quota", "attainment", "win_rate", "few"),
    *("avg_deal_size", "avg_sales_cycle_days", "is_running", "start", "end"),
)
CALLS = ("quarter", "calls", "actual", "bias", "error", "last_call")
FEW = 5


def frame(slice_: Slice, whose: Person) -> pd.DataFrame:
    """One row a quarter, the oldest first: from the first that anything is known of."""
    if not team_of(slice_, whose.rep_id).shown:
        return nothing(COLUMNS)
    days = sums.last_quarters(slice_.as_of, slice_.first_month, QUARTERS)
    ids = (whose.rep_id,)
    months = sums.months(slice_, ids, days)
    quotas = sums.planned(slice_, ids, days)
    rows = pd.concat([_quarter(one, months, quotas, slice_) for one in _quarters(slice_, days)])
    known = (rows["won"] + rows["lost"] > 0) | (rows["quota"] > 0)
    first = int(np.argmax(known)) if known.any() else len(rows)
    return rows.iloc[first:].reset_index(drop=True)[[*COLUMNS]]


def _quarters(slice_: Slice, days: Period) -> Sequence[Period]:
    found, day = list[Period](), days.start
    while day < days.end:
        quarter = fiscal_quarter(day, slice_.first_month)
        found.append(quarter.until(slice_.as_of))
        day = quarter.end
    return found


def _quarter(
    days: Period, months: pd.DataFrame, quotas: pd.DataFrame, slice_: Slice
) -> pd.DataFrame:
    """One quarter of all reps in ``months`` or ``quotas`` together; so far, where it runs."""
    reps = pd.Index(sorted({*months["owner_id"], *quotas["rep_id"]}), dtype="str")
    one = performance.sums_of(months, days, reps)
    told = performance.measured(one)
    quota = quota_of(quotas, days)
    found = told.assign(quota=quota.reindex(reps), attainment=attained(one["won_amount"], quota))
    label = quarter_label(days.start, slice_.first_month)
    is_running = days.end < fiscal_quarter(days.start, slice_.first_month).end
    return found.assign(
        quarter=label,
        few=["few" if low else "" for low in told["low_sample"]],
        is_running="running" if is_running else "",
        start=pd.Timestamp(days.start),
        end=pd.Timestamp(days.last_day),
    )


def _days(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """What narrows to a quarter: its days, of all that the rep sells, as quotas know no filter."""
    first, last = (pd.Timestamp(row[name]).date() for name in ("start", "end"))
    return {"period": "custom", "start": first, "end": last, **dict.fromkeys(OF_DEALS, ())}


@shared
def errors(slice_: Slice, whose: Person) -> pd.DataFrame:
    found = record.errors(replace(slice_, owner=(whose.rep_id,), team=()))
    return found[found["rep_id"] == whose.rep_id]


def calls(slice_: Slice, whose: Person) -> pd.DataFrame:
    """One row a closed quarter that the rep called: all its weeks' errors, of what was won."""
    if not team_of(slice_, whose.rep_id).shown:
        return nothing(CALLS)
    found = errors(slice_, whose)
    if found.empty:
        return nothing(CALLS)
    rows = []
    for name, group in found.groupby("quarter", sort=False):
        actual = float(group["actual"].sum())
        ordered = group.sort_values("week")
        rows.append(
            {
                "quarter": name,
                "calls": len(group),
                "actual": float(group["actual"].iloc[0]),
                "bias": float(group["error"].sum()) / actual if actual > 0 else float("nan"),
                "error": float(group["error"].abs().sum()) / actual if actual > 0 else float("nan"),
                "last_call": float(ordered["commit_amount"].iloc[-1]),
                "on": ordered["day"].iloc[-1],
            }
        )
    return pd.DataFrame(rows).sort_values("on", ignore_index=True)[[*CALLS]]


def call_notes(slice_: Slice, whose: Person) -> Sequence[str]:
    """What can be said of the calls so far."""
    found = errors(slice_, whose)
    if found.empty:
        return ()
    actual = float(found["actual"].sum())
    bias = float(found["error"].sum()) / actual if actual > 0 else float("nan")
    quarters = found["quarter"].nunique()
    told = verdict(quarters, bias)
    return (f"{told}: {quarters:,} closed {'quarter' if quarters == 1 else 'quarters'}.",)


PANEL = Panel(
    slug="rep-quarters",
    title="How does it go, quarter by quarter?",
    question="Won of the quota, and win rate; the running quarter so far.",
    frame=lambda _: nothing(COLUMNS),
    figure=charts.quarters,
    columns=(
        Shown("quarter", "Quarter"),
        Shown("is_running", "State", words={"running": "Running"}, tone={"running": "muted"}),
        Shown("attainment", "Attainment", "percent"),
        Shown("won_amount", "Won", "money", metric=deal_metrics.WON_VALUE),
        Shown("quota", "Quota", "money", help="Of its days so far."),
        Shown("win_rate", "Win rate", "percent", metric=deal_metrics.WIN_RATE),
        Shown("won", "Won deals", "integer", metric=deal_metrics.WON),
        Shown("lost", "Lost deals", "integer", metric=deal_metrics.LOST),
        Shown("few", "Sample", words={"few": "Fewer than 5"}, tone={"few": "warn"}),
        Shown("avg_deal_size", "Deal size", "money", metric=deal_metrics.DEAL_SIZE),
        Shown("avg_sales_cycle_days", "Cycle", "days", metric=deal_metrics.CYCLE),
    ),
    dimensions=("team", "owner"),
    unit="money",
    narrows=_days,
    nothing="Nothing was won, lost or planned in the last two years.",
)
CALLED = Panel(
    slug="rep-calls",
    title="How right are the own calls?",
    question="Calls of closed quarters, of what was won; above 0 they were too high.",
    frame=lambda _: nothing(CALLS),
    figure=charts.calls,
    columns=(
        Shown("quarter", "Quarter"),
        Shown("bias", "Bias", "percentDelta", help="All weeks' calls; above 0 too high."),
        Shown("error", "Error", "percent", help="All errors together, of all that was won."),
        Shown("calls", "Weeks called", "integer"),
        Shown("last_call", "Last call", "money"),
        Shown("actual", "Won", "money"),
    ),
    dimensions=("team", "owner"),
    unit="money",
    nothing="No closed quarter was called.",
)
