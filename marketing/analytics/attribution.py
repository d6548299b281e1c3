"""Which touch earned a conversion: six rules that share one conversion among its own touches.

A touch counts where it came on the day of the conversion or up to ``lookback_days`` before. The
shares of a conversion sum to 1 in every model, so that totals by model are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]

VERSION = "1"
RULES: Mapping[str, str] = {
    "first_touch": "First touch",
    "last_touch": "Last touch",
    "last_non_direct": "Last non-direct",
    "linear": "Linear",
    "u_shaped": "U-shaped",
    "time_decay": "Time decay",
}
DEFAULT = "u_shaped"
DIRECT, UNATTRIBUTED = "Direct", "Unattributed"
LOOKBACK_DAYS, HALF_LIFE_DAYS = 90, 7
ENDS, MIDDLE = 0.4, 0.2  # of a conversion with three touches or more


@dataclass(frozen=True)
class Terms:
    """By what credit is given: how far back a touch counts, and in how many days it halves."""

    lookback_days: int = LOOKBACK_DAYS
    half_life_days: int = HALF_LIFE_DAYS

    def __post_init__(self) -> None:
        if self.lookback_days < 0 or self.half_life_days < 1:
            raise ValueError("A touch counts for 0 days or more, and halves in a day or more.")


def shares(conversion: Whole, is_direct: NDArray[np.bool_], age: Any, half_life: float) -> Any:
    """The share of its conversion that each touch earns, by model: ``RULES`` → float64 array.

    One entry per touch that counts, the touches of a conversion together and in the order of time.
    ``conversion`` tells them apart, ``age`` is in whole days before the conversion.
    """
    start, count = _runs(conversion)
    nth = np.arange(len(conversion)) - np.repeat(start, count)
    many = np.repeat(count, count)
    last = nth == many - 1
    return {
        "first_touch": (nth == 0).astype("float64"),
        "last_touch": last.astype("float64"),
        "last_non_direct": _last_non_direct(is_direct, nth, last, start, count),
        "linear": 1.0 / many,
        "u_shaped": _u_shaped(nth, last, many),
        "time_decay": _time_decay(np.asarray(age, dtype="float64"), half_life, start, count),
    }


def credits_of(touches: pd.DataFrame, worth: pd.DataFrame, terms: Terms) -> pd.DataFrame:
    """One row per conversion and what touched it, with its share by model.

    ``touches``: conversion, channel, campaign and ``age`` (whole days before the conversion; below
    0 where it came after), in the order of time within a conversion. ``worth`` has a row per
    conversion, named in its column ``conversion``. Columns: conversion, channel, campaign, touches
    (how many count), and ``RULES``; a conversion that no touch counts for is ``Unattributed``.
    """
    kept = touches[touches["age"].between(0, terms.lookback_days)]
    code = pd.Index(worth["conversion"]).get_indexer(pd.Index(kept["conversion"]))
    order = np.argsort(code, kind="stable")[np.count_nonzero(code < 0) :]
    kept, code = kept.iloc[order], code[order].astype("int64")
    direct = (kept["channel"] == DIRECT).to_numpy()
    found = kept[["conversion", "channel", "campaign"]].assign(
        touches=1, **shares(code, direct, kept["age"].to_numpy(), terms.half_life_days)
    )
    bare = worth.loc[~worth["conversion"].isin(kept["conversion"]), ["conversion"]]
    none = bare.assign(channel=UNATTRIBUTED, campaign="", touches=0, **dict.fromkeys(RULES, 1.0))
    both = pd.concat([found, none], ignore_index=True)
    keys = ["conversion", "channel", "campaign"]
    return both.groupby(keys, as_index=False, sort=True)[["touches", *RULES]].sum()


def summed(journeys: Iterable[Sequence[Any]], terms: Terms) -> pd.DataFrame:
    """The credit of many conversions by month, channel and campaign, in the order of these.

    A journey is a month, a value and its touches in the order of time: channels, campaigns, ages
    in days. Columns month, channel, campaign; lines (a conversion's part of a campaign), touches
    that count, value of these lines; each rule's ``_value`` and ``_deals``.
    """
    months, values, channels, campaigns, ages = zip(*journeys, strict=True)
    counted = [len(one) for one in ages]
    width = sum(counted)
    age = np.fromiter(chain.from_iterable(ages), "int64", width)
    deal = np.repeat(np.arange(len(months)), counted)
    of, channel = _named(UNATTRIBUTED, chain.from_iterable(channels), width)
    part, campaign = _named("", chain.from_iterable(campaigns), width)
    counts = (age >= 0) & (age <= terms.lookback_days)
    # What nothing touched in time is one line of nobody's: the first name of each.
    name, known = (of * len(campaign) + part)[counts], len(channel) * len(campaign)
    age, deal = age[counts], deal[counts]
    direct = channel[name // len(campaign)] == DIRECT
    earned = shares(deal, direct, age, terms.half_life_days)
    bare = np.flatnonzero(np.bincount(deal, minlength=len(months)) == 0)
    ones = np.ones(len(bare))
    key = np.r_[deal * known + name, bare * known]
    nth, month = pd.factorize(np.array(months, object))
    value = np.array(values, "float64")

    def total(keys: Whole, weights: Floats) -> Floats:
        place = nth[keys // known] * known + keys % known
        return np.asarray(np.bincount(place, weights, len(month) * known), "float64")

    line = np.unique(key)
    worth = value[key // known]
    sums = {
        "lines": total(line, np.ones(len(line))),
        "touches": total(key, np.r_[np.ones(len(deal)), 0 * ones]),
        "value": total(line, value[line // known]),
        **{f"{rule}_value": total(key, np.r_[earned[rule], ones] * worth) for rule in RULES},
        **{f"{rule}_deals": total(key, np.r_[earned[rule], ones]) for rule in RULES},
    }
    held = np.flatnonzero(sums["lines"])
    found = pd.DataFrame(
        {
            "month": month[held // known].astype("datetime64[s]"),
            "channel": channel[held % known // len(campaign)],
            "campaign": campaign[held % len(campaign)],
            **{key: column[held] for key, column in sums.items()},
        }
    )
    return found.sort_values(["month", "channel", "campaign"], ignore_index=True)


def _named(first: str, names: Iterable[str], width: int) -> tuple[Whole, NDArray[Any]]:
    """Each name's place among the distinct ones, with ``first`` before all of them."""
    place, known = pd.factorize(np.fromiter(names, object, width))
    return place.astype("int64") + 1, np.r_[np.array([first], object), known]


def by_channel(
    given: pd.DataFrame, worth: pd.DataFrame, by: Sequence[str] = ("channel",)
) -> pd.DataFrame:
    """What each channel is credited with in all: ``by`` and ``RULES``, in the unit of ``value``.

    ``given`` as ``credits_of`` tells it; ``worth``: conversion and value.
    """
    value = given["conversion"].map(worth.set_index("conversion")["value"]).to_numpy("float64")
    money = given[list(RULES)].mul(value, axis=0)
    return money.assign(**{name: given[name] for name in by}).groupby(list(by)).sum().reset_index()


def _runs(conversion: Whole) -> tuple[Whole, Whole]:
    """Where the touches of each conversion begin, and how many they are."""
    if not len(conversion):
        return np.zeros(0, "int64"), np.zeros(0, "int64")
    start = np.flatnonzero(np.r_[True, conversion[1:] != conversion[:-1]])
    return start, np.diff(np.r_[start, len(conversion)])


def _last_non_direct(
    is_direct: NDArray[np.bool_], nth: Whole, last: NDArray[np.bool_], start: Whole, count: Whole
) -> Floats:
    """All to the last touch that is not direct; to the last one where all are."""
    if not len(nth):
        return np.zeros(0)
    best = np.maximum.reduceat(np.where(is_direct, -1, nth), start)
    chosen = np.repeat(np.where(best < 0, count - 1, best), count)
    found: Floats = (nth == chosen).astype("float64")
    return found


def _u_shaped(nth: Whole, last: NDArray[np.bool_], many: Whole) -> Floats:
    """40 % to the first, 40 % to the last, 20 % to all between them; halves of two."""
    between = MIDDLE / np.maximum(many - 2, 1)
    long = np.where((nth == 0) | last, ENDS, between)
    found: Floats = np.where(many <= 2, 1.0 / many, long)
    return found


def _time_decay(age: Floats, half_life: float, start: Whole, count: Whole) -> Floats:
    """Half as much for each half-life that a touch lies further back."""
    if not len(age):
        return np.zeros(0)
    # Ages count from the youngest touch: far back all weights would be too small to be told apart.
    young = np.repeat(np.minimum.reduceat(age, start), count)
    weight = np.exp2(-(age - young) / half_life)
    found: Floats = weight / np.repeat(np.add.reduceat(weight, start), count)
    return found
