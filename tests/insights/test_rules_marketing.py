"""The rules about channels: when each speaks, and when it keeps quiet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from insights.analytics.facts import Channel, Channels, LeadCost
from insights.rules.marketing import HIGH_CPL, LOW_CONVERSION_CHANNEL, LOW_ROI, TOP_CHANNEL


def channel(name: str, spend: float, revenue: float, leads: int = 100, won: int = 10) -> Channel:
    """A channel whose revenue is known in full."""
    return Channel(name, spend, leads, won, spend, revenue)


def both(*channels: Channel) -> Channels:
    return Channels(channels, "USD")


SEARCH, SOCIAL = channel("Search", 1000, 9000), channel("Social", 1000, 2000)


def test_the_best_channel_is_the_one_that_returns_most_not_that_spends_most() -> None:
    found = TOP_CHANNEL.judge(both(SEARCH, channel("Social", 5000, 10000)))
    assert found is not None
    assert found.said.subject == "channel Search"
    assert found.said.value == pytest.approx(800)
    assert found.said.threshold == pytest.approx(13000 / 6000 * 100)
    assert found.severity == "good"


def test_a_channel_of_little_spend_or_few_customers_is_never_the_best() -> None:
    speck = channel("Speck", 10, 900)
    found = TOP_CHANNEL.judge(both(SEARCH, SOCIAL, speck))
    assert found is not None
    assert found.said.subject == "channel Search"
    assert TOP_CHANNEL.judge(both(replace(SEARCH, closed_won=4), SOCIAL)) is None


def test_channels_that_return_the_same_have_no_best() -> None:
    assert TOP_CHANNEL.judge(both(SEARCH, replace(SEARCH, name="Twin"))) is None


def test_without_spend_no_return_is_known() -> None:
    assert TOP_CHANNEL.judge(both(channel("Organic", 0, 0))) is None
    assert LOW_ROI.judge(both(channel("Organic", 0, 0))) is None


def test_a_channel_that_surely_converts_worse_is_named() -> None:
    facts = both(channel("Good", 1000, 0, 1000, 100), channel("Poor", 1000, 0, 1000, 10))
    found = LOW_CONVERSION_CHANNEL.judge(facts)
    assert found is not None
    assert found.said.subject == "channel Poor"
    assert found.said.threshold == pytest.approx(110 / 2000)
    assert found.said.value < found.said.threshold
    assert found.said.money == pytest.approx(1000 * (1 - 0.01 / 0.055))


def test_a_channel_that_may_only_have_had_bad_luck_is_not_named() -> None:
    facts = both(channel("Good", 1000, 0, 1000, 100), channel("Unlucky", 1000, 0, 60, 4))
    assert LOW_CONVERSION_CHANNEL.judge(facts) is None


def test_a_channel_with_fewer_than_fifty_leads_is_not_judged() -> None:
    facts = both(channel("Good", 1000, 0, 1000, 500), channel("Small", 1000, 0, 49, 0))
    assert LOW_CONVERSION_CHANNEL.judge(facts) is None
    facts = both(channel("Good", 1000, 0, 1000, 500), channel("Small", 1000, 0, 50, 0))
    assert LOW_CONVERSION_CHANNEL.judge(facts) is not None


def test_a_return_below_two_hundred_percent_is_low_and_two_hundred_is_not() -> None:
    found = LOW_ROI.judge(both(channel("Search", 1000, 2500)))
    assert found is not None
    assert found.said.value == pytest.approx(150)
    assert found.said.money == pytest.approx(500)
    assert found.strength.effect == pytest.approx(0.25)
    assert LOW_ROI.judge(both(channel("Search", 1000, 3000))) is None


def test_a_return_on_fewer_than_five_customers_says_nothing() -> None:
    assert LOW_ROI.judge(both(channel("Search", 1000, 0, won=4))) is None
    assert LOW_ROI.judge(both(channel("Search", 1000, 0, won=5))) is not None


LEADS = LeadCost("LinkedIn", "ENT", spend=12_000, leads=100, most=100.0, currency="USD")


def test_leads_above_their_range_are_dear_and_at_its_end_they_are_not() -> None:
    found = HIGH_CPL.judge(LEADS)
    assert found is not None
    assert found.said.value == pytest.approx(120)
    assert found.said.money == pytest.approx(2000)
    assert found.said.evidence.changes == {"channel": ("LinkedIn",), "segment": ("ENT",)}
    assert HIGH_CPL.judge(replace(LEADS, spend=10_000)) is None


def test_the_cost_of_fewer_than_twenty_leads_says_nothing() -> None:
    assert HIGH_CPL.judge(replace(LEADS, leads=19)) is None
    assert HIGH_CPL.judge(replace(LEADS, leads=0)) is None
    assert HIGH_CPL.judge(replace(LEADS, leads=20)) is not None
