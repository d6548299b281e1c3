"""Whether this month's and this quarter's spend keeps to its budget, or to the period before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from marketing import metrics, queries
from marketing.analytics import pacing as sums
from marketing.queries import pacing
from revops_site.kernel import formats
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.periods import Period, fiscal_quarter, month, plus

LATELY = 28  # whole weeks, as weekends are quiet
KNOWN = tuple(pacing.DIMENSIONS)
SAID = {
    "over": "Above its budget",
    "under": "Below its budget",
    "ok": "On pace",
    "none": "No budget given",
}
ALL_CHANNELS = {"": "All channels"}

Of = Callable[[Slice], Period]


def _month(slice_: Slice) -> Period:
    return month(slice_.as_of)


def _quarter(slice_: Slice) -> Period:
    return fiscal_quarter(slice_.as_of, slice_.first_month)


def _elapsed(slice_: Slice, period: Period) -> Period:
    return Period(period.start, min(period.end, plus(slice_.as_of, 1)))


def _before(period: Period, of: Of, slice_: Slice, days: int) -> Period | None:
    """As many days of the period before, all of it where this one is over.

    None where it was shorter than that, or the data start later.
    """
    first = queries.first_day()
    earlier = of(slice_.at(plus(period.start, -1)))
    found = earlier if days == period.days else earlier.first(days)
    return found if found is not None and first is not None and found.start >= first else None


def _paced(slice_: Slice, of: Of) -> pd.DataFrame:
    period = of(slice_)
    elapsed = _elapsed(slice_, period)
    before = _before(period, of, slice_, elapsed.days)
    end = plus(slice_.as_of, 1)
    first = queries.first_day() or slice_.as_of
    lately = Period(max(plus(end, -LATELY), min(first, slice_.as_of)), end)
    planned = pacing.budgets(slice_, period)
    return sums.pace(
        pacing.spent(slice_, elapsed),
        pacing.spent(slice_, before) if before else None,
        pacing.spent(slice_, lately),
        planned,
        period=period,
        elapsed=elapsed.days,
        lately_days=lately.days,
        months=_months(period),
    )


def _months(period: Period) -> int:
    return (period.last_day.year - period.start.year) * 12 + (
        period.last_day.month - period.start.month + 1
    )


def _notes(slice_: Slice, of: Of) -> Sequence[str]:
    """How far the period is, and what the spend is held against."""
    period = of(slice_)
    elapsed = _elapsed(slice_, period)
    said = [f"Day {elapsed.days} of {period.days}, from {formats.show(period.start, 'date')}."]
    planned = pacing.budgets(slice_, period)
    if planned.empty:
        said.append(
            "No budget is given for these months: spend is held against the same days of the "
            "period before. Budgets come in a file marketing_budgets: month, channel, amount."
        )
    elif (planned["months"] < _months(period)).any():
        said.append("A channel with a budget for a part of the months alone is not judged.")
    if not planned.empty and planned["unrated"].sum():
        said.append("Budgets in a currency without an exchange rate are in no sum.")
    if _before(period, of, slice_, elapsed.days) is None:
        said.append("Nothing to compare with: the data start later, or the period was shorter.")
    return said


def _panel(slug: str, title: str, of: Of) -> Panel:
    def narrows(row: Mapping[str, Any]) -> Mapping[str, Any]:
        days = {"period": "custom", "start": row["first_day"], "end": row["last_day"]}
        whole = {"segment": (), "region": ()}
        return {**days, **whole, **({"channel": (row["channel"],)} if row["channel"] else {})}

    def frame(slice_: Slice) -> pd.DataFrame:
        paced = _paced(slice_, of)
        days = _elapsed(slice_, of(slice_))
        return paced.assign(first_day=days.start, last_day=days.last_day)

    return Panel(
        slug=slug,
        title=title,
        question="To date, and at the end if the days to come cost what the last 28 did.",
        frame=frame,
        columns=(
            Shown("channel", "Channel", words=ALL_CHANNELS),
            Shown("spend", "Spend", "money", metric=metrics.SPEND),
            Shown("before", "Same days before", "money", help="As many days of the period before."),
            Shown("change", "Change", "percentDelta", help="Against the same days before."),
            Shown("budget", "Budget to date", "money", metric=metrics.BUDGET),
            Shown("pace", "Of it spent", "percent", help="Spend over the budget to date."),
            Shown("whole", "Whole budget", "money", help="Of all months of the period."),
            Shown("projected", "Projected end", "money", help="Spend on the period's last day."),
            Shown(
                "verdict",
                "Verdict",
                words=SAID,
                tone={"over": "bad", "under": "warn", "ok": "good"},
                help="The projected end, beside the whole budget by more than a tenth or not.",
            ),
        ),
        dimensions=KNOWN,
        width="col-12",
        unit="money",
        note=lambda slice_: _notes(slice_, of),
        narrows=narrows,
    )


MONTH = _panel("pacing-month", "Does this month's spend keep to its budget?", _month)
QUARTER = _panel("pacing-quarter", "Does this quarter's spend keep to its budget?", _quarter)
LEDGER = Ledger(
    slug="marketing-budgets",
    title="Budgets of campaigns",
    metrics=(metrics.BUDGET,),
    totals=pacing.totals,
    sql=pacing.totals_sql,
    rows=pacing.rows,
    columns=(
        Shown("month", "Month", "date"),
        Shown("channel", "Channel"),
        Shown("campaign", "Campaign"),
        Shown("amount", "Amount", "decimal"),
        Shown("currency", "Currency"),
        Shown("fx_rate", "Rate", "decimal"),
        Shown("share", "Part that counts", "decimal"),
    ),
    order=("month", "channel", "campaign"),
    datasets=("marketing_channels",),
    dimensions=KNOWN,
    counts="rows",
)
