"""The support desk of what every domain points at, by topic."""

from insights.admin import days, people, yardsticks

__all__ = ["days", "people", "yardsticks"]
