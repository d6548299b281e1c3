"""What marketing's numbers can be taken apart by."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from marketing import queries
from marketing.queries import drill
from revops_site.kernel.filters import Slice
from revops_site.kernel.parted import BELOW, Parted, folded

BY = {"channel": "channel", "segment": "segment", "region": "geo"}


def _by_group(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    campaigns = folded(drill.by_campaign(slice_), {"campaign": "campaign"}, queries.OPERANDS)
    return {**folded(queries.mix(slice_), BY, queries.OPERANDS), **campaigns}


PARTED: Mapping[str, Parted] = {
    "marketing-days": Parted(read=_by_group, dimensions=(*BY, "campaign"), sample=BELOW),
}
