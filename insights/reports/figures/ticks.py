"""Where an axis of numbers is marked, and how its marks are written."""

from __future__ import annotations

import math
from typing import Any

MINUS = "−"
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
UNITS = ((1e9, "B"), (1e6, "M"), (1e3, "k"))
WHOLE = 1e-9


def nice(low: float, high: float, most: int) -> tuple[float, list[float]]:
    """The distance of at most ``most`` round marks from ``low`` to ``high``, and where they are."""
    rough = (high - low) / max(1, most - 1)
    if rough <= 0 or not math.isfinite(rough):
        return 1.0, [low]
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * one for one in STEPS if power * one >= rough * (1 - WHOLE))
    first = math.ceil(low / step - WHOLE)
    last = math.floor(high / step + WHOLE)
    return step, [nth * step for nth in range(first, last + 1)]


def written(value: float, step: float, axis: dict[str, Any]) -> str:
    """A mark in the words of the axis: as its ``tickformat`` says, with its ``ticksuffix``."""
    form = axis.get("tickformat", "")
    said = _formed(value, step, form)
    minus = MINUS if value < 0 and said.strip("0.%kMB,") else ""
    return f"{minus}{said}{axis.get('ticksuffix', '')}"


def _formed(value: float, step: float, form: str) -> str:
    size = abs(value)
    if form.endswith("%"):
        decimals = int(form[1]) if form[1:2].isdigit() else 0
        needed = _decimals(step * 100)
        return f"{size * 100:.{max(decimals, min(needed, 2))}f}%"
    if form == "~s" or not form:
        unit, mark = next(((u, m) for u, m in UNITS if size >= u), (1.0, ""))
        return f"{size / unit:,.{_decimals(step / unit)}f}{mark}"
    decimals = int(form.strip(",~")[1]) if form.strip(",~")[:1] == "." else 0
    return f"{size:,.{max(decimals, _decimals(step))}f}"


def _decimals(step: float) -> int:
    """How many decimals tell marks of this distance apart."""
    for decimals in range(4):
        scaled = step * 10**decimals
        if abs(scaled - round(scaled)) < 1e-6 * max(1.0, scaled):
            return decimals
    return 4
