"""The vocabulary of the demo company, as of the day that the questions were written for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from insights.analytics.asking import Clock, Vocabulary
from insights.metrics.words import PLACES
from insights.panels import book
from insights.panels.asking import known

REPS = (
    *("Maya Okafor", "Daniel Brooks", "Sofia Ramirez", "Ethan Walker", "Grace Liu", "Lukas Weber"),
    *("Amelia Hughes", "Matteo Rossi", "Noor Haddad", "Kenji Tanaka", "Priya Nair", "Oliver Grant"),
)
MEMBERS: Mapping[str, Mapping[str, str]] = {
    "segment": {one: one for one in ("ENT", "MM", "SMB")},
    "channel": {
        one: one
        for one in (
            *("Content Marketing", "Facebook Ads", "Google Ads", "LinkedIn", "Organic Search"),
            *("Partner Webinars", "Referral", "Outbound"),
        )
    },
    "campaign": {
        one: one
        for one in (
            *("Brand Search", "Competitor Search", "Customer Referrals", "Decision Makers"),
            *("Executive Video", "Help Centre", "Lead Forms", "Lookalike Audiences"),
            *("Partner Webinar Series", "Retargeting", "Revenue Playbook", "Website"),
            *("State of Revenue Report", "Strategic Accounts"),
        )
    },
    "region": {one: one for one in ("APAC", "Canada", "EMEA", "US")},
    "team": {one: one for one in ("APAC", "Americas", "EMEA")},
    "owner": {f"REP_{nth:03}": name for nth, name in enumerate(REPS, 1)},
    "pipeline": {"PIPE_1": "Commercial", "PIPE_2": "Projects"},
    "stage": {
        one: one
        for one in (
            *("Discovery", "Demo", "Site Survey", "Negotiation", "Order Received", "Approved"),
            *("Awaiting Payment", "Site Readiness", "Everything Ready", "Under Progress"),
        )
    },
    "plan": {one: one for one in ("Business", "Custom", "Enterprise", "Professional", "Starter")},
    "reason": {
        one: one
        for one in (
            *("Budget Cut", "Business Closure", "Competition", "Feature Gap", "Merger", "Price"),
            "Support",
        )
    },
}
DAY = date(2026, 11, 21)


@cache
def vocabulary(day: date = DAY, first_month: int = 1) -> Vocabulary:
    """What somebody who sees everything can name."""
    numbers = known.numbers(book.EXPLAINED, book.PARTED)
    places = {address: address for address in PLACES}
    return Vocabulary(numbers, MEMBERS, places, Clock(day, first_month), unusual="~")
