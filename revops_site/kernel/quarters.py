"""Which fiscal quarter a page is of: what can be chosen, what was, and what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from revops_site.kernel import periods
from revops_site.kernel.filters import Filters
from revops_site.kernel.freshness import Freshness

MOST = 22  # five years, the running quarter and the next one


def offered(fresh: Freshness, first_month: int) -> Mapping[str, str]:
    """The quarters that the data tell of and the next one, code → label, the newest first."""
    if fresh.last_day is None:
        return {}
    running = periods.fiscal_quarter(fresh.last_day, first_month)
    first = fresh.first_day or running.start
    found: dict[str, str] = {}
    day = running.end
    while len(found) < MOST and periods.fiscal_quarter(day, first_month).end > first:
        found[periods.quarter_code(day, first_month)] = periods.quarter_label(day, first_month)
        day = periods.plus(periods.fiscal_quarter(day, first_month).start, -1)
    return found


def kept(asked: Filters, known: Mapping[str, str], day: date | None, first_month: int) -> Filters:
    """The filters without a quarter that nobody could choose, which a notice names.

    That of ``day`` is left out, so that one state has one address.
    """
    code = asked.quarter
    if code is None:
        return asked
    notices = list(asked.notices)
    if code not in known:
        notices.append(f"Nothing is known of the quarter {code}; showing the running one.")
    elif day is None or code != periods.quarter_code(day, first_month):
        return asked
    return asked.replace(quarter=None, notices=tuple(notices))


def select(asked: Filters, known: Mapping[str, str], day: date, first_month: int) -> dict[str, Any]:
    """The choice of a quarter, as ``_filters.html`` prints it; that of ``day`` is the default."""
    own = periods.quarter_code(day, first_month)
    chosen = asked.quarter or own
    options = [
        {"value": "" if code == own else code, "label": label, "selected": code == chosen}
        for code, label in known.items()
    ]
    return {"name": "quarter", "label": "Quarter", "options": options}
