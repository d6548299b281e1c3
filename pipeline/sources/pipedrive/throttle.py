"""One measure for all that asks with the same token: Pipedrive's burst window is obeyed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from threading import Lock

LONGEST = 30.0
_known: dict[str, Throttle] = {}
_door = Lock()


class Throttle:
    """What is left of the window of a token, as the last answer told."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: int | None = None
        self._opens = 0.0

    def wait(self) -> None:
        """Return when something may be asked."""
        while True:
            with self._lock:
                now = time.monotonic()
                if self._left is None or self._left > 0 or now >= self._opens:
                    self._left = None if self._left is None else self._left - 1
                    return
                seconds = self._opens - now
            time.sleep(seconds)

    def heard(self, headers: Mapping[str, str], is_refused: bool) -> float | None:
        """Learn from an answer; the seconds until the window opens, if it is closed."""
        left, reset = number(headers, "remaining"), number(headers, "reset")
        with self._lock:
            if left is None:
                return None
            self._left = 0 if is_refused else int(left)
            seconds = min(LONGEST, 2.0 if reset is None else reset)
            if self._left > 0:
                return None
            self._opens = time.monotonic() + seconds
            return seconds


def of(token: str) -> Throttle:
    """The throttle of a token."""
    name = hashlib.sha256(token.encode()).hexdigest()
    with _door:
        return _known.setdefault(name, Throttle())


def number(headers: Mapping[str, str], name: str, kind: str = "x-ratelimit") -> float | None:
    """A figure among the headers; None where it is none."""
    try:
        return float(headers[f"{kind}-{name}"])
    except (KeyError, ValueError):
        return None
