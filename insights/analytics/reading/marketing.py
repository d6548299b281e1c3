"""What rules look at in marketing's operands."""

from __future__ import annotations

import pandas as pd

from insights.analytics.facts import Channel, Channels, LeadCost
from insights.analytics.reading.rows import rows


def channels(mix: pd.DataFrame, currency: str) -> tuple[Channels, ...]:
    """All channels of marketing's operands, compared with each other; nothing without rows.

    ``mix`` has channel, spend, leads, closed_won, known_spend and known_revenue.
    """
    groups = mix.groupby("channel", as_index=False, observed=True).sum(numeric_only=True)
    found = tuple(
        Channel(
            name=str(row["channel"]),
            spend=float(row["spend"]),
            leads=int(row["leads"]),
            closed_won=int(row["closed_won"]),
            known_spend=float(row["known_spend"]),
            known_revenue=float(row["known_revenue"]),
        )
        for row in rows(groups)
    )
    return (Channels(found, currency),) if found else ()


def lead_costs(ranges: pd.DataFrame, currency: str) -> tuple[LeadCost, ...]:
    """Each channel and segment that has leads and a range of what they may cost.

    ``ranges`` has channel, segment, spend, leads and max_value.
    """
    known = ranges[ranges["max_value"].notna() & (ranges["leads"] > 0)]
    return tuple(
        LeadCost(
            channel=str(row["channel"]),
            segment=str(row["segment"]),
            spend=float(row["spend"]),
            leads=int(row["leads"]),
            most=float(row["max_value"]),
            currency=currency,
        )
        for row in rows(known)
    )
