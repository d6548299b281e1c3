"""What became of leads, from counts and waits: cohorts by week, steps, drop-offs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from insights.metrics import leads as m
from revops_site.kernel.frames import Array, Floats, array, arrays, framed, grouped, listed, taken
from revops_site.kernel.metrics import Metric, values
from revops_site.kernel.survival import Curve, curve

FEW = 10
DAYS_ON, WITHIN = (1, 3, 7, 14, 30, 60, 90, 180), 30
YOUNG_DAYS = 30  # as long as that a lead may still take its next step
# Each step: its name in the counts, that of the step before, the metric, what it is called.
STEPS: tuple[tuple[str, str, Metric, str], ...] = (
    ("answered", "leads", m.ANSWERED, "Lead answered"),
    ("mqls", "leads", m.QUALIFIED, "Lead → MQL"),
    ("sqls", "mqls", m.ACCEPTED, "MQL → SQL"),
    ("opportunities", "sqls", m.OPENED, "SQL → opportunity"),
    ("won", "opportunities", m.WON, "Opportunity → won"),
    ("paying", "won", m.PAYING, "Won → first MRR or invoice"),
    ("kept", "paying", m.KEPT, "Kept after 12 months"),
)
SHARES = {"mql": m.QUALIFIED, "sql": m.TO_SQL, "deal": m.TO_OPPORTUNITY, "deal_won": m.TO_WON}
COUNTED = (
    *("leads", "answered", "mqls", "sqls", "opportunities"),
    *("won", "lost", "paying", "kept", "left"),
)


def cohorts(weeks: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Where the leads of each week are now, the newest week first.

    Columns week (datetime64), leads; the shares of them that reached mql, sql, deal and deal_won;
    how many are now_lead, now_mql, now_sql, now_open, now_won and now_lost, which sum to leads;
    marks: ``open`` while any may still move, ``few`` below ten leads, apart by a space.
    """
    of: dict[str, Any] = arrays(weeks)
    ends = of["won"] + of["lost"]
    now = {
        "now_lead": of["leads"] - of["mqls"],
        "now_mql": of["mqls"] - of["sqls"],
        "now_sql": of["sqls"] - of["opportunities"],
        "now_open": of["opportunities"] - ends,
        "now_won": of["won"],
        "now_lost": of["lost"],
    }
    age = (np.datetime64(as_of, "D") - of["week"].astype("datetime64[D]")).astype("int64") - 6
    moving = (age < YOUNG_DAYS) | (now["now_open"] > 0)
    marks = [
        " ".join([*["open"] * bool(open_), *["few"] * bool(leads < FEW)])
        for open_, leads in zip(moving, of["leads"], strict=True)
    ]
    found = {
        **{name: of[name] for name in ("week", "leads")},
        **{name: values(metric, of) for name, metric in SHARES.items()},
        **now,
        "marks": array(marks, "object"),
    }
    return taken(found, range(len(weeks) - 1, -1, -1))


def steps(groups: pd.DataFrame, waits: pd.DataFrame) -> pd.DataFrame:
    """One row per step of the one funnel, nothing where there are no leads.

    Columns step, key, entered, moved, rate (as the step's metric says), median (days of those that
    moved on, hours until an answer; NaN where none did), waiting, dropped.
    """
    sums = totals(groups)
    if not sums["leads"]:
        return framed({name: array([], kind) for name, kind in STEP_KINDS.items()})
    rows = []
    for key, before, metric, label in STEPS:
        took = waits[waits["step"] == key]
        counted = {state: int(took["n"][took["state"] == state].sum()) for state in STATES}
        counted["waiting"] = int(sums[before] - sums[key] - counted["dropped"])
        rate = float(values(metric, {name: np.array([sums[name]]) for name in COUNTED})[0])
        row = (label, key, int(sums[before]), int(sums[key]), rate, median(took))
        rows.append((*row, counted["waiting"], counted["dropped"]))
    columns = zip(STEP_KINDS.items(), zip(*rows, strict=True), strict=True)
    return framed({name: array(column, kind) for (name, kind), column in columns})


UNPACED = ("answered", "kept")
STATES = ("moved", "waiting", "dropped")
STEP_KINDS = {
    **dict.fromkeys(("step", "key"), "str"),
    **dict.fromkeys(("entered", "moved"), "int64"),
    **dict.fromkeys(("rate", "median"), "float64"),
    **dict.fromkeys(("waiting", "dropped"), "int64"),
}


def by(groups: pd.DataFrame, waits: pd.DataFrame, name: str) -> pd.DataFrame:
    """The same for each channel or segment, the most leads first.

    Columns ``name``, leads, won, the rate of each step by its key (``<key>_rate``), the median
    waits ``answered_wait`` (hours), ``sqls_wait`` and ``opportunities_wait`` (days), and weakest:
    the selling step that is furthest below that of all leads, relative to it; "" for none.
    """
    whole = {key: _rate(groups, metric) for key, _, metric, _ in STEPS}
    own = grouped(groups, [name], dict.fromkeys(COUNTED, "float64"))
    rates = {key: values(metric, own).tolist() for key, _, metric, _ in STEPS}
    timed = _medians(waits, name)
    rows = []
    for place, value in enumerate(listed(own[name])):
        sums = {one: float(own[one].iloc[place]) for one in COUNTED}
        rate = {key: found[place] for key, found in rates.items()}
        waited = [timed.get((value, key), float("nan")) for key in TIMED]
        counts = (int(sums["leads"]), int(sums["won"]))
        rows.append((value, *counts, *rate.values(), *waited, _weakest(rate, whole, sums)))
    rows.sort(key=lambda row: (-row[1], row[0]))
    names = [name, "leads", "won", *(f"{key}_rate" for key in whole)]
    names += [*(f"{key}_wait" for key in TIMED), "weakest"]
    kinds = ["str", "int64", "int64", *["float64"] * (len(whole) + len(TIMED)), "str"]
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(names)
    return framed(
        {one: array(column, kind) for one, kind, column in zip(names, kinds, columns, strict=True)}
    )


def _medians(waits: pd.DataFrame, name: str) -> dict[tuple[str, str], float]:
    """The median wait of those that moved on, by channel or segment and step."""
    moved = waits[(waits["state"] == "moved") & waits["step"].isin(TIMED)]
    waited, counts = moved["wait"].to_numpy("float64"), moved["n"].to_numpy()
    places: dict[tuple[str, str], list[int]] = {}
    for place, key in enumerate(zip(listed(moved[name]), listed(moved["step"]), strict=True)):
        places.setdefault(key, []).append(place)
    return {key: _middle(waited[at], counts[at]) for key, at in places.items()}


TIMED = ("answered", "sqls", "opportunities", "won")
SELLING = ("mqls", "sqls", "opportunities", "won")


def lives(waits: pd.DataFrame) -> dict[str, Curve]:
    """How long each step is waited for by all who reached it, by its key; answers are in hours.

    Who may still go on is watched for as long as they have waited, and who is out until this day:
    they never will. What is left of the curve are those that have not gone on. A customer's year
    is no wait, and passes at one pace.
    """
    return {key: _life(waits[waits["step"] == key]) for key, *_ in STEPS if key not in UNPACED}


def _life(took: pd.DataFrame) -> Curve:
    day = took["wait"].to_numpy(dtype="int64")
    is_moved = (took["state"] == "moved").to_numpy()
    counts = took["n"].to_numpy()
    days, place = np.unique(day, return_inverse=True)
    moved, rest = np.zeros(len(days), "int64"), np.zeros(len(days), "int64")
    np.add.at(moved, place[is_moved], counts[is_moved])
    np.add.at(rest, place[~is_moved], counts[~is_moved])
    return curve(days.tolist(), moved.tolist(), rest.tolist())


def paces(waits: pd.DataFrame) -> pd.DataFrame:
    """Which share of those that reached a step has gone on so many days later.

    Columns step, key, n, half (days until half of all have, NaN where fewer do), ``by_<days>`` for
    ``DAYS_ON`` and ``low``, ``high``: the 95 % interval of the share after ``WITHIN`` days. A share
    is NaN beyond what anybody was watched for.
    """
    labels = {key: label for key, _, _, label in STEPS}
    rows = []
    for key, life in lives(waits).items():
        if not life.n:
            continue
        shares = [_gone(life, day, life.staying) for day in DAYS_ON]
        # What few stay at most is what many have gone on at least.
        low, high = (_gone(life, WITHIN, ends) for ends in (life.high, life.low))
        rows.append((labels[key], key, life.n, life.median, *shares, low, high))
    names = ["step", "key", "n", "half", *(f"by_{day}" for day in DAYS_ON), "low", "high"]
    kinds = ["str", "str", "int64", *["float64"] * (len(names) - 3)]
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(names)
    return framed(
        {one: array(column, kind) for one, kind, column in zip(names, kinds, columns, strict=True)}
    )


def _gone(life: Curve, day: int, shares: Sequence[float]) -> float:
    has_ended = not round(life.staying[-1], 9)  # once all have gone on, they have on any later day
    place = life.at(min(day, life.longest) if has_ended else day)
    return float("nan") if place is None else 1 - shares[place]


def largest_drop(steps_: pd.DataFrame) -> tuple[str, int, int] | None:
    """The step at which most leads stop: its name, how many stop, of how many; None for none."""
    selling = steps_[steps_["key"].isin(SELLING)]
    if selling.empty:
        return None
    lost = (selling["entered"] - selling["moved"]).to_numpy()
    at = int(lost.argmax())
    row = selling.iloc[at]
    return (str(row["step"]), int(lost[at]), int(row["entered"])) if lost[at] > 0 else None


def totals(groups: pd.DataFrame) -> dict[str, float]:
    """The counts of all groups together."""
    return {name: float(np.sum(groups[name].to_numpy())) for name in COUNTED}


def median(took: pd.DataFrame) -> float:
    """The median wait of those that moved on; NaN where none did."""
    moved = took[took["state"] == "moved"]
    return _middle(moved["wait"].to_numpy(dtype="float64"), moved["n"].to_numpy())


def _middle(waits: Floats, counts: Array) -> float:
    if not len(waits):
        return float("nan")
    order = np.argsort(waits, kind="stable")
    reach = np.cumsum(np.asarray(counts)[order])
    n = int(reach[-1])
    low, high = (int(np.searchsorted(reach, place + 1)) for place in ((n - 1) // 2, n // 2))
    return float((waits[order][low] + waits[order][high]) / 2)


def _rate(groups: pd.DataFrame, metric: Metric) -> float:
    sums = totals(groups)
    return float(values(metric, {name: np.array([sums[name]]) for name in COUNTED})[0])


def _weakest(own: Mapping[str, float], whole: Mapping[str, float], sums: dict[str, float]) -> str:
    """The selling step that is furthest below what is usual, of those that ten or more reached."""
    before = {key: previous for key, previous, _, _ in STEPS}
    beside = {
        key: own[key] / whole[key] - 1
        for key in SELLING
        if whole[key] and own[key] == own[key] and sums[before[key]] >= FEW
    }
    worst = min(beside, key=lambda key: round(beside[key], 9), default="")
    if not worst or round(beside[worst], 9) >= 0:
        return ""
    return {key: label for key, _, _, label in STEPS}[worst]
