"""Attribution: which channel earned what was won, model beside model, journey by journey."""

from insights.panels.attribution.deal import page as deal_page
from insights.panels.attribution.pages import (
    CAMPAIGNS,
    JOURNEYS,
    LEDGER,
    LEDGERS,
    PAGE,
    as_asked,
    beside,
)

__all__ = ["CAMPAIGNS", "JOURNEYS", "LEDGER", "LEDGERS", "PAGE", "as_asked", "beside", "deal_page"]
