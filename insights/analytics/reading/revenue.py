"""What rules look at in the operands of customers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import pandas as pd

from insights.analytics.facts import Churn, Reason, Retention
from insights.analytics.reading.rows import rows


def churn(sums: pd.DataFrame, month: date, currency: str) -> tuple[Churn, ...]:
    """Who left in a month; ``sums`` is one row of starting_customers, churn_customers, churn."""
    row = rows(sums)[0]
    if not row["starting_customers"]:
        return ()
    made = Churn(
        month=month,
        starting=int(row["starting_customers"]),
        churned=int(row["churn_customers"]),
        churned_mrr=float(row["churn"]),
        currency=currency,
    )
    return (made,)


def reasons(lost: pd.DataFrame, currency: str) -> tuple[Reason, ...]:
    """The reason that cost most; nothing where nobody who left gave one.

    ``lost`` has churn_reason (empty where unknown), lost_customers and mrr_lost.
    """
    groups = lost.groupby("churn_reason")[["lost_customers", "mrr_lost"]].sum().reset_index()
    known = groups[groups["churn_reason"] != ""].sort_values(
        ["mrr_lost", "churn_reason"], ascending=[False, True]
    )
    if known.empty:
        return ()
    top = rows(known)[0]
    made = Reason(
        reason=str(top["churn_reason"]),
        count=int(top["lost_customers"]),
        mrr_lost=float(top["mrr_lost"]),
        all_lost=float(groups["mrr_lost"].sum()),
        churned=int(groups["lost_customers"].sum()),
        known=int(known["lost_customers"].sum()),
        currency=currency,
    )
    return (made,)


def retention(
    groups: pd.DataFrame,
    targets: Mapping[str, float],
    segments: Collection[str],
    month: date,
    currency: str,
) -> tuple[Retention, ...]:
    """What the customers of a year ago pay now, in each segment and in all that were asked for.

    ``groups`` has segment, year_ago, year_ago_now and year_ago_customers; ``targets`` the
    retention that a segment aims at. One segment alone is not repeated as all of them.
    """
    paid = groups[groups["year_ago_customers"] > 0]
    parts = [("", paid)] if len(paid) and len(segments) != 1 else []
    parts += [(name, paid[paid["segment"] == name]) for name in paid["segment"] if name]
    return tuple(
        Retention(
            segment=str(name),
            month=month,
            customers=int(part["year_ago_customers"].sum()),
            then=float(part["year_ago"].sum()),
            now=float(part["year_ago_now"].sum()),
            target=targets.get(str(name)),
            currency=currency,
        )
        for name, part in parts
    )
