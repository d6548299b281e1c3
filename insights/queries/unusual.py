"""What was found unusual, and the patterns: what of it a reader may see."""

from __future__ import annotations

from datetime import date

from insights.models import ScanRun


def scanned(generation: int, day: date) -> bool:
    """Whether the series were looked at as they are on this day in this state of the data."""
    return ScanRun.objects.filter(generation=generation, day=day).exists()
