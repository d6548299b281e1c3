"""When an alert fires: a condition on a figure, held against one look at it after another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias

Event: TypeAlias = Literal["", "fires", "resolves"]
CHANGES = ("rise", "fall", "move")
ODD = "odd"


@dataclass(frozen=True)
class Condition:
    """What has to be so, beyond ``limit``; equality never is.

    A change is measured over ``days``: as a fraction of what was, or where the figure is a share
    (``points``) as a difference. It counts where both ends rest on ``min_volume`` rows at least.
    """

    kind: str
    limit: float
    days: int = 7
    min_volume: int = 0
    cooldown_days: int = 7
    points: bool = False

    @property
    def is_change(self) -> bool:
        """Whether it is about a change, not about the figure itself."""
        return self.kind in CHANGES


@dataclass(frozen=True)
class Seen:
    """A figure as of a day of the data, and before, each with the rows it rests on, if known."""

    day: date
    value: float | None
    volume: float | None = None
    before: float | None = None
    volume_before: float | None = None


@dataclass(frozen=True)
class Oddity:
    """What was unusual, by its key: when it ended, and how many robust deviations it was off."""

    key: str
    end: date
    z: float


@dataclass(frozen=True)
class Track:
    """What is known of an alert between two looks: whether it held, is open, and last fired."""

    held: bool = False
    is_open: bool = False
    fired_on: date | None = None


@dataclass(frozen=True)
class Step:
    """One look: what was seen, whether it holds, and what follows."""

    seen: Seen
    holds: bool
    event: Event


def change(of: Condition, seen: Seen) -> float | None:
    """How far the figure moved; None where that is undefined."""
    if seen.value is None or seen.before is None:
        return None
    if of.points:
        return seen.value - seen.before
    return (seen.value - seen.before) / abs(seen.before) if seen.before else None


def holds(of: Condition, seen: Seen) -> bool:
    """Whether the condition is met; never where a number is unknown or rests on too little."""
    if seen.value is None or _is_thin(of, seen):
        return False
    if of.kind == "above":
        return seen.value > of.limit
    if of.kind == "below":
        return seen.value < of.limit
    moved = change(of, seen)
    if moved is None:
        return False
    size = {"rise": moved, "fall": -moved, "move": abs(moved)}[of.kind]
    return round(size, 12) > of.limit


def follows(of: Condition, track: Track, is_so: bool, today: date) -> tuple[Track, Event]:
    """What a look on a day of the calendar leads to.

    It fires where nothing of it is open, and not within the cool-down after it last fired; without
    a cool-down only where it was not so at the look before. It is resolved where it is so no more.
    """
    track_now = replace(track, held=is_so)
    if not is_so:
        return replace(track_now, is_open=False), "resolves" if track.is_open else ""
    rested = track.fired_on is None or (today - track.fired_on).days >= of.cooldown_days
    anew = not track.held or of.cooldown_days > 0
    if track.is_open or not rested or not anew:
        return track_now, ""
    return Track(held=True, is_open=True, fired_on=today), "fires"


def fresh(of: Condition, found: Iterable[Oddity], day: date) -> Sequence[Oddity]:
    """Those that are grave enough, limit included, and ended in the days up to this one."""
    return [
        one
        for one in found
        if 0 <= (day - one.end).days < of.days and round(abs(one.z), 9) >= of.limit
    ]


def follows_odd(
    of: Condition, track: Track, found: Sequence[Oddity], told: Collection[str], today: date
) -> tuple[Track, Event, Sequence[Oddity]]:
    """What a look at unusual points leads to, and which it tells: none that was told before.

    What is open stays so while any of them is fresh, and is resolved when none is.
    """
    new = [one for one in found if one.key not in told]
    track, event = follows(of, track, bool(found) if track.is_open else bool(new), today)
    return track, event, new if event == "fires" else ()


def replayed_odd(
    of: Condition, found: Sequence[Oddity], days: Iterable[date]
) -> Sequence[tuple[date, Sequence[Oddity], Event]]:
    """What it would have told on these days, in their order: each with what was fresh then."""
    track, told, steps = Track(), set[str](), []
    for day in days:
        then = fresh(of, found, day)
        track, event, new = follows_odd(of, track, then, told, day)
        told |= {one.key for one in new}
        steps.append((day, then, event))
    return steps


def replayed(of: Condition, history: Iterable[Seen]) -> Sequence[Step]:
    """What it would have done, had it been there on these days, in their order."""
    track, steps = Track(), []
    for seen in history:
        is_so = holds(of, seen)
        track, event = follows(of, track, is_so, seen.day)
        steps.append(Step(seen, is_so, event))
    return steps


def is_quiet(hour: int, start: int, end: int) -> bool:
    """Whether an hour lies in the quiet ones, which may go over midnight; none where both are."""
    if start == end:
        return False
    return start <= hour < end if start < end else hour >= start or hour < end


def _is_thin(of: Condition, seen: Seen) -> bool:
    volumes = [seen.volume, seen.volume_before] if of.is_change else [seen.volume]
    return any(one is not None and one < of.min_volume for one in volumes)
