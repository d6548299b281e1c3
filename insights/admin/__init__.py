"""The support desk of what every domain points at, by topic."""

from insights.admin import attribution, days, files, machine, people, rules, yardsticks

__all__ = ["attribution", "days", "files", "machine", "people", "rules", "yardsticks"]
