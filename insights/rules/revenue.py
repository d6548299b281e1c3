"""What is worth saying about customers: who leaves, why, and whether those who stay pay more."""

from __future__ import annotations

from dataclasses import dataclass

from insights.analytics.facts import Churn, Reason, Retention
from insights.analytics.insight import Evidence, Parameters, Rule, Statement
from revops_site.kernel.formats import MONTHS, show
from revops_site.kernel.periods import month

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class HighChurn(Parameters):
    """The share of customers that may leave in a month."""

    min_n: int = 20
    max_churn: float = 0.05


@dataclass(frozen=True)
class DominantReason(Parameters):
    """The share of the lost MRR from which on one reason dominates."""

    min_n: int = 5
    max_share: float = 0.30


@dataclass(frozen=True)
class LowNrr(Parameters):
    """The net revenue retention that is asked where no benchmark says otherwise."""

    min_n: int = 10
    min_nrr: float = 1.05


def high_churn(facts: Churn, given: HighChurn) -> Statement | None:
    """The share of customers that left in the last whole month."""
    if not facts.starting:
        return None
    rate = facts.churned / facts.starting
    of_month = f"{MONTHS[facts.month.month - 1]} {facts.month.year}"
    beyond = (1 - given.max_churn / rate) * facts.churned_mrr * MONTHS_A_YEAR if rate else 0.0
    days = month(facts.month)
    return Statement(
        subject="all customers",
        value=rate,
        threshold=given.max_churn,
        n=facts.starting,
        counted="customers at the month's start",
        show="percent1",
        headline=(
            f"{show(rate, 'percent1')} of customers left in {of_month}, above "
            f"{show(given.max_churn, 'percent')}."
        ),
        explanation=(
            f"{facts.churned:,} of {facts.starting:,} customers left, and with them "
            f"{show(facts.churned_mrr, 'amount_auto', facts.currency)} of MRR."
        ),
        action="Talk to those who left last, and list who looks like them among those who stay.",
        evidence=Evidence(
            "revenue",
            "See it on Revenue",
            {"period": "custom", "start": days.start, "end": days.last_day},
            "revenue-kpis",
        ),
        operands={
            "starting_customers": facts.starting,
            "churned_customers": facts.churned,
            "churned_mrr": facts.churned_mrr,
            "month": facts.month.isoformat(),
        },
        money=beyond,
        stake="MRR that left × the share beyond the limit × 12 months",
    )


def dominant_reason(facts: Reason, given: DominantReason) -> Statement | None:
    """The reason that took most of the lost MRR."""
    if facts.all_lost <= 0:
        return None
    share = facts.mrr_lost / facts.all_lost
    lost = show(facts.mrr_lost, "amount_auto", facts.currency)
    return Statement(
        subject=f"reason {facts.reason}",
        value=share,
        threshold=given.max_share,
        n=facts.churned,
        counted="customers who left",
        show="percent",
        headline=(f"“{facts.reason}” stands behind {show(share, 'percent')} of the MRR that left."),
        explanation=(
            f"{facts.count:,} of {facts.churned:,} customers who left gave this reason; they paid "
            f"{lost} of the {show(facts.all_lost, 'amount_auto', facts.currency)} a month that "
            "was lost."
        ),
        action=f"Find out what would have kept those who left for “{facts.reason}”.",
        evidence=Evidence(
            "revenue", "See it on Revenue", {"reason": (facts.reason,)}, "churn-reasons"
        ),
        operands={
            "count": facts.count,
            "mrr_lost": facts.mrr_lost,
            "all_mrr_lost": facts.all_lost,
            "churned": facts.churned,
            "with_a_reason": facts.known,
        },
        money=facts.mrr_lost * MONTHS_A_YEAR,
        stake="MRR lost for this reason × 12 months",
        filled=facts.known / facts.churned if facts.churned else 0.0,
    )


def low_nrr(facts: Retention, given: LowNrr) -> Statement | None:
    """What the customers of a year ago pay now, as a share of what they paid."""
    if facts.then <= 0:
        return None
    threshold = facts.target if facts.target is not None else given.min_nrr
    kept = facts.now / facts.then
    whose = f"{facts.segment} customers" if facts.segment else "all customers"
    least = show(threshold, "percent")
    asked = f"the {least} that are asked" if facts.target is None else f"their target of {least}"
    then, now = (show(one, "amount_auto", facts.currency) for one in (facts.then, facts.now))
    return Statement(
        subject=f"segment {facts.segment}" if facts.segment else "all customers",
        value=kept,
        threshold=threshold,
        n=facts.customers,
        counted="customers of a year ago",
        show="percent1",
        headline=(f"Net revenue retention of {whose} is {show(kept, 'percent1')}, below {asked}."),
        explanation=(
            f"{facts.customers:,} customers paid {then} a month a year ago; they pay {now} a month "
            "now, those who left counted as nothing."
        ),
        action="Look for what the accounts that grew have in common, and who could follow them.",
        evidence=Evidence(
            "revenue",
            "See it on Revenue",
            {"segment": (facts.segment,)} if facts.segment else {},
            "nrr-by-segment",
        ),
        operands={
            "mrr_year_ago": facts.then,
            "mrr_now": facts.now,
            "customers": facts.customers,
            "month": facts.month.isoformat(),
        },
        money=(threshold - kept) * facts.then * MONTHS_A_YEAR,
        stake="(asked retention − retention) × MRR of a year ago × 12 months",
    )


HIGH_CHURN = Rule(
    id="HIGH_CHURN",
    version=1,
    label="Customers leave",
    category="revenue",
    direction="above",
    about=Churn,
    parameters=HighChurn(),
    say=high_churn,
    looks="More customers leaving in the last whole month than is tolerated.",
    needs=("customer_mrr",),
    ignores=("reason",),
)
DOMINANT_CHURN_REASON = Rule(
    id="DOMINANT_CHURN_REASON",
    version=1,
    label="One reason to leave",
    category="revenue",
    direction="above",
    about=Reason,
    parameters=DominantReason(),
    say=dominant_reason,
    looks="A single reason behind a large part of the MRR that left.",
    needs=("revenue_customers",),
)
LOW_NRR = Rule(
    id="LOW_NRR",
    version=1,
    label="Customers pay less than before",
    category="revenue",
    direction="below",
    about=Retention,
    parameters=LowNrr(),
    say=low_nrr,
    looks="A net revenue retention below the segment’s target, or overall below what is asked.",
    needs=("customer_mrr",),
    ignores=("reason",),
)
RULES = (HIGH_CHURN, DOMINANT_CHURN_REASON, LOW_NRR)
