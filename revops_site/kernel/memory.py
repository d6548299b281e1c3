"""What this process keeps of its answers, as they are: nothing is packed, nothing to be changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sized
from threading import Lock
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

MANY_ROWS = 10_000
KEPT_OF_MANY_ROWS = 2  # a company of thousands of reps has lists of sixty megabytes

_many: dict[str, OrderedDict[str, None]] = {}  # by cache, for the instances of all threads


class Memory(LocMemCache):
    """Django's cache in memory without pickling, which takes longer than most of what it keeps.

    Whoever is given a value holds the one that is kept: one that may be changed has to be copied.
    Of frames and collections with very many rows those used last are kept alone.
    """

    _cache: OrderedDict[str, Any]
    _lock: Lock
    _has_expired: Callable[[str], bool]
    _delete: Callable[[str], bool]

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, params)
        self._large = _many.setdefault(name, OrderedDict())

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep a value where there is none; False where there is one."""
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            if not self._has_expired(key):
                return False
            self._set(key, value, timeout)
            return True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value that is kept, else ``default``."""
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(key):
                self._delete(key)
                return default
            self._cache.move_to_end(key, last=False)
            if key in self._large:
                self._large.move_to_end(key)
            return self._cache[key]

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep a value, in place of one that was kept."""
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            self._set(key, value, timeout)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count on; ValueError where nothing is kept."""
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(key):
                self._delete(key)
                raise ValueError(f"Key '{key}' not found")
            counted: int = self._cache[key] + delta
            self._cache[key] = counted
            self._cache.move_to_end(key, last=False)
            return counted

    def _set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> None:
        super()._set(key, value, timeout)  # type: ignore[misc]
        self._large.pop(key, None)
        if _rows(value) > MANY_ROWS:
            self._large[key] = None
        if len(self._large) > KEPT_OF_MANY_ROWS:
            self._delete(self._large.popitem(last=False)[0])


def _rows(value: Any) -> int:
    """How many rows a frame or a collection has, or the frame of a panel's content."""
    value = getattr(value, "frame", value)
    return len(value) if isinstance(value, Sized) and not isinstance(value, str | bytes) else 0
