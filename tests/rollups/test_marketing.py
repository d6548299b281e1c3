"""Marketing's sums by day and by campaign and month are those of its rows."""

from __future__ import annotations

import random
from typing import Any

import pytest

from marketing import rollups
from marketing.models import CampaignMonth, MarketingRollup
from revops_site.kernel import rerating
from tests.rollups import recomputed
from tests.rollups.conftest import CURRENCIES, Put, Take

DICE = random.Random(3)
ROWS: list[dict[str, Any]] = [
    {
        "date": f"2024-0{month}-{day:02}",
        "channel": channel,
        "campaign": campaign,
        "spend": DICE.choice((0, "10.10", -5)),
        "clicks": DICE.randrange(9),
        "roi": DICE.choice((None, 50)),
        "revenue": DICE.choice((None, 7)),
        "currency": DICE.choice(CURRENCIES),
    }
    for month in (1, 2, 3)
    for day in (1, 2, 28)
    for channel in ("LinkedIn", "Events")
    for campaign in ("", "Spring")
]


@pytest.fixture(autouse=True)
def days(put: Put, rates: None) -> None:
    put("marketing_channels", *ROWS)


def assert_true() -> None:
    by_day = recomputed.stored(MarketingRollup, "date", "channel", "segment", "geo")
    assert by_day == recomputed.marketing_days()
    by_month = recomputed.stored(CampaignMonth, "month", "channel", "campaign", "segment", "geo")
    assert by_month == recomputed.campaign_months()
    assert [roll_up.differences() for roll_up in rollups.ROLLUPS] == [0, 0, 0]


def test_the_sums_are_those_of_the_rows() -> None:
    assert CampaignMonth.objects.count() == 3 * 4
    assert_true()


def test_rows_that_change_change_their_day_and_their_month(put: Put) -> None:
    put("marketing_channels", ROWS[3] | {"clicks": 1000}, ROWS[-1] | {"spend": 1})
    assert max(CampaignMonth.objects.values_list("clicks", flat=True)) >= 1000
    assert_true()


def test_rows_that_are_deleted_leave_day_and_month(take: Take) -> None:
    from marketing.models import MarketingDay

    gone = MarketingDay.objects.filter(campaign="Spring").values_list("key", flat=True)
    take("marketing_channels", *((key,) for key in gone))
    assert set(CampaignMonth.objects.values_list("campaign", flat=True)) == {""}
    assert_true()


def test_other_rates_reach_the_months_of_the_campaigns(put: Put) -> None:
    before = CampaignMonth.objects.filter(unrated__gt=0).count()
    put("fx_rates", {"date": "2024-01-01", "from_currency": "XAU", "to_currency": "USD", "rate": 9})
    assert before > 0
    assert not CampaignMonth.objects.filter(unrated__gt=0, month__gt="2024-01-01").exists()
    assert_true()
    rerating.soon("EUR")
    assert_true()
