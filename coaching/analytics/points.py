"""What is known of a rep that something may be said of, and what is then said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coaching.analytics.drivers import Compared
from coaching.analytics.trend import Trend


@dataclass(frozen=True)
class Stage:
    """A stage from which fewer of the rep's deals move on than of the team's, beyond chance."""

    name: str
    moved_on: int
    resolved: int
    team: float


@dataclass(frozen=True)
class Calls:
    """How far the calls of closed quarters were off, as a share of what was won; above 0 high."""

    quarters: int
    bias: float
    verdict: str
    is_off: bool


@dataclass(frozen=True)
class Action:
    """One of the first things to do, as words: of a deal, by a day."""

    deal_id: str
    deal_name: str
    deal_amount: float | None
    action: str
    reason: str
    deadline: str


@dataclass(frozen=True)
class Known:
    """All that is said anything of. ``to_top`` and ``to_team`` are the same drivers beside both.

    ``to_top`` has no gaps where top performers may not be told, ``to_team`` none where the team
    may not. ``lost`` is the most frequent reason with its count and that of all lost deals,
    ``done_before`` the activities a working day in the 60 days before the last 30.
    """

    tier: str
    attainment: float | None
    to_top: Sequence[Compared]
    to_team: Sequence[Compared]
    trend: Trend | None = None
    stages: Sequence[Stage] = ()
    calls: Calls | None = None
    lost: tuple[str, int, int] | None = None
    low_days: Sequence[str] = ()
    done_before: float | None = None
    actions: Sequence[Action] = ()
    currency: str = "USD"


@dataclass(frozen=True)
class Point:
    """A strength or something to improve. ``share`` is how large it is, ``panel`` bears it out.

    ``detail`` is a sentence of numbers that may be said in other words; ``caveat`` stands beside
    it as it is. ``names`` says that the detail has words of the files, which go nowhere else.
    """

    kind: str
    title: str
    detail: str
    caveat: str
    value: str
    comparison: str
    panel: str
    share: float
    impact: str = ""
    action: str = ""
    names: bool = False


@dataclass(frozen=True)
class Told:
    """What is said of a rep on a day."""

    strengths: Sequence[Point]
    improvements: Sequence[Point]
    actions: Sequence[Action]
    assessment: str
    focus: str
