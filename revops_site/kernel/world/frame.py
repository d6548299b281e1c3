"""The frame of the story: its size, its days, and dice of its own for every topic.

Days are whole numbers, counted as numpy counts ``datetime64[D]``; a span ends before its end.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from revops_site.kernel.world.sizes import SIZES, Scale

SEED = 42
AS_OF = date(2026, 6, 30)
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
MONTHS = 26  # two whole years behind any day, so that a year can be held against the one before
PROLOGUE_DAYS = 540
IDS = 1_000_000  # of a kind, in one shard
TUESDAY, THURSDAY = 1, 3

Days: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Texts: TypeAlias = NDArray[np.object_]


@dataclass(frozen=True)
class World:
    """A shard of the company as it was known at the end of ``as_of``, as the ``seed`` has it.

    ValueError where the seed is below 0 or the day lies outside of ``EARLIEST`` to ``LATEST``.
    """

    seed: int = SEED
    as_of: date = AS_OF
    size: str = "S"
    shard: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be told."""
        if self.seed < 0:
            raise ValueError(f"the seed must be 0 or above, not {self.seed}")
        if not EARLIEST <= self.as_of <= LATEST:
            raise ValueError(f"the day must lie from {EARLIEST} to {LATEST}, not {self.as_of}")

    @property
    def scale(self) -> Scale:
        """What a shard of this size holds."""
        return SIZES[self.size]

    @property
    def shards(self) -> tuple[World, ...]:
        """All shards of the company, in order."""
        return tuple(replace(self, shard=shard) for shard in range(self.scale.shards))

    def dice(self, topic: str) -> np.random.Generator:
        """Random numbers of this topic alone: what another topic draws never changes them."""
        words = f"{topic} {self.shard}" if self.shard else topic
        digest = hashlib.sha256(words.encode()).digest()[:16]
        key = tuple(int(word) for word in np.frombuffer(digest, dtype="<u4"))
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key))
        )

    def ids(self, prefix: str, numbers: NDArray[np.integer[Any]]) -> Texts:
        """``DEAL_00001`` for 1; numbers count within the shard, ids are unique over all shards."""
        numbered = f"{prefix}_%0{self.scale.digits}d".__mod__
        return np.array(
            list(map(numbered, (numbers + self.shard * IDS).tolist())), dtype=np.object_
        )

    @property
    def first_day(self) -> date:
        """The first day that files tell of: 26 calendar months, the last one cut by ``as_of``."""
        return self.month(MONTHS - 1)

    @property
    def first(self) -> int:
        """``first_day`` as a number."""
        return number(self.first_day)

    @property
    def last(self) -> int:
        """``as_of`` as a number."""
        return number(self.as_of)

    @property
    def days(self) -> Days:
        """Every day that is played, with a prologue, so that the first files find deals open."""
        return np.arange(self.first - PROLOGUE_DAYS, self.last + 1, dtype=np.int64)

    def month(self, back: int) -> date:
        """The first day of the month so many months before that of ``as_of``."""
        years, month = divmod(self.as_of.year * 12 + self.as_of.month - 1 - back, 12)
        return date(years, month + 1, 1)

    def quarter(self, back: int) -> date:
        """The first day of the calendar quarter so many quarters before that of ``as_of``."""
        return self.month((self.as_of.month - 1) % 3 + 3 * back)

    def weekday(self, weekday: int, days_back: int) -> date:
        """The last such weekday (0: Monday) that lies at least so many days before ``as_of``."""
        day = self.as_of - timedelta(days=days_back)
        return day - timedelta(days=(day.weekday() - weekday) % 7)

    @property
    def facebook_breaks(self) -> date:
        """From this day on hardly a Facebook lead qualifies."""
        return self.month(3)

    @property
    def spike_day(self) -> date:
        """The Tuesday on which a daily budget was typed with a zero too many."""
        return self.weekday(TUESDAY, 45)

    @property
    def outage_day(self) -> date:
        """The Thursday on which the website's forms were down: clicks, but hardly a lead."""
        return self.weekday(THURSDAY, 24)

    @property
    def declined_day(self) -> date:
        """The Tuesday on which the card that LinkedIn charges was declined: hardly an ad ran."""
        return self.weekday(TUESDAY, 110)

    @property
    def bots_day(self) -> date:
        """The Wednesday on which machines looked at the Facebook ads: many shown, few clicked."""
        return self.weekday(2, 150)

    @property
    def offsite(self) -> tuple[date, date]:
        """The week (Monday to Saturday, half-open) in which all reps are away together."""
        monday = self.weekday(0, 75)
        return monday, monday + timedelta(days=5)

    @property
    def price_rise(self) -> tuple[date, date]:
        """The first days of the two months in which a higher price drives customers away."""
        return self.month(5), self.month(3)

    @property
    def legal_bottleneck(self) -> tuple[date, date]:
        """The three months (half-open) in which large contracts get stuck with the lawyers."""
        return self.month(4), self.month(1)

    @property
    def orders_pile_up(self) -> date:
        """From this day on orders wait until somebody has found out who the end user is, and those
        that do not wait take longer at every step.
        """
        return self.month(6)

    @property
    def projects_grow(self) -> date:
        """From this day on most of the larger deals are projects."""
        return self.month(14)

    @property
    def coaching(self) -> date:
        """The first day of the quarter from which a coached rep sells better."""
        return self.quarter(2)

    @property
    def dark(self) -> date:
        """From this day on a rep who went dark logs nothing any more."""
        return self.as_of - timedelta(days=45)


def number(day: date) -> int:
    """The day as numpy counts it."""
    return int(np.datetime64(day, "D").astype(np.int64))


def dates(days: NDArray[Any]) -> NDArray[np.datetime64]:
    """Numbered days as dates, to the second, as frames keep them."""
    return days.astype("datetime64[D]").astype("datetime64[s]")
