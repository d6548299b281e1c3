"""What rules look at in the work of reps."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from insights.analytics.facts import Work
from insights.analytics.reading.rows import rows
from revops_site.kernel.periods import Period


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
