"""Frames of operands as the facts that rules look at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from insights.analytics.facts import (
    Channel,
    Channels,
    Decided,
    LeadCost,
    Pace,
    Paces,
    StageTimes,
    Stuck,
    Work,
)
from revops_site.kernel.periods import Period


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
    stock: pd.DataFrame, watched: pd.DataFrame, limits: tuple[int, int], currency: str
) -> tuple[Stuck, ...]:
    """What is open and what of it is stuck, by ``limits`` of days and amount; both of one row."""
    whole, part = rows(stock)[0], rows(watched)[0]
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


def pace(stock: pd.DataFrame, flows: pd.DataFrame) -> Pace:
    """The operands of velocity: what is open at the end of a window, and what it saw decided."""
    sums = flows[["won", "lost", "won_amount", "won_missing", "won_unrated", "cycle_days"]].sum()
    return Pace(
        open_deals=int(stock["open_deals"].sum()),
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


def work(
    people: pd.DataFrame,
    days_off: pd.DataFrame,
    window: Period,
    held: Mapping[str, float],
    shown: Collection[str],
    currency: str,
) -> tuple[Work, ...]:
    """Each rep's work beside the team's; of all ``people`` where the team has nobody else.

    ``people`` has rep_id, name, team, region, start_date and done; ``days_off`` date and region;
    ``held`` is what each rep's open deals are worth. Nobody is compared with themselves alone.
    ``shown`` are the reps to speak about, none for all of them.
    """
    days = _working_days(people, days_off, window)
    known = people.assign(days=days)[days > 0]
    by_team = known.groupby("team").agg(
        n=("days", "size"), done=("done", "sum"), days=("days", "sum")
    )
    teams = {str(row["team"]): row for row in rows(by_team.reset_index()) if row["team"]}
    everybody = {"n": len(known), "done": known["done"].sum(), "days": known["days"].sum()}
    made = []
    for row in rows(known[known["rep_id"].isin(list(shown))] if shown else known):
        team = row["team"] if row["team"] in teams and teams[row["team"]]["n"] > 1 else ""
        beside = teams[team] if team else everybody
        if beside["n"] < 2:
            continue
        made.append(
            Work(
                rep_id=row["rep_id"],
                name=row["name"],
                team=team,
                done=int(row["done"]),
                working_days=int(row["days"]),
                team_done=int(beside["done"]),
                team_days=int(beside["days"]),
                open_amount=held.get(row["rep_id"]),
                currency=currency,
            )
        )
    return tuple(made)


def _working_days(people: pd.DataFrame, days_off: pd.DataFrame, window: Period) -> pd.Series[int]:
    """Monday to Friday less holidays, from the day that each rep started."""
    counted = pd.Series(0, index=people.index, dtype="int64")
    start, end = np.datetime64(window.start, "D"), np.datetime64(window.end, "D")
    for region, ones in people.groupby("region"):
        theirs = days_off[days_off["region"].isin(("", str(region)))]
        free = theirs["date"].to_numpy(dtype="datetime64[D]")
        began = ones["start_date"].to_numpy(dtype="datetime64[D]")
        first = np.minimum(np.where(np.isnat(began), start, np.maximum(began, start)), end)
        counted.loc[ones.index] = np.busday_count(first, end, holidays=free)
    return counted


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame by column name."""
    return [
        {str(name): value for name, value in row.items()} for row in frame.to_dict(orient="records")
    ]
