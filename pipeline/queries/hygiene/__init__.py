"""What open deals lack: rules that each deal keeps or breaks, by owner, and over the weeks."""

from __future__ import annotations

from typing import Any

import pandas as pd
from django.db.models import F, Q, QuerySet

from pipeline.queries import deals, listed, waits
from pipeline.queries.hygiene.trend import TREND, trend
from pipeline.queries.hygiene.verdicts import RULES, breaks, verdict
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import filled, shared, to_frame
from revops_site.kernel.summing import asked, over, sums_over

__all__ = [
    "RULES",
    "TREND",
    "breaks",
    "broken",
    "by_owner",
    "judged",
    "totals",
    "totals_sql",
    "trend",
]

FLAGS = tuple(f"is_{name}" for name in RULES)
BROKEN = {name: f"count(*) FILTER (WHERE is_{name})" for name in RULES}
CHECKED = {f"known_{name}": f"count(is_{name})" for name in RULES}
SUMS = {
    "deals": "count(*)",
    "clean": f"count(*) FILTER (WHERE {' AND '.join(f'{flag} IS NOT TRUE' for flag in FLAGS)})",
    **BROKEN,
    **CHECKED,
    "checks": " + ".join(f"count({flag})" for flag in FLAGS),
    "passed": " + ".join(f"count(*) FILTER (WHERE NOT {flag})" for flag in FLAGS),
}
BY_OWNER = sums_over(SUMS, waits.OWNER, ("owner_name", "owner_id"))
OWNERS = {**dict.fromkeys(waits.OWNER, "str"), **dict.fromkeys(SUMS, "int64")}


def broken(slice_: Slice) -> QuerySet[Any]:
    """The open deals that break any rule, as ``listed.open_deals`` gives them."""
    found = Q()
    for rule in RULES:
        found |= breaks(slice_, rule)
    return waits.counted(listed.open_deals(slice_), slice_).filter(found)


def judged(slice_: Slice) -> QuerySet[Any]:
    """All open deals, each with ``is_…`` of every rule: whether it breaks it, None where nobody
    knows.
    """
    return _judged(listed.open_deals(slice_), slice_)


@shared
def by_owner(slice_: Slice) -> pd.DataFrame:
    """How many open deals each owner has, how many break no rule, how many break each, and of how
    many each is known (``known_…``): ``OWNERS``, in the order of names.

    ``checks`` are those that can be made: rules times deals, less what is not known of the day;
    ``passed`` are those of them that found nothing wrong.
    """
    return to_frame(asked(BY_OWNER, _of_owners(slice_)), OWNERS)


@shared
def totals(slice_: Slice) -> dict[str, float]:
    """The operands of hygiene by name: ``SUMS``."""
    found = by_owner(slice_)
    return {name: float(found[name].sum()) for name in SUMS}


def totals_sql(slice_: Slice) -> str:
    """The SQL that gives the operands of hygiene."""
    return filled(*over(sums_over(SUMS), _of_owners(slice_)))


def _of_owners(slice_: Slice) -> QuerySet[Any, Any]:
    rows = _judged(deals.open_(slice_), slice_).annotate(owner_name=F("owner__name"))
    found: QuerySet[Any, Any] = rows.values("owner_id", "owner_name", *FLAGS)
    return found


def _judged(rows: QuerySet[Any], slice_: Slice) -> QuerySet[Any]:
    flags = {f"is_{name}": verdict(slice_, name) for name in RULES}
    found: QuerySet[Any] = waits.counted(rows, slice_).annotate(**flags)
    return found
