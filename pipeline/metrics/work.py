"""What reps are to win and did, and what they completed."""

from __future__ import annotations

from pipeline.metrics.deals import PRICED, money, rate
from revops_site.kernel.metrics import Metric

QUOTA_VALUE = money(
    "quota",
    "quota_amount",
    "Quota",
    "quota",
    "What was to be won in the quarters that the period touches.",
    "A quarter that the period touches counts whole. At the exchange rate of the day.",
    better="neither",
)
QUOTA_GAP = money(
    "quota-gap",
    "quota_gap",
    "Gap to quota",
    "quota - won_amount",
    "What is still to be won in the quarters that the period touches; below 0 it is exceeded.",
    f"A quarter counts whole, so the period should begin with one. {PRICED}",
    better="down",
)
ATTAINMENT = rate(
    "attainment",
    "ytd_attainment",
    "Attainment",
    "won_amount / quota_to_date",
    "What was won, of the quota of the days that have passed.",
    "Of a quarter that is not over, so much of the quota counts as days have passed, the day "
    f"included. {PRICED} Unknown where there is no quota.",
    ids=("K01",),
)
PLAN_METRICS = (QUOTA_VALUE, QUOTA_GAP, ATTAINMENT)

ACTIVITIES = Metric(
    slug="pipeline-activities",
    field="total_activities",
    label="Activities",
    meaning="Calls, mails, meetings, demos and tasks that were completed in the period.",
    formula="activities",
    better="up",
    show="integer",
    exact="integer",
    edge="Work counts whatever became of its deal; what is only planned does not.",
    ids=("K11",),
)
ACTIVITY_METRICS = (ACTIVITIES,)
