"""What is sold where: segments, channels and campaigns, each with the reason why it is so.

docs/demo-company.md tells the same in prose, as what the product is expected to show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FACEBOOK = "Facebook Ads"
LINKEDIN = "LinkedIn"
WEBINARS = "Partner Webinars"
OUTBOUND = "Outbound"
SPIKE_CAMPAIGN = "Brand Search"
VIDEO = "Executive Video"
OPEN_STAGES = ("Discovery", "Demo", "Negotiation")
WON, LOST = "Closed_Won", "Closed_Lost"


@dataclass(frozen=True)
class Segment:
    """How customers of a size buy: the chance and the typical days of each step, and the money.

    ``qualify``: lead to MQL, MQL to SQL, SQL to opportunity. ``advance`` and ``pace``: out of
    Discovery, Demo and Negotiation. ``outbound``: share of the deals that reps dig up themselves.
    ``projects``: share of the deals that are projects. ``touches`` of marketing before a deal and
    ``contacts`` in it are what is usual.
    """

    code: str
    qualify: tuple[float, float, float]
    advance: tuple[float, float, float]
    pace: tuple[float, float, float]
    amount: float
    spread: float
    outbound: float
    plans: tuple[tuple[str, float], ...]
    monthly_churn: float
    yearly_growth: float
    legacy: int
    projects: float
    touches: float
    contacts: float


SEGMENTS = (
    Segment(
        code="SMB",
        qualify=(0.65, 0.31, 0.80),
        advance=(0.57, 0.54, 0.69),
        pace=(14.0, 17.0, 20.0),
        amount=5_000,
        spread=0.42,
        outbound=0.20,
        plans=(("Starter", 4_400), ("Professional", 8_000), ("Business", float("inf"))),
        monthly_churn=0.021,
        yearly_growth=0.03,
        legacy=230,
        projects=0.0,
        touches=2.2,
        contacts=1.6,
    ),
    Segment(
        code="MM",
        qualify=(0.60, 0.26, 0.75),
        advance=(0.55, 0.53, 0.66),
        pace=(26.0, 36.0, 38.0),
        amount=16_000,
        spread=0.42,
        outbound=0.45,
        plans=(("Professional", 14_000), ("Business", 22_000), ("Enterprise", float("inf"))),
        monthly_churn=0.010,
        yearly_growth=0.20,
        legacy=135,
        projects=0.2,
        touches=3.4,
        contacts=2.4,
    ),
    Segment(
        code="ENT",
        qualify=(0.55, 0.21, 0.70),
        advance=(0.51, 0.49, 0.62),
        pace=(44.0, 62.0, 70.0),
        amount=58_000,
        spread=0.45,
        outbound=0.35,
        plans=(("Business", 48_000), ("Enterprise", 85_000), ("Custom", float("inf"))),
        monthly_churn=0.005,
        yearly_growth=0.08,
        legacy=55,
        projects=0.35,
        touches=5.0,
        contacts=3.4,
    ),
)


@dataclass(frozen=True)
class Terms:
    """What a channel gives in a segment: leads a weekday, money a lead, how good they are.

    ``quality`` scales lead to MQL, ``winning`` the chance that a deal is won.
    """

    leads: float
    cpl: float
    quality: float = 1.0
    winning: float = 1.0


@dataclass(frozen=True)
class Channel:
    """Where leads come from. ``weekend`` is what is left of a weekday on Saturday and Sunday."""

    name: str
    ctr: float
    leads_per_click: float
    weekend: float
    terms: Mapping[str, Terms]


CHANNELS = (
    Channel(
        # Strongest in SMB; in ENT its leads cost more than the benchmark allows.
        "Google Ads",
        ctr=0.034,
        leads_per_click=0.062,
        weekend=0.55,
        terms={
            "SMB": Terms(8.2, 33, 1.05, 1.15),
            "MM": Terms(2.8, 69),
            "ENT": Terms(0.75, 238, 0.95, 0.95),
        },
    ),
    Channel(
        # Strongest in ENT; small customers are not its audience.
        LINKEDIN,
        ctr=0.011,
        leads_per_click=0.048,
        weekend=0.30,
        terms={
            "SMB": Terms(0.9, 108, 0.80, 0.80),
            "MM": Terms(2.0, 112),
            "ENT": Terms(2.7, 163, 1.22, 1.15),
        },
    ),
    Channel(
        # Cheap leads that are worth it until the month in which they stop converting.
        FACEBOOK,
        ctr=0.016,
        leads_per_click=0.051,
        weekend=0.95,
        terms={"SMB": Terms(4.2, 24, 0.85, 0.85), "MM": Terms(1.1, 47, 0.85, 0.85)},
    ),
    Channel(
        # A steady second best: inside every range, good return, few leads.
        "Content Marketing",
        ctr=0.019,
        leads_per_click=0.055,
        weekend=0.60,
        terms={
            "SMB": Terms(2.0, 25, 0.80, 0.90),
            "MM": Terms(1.3, 53, 0.80, 0.85),
            "ENT": Terms(0.7, 128, 0.75, 0.80),
        },
    ),
    Channel(
        # Unpaid: no cost per lead, no return on spend, but a sixth of the customers.
        "Organic Search",
        ctr=0.045,
        leads_per_click=0.030,
        weekend=0.50,
        terms={"SMB": Terms(3.4, 0), "MM": Terms(1.4, 0), "ENT": Terms(0.6, 0)},
    ),
    Channel(
        # Unpaid and rare: customers send customers, and those buy twice as often.
        "Referral",
        ctr=0.21,
        leads_per_click=0.13,
        weekend=0.25,
        terms={
            "SMB": Terms(0.45, 0, 1.25, 1.45),
            "MM": Terms(0.40, 0, 1.25, 1.45),
            "ENT": Terms(0.22, 0, 1.25, 1.45),
        },
    ),
    Channel(
        # Started five months ago: leads at a fair price, too young to be judged by its wins.
        WEBINARS,
        ctr=0.055,
        leads_per_click=0.24,
        weekend=0.05,
        terms={"SMB": Terms(0.8, 46), "MM": Terms(1.0, 61, 1.1), "ENT": Terms(0.7, 118, 1.1)},
    ),
)


@dataclass(frozen=True)
class Campaign:
    """What a channel runs, in some segments and geos, for a time.

    ``share`` is its weight among the campaigns that bring the channel's leads of a segment.
    ``since`` counts months back from the month of ``as_of``; ``months`` are the calendar months
    in which it runs, each year. ``budget`` is the money a weekday of a
    campaign that brings no leads at all.
    """

    channel: str
    name: str
    segments: tuple[str, ...]
    geos: tuple[str, ...]
    share: float
    since: int | None = None
    months: tuple[int, ...] = ()
    budget: float = 0.0


ALL = ("SMB", "MM", "ENT")
CAMPAIGNS = (
    # The one whose budget was typed with a zero too many on one day.
    Campaign("Google Ads", SPIKE_CAMPAIGN, ALL, ("US", "EMEA"), 0.68),
    Campaign("Google Ads", "Competitor Search", ("SMB",), ("Canada", "APAC"), 0.32),
    Campaign("LinkedIn", "Decision Makers", ("MM", "ENT"), ("US", "EMEA"), 0.72),
    Campaign("LinkedIn", "Strategic Accounts", ("ENT",), ("APAC",), 0.28),
    Campaign("LinkedIn", "Lead Forms", ("SMB",), ("US",), 1.0),
    # Spend without leads: cost per lead must show a dash, not zero.
    Campaign("LinkedIn", VIDEO, ("ENT",), ("US",), 0.0, since=2, budget=85.0),
    Campaign(FACEBOOK, "Retargeting", ("SMB", "MM"), ("US",), 0.55),
    Campaign(FACEBOOK, "Lookalike Audiences", ("SMB",), ("EMEA",), 0.45),
    Campaign("Content Marketing", "Revenue Playbook", ALL, ("US",), 0.80),
    # Runs twice a year only: a campaign that is away must not read as one that failed.
    Campaign(
        "Content Marketing",
        "State of Revenue Report",
        ("MM", "ENT"),
        ("EMEA",),
        0.6,
        months=(3, 4, 9, 10),
    ),
    Campaign("Organic Search", "Website", ALL, ("US", "EMEA"), 0.75),
    Campaign("Organic Search", "Help Centre", ("SMB",), ("APAC",), 0.25),
    Campaign("Referral", "Customer Referrals", ALL, ("US",), 1.0),
    Campaign(WEBINARS, "Partner Webinar Series", ALL, ("US",), 1.0, since=4),
)
GEO_WEIGHTS = {"US": 1.0, "Canada": 0.45, "EMEA": 0.72, "APAC": 0.55}
REGION_OF_GEO = {"US": "Americas", "Canada": "Americas", "EMEA": "EMEA", "APAC": "APAC"}
