"""A quarter near its end: two teams of one rep each, their quotas, deals and work."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pipeline.datasets import ACTIVITIES, QUOTAS
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.loading import rows
from tests import pipeline_deals as deals

LAST_DAY, MONDAY = date(2025, 6, 30), date(2025, 6, 23)
# In the second quarter of 2025: Ana's are worth 40,000 won and 132,000 open, Cy's 30,000 open.
DEALS = (
    "B1,Acme,SMB,ana,Negotiation,100000,USD,2025-04-01,2025-06-30,2025-06-02,,open,,LinkedIn,"
    "EMEA,new,,Commit,2025-07-03",
    "B2,Bolt,ENT,ana,Demo,32000,USD,2025-04-01,2025-06-30,2025-06-30,,open,,Referral,EMEA,new,,"
    "Best Case,",
    "B3,Corex,SMB,ana,Closed_Won,40000,USD,2025-01-10,2025-04-10,2025-04-10,,won,2025-04-10,"
    "LinkedIn,EMEA,new,,Closed,",
    "B4,Dune,MM,cy,Discovery,30000,USD,2025-04-20,2025-06-28,2025-05-01,,open,,LinkedIn,APAC,new,"
    ",,",
    "B5,Echo,MM,cy,Negotiation,70000,USD,2025-04-20,2025-08-28,2025-05-01,,open,,LinkedIn,APAC,"
    "new,,Commit,",
    "B6,Fern,MM,cy,Negotiation,90000,USD,2025-04-20,2025-06-28,2025-05-01,,open,,LinkedIn,APAC,"
    "new,,Omitted,",
)


def fill(folder: Path) -> None:
    """Load all of it; Ana and Cy are there already."""
    assert deals.load(folder, DEALS).exit_code == 0
    quotas = [
        {"rep_id": who, "period": "Q2 2025", "quota_amount": amount}
        for who, amount in (("ana", "200000"), ("cy", "100000"))
    ]
    call = {"activity_id": "T1", "rep_id": "ana", "deal_id": "B1", "type": "call"}
    done = [call | {"done_at": "2025-06-29T10:00:00Z", "is_done": "true"}]
    for dataset, given in ((QUOTAS, quotas), (ACTIVITIES, done)):
        assert not rows.write(dataset, given, kind="app", source="test", by=None).refused


def whole(as_of: date = LAST_DAY, reps: Allowed | None = None, **chosen: Any) -> Slice:
    asked = Filters(as_of=as_of, **chosen)
    return narrow(asked, reps or Allowed(), LAST_DAY, first_month=1, currency="USD")
