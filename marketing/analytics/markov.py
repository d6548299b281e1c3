"""What would be lost without a channel: the removal effects of a first-order Markov chain (A07)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Matrix: TypeAlias = NDArray[np.float64]

MIN_PATHS, MIN_CONVERSIONS = 100, 20


@dataclass(frozen=True)
class Path:
    """So many journeys through these channels, of which so many converted."""

    channels: tuple[str, ...]
    journeys: float
    converted: float


@dataclass(frozen=True)
class Chain:
    """What the chain says; ``why`` not, where it says nothing.

    ``probability`` is that of a conversion from the start; the other values are by channel, each
    between 0 and 1.
    """

    paths: float
    conversions: float
    why: str = ""
    probability: float | None = None
    removal_effect: Mapping[str, float] = field(default_factory=dict)
    share: Mapping[str, float] = field(default_factory=dict)


def chain(
    paths: Iterable[Path], min_paths: float = MIN_PATHS, min_conversions: float = MIN_CONVERSIONS
) -> Chain:
    """The chain over all journeys that had a touch, converted or not."""
    known = [one for one in paths if one.channels and one.journeys > 0]
    count = sum(one.journeys for one in known)
    converted = sum(one.converted for one in known)
    why = _too_few(count, converted, min_paths, min_conversions)
    if why:
        return Chain(count, converted, why)
    return _told(count, converted, *_moves(known))


def of_moves(
    found: pd.DataFrame, min_paths: float = MIN_PATHS, min_conversions: float = MIN_CONVERSIONS
) -> Chain:
    """The same chain of journeys that were counted move by move.

    ``found``: before ("" at the start), after ("" at the end), journeys, and of those that end won.
    """
    begun = found[found["before"] == ""]
    count, converted = float(begun["journeys"].sum()), float(found["won"].sum())
    why = _too_few(count, converted, min_paths, min_conversions)
    if why:
        return Chain(count, converted, why)
    names = sorted({*found["before"], *found["after"]} - {""})
    place = {name: nth for nth, name in enumerate(names)}
    start = won = len(names)
    moves = np.zeros((len(names) + 1, len(names) + 2))
    columns = (found[name].tolist() for name in ("before", "after", "journeys", "won"))
    for before, after, journeys, wins in zip(*columns, strict=True):
        row = place.get(before, start)
        if after:
            moves[row, place[after]] += journeys
        else:
            moves[row, won] += wins
            moves[row, won + 1] += journeys - wins
    return _told(count, converted, names, moves)


def _told(count: float, converted: float, names: list[str], moves: Matrix) -> Chain:
    base = _chance(moves)
    effect = {name: 1 - _chance(moves, nth) / base for nth, name in enumerate(names)}
    effect = {name: max(0.0, value) for name, value in effect.items()}  # not less, but for noise
    total = sum(effect.values())
    share = {name: value / total for name, value in effect.items()}
    return Chain(count, converted, "", base, effect, share)


def merged(channels: Sequence[str]) -> tuple[str, ...]:
    """The channels in their order, those that follow themselves once: they change nothing."""
    return tuple(name for name, _ in groupby(channels))


def _too_few(paths: float, converted: float, min_paths: float, min_conversions: float) -> str:
    if paths < min_paths:
        return f"It takes {min_paths:,.0f} journeys with a touch, and there are {paths:,.0f}."
    if converted < max(min_conversions, 1):
        return (
            f"It takes {max(min_conversions, 1):,.0f} won journeys with a touch, and there are "
            f"{converted:,.0f}."
        )
    return ""


def _moves(paths: Sequence[Path]) -> tuple[list[str], Matrix]:
    """The channels by name, and how often each state is followed by which.

    The rows are the channels and then the start, the columns the channels, conversion and null.
    """
    names = sorted({name for one in paths for name in one.channels})
    place = {name: nth for nth, name in enumerate(names)}
    won, null = len(names), len(names) + 1
    moves = np.zeros((len(names) + 1, len(names) + 2))
    for one in paths:
        steps = [place[name] for name in merged(one.channels)]
        moves[len(names), steps[0]] += one.journeys
        for before, after in pairwise(steps):
            moves[before, after] += one.journeys
        moves[steps[-1], won] += one.converted
        moves[steps[-1], null] += one.journeys - one.converted
    return names, moves


def _chance(moves: Matrix, without: int | None = None) -> float:
    """How likely a journey converts; ``without`` a channel all moves into it end in null."""
    count = len(moves) - 1
    rate = moves / moves.sum(axis=1, keepdims=True)
    between, won = rate[:count, :count].copy(), rate[:count, count].copy()
    if without is not None:
        between[:, without] = 0
        won[without] = 0
        between[without] = 0
    chances = np.linalg.solve(np.eye(count) - between, won)
    start = rate[count, :count].copy()
    if without is not None:
        start[without] = 0
    return float(start @ chances)
