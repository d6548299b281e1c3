"""What deals are planned by: the pipelines, their stages, and what each rep is to win."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.samples.told import told
from revops_site.kernel.world import World, cast, seasons
from revops_site.kernel.world.frame import Days, Numbers, Texts
from revops_site.kernel.world.process import PIPELINES

# About what one unit is worth in US dollars: quotas are set in them.
WORTH = {"USD": 1.0, "EUR": 1.09, "GBP": 1.28}
AHEAD = 1.08  # all quotas beside all that was won
OWN = 0.7  # the weight of what the rep wins beside what the region does
USUAL, SILENCE = 0.95, 0.65  # of what is asked: what is won, and by a rep who went dark
LEAST = 0.1
SETTLED = 0.5  # quarters after which a year's quotas can be told from its wins
QUARTER_DAYS = 91
RAMP = (0.25, 0.5, 0.75)  # of the full quota in the quarters after a rep started
ROUND = 500.0
QUARTERS_AHEAD = 1


def pipelines(world: World) -> pd.DataFrame:
    """One row per pipeline; the same for every world."""
    return pd.DataFrame(
        {
            "pipeline_id": [pipeline.id for pipeline in PIPELINES],
            "pipeline_name": [pipeline.name for pipeline in PIPELINES],
            "pipeline_order": range(1, len(PIPELINES) + 1),
        }
    )


def stages(world: World) -> pd.DataFrame:
    """One row per stage of a pipeline, in order; the same for every world. Days are whole."""
    rows = [
        {
            "stage_id": f"{pipeline.id}_{order:02d}",
            "pipeline_id": pipeline.id,
            "stage_name": stage.name,
            "stage_order": order,
            "probability": stage.probability,
            "expected_days": stage.expected_days,
            "rotten_days": stage.rotten_days,
            "days_to_invoice": stage.days_to_invoice,
            "is_execution": stage.is_execution,
            "is_closed": stage.is_closed,
        }
        for pipeline in PIPELINES
        for order, stage in enumerate(pipeline.stages, 1)
    ]
    days = ["expected_days", "rotten_days", "days_to_invoice"]
    return pd.DataFrame(rows).astype(dict.fromkeys(days, "Int64"))


def quotas(world: World) -> pd.DataFrame:
    """One row per rep and quarter that the files tell of as a whole, and the one after it.

    Money in US dollars, for quarters of the calendar year. Who has just started gets less.
    """
    starts = _quarters(world)
    amount = np.round(_levels(world, starts) / ROUND) * ROUND
    rep, quarter = np.nonzero(amount > 0)
    ids = cast.rep_ids(world)
    months = starts.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    labels = [f"Q{month % 12 // 3 + 1} {1970 + month // 12}" for month in months.tolist()]
    return pd.DataFrame(
        {
            "rep_id": ids[rep],
            "manager_name": managers(world)[rep],
            "quarter": np.array(labels, dtype=object)[quarter],
            "quota_amount": amount[rep, quarter],
            "currency": "USD",
        }
    )


def managers(world: World) -> Texts:
    """Who leads each of the reps."""
    by_team = {team.name: team.manager for team in cast.teams(world)}
    return np.array([by_team[rep.team] for rep in cast.reps(world)], dtype=object)


def _quarters(world: World) -> Days:
    """The first days of the quarters, from the first whole one of the files on."""
    days = np.arange(world.first, world.last + 93 * QUARTERS_AHEAD)
    starts: Days = np.unique(seasons.quarter_start(days))
    return starts[starts >= world.first]


def _levels(world: World, starts: Days) -> Numbers:
    """What each rep is to win in each quarter; reps by quarters.

    Set for a whole year: between what the rep's load is worth in the region and what leads the
    rep to an attainment as good as the rep is, and in all a little more than is won.
    """
    years = starts.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    weight = seasons.growth(world, starts + 45) * _ramp(world, starts)
    past = np.clip((world.last + 1 - starts) / QUARTER_DAYS, 0.0, 1.0)
    levels = np.zeros_like(weight)
    level = np.zeros(len(weight))
    for year in np.unique(years):
        here = years == year
        if past[here].sum() >= SETTLED:
            asked = (weight * past)[:, here].sum(axis=1)
            won = _won(world, starts[here][0], starts[here][-1] + QUARTER_DAYS)
            level = _goal(world, int(year), won, asked) / np.maximum(asked, LEAST)
        levels[:, here] = level[:, None] * weight[:, here]
    won = _won(world, int(starts[0]), world.last + 1)
    scaled: Numbers = levels * AHEAD * won.sum() / max(1.0, (levels * past).sum())
    return scaled


def _won(world: World, first: float, end: float) -> Numbers:
    """What each rep has won from the first day to the day before the end."""
    found = told(world)
    known = (found["won"] & found["decided"] & found["closed"].between(first, end - 1)).to_numpy()
    worth = (found["amount"] * found["currency"].map(WORTH).astype("float64"))[known]
    reps = len(cast.reps(world))
    return np.bincount(found["rep"].to_numpy()[known], worth, minlength=reps).astype(np.float64)


def _goal(world: World, year: int, won: Numbers, asked: Numbers) -> Numbers:
    """What each rep was to win by now in a year (since 1970)."""
    reps = cast.reps(world)
    load = np.array([each.load for each in reps]) * asked
    regions = np.array([each.region for each in reps])
    least = won.mean() * LEAST
    fair = np.zeros(len(reps))
    for region in np.unique(regions):
        here = regions == region
        fair[here] = max(least, won[here].sum()) * load[here] / max(LEAST, load[here].sum())
    fair = np.maximum(fair, least)
    own = np.maximum(won, fair * LEAST) / _skills(world, year)
    goal: Numbers = fair ** (1 - OWN) * own**OWN
    return goal


def _skills(world: World, year: int) -> Numbers:
    """How much of what is asked each rep wins, as a rule."""
    coached = year + 1970 > world.coaching.year
    silent = year + 1970 >= world.dark.year
    skills = [
        each.winning * (each.coached if coached else 1.0) * (SILENCE if silent * each.silent else 1)
        for each in cast.reps(world)
    ]
    found: Numbers = USUAL * np.array(skills) ** 0.7
    return found


def _ramp(world: World, starts: Days) -> Numbers:
    """The part of the full quota that each rep gets in each quarter."""
    first = np.array([cast.started(world, rep) or 0 for rep in cast.reps(world)])
    since = (starts - seasons.quarter_start(first)[:, None]) / 91.3
    place = np.clip(np.round(since).astype(np.int64), -1, len(RAMP))
    return np.array((*RAMP, 1.0, 0.0))[place]
