"""For each family of worked examples, how its input meets the product's own code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.golden.adapters import (
    attribution,
    coaching,
    forecast,
    health,
    insights,
    kernel,
    lists,
    marketing,
    movement,
    pipeline,
    revenue,
)
from tests.golden.files import Golden

ADAPTERS: Mapping[str, Callable[[Golden], Any]] = {
    **attribution.ADAPTERS,
    **coaching.ADAPTERS,
    **forecast.ADAPTERS,
    **health.ADAPTERS,
    **insights.ADAPTERS,
    **kernel.ADAPTERS,
    **lists.ADAPTERS,
    **marketing.ADAPTERS,
    **movement.ADAPTERS,
    **pipeline.ADAPTERS,
    **revenue.ADAPTERS,
}
