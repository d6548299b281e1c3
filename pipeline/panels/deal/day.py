"""As of which day a deal is shown, in which currency, beside whose deals."""

from __future__ import annotations

from pipeline.queries import standing
from revops_site.kernel import freshness
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.queries import workspace


def newest(may_see: Allowed) -> Slice:
    """The last day of the deals' data, or today where there are none."""
    at = workspace()
    return narrow(
        Filters(),
        may_see,
        standing.last_day() or freshness.stamp(at),
        first_month=at.fiscal_year_start_month,
        currency=at.reporting_currency,
    )
