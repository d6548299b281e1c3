"""What rules look at in the operands of deals."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import pandas as pd

from insights.analytics.facts import Decided, Outlook, Pace, Paces, StageTimes, Stuck
from insights.analytics.reading.rows import rows
from revops_site.kernel.metrics import Operands
from revops_site.kernel.periods import Period


def decided(
    flows: pd.DataFrame, targets: Mapping[str, float], segments: Collection[str], currency: str
) -> tuple[Decided, ...]:
    """What was decided in each segment, and over all where no single one was asked for.

    ``flows`` has segment, won, won_amount, won_missing, won_unrated and lost; ``targets`` the win
    rate that a segment aims at.
    """
    closed = flows[(flows["won"] + flows["lost"]) > 0]
    parts = [("", closed)] if len(closed) and len(segments) != 1 else []
    parts += [(name, closed[closed["segment"] == name]) for name in closed["segment"] if name]
    return tuple(
        Decided(
            segment=str(name),
            won=int(part["won"].sum()),
            lost=int(part["lost"].sum()),
            priced=int((part["won"] - part["won_missing"] - part["won_unrated"]).sum()),
            won_amount=float(part["won_amount"].sum()),
            target=targets.get(str(name)),
            currency=currency,
        )
        for name, part in parts
    )


def stuck(
    whole: Operands, part: Operands, limits: tuple[int, int], currency: str
) -> tuple[Stuck, ...]:
    """What is open, and what of it is stuck by ``limits`` of days and amount."""
    if not whole["open_deals"]:
        return ()
    made = Stuck(
        open_deals=int(whole["open_deals"]),
        open_amount=float(whole["open_amount"]),
        missing_amount=int(whole["open_missing"] + whole["open_unrated"]),
        deals=int(part["stuck"]),
        amount=float(part["stuck_amount"]),
        min_days=limits[0],
        min_amount=limits[1],
        currency=currency,
    )
    return (made,)


def pace(stock: Operands, sums: Operands) -> Pace:
    """The operands of velocity: what is open at the end of a window, and what it saw decided."""
    return Pace(
        open_deals=int(stock["open_deals"]),
        won=int(sums["won"]),
        lost=int(sums["lost"]),
        priced=int(sums["won"] - sums["won_missing"] - sums["won_unrated"]),
        won_amount=float(sums["won_amount"]),
        cycle_days=float(sums["cycle_days"]),
    )


def paces(
    now: Pace, before: Pace, window: Period, first_day: date | None, currency: str
) -> tuple[Paces, ...]:
    """Two windows of equal length, the later one being ``window``; nothing where none decided."""
    if not (now.won + now.lost):
        return ()
    whole = first_day is not None and first_day <= window.shifted(-window.days).start
    return (Paces(now, before, window.days, whole, currency),)


def stage_times(
    stays: pd.DataFrame,
    plans: pd.DataFrame,
    held: Mapping[tuple[str, str], float],
    is_whole: bool,
    currency: str,
) -> tuple[StageTimes, ...]:
    """How long deals stayed in each stage of the plan.

    ``stays`` has pipeline_id, stage_name, exits, days, exits_before, days_before; ``plans``
    pipeline_id, pipeline_name, stage_name, expected_days; ``held`` is what the open deals of each
    pipeline and stage are worth. A pipeline is named where there are several.
    """
    joined = stays.merge(plans, on=["pipeline_id", "stage_name"])
    several = joined["pipeline_id"].nunique() > 1
    return tuple(
        StageTimes(
            stage=row["stage_name"],
            pipeline=row["pipeline_name"] if several else "",
            pipeline_id=row["pipeline_id"],
            exits=int(row["exits"]),
            days=float(row["days"]),
            exits_before=int(row["exits_before"]),
            days_before=float(row["days_before"]),
            expected=None if pd.isna(row["expected_days"]) else int(row["expected_days"]),
            open_amount=held.get((row["pipeline_id"], row["stage_name"]), 0.0),
            whole=is_whole,
            currency=currency,
        )
        for row in rows(joined)
    )


def outlook(
    totals: pd.DataFrame, deals: pd.DataFrame, healthy_from: float, currency: str
) -> tuple[Outlook, ...]:
    """The quarter's forecast, with its Commit; nothing where no deal is expected in it.

    ``totals`` are the forecast's operands in one row; ``deals`` has category, value (NaN where
    unknown) and health_score.
    """
    known = {name: None if pd.isna(v) else float(v) for name, v in totals.iloc[0].items()}
    if not known["open_deals"]:
        return ()
    commit = deals[deals["category"] == "Commit"]
    weak = commit[commit["health_score"] < healthy_from]
    pipeline, won = known["past_pipeline"], known["past_won"]
    made = Outlook(
        open_deals=int(known["open_deals"]),
        open_amount=known["pipeline_total"] or 0.0,
        remaining=known["remaining_target"],
        required=pipeline / won if pipeline and won else None,
        forecast=known["ai_forecast"] or 0.0,
        week_ago=known["forecast_week_ago"],
        commit_deals=len(commit),
        commit_amount=float(commit["value"].sum()),
        weak_deals=len(weak),
        weak_amount=float(weak["value"].sum()),
        priced=int((commit["value"] > 0).sum()),
        currency=currency,
    )
    return (made,)
