"""What health and risk are judged by: the weight of each component, and every limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

WEIGHTS: Mapping[str, int] = {
    "stage_velocity": 25,
    "activity_recency": 20,
    "stakeholders": 20,
    "close_date": 15,
    "next_step": 10,
    "commercial": 10,
}
WHOLE = 100


@dataclass(frozen=True)
class Rules:
    """The published scorecard, or a company's own.

    ``weights`` are the most points of each component, 100 together. ``*_from`` are the least
    scores of the bands. ``late_stage`` is the chance from which on champion and buyer have to be
    known; days are whole days; shares are fractions of 1; ``large_amount`` is in the reporting
    currency. ``over_*`` are days beyond the stage's benchmark.
    """

    weights: Mapping[str, int] = field(default_factory=lambda: dict(WEIGHTS))
    healthy_from: int = 80
    monitor_from: int = 60
    at_risk_from: int = 40
    quiet_days: int = 14
    stuck_days: int = 30
    stuck_times: float = 2.0
    late_stage: float = 0.40
    few_contacts: int = 1
    many_pushes: int = 2
    next_days: int = 14
    some_drop: float = 0.05
    much_drop: float = 0.20
    some_discount: float = 0.10
    much_discount: float = 0.20
    soon_days: int = 30
    over_critical: int = 7
    over_high: int = 10
    over_medium: int = 5
    slip_share: float = 0.6
    slip_pushes: int = 3
    large_amount: float = 500_000

    @property
    def bands(self) -> tuple[tuple[str, int], ...]:
        """The categories from the best on, each with its least score."""
        return (
            ("Healthy", self.healthy_from),
            ("Monitor", self.monitor_from),
            ("At Risk", self.at_risk_from),
            ("Critical", 0),
        )

    @staticmethod
    def of(changed: Mapping[str, Any]) -> Rules:
        """The published scorecard but for what was changed; unknown names are left out."""
        known = {one.name for one in fields(Rules)}
        own = {name: value for name, value in changed.items() if name in known}
        if "weights" in own:
            own["weights"] = {
                name: int(own["weights"].get(name, most)) for name, most in WEIGHTS.items()
            }
        return Rules(**own)

    def changed(self) -> dict[str, Any]:
        """What differs from the published scorecard, by name."""
        own = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in own.items() if value != getattr(PUBLISHED, name)}


PUBLISHED = Rules()
