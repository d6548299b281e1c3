"""How many rows of the audit log a refused person or stranger may cause in a minute, and no more.

The first refusals of a minute are told one by one, each once; then only each doubling of their
count. So a script that tries ten thousand addresses shows with that number, in a few dozen rows.
Each web process counts by itself.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Lock

A_MINUTE = 60.0
OTHERS = "others"
_ALL: list[Ration] = []


@dataclass
class _Minute:
    """What one person, or one stranger, was refused since their minute began."""

    began: float
    count: int = 0
    told: set[str] = field(default_factory=set)


class Ration:
    """Lets ``first`` different refusals through for each of ``most`` who are refused in a minute.

    Whoever comes beyond these counts as one: strangers can come from as many addresses as they
    like.
    """

    def __init__(self, *, first: int, most: int) -> None:
        self.first, self.most = first, most
        self._minutes: dict[str, _Minute] = {}
        self._lock = Lock()
        _ALL.append(self)

    def due(self, who: str, what: str) -> int:
        """Which of their refusals in this minute it is, if a row is to tell of it; else 0."""
        now = time.monotonic()
        with self._lock:
            minute = self._minute(who, now)
            minute.count += 1
            if len(minute.told) < self.first and what not in minute.told:
                minute.told.add(what)
                return minute.count
            doubled = minute.count > self.first and minute.count.bit_count() == 1
            return minute.count if doubled else 0

    def _minute(self, who: str, now: float) -> _Minute:
        if who not in self._minutes and len(self._minutes) >= self.most:
            over = [one for one, at in self._minutes.items() if now - at.began > A_MINUTE]
            for one in over:
                del self._minutes[one]
            if len(self._minutes) >= self.most:
                who = OTHERS
        found = self._minutes.get(who)
        if found is None or now - found.began > A_MINUTE:
            found = self._minutes[who] = _Minute(now)
        return found

    def begin_anew(self) -> None:
        """Forget who was refused."""
        with self._lock:
            self._minutes.clear()


def begin_anew() -> None:
    """Let every ration of this process begin anew."""
    for one in _ALL:
        one.begin_anew()
