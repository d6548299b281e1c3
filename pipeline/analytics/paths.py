"""Which ways deals take through the stages, where most time is lost, and what waits how long."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from revops_site.kernel.frames import Array, array, arrays, framed, listed

AGES = (0, 8, 15, 31, 61, 91)  # the days that the buckets of an age begin with
MOVES = ("from_stage", "to_stage", "kind", "moves", "share", "median_days", "days")
LOST = ("stage_name", "segment", "exits", "avg_duration_days", "benchmark_days", "deviation_days")
CLOSED = {"won": "Won", "lost": "Lost", "unknown": "Not known"}


def moves(paths: pd.DataFrame) -> pd.DataFrame:
    """From where to where deals went, how often and after how long: ``MOVES``.

    ``share`` is the part of all moves out of the same stage. A deal that was closed goes to Won or
    Lost.
    """
    whole = paths.groupby("from_stage")["moves"].transform("sum")
    ends = [
        CLOSED.get(kind, stage)
        for kind, stage in zip(paths["kind"], paths["to_stage"], strict=True)
    ]
    to_stage = pd.Series(ends, index=paths.index, dtype="str")
    return paths.assign(share=paths["moves"] / whole, to_stage=to_stage)[[*MOVES]]


def lost_time(exits: pd.DataFrame, plans: pd.DataFrame) -> pd.DataFrame:
    """Where deals were slower than planned, the most lost time first: ``LOST`` and ``excess``.

    ``exits`` holds who left the stage of a pipeline, by segment. ``excess`` is the sum of the days
    beyond the plan of all that left; stages without a plan lose none that could be told.
    """
    planned = plans.dropna(subset="expected_days")[["pipeline_id", "stage_name", "expected_days"]]
    known = exits[exits["exits"] > 0].merge(planned, on=["pipeline_id", "stage_name"])
    known = known.assign(planned=known["exits"] * known["expected_days"])
    sums = known.groupby(["stage_name", "segment"], as_index=False)[["exits", "days", "planned"]]
    found = sums.sum()
    excess = found["days"] - found["planned"]
    whole = found.assign(
        avg_duration_days=found["days"] / found["exits"],
        benchmark_days=found["planned"] / found["exits"],
        deviation_days=excess / found["exits"],
        excess=excess,
    )
    late = whole[whole["excess"] > 0]
    order = ["excess", "stage_name", "segment"]
    ordered = late.sort_values(order, ascending=[False, True, True], ignore_index=True)
    return ordered[[*LOST, "excess"]]


def age_names(starts: Sequence[int] = AGES) -> list[str]:
    """What the buckets are called in files and addresses: 0-7, 8-14 … 91."""
    return [*(f"{start}-{end - 1}" for start, end in pairwise(starts)), str(starts[-1])]


def ages(found: pd.DataFrame, places: Sequence[str]) -> pd.DataFrame:
    """One row per stage: ``stage_name``, then per bucket ``deals_<name>`` and ``amount_<name>``.

    ``found`` has a row per stage and bucket: ``bucket``, ``open_deals``, ``amount``. Stages stand
    in the order of ``places``, others behind them. At last ``open_deals`` and ``amount`` of all.
    """
    order = {name: at for at, name in enumerate(places)}
    given = arrays(found)
    named = listed(given["stage_name"])
    stages = sorted(set(named), key=lambda name: (order.get(name, len(order)), name))
    row = {name: at for at, name in enumerate(stages)}
    at = [row[name] for name in named], listed(given["bucket"])
    deals = np.zeros((len(stages), len(AGES)), dtype="int64")
    amounts = np.zeros((len(stages), len(AGES)))
    np.add.at(deals, at, np.asarray(given["open_deals"], dtype="int64"))
    np.add.at(amounts, at, np.nan_to_num(np.asarray(given["amount"], dtype="float64")))
    columns: dict[str, Array] = {"stage_name": array(stages, found["stage_name"].dtype)}
    for nth, name in enumerate(age_names()):
        columns[f"deals_{name}"], columns[f"amount_{name}"] = deals[:, nth], amounts[:, nth]
    return framed({**columns, "open_deals": deals.sum(axis=1), "amount": amounts.sum(axis=1)})
