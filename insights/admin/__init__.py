"""The support desk of what every domain points at, by topic."""

from insights.admin import people, yardsticks

__all__ = ["people", "yardsticks"]
