"""What people said a quarter would bring: week by week, and how right they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from revops_site.kernel.frames import Floats
from revops_site.kernel.periods import WEEKS_OF_QUARTER, Period

WHO = ["rep_id", "team"]
BUCKETS = (("early", 1, 3), ("middle", 4, 10), ("late", 11, 13))
ENOUGH_QUARTERS = 3
ON_THE_MARK = 0.10
HIGH, LOW, RIGHT, FEW = "Calls too high", "Calls too low", "On the mark", "Not enough"
NO_ACTUAL = pd.DataFrame(columns=[*WHO, "quarter", "actual"])
NO_SYSTEM = pd.DataFrame(columns=[*WHO, "quarter", "week", "forecast"])


def placed(calls: pd.DataFrame, quarters: Mapping[str, Period]) -> pd.DataFrame:
    """The calls that were made within their quarter, each with its ``week`` from 1 to 13."""
    starts = calls["quarter"].map({name: pd.Timestamp(q.start) for name, q in quarters.items()})
    ends = calls["quarter"].map({name: pd.Timestamp(q.end) for name, q in quarters.items()})
    starts, ends = starts.astype("datetime64[s]"), ends.astype("datetime64[s]")
    week = ((calls["day"] - starts).dt.days // 7 + 1).clip(upper=WEEKS_OF_QUARTER)
    inside = (calls["day"] >= starts) & (calls["day"] < ends)
    return calls[inside].assign(week=week[inside].astype("int64"))


def by_week(calls: pd.DataFrame) -> pd.DataFrame:
    """The last call of each week, which is the week's: the columns of ``calls``.

    ``calls`` has rep_id, team, quarter, week (1 to 13) and is in the order that they were made.
    """
    return calls.groupby([*WHO, "quarter", "week"], sort=True).tail(1).reset_index(drop=True)


def newest(weekly: pd.DataFrame, week: int) -> pd.DataFrame:
    """The call that stands in a week of a quarter, one row each: with ``change`` and ``of_week``.

    ``change`` is what the commit moved by since the call of an earlier week, NaN where there was
    none.
    """
    known = weekly[weekly["week"] <= week]
    moved = known["commit_amount"] - known.groupby(WHO)["commit_amount"].shift(1)
    found = known.assign(change=moved, of_week=known["week"])
    return found.groupby(WHO, sort=False).tail(1).reset_index(drop=True)


def together(teams: pd.DataFrame, reps: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Each team followed by its reps, the largest forecast first, with the call of each.

    ``teams`` and ``reps`` have who, rep_id ("" of a team), team, ai_forecast; ``now`` is that of
    ``newest``. ``reps_commit`` is what the reps of a team commit to together, NaN of reps and
    where none has called.
    """
    words = dict.fromkeys(("who", *WHO), "object")
    teams, reps = teams.astype(words), reps.astype(words)
    now = now.astype(dict.fromkeys(WHO, "object"))
    named = now.assign(is_team=now["rep_id"] == "")
    mine = named[~named["is_team"]].drop(columns=["team", "is_team"])
    theirs = named[named["is_team"]].drop(columns=["rep_id", "is_team"])
    of_reps = reps.merge(mine, how="left", on="rep_id")
    of_teams = teams.merge(theirs, how="left", on="team")
    sums = of_reps.groupby("team")["commit_amount"].sum(min_count=1)
    of_teams = of_teams.assign(reps_commit=of_teams["team"].map(sums).astype("float64"))
    of_reps = of_reps.assign(reps_commit=np.nan)
    both = pd.concat([of_teams.assign(place=0), of_reps.assign(place=1)], ignore_index=True)
    both = both.sort_values(
        ["team", "place", "ai_forecast", "who"], ascending=[True, True, False, True]
    )
    texts = {name: both[name].fillna("") for name in ("submitted_by", "note")}
    return both.drop(columns="place").assign(**texts).reset_index(drop=True)


def course(weekly: pd.DataFrame, week: int) -> pd.DataFrame:
    """What stands in each week up to ``week``, summed: of the reps and of the managers.

    One row a week: week_number, reps_commit, reps_best_case, managers_commit; a call stands until
    the next one. NaN where nobody has said anything yet, and after ``week``.
    """
    numbers = pd.Index(range(1, WEEKS_OF_QUARTER + 1), name="week_number")
    reps, teams = weekly[weekly["rep_id"] != ""], weekly[weekly["team"] != ""]
    found = pd.DataFrame(
        {
            "reps_commit": _standing(reps, "rep_id", "commit_amount"),
            "reps_best_case": _standing(reps, "rep_id", "best_case_amount"),
            "managers_commit": _standing(teams, "team", "commit_amount"),
        }
    ).reindex(numbers)
    found.loc[found.index > week] = np.nan
    return found.reset_index()


def _standing(weekly: pd.DataFrame, who: str, amount: str) -> pd.Series[float]:
    wide = weekly.pivot_table(index="week", columns=who, values=amount, aggfunc="last")
    wide = wide.reindex(range(1, WEEKS_OF_QUARTER + 1)).ffill()
    return wide.sum(axis=1, min_count=1)


def actuals(won: pd.DataFrame, weekly: pd.DataFrame, teams: Mapping[str, str]) -> pd.DataFrame:
    """What each rep and team that called a quarter won in it, 0 where it was nothing.

    ``won`` has rep_id, quarter, value; ``teams`` the team of each rep. As ``errors`` takes it.
    """
    asked = weekly[[*WHO, "quarter"]].drop_duplicates()
    known = _with_teams(won, teams, ["quarter"], "value")
    found = asked.merge(known, how="left", on=[*WHO, "quarter"])
    return found.assign(actual=found["value"].fillna(0.0)).drop(columns="value")


def on_weeks(kept: pd.DataFrame, quarters: Mapping[str, Period]) -> pd.DataFrame:
    """What was kept on days (snapshot_date), each with the quarter and week of its day."""
    parts = []
    for name, quarter in quarters.items():
        days = kept["snapshot_date"]
        inside = (days >= pd.Timestamp(quarter.start)) & (days < pd.Timestamp(quarter.end))
        week = (days[inside] - pd.Timestamp(quarter.start)).dt.days // 7 + 1
        parts.append(
            kept[inside].assign(quarter=name, week=week.clip(upper=WEEKS_OF_QUARTER).astype(int))
        )
    return pd.concat(parts, ignore_index=True)


def expected(kept: pd.DataFrame, teams: Mapping[str, str]) -> pd.DataFrame:
    """What was expected of each rep and team in each week, as ``errors`` takes it.

    ``kept`` has rep_id, quarter, week, forecast.
    """
    return _with_teams(kept, teams, ["quarter", "week"], "forecast")


def _with_teams(
    rows: pd.DataFrame, teams: Mapping[str, str], by: list[str], name: str
) -> pd.DataFrame:
    """Sums of reps, and of the teams that they are in today."""
    of_reps = rows.groupby(["rep_id", *by], as_index=False)[name].sum().assign(team="")
    of_teams = rows.assign(team=rows["rep_id"].map(teams).astype("str"))
    of_teams = of_teams[of_teams["rep_id"].isin(list(teams))]
    of_teams = of_teams.groupby(["team", *by], as_index=False)[name].sum().assign(rep_id="")
    both: pd.DataFrame = pd.concat([of_reps, of_teams], ignore_index=True)[[*WHO, *by, name]]
    return both


def errors(weekly: pd.DataFrame, actual: pd.DataFrame, system: pd.DataFrame) -> pd.DataFrame:
    """Each week's call of closed quarters beside what came: with actual, error and system_error.

    ``actual`` has rep_id, team, quarter, actual; ``system`` these, week and forecast (what was
    expected that week). Errors are call less actual; NaN where nothing is known.
    """
    known = weekly.merge(actual, how="inner", on=[*WHO, "quarter"])
    known = known.merge(system, how="left", on=[*WHO, "quarter", "week"])
    expected = known["forecast"].fillna(known["forecast_amount"])
    return known.assign(
        error=known["commit_amount"] - known["actual"], system_error=expected - known["actual"]
    )


def accuracy(found: pd.DataFrame) -> pd.DataFrame:
    """How right each one was, of ``errors``: one row per rep_id and team.

    quarters, calls, error, bias, error_early, error_middle, error_late, system_error, verdict.
    ``error`` is all errors together of all results together, ``bias`` the same with its sign
    (above 0: too high); by the weeks of the quarter too. ``verdict`` says nothing of fewer than
    three quarters. Ratios are NaN where nothing was won.
    """
    of = _together(found, WHO)
    whose = of.index.to_frame(index=False).astype("str")
    quarters = found.groupby(WHO, sort=True)["quarter"].nunique().to_numpy()
    bias = _share(of, "bias", "actual")
    told: dict[str, Any] = {
        "quarters": quarters,
        "calls": of["calls"].to_numpy(),
        "error": _share(of, "error", "actual"),
        "bias": bias,
        **{f"error_{name}": _share(of, f"error_{name}", f"of_{name}") for name, *_ in BUCKETS},
        "system_error": _share(of, "system", "of_system"),
        "verdict": [verdict(*one) for one in zip(quarters.tolist(), bias.tolist(), strict=True)],
    }
    return whose.assign(**told)


def week_errors(found: pd.DataFrame) -> pd.DataFrame:
    """How far off the calls of each week were, of all together: one row a week from 1 to 13.

    week_number, calls, error, bias, system_error; no rows where there are no calls.
    """
    of = _together(found, ["week"])
    return pd.DataFrame(
        {
            "week_number": of.index.to_numpy("int64"),
            "calls": of["calls"].to_numpy(),
            "error": _share(of, "error", "actual"),
            "bias": _share(of, "bias", "actual"),
            "system_error": _share(of, "system", "of_system"),
        }
    )


def _together(found: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """The sums of errors and of what they are shares of, for each of ``by`` in order.

    What the product expected counts where it is known.
    """
    off, actual, is_known = found["error"].abs(), found["actual"], found["system_error"].notna()
    parts: dict[str, Any] = {
        "calls": 1,
        "actual": actual,
        "error": off,
        "bias": found["error"],
        "system": found["system_error"].abs(),
        "of_system": actual.where(is_known),
    }
    for name, first, last in BUCKETS:
        inside = found["week"].between(first, last)
        parts |= {f"error_{name}": off.where(inside), f"of_{name}": actual.where(inside)}
    named = found[list(by)].assign(**parts)
    return named.groupby(list(by), sort=True)[list(parts)].sum()


def verdict(quarters: int, bias: float) -> str:
    """What can be said of somebody's calls."""
    if quarters < ENOUGH_QUARTERS or np.isnan(bias):
        return FEW
    if abs(bias) <= ON_THE_MARK:
        return RIGHT
    return HIGH if bias > 0 else LOW


def _share(sums: pd.DataFrame, errors: str, of: str) -> Floats:
    whole = sums[of].to_numpy("float64")
    found = np.full(len(whole), np.nan)
    np.divide(sums[errors].to_numpy("float64"), whole, out=found, where=whole > 0)
    return found
