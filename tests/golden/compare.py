"""Where an answer differs from the expected one: numbers within tolerance, all else exactly."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

BELOW_ONE = 1e-9
ABSOLUTE = 1e-6
RELATIVE = 1e-9

_MISSING = object()


def differences(
    expected: Any, actual: Any, tolerance: Mapping[str, float], path: str = ""
) -> Iterator[str]:
    """One sentence for each place where the two differ; the answer may hold further fields."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key, value in expected.items():
            below = f"{path}.{key}" if path else str(key)
            yield from differences(value, actual.get(key, _MISSING), tolerance, below)
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{path}: expected {len(expected)} items, got {len(actual)}"
        for at, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from differences(one, other, tolerance, f"{path}[{at}]")
    elif not _equal(expected, actual, tolerance):
        got = "nothing" if actual is _MISSING else repr(actual)
        yield f"{path or 'the answer'}: expected {expected!r}, got {got}"


def traps(
    forbidden: Mapping[str, Any], actual: Any, tolerance: Mapping[str, float]
) -> Iterator[str]:
    """One sentence for each place where the answer is one that a wrong method gives."""
    for path, wrong in forbidden.items():
        if _equal(wrong, _at(actual, path), tolerance):
            yield f"{path}: {wrong!r} is what a wrong method gives"


def _equal(expected: Any, actual: Any, tolerance: Mapping[str, float]) -> bool:
    if not (_is_number(expected) and _is_number(actual)):
        return type(expected) is type(actual) and bool(expected == actual)
    if abs(expected) < 1:
        return math.isclose(expected, actual, rel_tol=0, abs_tol=BELOW_ONE)
    return math.isclose(
        expected,
        actual,
        rel_tol=tolerance.get("rel", RELATIVE),
        abs_tol=tolerance.get("abs", ABSOLUTE),
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _at(value: Any, path: str) -> Any:
    """What lies at a dotted path such as ``channels[0].cac``."""
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        try:
            value = value[int(index)] if index else value[name]
        except (KeyError, IndexError, TypeError):
            return _MISSING
    return value
