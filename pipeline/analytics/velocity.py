"""Where deals spend their time: how long stages take, whether they are passed, where they wait."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from pipeline.analytics.rates import FEW
from revops_site.kernel import formats
from revops_site.kernel.frames import arrays, listed
from revops_site.kernel.survival import median

COLUMNS = (
    *("stage_name", "stage_order", "avg_duration_days", "median_duration_days"),
    *("benchmark_days", "deviation_days", "duration_change_pct", "trend_direction"),
    *("conversion_rate", "deals_in_stage", "amount_in_stage", "status_indicator", "trend_display"),
)
SLOWER, SOONER = 0.1, -0.1  # a change of the average that is more than chance
LEEWAY_DAYS, LEEWAY = 3.0, 0.2  # beyond the benchmark: days, or a share of it
TOLD = ("days", "left", "inside")


def velocity(
    exits: pd.DataFrame,
    before: pd.DataFrame,
    cohorts: pd.DataFrame,
    stock: pd.DataFrame,
    plans: pd.DataFrame,
) -> pd.DataFrame:
    """One row per stage in stage order (P15 to P21): ``COLUMNS``, ``exits``, ``excess``, planned.

    ``exits`` and ``before`` hold who left a stage of a pipeline in the period and in the one
    before: ``pipeline_id``, ``stage_name``, ``exits``, ``days``. ``excess`` is by how many days
    all that left were slower than planned. Stages of one name are one, whatever their pipeline;
    each deal is held against the plan of its own. What is not known is NaN or None.
    """
    names = _places(plans, [exits, cohorts, stock])
    now = _by_stage(exits, names.index)
    then = _by_stage(before, names.index)
    average = now["days"] / now["exits"].where(now["exits"] > 0)
    previous = then["days"] / then["exits"].where(then["exits"] > 0)
    benchmark = _benchmark(exits, plans, names.index)
    change = (average - previous) / previous.where(previous != 0)
    open_ = stock.set_index("stage_name").reindex(names.index)
    deviation = average - benchmark
    halves = medians(cohorts)
    return pd.DataFrame(
        {
            "stage_name": names.index.astype("str"),
            "stage_order": names.to_numpy(),
            "avg_duration_days": average.to_numpy(),
            "median_duration_days": [halves.get(name, math.nan) for name in names.index],
            "benchmark_days": benchmark.to_numpy(),
            "deviation_days": deviation.to_numpy(),
            "duration_change_pct": change.to_numpy(),
            "trend_direction": _texts(direction(one) for one in change),
            "conversion_rate": _conversion(cohorts, names.index).to_numpy(),
            "deals_in_stage": open_["open_deals"].fillna(0).astype("int64").to_numpy(),
            "amount_in_stage": open_["open_amount"].fillna(0.0).to_numpy(),
            "status_indicator": _texts(map(status, deviation, benchmark)),
            "trend_display": _texts(map(display, deviation)),
            "exits": now["exits"].to_numpy(),
            "excess": (deviation * now["exits"]).to_numpy(),
            "is_planned": names.index.isin(plans["stage_name"]),
        }
    )


def medians(cohorts: pd.DataFrame) -> dict[str, float]:
    """The median stay of each stage of a frame of cohorts."""
    given = arrays(cohorts)
    rows = zip(*(listed(given[name]) for name in ("stage_name", *TOLD)), strict=True)
    of: dict[str, list[tuple[int, ...]]] = {}
    for stage, *told in sorted(rows):
        of.setdefault(stage, []).append(tuple(told))
    return {stage: median(*zip(*told, strict=True)) for stage, told in of.items()}


def direction(change: float) -> str | None:
    """Whether a change of the average is for the better; None where there is none to tell."""
    if math.isnan(change):
        return None
    by = round(change, 9)
    return "worsening" if by > SLOWER else "improving" if by < SOONER else "stable"


def status(deviation: float, benchmark: float) -> str | None:
    """How far an average is beyond its benchmark, as a traffic light (P21)."""
    if math.isnan(deviation):
        return None
    by = round(deviation, 9)
    if by <= 0:
        return "green"
    return "yellow" if by <= round(max(LEEWAY_DAYS, LEEWAY * benchmark), 9) else "red"


def display(deviation: float) -> str | None:
    """A deviation in a word: ``✓`` where it is none in whole days, else by how much."""
    if math.isnan(deviation):
        return None
    text = formats.show(deviation, "days")
    return "✓" if deviation <= 0 or text == "0d" else f"▲ +{text}"


def few(stages: pd.DataFrame) -> list[str]:
    """The stages that so few deals left that their average says little."""
    return stages[(stages["exits"] > 0) & (stages["exits"] < FEW)]["stage_name"].tolist()


def _places(plans: pd.DataFrame, found: Sequence[pd.DataFrame]) -> pd.Series[int]:
    """The stages by name in their order; those that no plan names come last."""
    order = plans.groupby("stage_name")["stage_order"].min().sort_values(kind="stable")
    last = int(order.max()) if len(order) else 0
    named = {name for frame in found for name in frame["stage_name"]} - set(order.index)
    others = pd.Series(last + 1, index=sorted(named), dtype="int64")
    return pd.concat([order.astype("int64"), others]) if len(others) else order.astype("int64")


def _by_stage(exits: pd.DataFrame, names: pd.Index[str]) -> pd.DataFrame:
    sums = exits.groupby("stage_name")[["exits", "days"]].sum()
    return sums.reindex(names).fillna(0).astype({"exits": "int64", "days": "float64"})


def _benchmark(exits: pd.DataFrame, plans: pd.DataFrame, names: pd.Index[str]) -> pd.Series[float]:
    """The planned days: of several pipelines each as much as deals left its stage, else alike."""
    planned = plans.dropna(subset="expected_days")
    own = planned.merge(exits, how="left", on=["pipeline_id", "stage_name"])
    weight = own["exits"].fillna(0.0).astype("float64")
    known = own.assign(weight=weight, weighted=weight * own["expected_days"]).groupby("stage_name")
    sums = known[["weight", "weighted"]].sum()
    blended = sums["weighted"] / sums["weight"].where(sums["weight"] > 0)
    return blended.fillna(known["expected_days"].mean()).reindex(names).astype("float64")


def _conversion(cohorts: pd.DataFrame, names: pd.Index[str]) -> pd.Series[float]:
    """Of those whose end in the stage is known, the share that moved on (P19)."""
    sums = cohorts.groupby("stage_name")[["moved_on", "dropped"]].sum().reindex(names).fillna(0)
    resolved = sums["moved_on"] + sums["dropped"]
    return (sums["moved_on"] / resolved.where(resolved > 0)).astype("float64")


def _texts(values: Iterable[str | None]) -> pd.Series[str]:
    return pd.Series(list(values), dtype="object")
