"""What is worth saying about channels: who earns most, who converts worst, what costs too much."""

from __future__ import annotations

from dataclasses import dataclass

from insights.analytics.facts import Channels, LeadCost
from insights.analytics.insight import Evidence, Parameters, Rule, Statement
from revops_site.kernel.formats import show
from revops_site.kernel.intervals import wilson

NEEDS = ("marketing_channels",)


@dataclass(frozen=True)
class TopChannel(Parameters):
    """A channel counts from this share of all spend on."""

    min_n: int = 5
    min_spend_share: float = 0.05


@dataclass(frozen=True)
class LowConversion(Parameters):
    """How many leads a channel has to have."""

    min_n: int = 50


@dataclass(frozen=True)
class LowRoi(Parameters):
    """The return in percent that is asked of all spend."""

    min_n: int = 5
    min_roi: float = 200.0


@dataclass(frozen=True)
class HighCpl(Parameters):
    """How many leads a channel has to have in a segment."""

    min_n: int = 20


def roi(known_spend: float, known_revenue: float) -> float | None:
    """Return on spend in percent; None without spend."""
    return (known_revenue - known_spend) / known_spend * 100 if known_spend else None


def top_channel(facts: Channels, given: TopChannel) -> Statement | None:
    """The channel of some weight whose return is the highest, beside the return of all."""
    spend = sum(one.spend for one in facts.channels)
    known = sum(one.known_spend for one in facts.channels)
    whole = roi(known, sum(one.known_revenue for one in facts.channels))
    weighty = [
        (returned, one)
        for one in facts.channels
        if one.closed_won >= given.min_n
        and spend > 0
        and one.spend / spend >= given.min_spend_share
        and (returned := roi(one.known_spend, one.known_revenue)) is not None
    ]
    if whole is None or not weighty:
        return None
    returned, best = max(weighty, key=lambda pair: (pair[0], pair[1].spend, pair[1].name))
    more = (returned - whole) / 100 * best.known_spend
    says, usual = show(returned, "percentage"), show(whole, "percentage")
    return Statement(
        subject=f"channel {best.name}",
        value=returned,
        threshold=whole,
        scale=whole,
        n=best.closed_won,
        counted="customers won",
        show="percentage",
        headline=f"{best.name} returns {says} on its spend; all channels together return {usual}.",
        explanation=(
            f"{best.name} took {show(best.spend / spend, 'percent')} of the spend and won "
            f"{best.closed_won:,} customers. At the return of all channels, the same spend would "
            f"have brought {show(more, 'amount_auto', facts.currency)} less."
        ),
        action=f"Try more budget on {best.name}, and watch whether its return holds.",
        evidence=Evidence(
            "marketing", "See it on Marketing", {"channel": (best.name,)}, "channel-performance"
        ),
        operands={
            "spend": best.spend,
            "all_spend": spend,
            "known_spend": best.known_spend,
            "known_revenue": best.known_revenue,
            "closed_won": best.closed_won,
            "all_known_spend": known,
            "all_roi": whole,
        },
        money=more,
        stake="(ROI − ROI of all channels) ÷ 100 × its spend of known revenue",
        filled=_known(best.known_spend, best.spend),
    )


def low_conversion(facts: Channels, given: LowConversion) -> Statement | None:
    """The channel that surely converts worst: even the upper end of its rate is low."""
    leads = sum(one.leads for one in facts.channels)
    won = sum(one.closed_won for one in facts.channels)
    ends = [
        (interval[1], one)
        for one in facts.channels
        if one.leads >= given.min_n
        and one.closed_won <= one.leads
        and (interval := wilson(one.closed_won, one.leads)) is not None
    ]
    if not leads or not won or not ends:
        return None
    overall = won / leads
    upper, worst = min(ends, key=lambda pair: (pair[0], pair[1].name))
    rate = worst.closed_won / worst.leads
    wasted = max(0.0, worst.spend * (1 - rate / overall))
    return Statement(
        subject=f"channel {worst.name}",
        value=upper,
        threshold=overall,
        n=worst.leads,
        counted="leads",
        show="percent2",
        headline=(
            f"{worst.name} turns {show(rate, 'percent2')} of its leads into customers; "
            f"{show(overall, 'percent2')} is usual."
        ),
        explanation=(
            f"{worst.closed_won:,} of {worst.leads:,} leads became customers. Allowing for chance, "
            f"its rate is {show(upper, 'percent2')} at most, which is below that of all channels."
        ),
        action=f"Look at whom {worst.name} brings in, and how soon somebody answers them.",
        evidence=Evidence("marketing", "See it on Marketing", {"channel": (worst.name,)}, "funnel"),
        operands={
            "leads": worst.leads,
            "closed_won": worst.closed_won,
            "spend": worst.spend,
            "all_leads": leads,
            "all_closed_won": won,
            "upper_95": upper,
        },
        money=wasted if worst.spend > 0 else None,
        stake="its spend × (1 − its rate ÷ the usual rate)",
    )


def low_roi(facts: Channels, given: LowRoi) -> Statement | None:
    """The return on all spend."""
    spend = sum(one.spend for one in facts.channels)
    known = sum(one.known_spend for one in facts.channels)
    revenue = sum(one.known_revenue for one in facts.channels)
    returned = roi(known, revenue)
    if returned is None:
        return None
    won = sum(one.closed_won for one in facts.channels)
    short = (given.min_roi - returned) / 100 * known
    asked = show(given.min_roi, "percentage")
    return Statement(
        subject="all channels",
        value=returned,
        threshold=given.min_roi,
        n=won,
        counted="customers won",
        show="percentage",
        headline=f"Marketing returns {show(returned, 'percentage')} on its spend, below {asked}.",
        explanation=(
            f"{show(known, 'amount_auto', facts.currency)} of spend brought "
            f"{show(revenue, 'amount_auto', facts.currency)}; a return of {asked} would have "
            f"brought {show(short, 'amount_auto', facts.currency)} more."
        ),
        action="Move budget from the channels that return least to those that return most.",
        evidence=Evidence("marketing", "See it on Marketing", {}, "roi-by-channel"),
        operands={
            "known_spend": known,
            "known_revenue": revenue,
            "spend": spend,
            "closed_won": won,
        },
        money=short,
        stake="(asked ROI − ROI) ÷ 100 × spend of known revenue",
        filled=_known(known, spend),
    )


def high_cpl(facts: LeadCost, given: HighCpl) -> Statement | None:
    """What a lead of a channel and segment costs, beside the upper end of its range."""
    if not facts.leads:
        return None
    cost = facts.spend / facts.leads
    beyond = (cost - facts.most) * facts.leads
    costs, most = (show(one, "money2", facts.currency) for one in (cost, facts.most))
    return Statement(
        subject=f"channel {facts.channel}, segment {facts.segment}",
        value=cost,
        threshold=facts.most,
        n=facts.leads,
        counted="leads",
        show="money2",
        headline=(
            f"Leads from {facts.channel} in {facts.segment} cost {costs} each, above their range "
            f"up to {most}."
        ),
        explanation=(
            f"{show(facts.spend, 'amount_auto', facts.currency)} brought {facts.leads:,} leads. "
            f"At the upper end of the benchmark’s range they would have cost "
            f"{show(beyond, 'amount_auto', facts.currency)} less."
        ),
        action=f"Check the bids and audiences of {facts.channel} for {facts.segment}.",
        evidence=Evidence(
            "marketing",
            "See it on Marketing",
            {"channel": (facts.channel,), "segment": (facts.segment,)},
            "lead-cost",
        ),
        operands={"spend": facts.spend, "leads": facts.leads, "benchmark_max": facts.most},
        money=beyond,
        stake="(cost per lead − upper end of the range) × leads",
    )


def _known(known_spend: float, spend: float) -> float:
    return min(1.0, max(0.0, known_spend / spend)) if spend else 0.0


TOP_CHANNEL = Rule(
    id="TOP_CHANNEL",
    version=1,
    label="Best return of a channel",
    category="marketing",
    direction="above",
    about=Channels,
    parameters=TopChannel(),
    say=top_channel,
    looks="The channel with the highest ROI, of those with enough spend and customers won.",
    needs=NEEDS,
    is_good=True,
)
LOW_CONVERSION_CHANNEL = Rule(
    id="LOW_CONVERSION_CHANNEL",
    version=1,
    label="Leads that do not become customers",
    category="marketing",
    direction="below",
    about=Channels,
    parameters=LowConversion(),
    say=low_conversion,
    looks="A channel that surely turns fewer leads into customers than all channels do.",
    needs=NEEDS,
)
LOW_ROI = Rule(
    id="LOW_ROI",
    version=1,
    label="Low return on spend",
    category="marketing",
    direction="below",
    about=Channels,
    parameters=LowRoi(),
    say=low_roi,
    looks="A return on all spend below what is asked of it.",
    needs=NEEDS,
)
HIGH_CPL = Rule(
    id="HIGH_CPL",
    version=1,
    label="Dear leads",
    category="marketing",
    direction="above",
    about=LeadCost,
    parameters=HighCpl(),
    say=high_cpl,
    looks="Leads of a channel and segment that cost more than their benchmark range allows.",
    needs=(*NEEDS, "benchmarks"),
)
RULES = (TOP_CHANNEL, LOW_CONVERSION_CHANNEL, LOW_ROI, HIGH_CPL)
