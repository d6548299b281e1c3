"""Marketing day by day: operands of the company and of its parts."""

from __future__ import annotations

import pandas as pd

from marketing.models import MarketingRollup
from marketing.queries import OPERANDS, ROLLUP_DIMENSIONS
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import shared
from revops_site.kernel.summing import Sums, summed


@shared
def days(slice_: Slice, *by: str) -> pd.DataFrame:
    """Operands per value of ``by`` (channel, segment or region) and day that has data.

    Columns ``by`` (text), ``start`` (datetime64), ``OPERANDS``; from the roll-up, which knows no
    campaigns.
    """
    keys = {name: ROLLUP_DIMENSIONS[name] for name in by} | {"start": "date"}
    columns = {**dict.fromkeys(by, "str"), "start": "datetime64[s]", **OPERANDS}
    found = Sums(MarketingRollup, keys, summed(OPERANDS), "date", ROLLUP_DIMENSIONS)
    return found.read(slice_, columns)
