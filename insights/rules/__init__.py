"""What somebody should look at, one file a family: definitions without input or output."""

from __future__ import annotations

from insights.rules import marketing, people, pipeline, revenue

__all__ = ["RULES"]

RULES = (*marketing.RULES, *pipeline.RULES, *revenue.RULES, *people.RULES)
