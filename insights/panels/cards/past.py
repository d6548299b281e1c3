"""What rules would have said at past months' ends, as these were known then."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from insights.analytics.insight import Look
from insights.panels.cards.found import Rules, find
from revops_site.kernel.filters import Filters
from revops_site.kernel.models import Workspace
from revops_site.kernel.permissions import EVERYBODY


def looks(
    rules: Rules, days: Sequence[date], at: Workspace, seconds: float
) -> Iterator[tuple[date, Sequence[Look[Any]]]]:
    """Each day with what became of each rule over the whole company, while there is time."""
    ends = time.monotonic() + seconds
    for day in days:
        if time.monotonic() > ends:
            return
        yield day, find(Filters(as_of=day), EVERYBODY, rules, at, patient=True).looks
