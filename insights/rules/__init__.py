"""What somebody should look at, one file a family: definitions without input or output."""

from __future__ import annotations

from typing import Any

from insights.analytics.insight import Rule, configured
from insights.queries import rule_settings
from insights.rules import forecast, marketing, people, pipeline, revenue, series

__all__ = ["RULES", "rules"]

RULES = (
    *marketing.RULES,
    *pipeline.RULES,
    *forecast.RULES,
    *revenue.RULES,
    *people.RULES,
    *series.RULES,
)


def rules() -> tuple[Rule[Any, Any], ...]:
    """The rules as they are set by now."""
    return configured(RULES, rule_settings.kept())
